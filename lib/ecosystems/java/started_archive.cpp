#include "ecosystems/java/started_archive.hpp"

#include <algorithm>

#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Build tools that come as archives, and Spring's thin launcher, which takes an application's libraries from Maven's
// repository when it starts.
bool may_be_tool(std::string_view archive) {
  constexpr std::string_view parts[] = {"ant-launcher", "bazel", "coursier", "gradle", "groovy",
                                        "ivy",          "maven", "sbt",      "thin",   "wrapper"};
  const auto name = to_lower_ascii(path_basename(archive));
  return std::ranges::any_of(parts, [&](std::string_view part) { return name.find(part) != name.npos; });
}

}  // namespace

bool java_runs_no_tool(const ShellCommand& command) {
  if (command.name() != "java") return false;
  const auto& words = command.words;
  // `-Dthin.root=…`, `-Dmaven.repo.local=…`, `@options`
  const auto is_unclear = [](const ShellWord& word) {
    return !word.value.is_known() || word.text().starts_with("-Dthin.") || word.text().starts_with("--thin.") ||
           word.text().starts_with("-Dmaven.") || word.text().starts_with("-Dgradle.") || word.text().starts_with('@');
  };
  if (std::ranges::any_of(words, is_unclear)) return false;
  const auto option = std::ranges::find_if(words, [](const ShellWord& word) { return word.value.is("-jar"); });
  return option != words.end() && option + 1 != words.end() && !may_be_tool((option + 1)->text());
}

}  // namespace dockhew::inline ecosystems
