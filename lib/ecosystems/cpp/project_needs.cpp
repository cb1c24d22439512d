#include "ecosystems/cpp/project_needs.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_names = 5000;
constexpr std::size_t most_makefiles = 50;
constexpr int deepest = 8;

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool search_sources(const BuildContext& context, const std::string& directory, int depth, std::size_t& names) {
  for (const auto& name : context.entries(directory)) {
    if (names == 0 || --names == 0) return true;
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    if (kind == PathKind::file && is_cpp_source(name)) return true;
    if (kind == PathKind::directory && !name.starts_with('.') && depth > 0 &&
        search_sources(context, path, depth - 1, names))
      return true;
  }
  return false;
}

// Without its values of variables of make, as far as a name of a library goes: `-l$(NAME)` is not known.
void add_flags(std::string_view line, ProjectNeeds& needs) {
  for (auto word : split_words(line)) {
    while (!word.empty() && std::string_view("\"'`)").find(word.back()) != word.npos) word.remove_suffix(1);
    if (const auto equals = word.find("=-l"); equals != word.npos) word = word.substr(equals + 1);
    if (word.starts_with("-l") && word.size() > 2) needs.links.emplace(word.substr(2));
    if (word.starts_with("-fopenmp")) needs.links.emplace("gomp");
    if (word.starts_with("-fsanitize") || word.starts_with("-stdlib")) needs.links.emplace(word);
  }
  const auto asks = line.find("pkg-config");
  if (asks == line.npos || line.find("--libs", asks) == line.npos) return;
  for (const auto word :
       split_words(line.substr(asks + std::string_view("pkg-config").size(), line.find(')', asks) - asks))) {
    const auto name = word.substr(0, word.find_first_of(")`"));
    if (!name.starts_with('-') && !name.empty() && !name.starts_with(')')) needs.links.emplace(name);
  }
}

// Reads a Makefile and those that it includes or runs for other directories.
class MakefileReader {
 public:
  explicit MakefileReader(const BuildContext& context) : context_(context) {}

  Outcome<ProjectNeeds> read(const std::string& directory, const std::string& file) {
    const bool found =
        file.empty() ? add_directory(directory) : add_file(join_context_path(directory, file), directory);
    if (!found) return Declined{"the Makefile is not in the build context, so it is not known what the program loads"};
    if (obstacle_) return *obstacle_;
    return std::move(needs_);
  }

 private:
  // The first that is there counts.
  bool add_directory(const std::string& directory) {
    constexpr std::string_view names[] = {"GNUmakefile", "makefile", "Makefile"};
    return std::ranges::any_of(
        names, [&](std::string_view name) { return add_file(join_context_path(directory, name), directory); });
  }

  void decline(std::string reason) {
    if (!obstacle_) obstacle_ = Declined{std::move(reason)};
  }

  bool add_file(const std::string& path, const std::string& directory) {
    if (std::ranges::find(read_, path) != read_.end()) return true;
    const auto text = context_.read(path);
    if (!text) return false;
    if (read_.size() == most_makefiles) return decline("the project has too many Makefiles"), true;
    read_.push_back(path);
    std::string line;
    bool goal_of_people = false;
    for (std::string_view rest = *text; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      auto part = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (part.ends_with('\r')) part.remove_suffix(1);
      const bool continued = part.ends_with('\\');
      line.append(part.substr(0, part.size() - (continued ? 1 : 0)));
      if (continued && !rest.empty()) continue;
      if (line.starts_with('\t')) {
        if (!goal_of_people) read_recipe(line, directory);
      } else if (!line.empty() && line[0] != '#') {
        read_line(line, directory, goal_of_people);
      }
      line.clear();
    }
    return true;
  }

  // Goals that a build does not come to by itself.
  static bool is_for_people(std::string_view goal) {
    constexpr std::string_view goals[] = {"check", "clean",  "debug",  "dist",  "distclean", "doc",
                                          "docs",  "fclean", "format", "help",  "install",   "lint",
                                          "run",   "start",  "test",   "tests", "uninstall", "valgrind"};
    return is_one_of(goal, goals) || goal.starts_with("docker") || goal.starts_with("clean") ||
           goal.starts_with("test");
  }

  void read_line(std::string_view line, const std::string& directory, bool& goal_of_people) {
    const auto word = line.substr(0, line.find_first_of(" \t"));
    if (word == "include" || word == "sinclude" || word == "-include") {
      for (const auto file : split_words(line.substr(word.size()))) {
        // `-include $(DEPS)`: what the compiler writes of headers.
        if (file.find('$') != file.npos && word != "include") continue;
        const bool read = file.find('$') == file.npos && add_file(join_context_path(directory, file), directory);
        if (!read && word == "include")
          decline("`" + std::string(file) + "`, which the Makefile includes, is not known");
      }
      return;
    }
    const auto colon = line.find(':'), equals = line.find('=');
    const bool rule = colon != line.npos && (equals == line.npos || colon < equals) && line.substr(colon, 2) != ":=" &&
                      line.substr(colon, 3) != "::=";
    if (rule) goal_of_people = is_for_people(line.substr(0, line.find_first_of(" \t:")));
    else if (equals != line.npos) read_variable(line.substr(0, line.find_first_of(" \t:?+=")), line.substr(equals + 1));
    read_flags(line);
  }

  // `COMPILER = g++`
  void read_variable(std::string_view name, std::string_view value) {
    constexpr std::string_view compilers[] = {"c++", "cc", "clang", "clang++", "g++", "gcc"};
    const auto words = split_words(value);
    if (!words.empty() && is_one_of(path_basename(words[0]), compilers)) compilers_.insert(std::string(name));
  }

  bool is_compiler(std::string_view word) const {
    return word.size() > 3 && word[0] == '$' && compilers_.contains(word.substr(2, word.size() - 3));
  }

  void read_flags(std::string_view line) {
    add_flags(line, needs_);
    for (const auto word : split_words(line))
      if (word == "-shared" || word.ends_with("=-shared") || word.ends_with(".so") || word.find(".so.") != word.npos)
        decline("the project builds a shared library or loads its own, and where it lies is not known");
  }

  void read_recipe(std::string_view line, const std::string& directory) {
    const auto begin = line.find_first_not_of("\t @-+");
    if (begin == line.npos || line[begin] == '#') return;
    line = line.substr(begin);
    read_flags(line);
    for (std::string_view rest = line; !rest.empty();) {
      auto end = rest.find_first_of("&;|");
      while (end != rest.npos && rest[end] != ';' && rest.substr(end + 1, 1) != rest.substr(end, 1))
        end = rest.find_first_of("&;|", end + 1);
      end = std::min(end, rest.size());
      read_command(rest.substr(0, end), directory);
      rest.remove_prefix(end);
      while (!rest.empty() && (rest[0] == '&' || rest[0] == ';' || rest[0] == '|')) rest.remove_prefix(1);
    }
  }

  void read_command(std::string_view text, const std::string& directory) {
    constexpr std::string_view harmless[] = {
        "$(AR)",      "$(CC)",     "$(CPP)", "$(CXX)",   "$(ECHO)", "$(LD)", "$(LINK)", "$(MKDIR)", "$(Q)$(CC)",
        "$(Q)$(CXX)", "$(RANLIB)", "$(RM)",  "$(STRIP)", "${AR}",   "${CC}", "${CXX}",  "${LD}",    "${MKDIR}",
        "${RM}",      ":",         "[",      "]",        "ar",      "c++",   "cc",      "cd",       "clang",
        "clang++",    "do",        "done",   "echo",     "else",    "exit",  "fi",      "for",      "g++",
        "gcc",        "if",        "mkdir",  "printf",   "ranlib",  "rm",    "rmdir",   "set",      "strip",
        "test",       "then",      "touch",  "true"};
    const auto words = split_words(text);
    if (words.empty()) return;
    auto first = words[0];
    while (!first.empty() && (first[0] == '@' || first[0] == '-')) first.remove_prefix(1);
    if (first == "make" || first == "$(MAKE)" || first == "${MAKE}") return read_make(words, directory);
    if (first.empty() || is_one_of(first, harmless) || is_compiler(first) || needs_.data) return;
    needs_.data = "`" + first_words(text, 40) + "` of the Makefile may make files that the program reads";
  }

  // `$(MAKE) -C lib`
  void read_make(const std::vector<std::string_view>& words, const std::string& directory) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] != "-C" || i + 1 == words.size()) continue;
      const std::string below = join_context_path(directory, words[i + 1]);
      if (words[i + 1].find('$') != words[i + 1].npos || !add_directory(below))
        decline("the Makefile builds in `" + std::string(words[i + 1]) + "`, and what that makes is not known");
    }
  }

  const BuildContext& context_;
  std::vector<std::string> read_;
  std::set<std::string, std::less<>> compilers_;  // variables of make
  ProjectNeeds needs_;
  Obstacle obstacle_;
};

// The first text in quotes behind a bracket.
std::string first_text(std::string_view call) {
  const auto begin = call.find('\'');
  const auto end = begin == call.npos ? begin : call.find('\'', begin + 1);
  return end == call.npos || call.substr(0, begin).find(')') != call.npos
             ? std::string()
             : std::string(call.substr(begin + 1, end - begin - 1));
}

// `read`: the directories whose meson.build has been read; Meson enters none of them twice.
Obstacle add_meson_file(const BuildContext& context, const std::string& directory, std::set<std::string>& read,
                        ProjectNeeds& needs) {
  constexpr std::size_t most_directories = 200;
  if (!read.insert(directory).second) return std::nullopt;
  if (read.size() > most_directories) return Declined{"the project has more directories than are read"};
  const auto file = context.read(join_context_path(directory, "meson.build"));
  if (!file) return Declined{"`" + join_context_path(directory, "meson.build") + "` is not in the build context"};
  const std::string_view text = *file;
  for (const auto* call : {"shared_library(", "shared_module(", "both_libraries(", "subproject(", "run_command(",
                           "install_data(", "custom_target("})
    if (text.find(call) != text.npos)
      return Declined{"`" + std::string(call) + ")` in meson.build may make what the program loads or reads"};
  for (auto at = text.find("library("); at != text.npos; at = text.find("library(", at + 1))
    if ((at == 0 || text[at - 1] != '_') || !text.substr(0, at).ends_with("static_")) {
      if (text.substr(0, at).ends_with("find_")) continue;
      return Declined{"`library()` in meson.build builds a shared library, and where it lies is not known"};
    }
  for (const std::string_view call : {"dependency(", "find_library("})
    for (auto at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
      const auto name = first_text(text.substr(at + call.size(), 200));
      needs.links.insert(name.empty() ? "?" : name);
    }
  for (auto at = text.find("configure_file("); at != text.npos; at = text.find("configure_file(", at + 1))
    if (text.substr(at, 200).find(".h'") == std::string_view::npos)
      needs.data = "`configure_file()` in meson.build may put files beside the program that it reads";
  for (auto at = text.find("subdir("); at != text.npos; at = text.find("subdir(", at + 1)) {
    const auto name = first_text(text.substr(at + 7, 200));
    if (name.empty()) return Declined{"`subdir()` in meson.build adds what is not known"};
    if (auto obstacle = add_meson_file(context, join_context_path(directory, name), read, needs)) return obstacle;
  }
  return std::nullopt;
}

}  // namespace

bool is_cpp_source(std::string_view name) {
  constexpr std::string_view endings[] = {".C", ".cc", ".cpp", ".cppm", ".cxx", ".c++", ".hh", ".hpp", ".hxx", ".ixx"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool has_cpp_source(const BuildContext& context, const std::string& directory) {
  auto names = most_names;
  return search_sources(context, directory, deepest, names);
}

Outcome<ProjectNeeds> read_make_project(const BuildContext& context, const std::string& directory,
                                        const std::string& file) {
  return MakefileReader(context).read(directory, file);
}

Outcome<ProjectNeeds> read_autotools_project(const BuildContext& context, const std::string& root) {
  ProjectNeeds needs;
  bool found = false;
  for (const auto* name : {"configure.ac", "configure.in", "Makefile.am", "src/Makefile.am"}) {
    const auto text = context.read(join_context_path(root, name));
    if (!text) continue;
    found = true;
    if (text->find("OPENMP") != text->npos || text->find("-fopenmp") != text->npos) needs.links.emplace("gomp");
  }
  if (!found) return Declined{"the files from which `configure` is made are not in the build context"};
  return needs;
}

Outcome<ProjectNeeds> read_meson_project(const BuildContext& context, const std::string& root) {
  ProjectNeeds needs;
  std::set<std::string> read;
  if (auto obstacle = add_meson_file(context, root, read, needs)) return *obstacle;
  return needs;
}

}  // namespace dockhew::inline ecosystems
