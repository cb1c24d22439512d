// Conda and Mamba, whose packages are of any language.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "ecosystems/conda/manifests.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"conda"};

// `bash Miniconda3-latest-Linux-x86_64.sh -b -p /root/miniconda3`, `./installer.sh -bfp "$CONDA_DIR"`: the word behind
// the option; null for another command.
const ShellWord* installed_prefix(const ShellCommand& command) {
  const auto names_conda = [](const ShellWord& word) {
    return word.raw.ends_with(".sh") &&
           (word.raw.find("onda") != word.raw.npos || word.raw.find("forge") != word.raw.npos);
  };
  if (command.use != nullptr || std::ranges::none_of(command.words, names_conda)) return nullptr;
  for (std::size_t i = 0; i + 1 < command.words.size(); ++i) {
    const std::string_view option = command.words[i].raw;
    if (option.starts_with('-') && !option.starts_with("--") && option.ends_with('p')) return &command.words[i + 1];
  }
  return nullptr;
}

// Where the stage installs conda, or else where the base image has it; nothing where that is not known.
std::optional<std::string> image_variable(const Stage& stage, std::string_view name) {
  if (name != "IMAGE_CONDA_ROOT") return std::nullopt;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& command : step.script->commands)
      if (const auto* prefix = installed_prefix(command))
        return prefix->value.is_known() && prefix->text().starts_with('/') ? std::optional(prefix->text())
                                                                           : std::nullopt;
  }
  return "/opt/conda";
}

}  // namespace

extern constinit const Ecosystem conda = {
    .id = "conda",
    .language = "",
    .tools = tools,
    .image_variable = image_variable,
    .installation = conda_installation,
    .manifests = conda_manifests,
    .generated_directories = {},
    .git_readers = {},
    .settings_readers = {},
};

}  // namespace dockhew::inline ecosystems
