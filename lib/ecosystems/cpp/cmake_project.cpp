#include "ecosystems/cpp/cmake_project.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_files = 200;
constexpr std::size_t most_calls = 5000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';'; }
bool is_name(char c) { return c == '_' || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9'); }

// Behind a comment that begins at `at`.
std::size_t comment_end(std::string_view text, std::size_t at) {
  const bool block = text.substr(at).starts_with("#[[");
  const auto end = text.find(block ? "]]" : "\n", at);
  return end == text.npos ? text.size() : end + (block ? 2 : 1);
}

class CallReader {
 public:
  CallReader(std::string_view text, const std::string& directory) : text_(text), directory_(directory) {}

  std::vector<CmakeCall> read() {
    while (at_ < text_.size() && calls_.size() < most_calls) {
      if (text_[at_] == '#') {
        at_ = comment_end(text_, at_);
      } else if (is_name(text_[at_])) {
        const auto begin = at_;
        while (at_ < text_.size() && is_name(text_[at_])) ++at_;
        auto open = at_;
        while (open < text_.size() && is_space(text_[open])) ++open;
        if (open == text_.size() || text_[open] != '(') continue;
        calls_.push_back({to_lower_ascii(text_.substr(begin, at_ - begin)), {}, directory_});
        at_ = open + 1;
        read_words(calls_.back().words);
      } else {
        ++at_;
      }
    }
    return std::move(calls_);
  }

 private:
  void read_words(std::vector<std::string>& words) {
    std::string word;
    const auto end_word = [&] {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    };
    for (int depth = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = comment_end(text_, at_) - 1;
      } else if (c == '"') {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
          if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
          word += text_[at_];
        }
      } else if (c == ')' && depth == 0) {
        ++at_;
        break;
      } else if (is_space(c) && depth == 0) {
        end_word();
      } else {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        word += c;
      }
    }
    end_word();
  }

  std::string_view text_;
  const std::string& directory_;
  std::size_t at_ = 0;
  std::vector<CmakeCall> calls_;
};

// Libraries that projects fetch while they are configured, and that are headers alone or static unless they are told
// otherwise. Source: their CMakeLists.
constexpr std::string_view linked_in[] = {
    "argparse",        "asio",       "benchmark", "catch2",      "cli11",    "cpp-httplib",  "cxxopts",
    "doctest",         "eigen",      "eigen3",    "entt",        "expected", "fmt",          "glm",
    "googlebenchmark", "googletest", "gtest",     "httplib",     "json",     "magic_enum",   "nlohmann_json",
    "rapidjson",       "range-v3",   "spdlog",    "tl-expected", "toml11",   "tomlplusplus", "googlemock"};

bool is_on(std::string_view word) {
  const auto small = to_lower_ascii(word);
  return small == "on" || small == "true" || small == "1" || small == "yes";
}

class ProjectReader {
 public:
  ProjectReader(const BuildContext& context, std::string root, bool shared)
      : context_(context), root_(std::move(root)), shared_(shared) {}

  Outcome<ProjectNeeds> read() {
    add_directory(root_);
    if (calls_.empty()) decline("there is no CMakeLists.txt in the build context");
    // An option counts for libraries that are written before it too where it is read from the cache.
    for (const auto& call : calls_) read_setting(call);
    for (const auto& call : calls_) read_call(call);
    if (!shared_names_.empty() && renamed_)
      decline("the project builds the shared library `" + shared_names_.front() +
              "`, and says where it lies in a way that is not followed");
    if (obstacle_) return *obstacle_;
    if (!installs_more_ && shared_names_.empty()) needs_.installed = installed_;
    return std::move(needs_);
  }

 private:
  void decline(std::string reason) {
    if (!obstacle_) obstacle_ = Declined{std::move(reason)};
  }

  void add_directory(const std::string& directory) {
    add_file(join_context_path(directory, "CMakeLists.txt"), directory);
  }

  bool add_file(const std::string& path, const std::string& directory) {
    if (std::ranges::find(read_, path) != read_.end()) return true;
    const auto text = context_.read(path);
    if (!text) return false;
    if (read_.size() == most_files) return decline("the project has too many CMakeLists.txt"), true;
    read_.push_back(path);
    for (auto& call : read_cmake_calls(*text, directory)) {
      calls_.push_back(call);
      if (call.name == "add_subdirectory" && !call.words.empty()) add_subdirectory(call);
      if (call.name == "include" && !call.words.empty()) add_include(call, path);
    }
    return true;
  }

  // The directory or file that a word names, in the context; nothing where variables are in it.
  std::optional<std::string> path_of(const std::string& word, const std::string& directory) const {
    for (const auto* variable : {"${CMAKE_SOURCE_DIR}", "${PROJECT_SOURCE_DIR}"})
      if (word.starts_with(variable)) return plain(root_, word.substr(std::string_view(variable).size()));
    for (const auto* variable : {"${CMAKE_CURRENT_SOURCE_DIR}", "${CMAKE_CURRENT_LIST_DIR}"})
      if (word.starts_with(variable)) return plain(directory, word.substr(std::string_view(variable).size()));
    return plain(directory, word);
  }
  static std::optional<std::string> plain(const std::string& directory, std::string_view rest) {
    while (rest.starts_with('/')) rest.remove_prefix(1);
    if (rest.find('$') != rest.npos) return std::nullopt;
    return clean_path(join_context_path(directory, rest));
  }

  void add_subdirectory(const CmakeCall& call) {
    const auto directory = path_of(call.words[0], call.directory);
    // `${googletest_SOURCE_DIR}` is what the project fetched.
    const bool fetched = call.words[0].find("_SOURCE_DIR}") != std::string::npos && !directory;
    if (fetched) return;
    if (!directory) return decline("`add_subdirectory(" + call.words[0] + ")` adds what is not known to the project");
    if (!add_file(join_context_path(*directory, "CMakeLists.txt"), *directory))
      decline("`" + *directory + "/CMakeLists.txt`, which the project adds, is not in the build context");
    if (call.words.size() > 1 && call.words[1] != "EXCLUDE_FROM_ALL") moved_ = true;
  }

  // A name without a file in the project is a module of CMake's.
  void add_include(const CmakeCall& call, const std::string& by) {
    const auto& word = call.words[0];
    for (const auto& base : {call.directory, std::string(path_parent(by)), join_context_path(root_, "cmake")})
      for (const auto* ending : {"", ".cmake"})
        if (const auto path = path_of(word + ending, base); path && add_file(*path, call.directory)) return;
    const auto small = to_lower_ascii(word);
    if (small.find("conan") != small.npos || small.find("vcpkg") != small.npos || small.find("hunter") != small.npos)
      decline("`include(" + word +
              ")` takes libraries from a package manager, and which of them are shared is not known");
  }

  void read_setting(const CmakeCall& call) {
    const auto& words = call.words;
    if (words.size() < 2) return;
    if ((call.name == "set" || call.name == "option") && words[0] == "BUILD_SHARED_LIBS")
      shared_ |= is_on(call.name == "set" ? words[1] : words.back());
    if (call.name == "set" && (words[0] == "CMAKE_LIBRARY_OUTPUT_DIRECTORY" || words[0] == "LIBRARY_OUTPUT_PATH"))
      renamed_ = true;
    if (call.name == "set_target_properties" || call.name == "set_property")
      for (const auto* property :
           {"LIBRARY_OUTPUT_DIRECTORY", "OUTPUT_NAME", "PREFIX", "SOVERSION", "SUFFIX", "VERSION"})
        renamed_ |= std::ranges::find(words, property) != words.end();
  }

  void read_call(const CmakeCall& call) {
    const auto& name = call.name;
    if (name == "add_library") read_library(call);
    else if (name == "add_executable" && !call.words.empty()) needs_.programs.insert(call.words[0]);
    else if (name == "install") read_install(call);
    else if (name == "file" || name == "configure_file" || name == "add_custom_command" || name == "add_custom_target")
      read_data(call);
    else if (name == "find_package" || name == "pkg_check_modules" || name == "pkg_search_module" ||
             name == "find_library" || name == "target_link_libraries" || name == "link_libraries" || name == "set")
      read_links(call);
    else if (name == "fetchcontent_declare" || name == "externalproject_add" || name.starts_with("cpmaddpackage") ||
             name.starts_with("cpmfindpackage"))
      read_fetched(call);
  }

  void read_library(const CmakeCall& call) {
    const auto& words = call.words;
    if (words.empty()) return;
    const auto has = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
    libraries_.push_back(words[0]);
    if (has("IMPORTED") && !has("INTERFACE"))
      return decline("`" + words[0] + "` is a library that the project takes from elsewhere");
    if (has("ALIAS") || has("INTERFACE") || has("OBJECT") || has("STATIC")) return;
    if (!has("SHARED") && !has("MODULE") && !shared_) return;
    shared_names_.push_back(words[0]);
    renamed_ |= words[0].find('$') != std::string::npos || moved_;
    const auto directory = call.directory == root_ ? std::string() : relative_path(root_, call.directory) + '/';
    needs_.shared.push_back(directory + (has("MODULE") ? "" : "lib") + words[0] + ".so");
    if (has("MODULE")) renamed_ = true;
  }

  void read_install(const CmakeCall& call) {
    const auto& words = call.words;
    if (words.empty()) return;
    constexpr std::string_view keywords[] = {
        "ARCHIVE",  "BUNDLE",  "COMPONENT", "CONFIGURATIONS", "DESTINATION",   "EXPORT", "FILE_SET",
        "INCLUDES", "LIBRARY", "OPTIONAL",  "PERMISSIONS",    "PUBLIC_HEADER", "RUNTIME"};
    if (words[0] != "TARGETS") return void(installs_more_ = true);
    std::size_t i = 1;
    for (; i < words.size() && std::ranges::find(keywords, words[i]) == std::end(keywords); ++i)
      installed_.push_back(words[i]);
    const bool plain =
        std::ranges::all_of(installed_, [](const std::string& name) { return name.find('$') == name.npos; });
    installs_more_ |= !plain;
    for (; i < words.size(); ++i)
      if (words[i] == "DESTINATION" && i + 1 < words.size())
        installs_more_ |= words[i + 1] != "bin" && words[i + 1] != "${CMAKE_INSTALL_BINDIR}";
  }

  // What puts files beside the program that it may read.
  void read_data(const CmakeCall& call) {
    const auto& words = call.words;
    if (words.empty() || needs_.data) return;
    const auto tell = [&](const std::string& what) {
      needs_.data = "`" + call.name + '(' + what + "` of the project may put files beside the program that it reads";
    };
    if (call.name == "file") {
      constexpr std::string_view writing[] = {"APPEND",   "ARCHIVE_EXTRACT", "COPY",    "COPY_FILE",      "CREATE_LINK",
                                              "DOWNLOAD", "GENERATE",        "INSTALL", "MAKE_DIRECTORY", "WRITE"};
      if (std::ranges::find(writing, words[0]) != std::end(writing) && !writes_header(words)) tell(words[0]);
    } else if (call.name == "configure_file") {
      if (!writes_header(words)) tell(words[0]);
    } else {
      for (const auto& word : words)
        if (word.starts_with("copy") || word == "create_symlink" || word == "tar" || word == "cp") return tell(word);
    }
  }

  // A header, or another source that is compiled.
  static bool writes_header(const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [](const std::string& word) {
      constexpr std::string_view endings[] = {".c",  ".cc",  ".cpp", ".cxx",   ".h",
                                              ".hh", ".hpp", ".hxx", ".cmake", ".pc"};
      return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
    });
  }

  void read_links(const CmakeCall& call) {
    const auto& words = call.words;
    if (words.empty()) return;
    const auto is_keyword = [](std::string_view word) {
      constexpr std::string_view keywords[] = {"COMPONENTS", "CONFIG",          "EXACT",
                                               "GLOBAL",     "IMPORTED_TARGET", "INTERFACE",
                                               "MODULE",     "NAMES",           "OPTIONAL_COMPONENTS",
                                               "PRIVATE",    "PUBLIC",          "QUIET",
                                               "REQUIRED",   "debug",           "general",
                                               "optimized",  "HINTS",           "PATHS"};
      return std::ranges::find(keywords, word) != std::end(keywords);
    };
    const auto add = [&](const std::string& word) {
      const bool name = !word.empty() && word.find_first_of("$<>/") == word.npos && !is_keyword(word) &&
                        word.find_first_not_of("0123456789.") != word.npos;
      if (name) needs_.links.insert(word.starts_with("-l") ? word.substr(2) : word);
    };
    if (call.name == "find_package") {
      add(words[0]);
      bool component = false;
      for (const auto& word : words) {
        if (component && !is_keyword(word)) add(words[0] + "::" + word);
        component = (component && !is_keyword(word)) || word == "COMPONENTS";
      }
    } else if (call.name == "set") {
      for (std::size_t i = 1; i < words.size(); ++i)
        for (const auto part : split_words(words[i]))
          if (part.starts_with("-l") || part.starts_with("-fopenmp") || part.starts_with("-fsanitize"))
            needs_.links.insert(std::string(part.starts_with("-l") ? part.substr(2) : part));
    } else {
      for (std::size_t i = call.name == "link_libraries" ? 0 : 1; i < words.size(); ++i) {
        if (words[i] == "HINTS" || words[i] == "PATHS") break;
        // `glib-2.0>=2.40`
        const auto word =
            words[i].substr(0, call.name.starts_with("pkg") ? words[i].find_first_of("<>=") : words[i].npos);
        // The project's own.
        const bool own = std::ranges::any_of(calls_, [&](const CmakeCall& other) {
          return (other.name == "add_library" || other.name == "add_executable") && !other.words.empty() &&
                 other.words[0] == word;
        });
        if (!own) add(word);
      }
    }
  }

  void read_fetched(const CmakeCall& call) {
    if (call.words.empty()) return;
    auto name = to_lower_ascii(call.words[0]);
    for (std::size_t i = 0; i + 1 < call.words.size(); ++i)
      if (call.words[i] == "NAME") name = to_lower_ascii(call.words[i + 1]);
    if (const auto slash = name.rfind('/'); slash != name.npos) name = name.substr(slash + 1);
    name = name.substr(0, name.find_first_of("@#"));
    if (shared_ || call.name == "externalproject_add" || std::ranges::find(linked_in, name) == std::end(linked_in))
      decline("the build fetches `" + name + "`, and it is not known whether the program loads it as a shared library");
    fetched_.insert(name);
  }

  const BuildContext& context_;
  std::string root_;
  bool shared_;
  bool renamed_ = false, moved_ = false, installs_more_ = false;
  std::vector<std::string> read_, libraries_, shared_names_, installed_;
  std::set<std::string> fetched_;
  std::vector<CmakeCall> calls_;
  ProjectNeeds needs_;
  Obstacle obstacle_;
};

}  // namespace

std::vector<CmakeCall> read_cmake_calls(std::string_view text, const std::string& directory) {
  return CallReader(text, directory).read();
}

Outcome<ProjectNeeds> read_cmake_project(const BuildContext& context, const std::string& root, bool shared) {
  return ProjectReader(context, root, shared).read();
}

}  // namespace dockhew::inline ecosystems
