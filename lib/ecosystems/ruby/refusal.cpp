#include "ecosystems/ruby/refusal.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "ecosystems/runtime_image.hpp"
#include "ecosystems/toolchain_changes.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The file of `ruby file: ".ruby-version"`; empty for other forms.
// https://bundler.io/man/gemfile.5.html#RUBY
std::string_view named_file(std::string_view arguments) {
  constexpr std::string_view key = "file:";
  if (!arguments.starts_with(key)) return {};
  return unquoted(trim_unicode(arguments.substr(key.size())));
}

// `3.4.7`, `ruby-3.4.7`
std::string version_in_file(const BuildContext& context, const std::string& path) {
  constexpr std::string_view prefix = "ruby-";
  const auto text = context.read(path).value_or("");
  auto version = trim_unicode(text);
  if (version.starts_with(prefix)) version.remove_prefix(prefix.size());
  return std::string(version);
}

// `ruby "3.2.8"`: the version, of three numbers, without anything else in the line, or that of the file that it names.
// Nothing where the Gemfile in the directory has another form of it, or several.
std::optional<std::string> wanted_ruby(const BuildContext& context, const std::string& directory,
                                       std::string_view gemfile) {
  std::optional<std::string> found;
  for (const auto line : split_lines(gemfile)) {
    const auto trimmed = trim_unicode(line);
    if (!trimmed.starts_with("ruby ") && !trimmed.starts_with("ruby(")) continue;
    if (found || line.starts_with(' ') || line.starts_with('\t')) return std::nullopt;
    const auto arguments = trim_unicode(trimmed.substr(5));
    const auto file = named_file(arguments);
    const auto version =
        file.empty() ? std::string(unquoted(arguments)) : version_in_file(context, join_context_path(directory, file));
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

namespace {

// Of a Ruby that RubyGems' newest version no longer runs on, the last one that does; empty for newer Rubies. A RubyGems
// before 3.5.4 does not look for that itself, and Ruby brought none of these before 3.3.1. Source:
// https://github.com/ruby/rubygems/issues/8363, and the versions of rubygems-update with the Ruby that each requires.
std::string_view last_rubygems(std::string_view ruby) {
  if (version_at_least(ruby, "3.2")) return {};
  if (version_at_least(ruby, "3.1")) return "3.6.9";
  if (version_at_least(ruby, "3.0")) return "3.5.23";
  return version_at_least(ruby, "2.6") ? "3.4.22" : "3.3.27";
}

// What names the version, after the word that it belongs to.
Refusal with_version(const Site& site, const ShellCommand& command, std::string_view after, std::string version,
                     std::string reason) {
  const auto word = std::ranges::find_if(command.words, [&](const ShellWord& each) { return each.value.is(after); });
  const auto end = site.step.script->to_source(word->span).end;
  return {std::move(reason), {}, {}, {{{end, end}, std::move(version)}}, "name the last version that takes it"};
}

// `gem update --system` without a version.
Refusal update_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto& image = *site.stage.image;
  if (!command.has_word("--system") || version_numbers(image.version).size() < 2) return {};
  const auto is_version = [](const ShellWord& word) {
    return !word.raw.empty() &&
           (word.raw[0] == '$' || word.raw[0] == '"' || ('0' <= word.raw[0] && word.raw[0] <= '9'));
  };
  const auto last = last_rubygems(image.version);
  if (last.empty() || std::ranges::any_of(command.words, is_version)) return {};
  return with_version(site, command, "--system", ' ' + std::string(last),
                      "the newest RubyGems refuses Ruby " + image.version +
                          ", so this fails; name the last version that takes it: `gem update --system " +
                          std::string(last) + '`');
}

// The last Bundler that a Ruby runs, where the newest does not; empty for newer Rubies, and for those that no report
// tells of. RubyGems installs no older one in its place. Source:
// https://github.com/lewagon/wait-on-check-action/issues/96,
// https://github.com/Bioconductor/bioconductor.org/issues/333, and the versions of bundler with the Ruby that each
// requires.
std::string_view last_bundler(std::string_view ruby) {
  if (version_at_least(ruby, "3.0")) return {};
  if (version_at_least(ruby, "2.6")) return "2.4.22";
  return version_at_least(ruby, "2.3") ? "2.3.26" : "1.17.3";
}

// `gem install bundler` without a version.
Refusal bundler_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto& ruby = site.stage.image->version;
  const auto is_version = [](const ShellWord& word) {
    return word.raw.starts_with("-v") || word.raw.starts_with("--version") || word.raw.find(':') != word.raw.npos ||
           word.raw.starts_with("--conservative") || word.raw.find('$') != word.raw.npos;
  };
  if (use.action->kind != ActionKind::install || version_numbers(ruby).size() < 2 ||
      std::ranges::any_of(command.words, is_version))
    return {};
  const auto last = last_bundler(ruby);
  if (last.empty() || !command.has_word("bundler")) return {};
  // `gem` takes `--version` for a single gem only.
  const auto version = (use.operands.size() > 1 ? ":" : " -v ") + std::string(last);
  return with_version(site, command, "bundler", version,
                      "the newest Bundler refuses Ruby " + ruby +
                          ", so this fails; name the last version that takes it: `gem install bundler -v " +
                          std::string(last) + '`');
}

constexpr std::string_view other_ruby[] = {"asdf", "mise", "rbenv", "ruby-build", "ruby-install", "rvm"};

bool is_of_official_ruby(const Stage& stage) {
  return stage.image && stage.image->entry != nullptr && stage.image->entry->language == "ruby" &&
         !stage.image->only_configured;
}

}  // namespace

Refusal ruby_refusal(const Site& site, const ToolUse& use) {
  const auto& image = site.stage.image;
  const auto& command = *use.command;
  if (use.tool->id == "gem" && is_of_official_ruby(site.stage) && !site.stage.base_from_argument) {
    auto refusal = command.has_word("update") ? update_refusal(site, use) : bundler_refusal(site, use);
    const bool own = command.words[0].text().find('/') == std::string::npos;
    const bool forced = use.has_option("--force") || use.has_option("-f");
    return !own || forced || may_find_other(site, use, other_ruby) ? Refusal() : refusal;
  }
  if (use.tool->id != "bundler" || use.action->kind != ActionKind::install || !use.command->directory.is_known())
    return {};
  if (!image || image->entry == nullptr || image->entry->language != "ruby" || site.stage.base_from_argument) return {};
  const auto gemfile_elsewhere = environment(site, command, "BUNDLE_GEMFILE");
  if (gemfile_elsewhere.is_known() || gemfile_elsewhere.is_unknown()) return {};
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), use.command->directory.text);
  const auto gemfile = directory ? site.context().read(join_context_path(*directory, "Gemfile")) : std::nullopt;
  const auto wanted = gemfile ? wanted_ruby(site.context(), *directory, *gemfile) : std::nullopt;
  if (!wanted || !differs(image->version, *wanted) || use.has_option("--gemfile")) return {};
  const auto settings = site.context().read(join_context_path(*directory, ".bundle/config")).value_or("");
  if (settings.find("BUNDLE_GEMFILE") != std::string::npos ||
      !finds_as_written(site, use, other_ruby, join_context_path(*directory, "Gemfile")))
    return {};
  return {"`" + join_context_path(*directory, "Gemfile") + "` asks for Ruby " + *wanted + ", and `" +
              shown_base(site.stage) + "` has " + image->version + ", so Bundler stops here",
          image->version, *wanted};
}

}  // namespace dockhew::inline ecosystems
