#include "ecosystems/cpp/linked_libraries.hpp"

#include <algorithm>

#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The GCC whose libraries a release of Debian has. A tag that moves on with Debian's stable release has trixie's or
// newer ones.
int compiler_of(std::string_view release) {
  constexpr std::pair<std::string_view, int> known[] = {
      {"buster", 8}, {"bullseye", 10}, {"bookworm", 12}, {"trixie", 14}, {"", 14}};
  const auto* found = std::ranges::find(known, release, &std::pair<std::string_view, int>::first);
  return found == std::end(known) ? 0 : found->second;
}

// Whether programs may need newer libraries of GCC than the runtime image has. The image is built so that its own are
// never older than those of the Debian below it: its Dockerfile compares them.
// https://github.com/docker-library/gcc/blob/master/Dockerfile.template
bool has_newer_compiler(const Stage& stage) {
  if (!has_compiler_below_usr_local(stage)) return false;
  const auto numbers = version_numbers(stage.image->version);
  return numbers.empty() || numbers[0] > compiler_of(stage.image->release);
}

bool installs_headers(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
             return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                    std::ranges::any_of(use.operands, [&](std::size_t i) {
                      return use.command->words[i].raw.find("-dev") != std::string::npos;
                    });
           });
  });
}

// The packages of a name; nothing where it is not known.
std::optional<std::string_view> packages_of(const NameMap<std::string_view>& table, const std::string& name) {
  const auto small = to_lower_ascii(name);
  for (const auto& key : {small, small.substr(0, small.find("::"))})
    if (const auto found = table.find(key); found != table.end()) return found->second;
  return std::nullopt;
}

// Libraries of the compiler's own that not every image has.
bool is_own(const std::string& name, std::string_view own) {
  return name == own || (own == "gomp" && to_lower_ascii(name).starts_with("openmp"));
}

}  // namespace

bool has_compiler_below_usr_local(const Stage& stage) { return stage.image && stage.image->entry->language == "cpp"; }

Outcome<LinkedLibraries> find_linked_libraries(const Facts& facts, const Stage& stage,
                                               const std::set<std::string>& links, bool cpp) {
  LinkedLibraries result;
  const bool own_image = has_compiler_below_usr_local(stage), newer = has_newer_compiler(stage);
  const auto directory = std::string("/usr/local/lib64/");
  const auto add_own = [&](const std::string& file, const char* package) {
    if (newer) result.artifacts.push_back({directory + file, directory + file, true});
    else if (package != nullptr)
      result.packages.emplace_back(stage.image->distribution == "alpine" && file == "libgomp.so.1" ? "libgomp"
                                                                                                   : package);
  };
  const auto table = facts.needed_packages.find("cmake");
  const bool by_file = installs_headers(stage);
  bool gomp = false, atomic = false;
  for (const auto& name : links) {
    if (name.starts_with("-f") || name.starts_with("-stdlib"))
      return Declined{"`" + name + "` links a library of the compiler that the runtime image has not"};
    if (is_own(name, "gomp") || is_own(name, "atomic")) {
      (is_own(name, "gomp") ? gomp : atomic) = true;
      continue;
    }
    if (!own_image) continue;  // its -dev package is installed
    const auto packages = table == facts.needed_packages.end() ? std::nullopt : packages_of(table->second, name);
    if (packages)
      for (const auto package : split_words(*packages)) result.packages.emplace_back(package);
    else if (!by_file)
      return Declined{"the program links `" + name + "`, and which library of `" + stage.base.text +
                      "` that is, is not known"};
  }
  if (gomp) add_own("libgomp.so.1", "libgomp1");
  if (atomic) add_own("libatomic.so.1", "libatomic1");
  if (cpp || !result.artifacts.empty()) {
    add_own("libgcc_s.so.1", nullptr);
    add_own("libstdc++.so.6", nullptr);
  }
  result.own_directory = !result.artifacts.empty();
  return result;
}

}  // namespace dockhew::inline ecosystems
