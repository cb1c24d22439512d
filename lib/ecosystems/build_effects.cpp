#include "ecosystems/build_effects.hpp"

#include <array>
#include <utility>

#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Options of build tools that say where their results go, and those that make them work in another directory.
constexpr std::array<std::string_view, 9> output_options = {
    "--dist-dir", "--out", "--out-dir", "--outDir", "--outFile", "--outdir", "--output", "--output-path", "-o"};
constexpr std::array<std::string_view, 5> place_options = {"--cwd", "--dir", "--directory", "--prefix", "-C"};

}  // namespace

Effects build_effects(const ShellCommand& command) {
  Effects effects;
  auto place = Value::known(".");
  for (const auto option : place_options)
    for (auto& value : option_values(command, option)) place = std::move(value);
  add_value(effects.reads, command, place);
  effects.reads.anything = true;  // the project's files may name others that it reads
  add_value(effects.writes, command, place);
  for (const auto option : output_options)
    for (const auto& value : option_values(command, option)) add_value(effects.writes, command, value);
  return effects;
}

Effects general_effects(const ToolUse& use) {
  return use.action->reads_source ? build_effects(*use.command) : unknown_effects();
}

void add_value(AffectedPaths& to, const ShellCommand& command, const Value& value) {
  const bool placed = value.is_known() && (value.text.starts_with('/') || command.directory.is_known());
  if (placed)
    add_path(to, command, resolve_path(command.directory.is_known() ? command.directory.text : "/", value.text));
  else to.anything = true;
}

void add_path(AffectedPaths& to, const ShellCommand& command, std::string path) {
  to.paths.push_back({std::move(path), command.span, {}});
}

Value option_value(const ShellCommand& command, std::string_view option) {
  const auto values = option_values(command, option);
  return values.empty() ? Value() : values.front();
}

}  // namespace dockhew::inline ecosystems
