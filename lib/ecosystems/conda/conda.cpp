// Conda and Mamba, whose packages are of any language.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ecosystems/conda/manifests.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"conda"};

bool has_short_option(const ShellCommand& command, char letter) {
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    return word.raw.starts_with('-') && !word.raw.starts_with("--") && word.raw.find(letter) != word.raw.npos;
  });
}

// Whether a command may run the installer of conda, and the word behind its `-p`, if there is one: `bash miniconda.sh
// -b -p /root/miniconda3`, `./installer.sh -bfp "$CONDA_DIR"`, or a script that a shell reads from a pipe.
struct Installer {
  bool installs = false;
  const ShellWord* prefix = nullptr;
};

Installer installer_of(const ShellCommand& command) {
  const auto is_script = [](const ShellWord& word) { return word.raw.ends_with(".sh"); };
  const bool by_shell = command.name() == "bash" || command.name() == "sh";
  if (command.use != nullptr || command.words.empty() || !has_short_option(command, 'b') ||
      (!by_shell && std::ranges::none_of(command.words, is_script)))
    return {};
  Installer installer{true, nullptr};
  for (std::size_t i = 0; i + 1 < command.words.size(); ++i) {
    const std::string_view option = command.words[i].raw;
    if (option.starts_with('-') && !option.starts_with("--") && option.ends_with('p'))
      installer.prefix = &command.words[i + 1];
  }
  return installer;
}

// Where the stage installs conda, or else where the base image has it; nothing where that is not known.
std::optional<std::string> image_variable(const Stage& stage, std::string_view name) {
  if (name != "IMAGE_CONDA_ROOT") return std::nullopt;
  constexpr std::size_t most_looked_at = 200;  // for each use of conda
  for (const auto& step : std::span(stage.steps).first(std::min(stage.steps.size(), most_looked_at))) {
    // Its settings may say where packages go.
    if (step.copy && step.instruction->text.view().find("condarc") != std::string_view::npos) return std::nullopt;
    if (!step.script) continue;
    for (const auto& command : step.script->commands)
      if (const auto [installs, prefix] = installer_of(command); installs)
        return prefix != nullptr && prefix->value.is_known() && prefix->text().starts_with('/')
                   ? std::optional(prefix->text())
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
    .git_questions = {},
    .settings_readers = {},
};

}  // namespace dockhew::inline ecosystems
