#include "ecosystems/dependency_command.hpp"

#include <algorithm>
#include <vector>

#include "text/path.hpp"

namespace dockhew {
namespace {

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

DependencyCommand dotnet_restore_command(const ToolUse& publish) {
  DependencyCommand result;
  auto& text = result.text = "dotnet restore";
  const auto& words = publish.command->words;
  const auto chooses = [](std::string_view raw) {
    return raw == "-r" || raw == "--runtime" || raw == "-s" || raw == "--source" || raw == "--configfile";
  };
  for (std::size_t i = publish.first; i < words.size(); ++i) {
    const auto& raw = words[i].raw;
    const bool property = raw.starts_with("-p:") || raw.starts_with("/p:") || raw.starts_with("--property:");
    const bool operand = std::ranges::find(publish.operands, i) != publish.operands.end();
    if (raw == "--self-contained" || raw == "--sc") {
      const bool off = i + 1 < words.size() && words[i + 1].value.is("false");
      if (off || (i + 1 < words.size() && words[i + 1].value.is("true"))) ++i;
      text += std::string(" -p:SelfContained=") + (off ? "false" : "true");
      continue;
    }
    if (!property && !operand && !chooses(raw)) continue;
    text += ' ' + raw;
    if (chooses(raw) && i + 1 < words.size()) text += ' ' + words[++i].raw;
  }
  for (const auto* option : {"-a", "--arch", "--os", "--ucr", "--use-current-runtime"})
    if (publish.has_option(option))
      result.declined = "`" + std::string(option) + "` chooses packages that a restore without it would not";
  if (text.find('$') != text.npos) result.declined = "the command has variables, which may be set behind the source";
  return result;
}

std::string cargo_dependency_command(const ToolUse& whole, const Script& script) {
  const auto& command = *whole.command;
  std::string text(script.text.view(command.span));
  const auto install = std::ranges::find_if(command.words, [](const ShellWord& word) { return word.raw == "install"; });
  if (install == command.words.end()) return text;
  // `cargo install --path .` builds in release mode unless told otherwise, in the same target directory.
  std::string build = "cargo build";
  bool debug = false, profile = false;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    debug |= raw == "--debug";
    if (raw == "--locked" || raw == "--frozen" || raw == "--offline" || raw == "--all-features" ||
        raw == "--no-default-features" || raw.starts_with("--features=") || raw.starts_with("--target=") ||
        raw.starts_with("--profile=")) {
      build += ' ' + std::string(raw);
      profile |= raw.starts_with("--profile=");
    } else if ((raw == "--features" || raw == "--target" || raw == "--profile" || raw == "-F") &&
               i + 1 < command.words.size()) {
      build += ' ' + std::string(raw) + ' ' + command.words[++i].raw;
      profile |= raw == "--profile";
    }
  }
  return debug || profile ? build : build + " --release";
}

DummyRoots dummy_crate_roots(const CargoLayout& layout, const std::string& directory, const std::string& joint) {
  std::vector<std::string> directories;
  const auto listed = [&](const std::vector<std::string>& roots) {
    std::string text;
    for (const auto& root : roots) {
      const auto path = relative_path(directory, root);
      const std::string parent(path_parent(path));
      if (parent != "." && std::ranges::find(directories, parent) == directories.end()) directories.push_back(parent);
      text += ' ' + path;
    }
    return text;
  };
  const auto programs = listed(layout.programs), libraries = listed(layout.libraries);
  DummyRoots result;
  if ((programs + libraries).find_first_of("'\"$`\\*?[(){};&|<>#") != std::string::npos)
    return result.declined = "a crate root has a name that the shell would read otherwise", result;
  if (!directories.empty()) {
    result.making = "mkdir -p";
    for (const auto& each : directories) result.making += ' ' + each;
    result.making += joint;
  }
  if (layout.programs.size() == 1) result.making += "echo 'fn main() {}' >" + programs + joint;
  else if (!layout.programs.empty()) result.making += "echo 'fn main() {}' | tee" + programs + joint;
  if (!libraries.empty()) result.making += "touch" + libraries + joint;
  result.touching = "touch" + programs + libraries + joint;
  return result;
}

bool changes_downloads(std::string_view tool, std::string_view variable) {
  if (variable == "HOME" || variable == "PATH" || starts_with_any(variable, {"HTTP", "http", "NO_PROXY", "no_proxy"}))
    return true;
  if (tool == "go")
    return starts_with_any(variable, {"GO", "GIT", "SSH", "NETRC"}) &&
           !starts_with_any(variable, {"GOOS", "GOARCH", "GOARM"});
  return starts_with_any(variable, {"DOTNET", "NUGET", "Nuget", "NuGet"});
}

bool may_change_compilation(std::string_view variable) {
  return !starts_with_any(variable, {"RUST_LOG", "RUST_BACKTRACE", "TZ", "LANG", "LC_", "PORT", "HOST", "APP_",
                                     "VERSION", "DATABASE_URL", "SQLX_OFFLINE", "GIT_", "BUILD_DATE", "COMMIT"});
}

}  // namespace dockhew
