// Go programs in an image of their own: what `go build -o` and `go install` make, in the distribution's own image.
#include "ecosystems/go/runtime.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/compiled_program.hpp"
#include "ecosystems/runtime_image.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `go install example.com/tool@latest`
bool builds_from_registry(const ToolUse& use) {
  return use.command->has_word("install") && std::ranges::any_of(use.operands, [&](std::size_t i) {
           return use.command->words[i].raw.find('@') != std::string_view::npos;
         });
}

// `go build -o` names its program, or the directory for several.
void add_programs(const Site& site, const ToolUse& use, const std::string&, OtherPrograms& programs) {
  const auto& command = *use.command;
  const bool installs = command.has_word("install");
  const auto outputs = command_effects(site, command).writes;
  const auto named = known_values(command, {"-o"});
  if (!installs && (!command.has_word("build") || named.empty())) return;
  const bool several = std::ranges::any_of(
      command.words, [](const ShellWord& word) { return word.raw.find("...") != std::string_view::npos; });
  const bool slash = std::ranges::any_of(named, [](const std::string& value) { return value.ends_with('/'); });
  if (outputs.may_be_anywhere() || outputs.paths.size() != 1 || command.directory.is(outputs.paths.front().path)) {
    programs.complete &= !several && !outputs.may_be_anywhere();
    return;
  }
  const auto& output = outputs.paths.front().path;
  if (output.starts_with("/dev/")) return;
  if (several || (slash && !installs)) programs.paths.push_back(output + '/');
  else if (!installs) programs.paths.push_back(output);
}

std::string_view toolchain(const Stage&) { return "Go toolchain"; }

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  return find_compiled_program(conversion, {"go", "/go/bin", builds_from_registry, add_programs});
}

constexpr std::string_view tools[] = {"go"};

}  // namespace

extern constinit const Runtime go_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = "go",
    .toolchain = toolchain,
    .part = part_of_action,
    .image = distribution_image,
    .program = program,
};

}  // namespace dockhew::inline ecosystems
