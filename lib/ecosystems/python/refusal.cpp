#include "ecosystems/python/refusal.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "ecosystems/system/runtime_packages.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Releases whose Python has the file EXTERNALLY-MANAGED of PEP 668: Debian from bookworm on (libpython3.11-stdlib),
// Ubuntu from 23.04 on, Alpine from 3.19 on (its release notes). "" where it has not, or the release is not known.
std::string managed_by(const ImageFacts& image) {
  constexpr std::string_view ubuntu[] = {"lunar", "mantic", "noble", "oracular", "plucky", "questing", "resolute"};
  const std::string_view release = image.release.empty() ? image.oldest_release : std::string_view(image.release);
  if (image.distribution == "debian" && is_of_or_after(release, "bookworm")) return "Debian " + std::string(release);
  if (image.distribution == "ubuntu" &&
      (std::ranges::find(ubuntu, release) != std::end(ubuntu) || version_at_least(release, "23.04")))
    return "Ubuntu " + std::string(release);
  if (image.distribution == "alpine" && version_at_least(release, "3.19")) return "Alpine " + std::string(release);
  return {};
}

// The pip of the distribution is there.
bool installs_pip(const Site& site) {
  return std::ranges::any_of(site.uses(), [](const ToolUse& use) {
    return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
           (use.command->has_word("python3-pip") || use.command->has_word("py3-pip"));
  });
}

// `COPY rootfs /`, with a file of pip's settings in it.
bool may_bring_settings(const Site& site) {
  constexpr std::string_view places[] = {"/etc", "/root", "/home"};
  const auto& to = site.step.copy->destination;
  if (!copies_directory(site.file, *site.step.copy)) return false;
  return !to.is_known() || std::ranges::any_of(places, [&](std::string_view place) {
    return path_is_under(place, to.text) || path_is_under(to.text, place);
  });
}

// Another Python, an environment of its own, or a setting that lets pip do it.
bool may_be_another(const Site& site) {
  constexpr std::string_view signs[] = {"/usr/lib/py", "EXTERNALLY", "PIP_",    "asdf",  "break-system-packages",
                                        "conda",       "deadsnakes", "get-pip", "mamba", "mise",
                                        "pip.conf",    "pip config", "pyenv",   "venv",  "virtualenv",
                                        "/python",     "uv "};
  const auto text = site.step.instruction->text.view();
  return std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != text.npos; }) ||
         (site.step.copy && (!site.step.copy->from_context() || may_bring_settings(site))) ||
         (site.step.instruction->keyword == Keyword::run && (!site.step.script || site.step.script->opaque));
}

}  // namespace

Refusal python_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto& image = site.stage.image;
  if (use.tool->id != "pip" || use.action->kind != ActionKind::install ||
      command.words[0].text().find('/') != std::string::npos || !command.has_word("install"))
    return {};  // `pip wheel` and `pip download` only write files
  if (!image || image->entry == nullptr || image->only_configured || image->entry->language == "python" ||
      site.stage.base_from_argument)
    return {};
  for (const auto* option :
       {"--target", "-t", "--prefix", "--root", "--dry-run", "--python", "--break-system-packages", "--help", "-h"})
    if (use.has_option(option)) return {};
  if (!std::ranges::all_of(command.words, [](const ShellWord& word) { return word.value.is_known(); })) return {};
  const auto managed = managed_by(*image);
  if (managed.empty() || may_be_another(site) || site.any_earlier({"may bring another Python"}, may_be_another))
    return {};
  if (!installs_pip(site) && !site.any_earlier({"installs the pip of the distribution"}, installs_pip)) return {};
  return {"the Python of " + managed +
          " refuses packages of pip (\"externally-managed-environment\"), so this fails; install them into a virtual "
          "environment, or add `--break-system-packages`"};
}

}  // namespace dockhew::inline ecosystems
