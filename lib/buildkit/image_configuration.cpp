#include "buildkit/image_configuration.hpp"

#include <algorithm>

#include "buildkit/expanded_words.hpp"
#include "model/port.hpp"
#include "model/runs.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline buildkit {
namespace {

// As the image keeps it: "80/tcp", without an address and a host's port.
std::string exposed_port(const std::string& text) {
  const auto port = parse_port(text);
  if (!port.error.empty()) return text;
  return std::to_string(port.first) + '-' + std::to_string(port.last) + '/' + to_lower_ascii(port.protocol);
}

std::string canonical(const Instruction& instruction) {
  std::string text = instruction.json ? "json" : "shell";
  for (const auto& flag : instruction.flags) text += "\n--" + flag.name + "=" + flag.value;
  for (const auto& argument : instruction.arguments) text += "\n" + argument.text;
  return text;
}

std::string value_text(const Value& value, const std::string& written) {
  return value.is_known() ? "=" + value.text : "?" + written;
}

void apply(Configuration& configuration, const Dockerfile& file, const Stage& stage) {
  bool command_set_here = false;
  for (const auto& step : stage.steps) {
    const auto& instruction = *step.instruction;
    switch (instruction.keyword) {
      case Keyword::env:
        for (const auto& pair : instruction.pairs)
          configuration.environment[pair.name] = value_text(file.expand(stage, step, pair.value), pair.value);
        break;
      case Keyword::label:
        for (const auto& pair : instruction.pairs)
          configuration.labels[pair.name] = value_text(file.expand(stage, step, pair.value), pair.value);
        break;
      case Keyword::expose:
        for (const auto& word : expanded_words({file, stage, step})) {
          if (!word.value.is_known()) configuration.exposed.push_back(word.text);
          for (const auto& text : word.values) configuration.exposed.push_back(exposed_port(text));
        }
        break;
      case Keyword::volume:
        for (const auto& argument : instruction.arguments)
          configuration.volumes.push_back(value_text(file.expand(stage, step, argument.text), argument.text));
        break;
      case Keyword::onbuild: configuration.triggers.emplace_back(instruction.arguments_text.view()); break;
      case Keyword::stopsignal: configuration.stop_signal = canonical(instruction); break;
      case Keyword::shell: configuration.shell = canonical(instruction); break;
      case Keyword::healthcheck: configuration.health_check = canonical(instruction); break;
      case Keyword::cmd:
        configuration.command = canonical(instruction);
        command_set_here = true;
        break;
      case Keyword::entrypoint:
        configuration.entrypoint = canonical(instruction);
        if (!command_set_here) configuration.command.clear();  // the base's CMD no longer applies
        break;
      case Keyword::user:
        if (!instruction.arguments.empty())
          configuration.user =
              value_text(file.expand(stage, step, instruction.arguments[0].text), instruction.arguments[0].text);
        break;
      default: break;
    }
  }
  configuration.workdir = stage.workdir.is_known() ? stage.workdir.text : "?";
}

template <typename Map>
void compare_maps(std::vector<std::string>& out, std::string_view kind, const Map& before, const Map& after) {
  for (const auto& [name, value] : before) {
    const auto found = after.find(name);
    if (found == after.end() || found->second != value) out.push_back(std::string(kind) + ' ' + name);
  }
  for (const auto& [name, value] : after)
    if (!before.contains(name)) out.push_back(std::string(kind) + ' ' + name);
}

}  // namespace

Configuration final_configuration(const Dockerfile& file) {
  Configuration configuration;
  if (file.stages().empty()) return configuration;
  const auto chain = chain_of(file, file.final_stage());
  configuration.base = chain.back()->base.is_known()           ? chain.back()->base.text
                       : chain.back()->from->arguments.empty() ? ""
                                                               : chain.back()->from->arguments[0].text;
  for (const auto* stage : std::vector(chain.rbegin(), chain.rend())) apply(configuration, file, *stage);
  for (auto* list : {&configuration.exposed, &configuration.volumes}) {
    std::ranges::sort(*list);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return configuration;
}

bool starts_process(const Configuration& configuration) {
  return !configuration.entrypoint.empty() || !configuration.command.empty();
}

std::vector<std::string> differences(const Configuration& before, const Configuration& after, bool ignore_base) {
  std::vector<std::string> out;
  if (!ignore_base && before.base != after.base) out.emplace_back("base image");
  compare_maps(out, "ENV", before.environment, after.environment);
  compare_maps(out, "LABEL", before.labels, after.labels);
  if (before.exposed != after.exposed) out.emplace_back("EXPOSE");
  if (before.volumes != after.volumes) out.emplace_back("VOLUME");
  if (before.triggers != after.triggers) out.emplace_back("ONBUILD");
  if (before.user != after.user) out.emplace_back("USER");
  if (before.workdir != after.workdir) out.emplace_back("WORKDIR");
  if (before.stop_signal != after.stop_signal) out.emplace_back("STOPSIGNAL");
  if (before.entrypoint != after.entrypoint) out.emplace_back("ENTRYPOINT");
  if (before.command != after.command) out.emplace_back("CMD");
  if (before.health_check != after.health_check) out.emplace_back("HEALTHCHECK");
  if (before.shell != after.shell) out.emplace_back("SHELL");
  return out;
}

}  // namespace dockhew::inline buildkit
