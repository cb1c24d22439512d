#include "ecosystems/ruby/refusal.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `ruby "3.2.8"`: the version, of three numbers, without anything else in the line. Nothing where the Gemfile has
// another form of it, or several.
std::optional<std::string> wanted_ruby(std::string_view gemfile) {
  std::optional<std::string> found;
  for (const auto line : split_lines(gemfile)) {
    const auto trimmed = trim_unicode(line);
    if (!trimmed.starts_with("ruby ") && !trimmed.starts_with("ruby(")) continue;
    if (found || line.starts_with(' ') || line.starts_with('\t')) return std::nullopt;
    const std::string version(unquoted(trim_unicode(trimmed.substr(5))));
    if (version.find_first_not_of("0123456789.") != version.npos || version_numbers(version).size() != 3)
      return std::nullopt;
    found = version;
  }
  return found;
}

// Whether a tag of that version certainly has another Ruby: `3.2.0` for 3.2.8, `3.1` for 3.2.8.
bool differs(std::string_view tag, std::string_view wanted) {
  const auto has = version_numbers(tag), wants = version_numbers(wanted);
  return has.size() >= 2 &&
         !std::equal(has.begin(), has.end(), wants.begin(), wants.begin() + std::min(has.size(), wants.size()));
}

}  // namespace

std::string ruby_refusal(const Site& site, const ToolUse& use) {
  const auto& image = site.stage.image;
  if (use.tool->id != "bundler" || use.action->kind != ActionKind::install || use.command->conditional ||
      use.command->piped || !use.command->directory.is_known())
    return {};
  if (!image || image->entry == nullptr || image->entry->language != "ruby" || site.stage.base_from_argument) return {};
  const auto gemfile_elsewhere = site.variable("BUNDLE_GEMFILE");
  if (gemfile_elsewhere.is_known() || gemfile_elsewhere.is_unknown()) return {};
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), use.command->directory.text);
  const auto gemfile = directory ? site.context().read(join_context_path(*directory, "Gemfile")) : std::nullopt;
  const auto wanted = gemfile ? wanted_ruby(*gemfile) : std::nullopt;
  if (!wanted || !differs(image->version, *wanted)) return {};
  return "`" + join_context_path(*directory, "Gemfile") + "` asks for Ruby " + *wanted + ", and `" +
         site.stage.reference.name() + ":" + site.stage.reference.tag + "` has " + image->version +
         ", so Bundler stops here";
}

}  // namespace dockhew::inline ecosystems
