#include "build_file_rewrite.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "build_file_lint.hpp"
#include "configuration.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite_build_file.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "writing.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

bool is_cache_key(std::string_view key) {
  constexpr std::array<std::string_view, 4> keys = {"cache_from", "cache_to", "cache-from", "cache-to"};
  return std::ranges::find(keys, key) != keys.end();
}

// Compares two trees. An alias stands for all that is below its anchor, each time, so the nodes are counted.
class Comparison {
 public:
  bool same(const YAML::Node& before, const YAML::Node& after) {
    if (--left_ <= 0) return false;
    if (before.IsScalar() && after.IsMap()) return is_context(before, after);
    if (before.Type() != after.Type()) return false;
    if (before.IsScalar()) return before.Scalar() == after.Scalar() && before.Tag() == after.Tag();
    if (before.IsSequence()) return same_lists(before, after);
    return !before.IsMap() || same_maps(before, after);
  }

 private:
  // Where caches are, each as it was or with all layers.
  bool same_or_complete(const YAML::Node& before, const YAML::Node& after) {
    if (--left_ <= 0 || before.Type() != after.Type() || before.Tag() != after.Tag()) return false;
    if (before.IsScalar()) return same_or_complete_lines(before.Scalar(), after.Scalar());
    if (!before.IsSequence()) return same(before, after);
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i)
      if (!same_or_complete(before[i], after[i])) return false;
    return true;
  }

  static bool same_or_complete_lines(std::string_view before, std::string_view after) {
    const auto old_lines = split_lines(before), new_lines = split_lines(after);
    return std::ranges::equal(old_lines, new_lines, [](std::string_view old, std::string_view now) {
      return old == now || std::string(trim_unicode(old)) + ",mode=max" == trim_unicode(now);
    });
  }

  // `build: .` has become `build: {context: .}`.
  bool is_context(const YAML::Node& before, const YAML::Node& after) {
    bool found = false;
    for (const auto& entry : after) {
      const auto key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      if (is_cache_key(key)) continue;
      if (key != "context" || found || !same(before, entry.second)) return false;
      found = true;
    }
    return found;
  }

  bool same_lists(const YAML::Node& before, const YAML::Node& after) {
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i)
      if (!same(before[i], after[i])) return false;
    return true;
  }

  bool same_maps(const YAML::Node& before, const YAML::Node& after) {
    auto other = after.begin();
    const auto says_cache = [](const auto& at) { return at->first.IsScalar() && is_cache_key(at->first.Scalar()); };
    for (auto own = before.begin();; ++own, ++other) {
      // What was not there before.
      while (other != after.end() && says_cache(other) &&
             (own == before.end() || !says_cache(own) || own->first.Scalar() != other->first.Scalar()))
        ++other;
      if (own == before.end() || other == after.end()) return own == before.end() && other == after.end();
      if (!same(own->first, other->first)) return false;
      if (says_cache(own) ? !same_or_complete(own->second, other->second) : !same(own->second, other->second))
        return false;
    }
  }

  int left_ = 100'000;  // nodes
};

}  // namespace

bool same_but_for_caches(const std::string& before, const std::string& after) {
  bool same = false;
  const auto compare = [&](const YAML::Node& old) {
    const auto error =
        read_yaml_text("", after, [&](const YAML::Node& changed) { same = Comparison().same(old, changed); });
    same &= error.empty();
  };
  return read_yaml_text("", before, compare).empty() && same;
}

OptimizedBuildFile optimize_build_file(const Options& options, const Facts& facts, const std::string& path,
                                       const RepositoryBuilds& repositories) {
  OptimizedBuildFile out;
  const bool reports = options.format != "text";
  const auto settings = settings_for(options, path);
  std::string error = settings.error;
  const auto file = error.empty() ? read_declared_builds(path, facts, error, &repositories) : nullptr;
  if (!error.empty()) {
    out.notes = complaint(path, error);
    out.failed = true;
    if (reports) out.result = FileResult{.path = path, .error = error};
  }
  if (!file) return out;
  auto rule_options = settings.lint.options;
  rule_options.cache_export = options.cache_export;
  // What is only to be shown is shown, and never written.
  const bool shows_all = !options.write && settings.least == Applicability::unsafe;
  const auto least = shows_all ? Applicability::display_only : settings.least;
  auto result = rewrite_build_file(*file, settings.optimizing, least, rule_options);
  const bool changed = result.text != file->text;
  if (changed && !same_but_for_caches(file->text, result.text)) {
    out.notes = complaint(path, "not changed, because the file would not mean the same afterwards");
    return out;
  }
  if (!options.write) {
    out.improved = changed;
    if (changed) out.shown.add(result.applied);
    if (!reports)
      out.output = format_rewrite(path, file->text, result, options.colour ? Colours::ansi() : Colours::none(),
                                  options.terminal ? Escaping::on : Escaping::off);
  } else if (changed) {
    const auto written = replace_file(path, file->text, result.text);
    out.failed = !written.error.empty();
    if (!written.error.empty() || !written.note.empty())
      out.notes = complaint(path, out.failed ? written.error : written.note);
    if (!out.failed) out.notes += applied_notes(path, path, result);
  }
  if (reports)
    out.result =
        FileResult{.path = path, .build_file = file, .rewrite = std::make_shared<const Rewrite>(std::move(result))};
  return out;
}

}  // namespace dockhew::cli
