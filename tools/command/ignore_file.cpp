#include "ignore_file.hpp"

#include <algorithm>
#include <filesystem>

#include "commands.hpp"
#include "files.hpp"
#include "flow/ignore_lines.hpp"
#include "lint/lint.hpp"
#include "model/ignore_text.hpp"
#include "report/text.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view rule_name = "unignored-context-files";

// The rule's finding, where somebody wants to hear of it.
std::optional<Finding> wanted_finding(const Settings& settings, const Dockerfile& file) {
  const auto* rule = find_rule(rule_name);
  if (std::ranges::find(settings.optimizing, rule) == settings.optimizing.end()) return std::nullopt;
  LintSettings only{.rules = {rule}, .options = settings.lint.options};
  for (auto& finding : lint_file(file, only))
    if (finding.rule == rule) return std::move(finding);
  return std::nullopt;
}

// The text of an ignore file, empty where there is none; or why no lines are added to it.
ReadResult read_ignore_file(const std::string& path) {
  std::error_code error;
  const auto status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return {};
  if (fs::is_symlink(status)) return {{}, "a link, so it is left alone"};
  if (!fs::is_regular_file(status))
    return {{},
            fs::is_directory(status) ? "a directory, so it is left alone"
                                     : "a pipe or a device and no file, so it is neither read nor written"};
  auto read = read_regular_file(path, largest_companion, Links::refused);
  if (!read.error.empty()) read.error += "; it is left alone";
  else if (read.text.find('\0') != read.text.npos)
    read.error = "it has a NUL byte, as no text has, so it is left alone";
  return read;
}

bool may_be_written(const std::string& path) { return read_ignore_file(path).error.empty(); }

// As somebody would name it who stands where the command was started.
std::string short_path(const std::string& path) {
  std::error_code error;
  const auto normal = fs::path(path).lexically_normal();
  const auto here = normal.lexically_relative(fs::current_path(error)).generic_string();
  return normal.is_relative() || error || here.empty() || here.starts_with("..") ? normal.generic_string() : here;
}

// One sentence for each reason.
std::vector<std::string> reasons_of(const std::vector<IgnoreLines::Left>& all) {
  constexpr std::size_t most_named = 4;
  std::vector<std::pair<std::string_view, std::vector<std::string>>> by_reason;
  for (const auto& left : all) {
    auto same = std::ranges::find(by_reason, left.reason, &decltype(by_reason)::value_type::first);
    if (same == by_reason.end()) same = by_reason.insert(same, {left.reason, {}});
    same->second.push_back(left.path);
  }
  std::vector<std::string> sentences;
  for (const auto& each : by_reason)
    sentences.push_back(escape_for_terminal(list_quoted(each.second, most_named)) +
                        (each.second.size() == 1 ? " is" : " are") + " not listed, because " +
                        escape_for_terminal(each.first));
  return sentences;
}

}  // namespace

ProposedIgnore propose_ignore(const Settings& settings, const std::string& dockerfile, const Dockerfile& file) {
  ProposedIgnore proposed;
  const auto& origin = file.context().origin();
  if (!file.context().is_known() || origin.ignore_file.empty()) return proposed;
  // A guess is an assumption.
  if (origin.guess && settings.least > Applicability::conditional) return proposed;
  const auto finding = wanted_finding(settings, file);
  if (!finding) return proposed;
  const auto line = LineIndex(file.source()).position(finding->span.begin).line;
  auto found = find_ignore_lines(file);
  proposed.path = short_path(origin.ignore_file);
  proposed.lines = std::move(found.lines);
  proposed.text = std::move(found.text);
  proposed.message = finding->message;
  proposed.reason = escape_for_terminal(dockerfile) + ':' + std::to_string(line) + ": " +
                    escape_for_terminal(finding->message) + " [" + std::string(rule_name) + ']';
  proposed.left = reasons_of(found.left);
  // Two contexts need two lists, and one file cannot be right for both.
  if (origin.own_ignore_file && !file.context().others().empty()) proposed.lines.clear();
  return proposed;
}

RewriteWithIgnore rewrite_with_ignore(const Settings& settings, const std::string& dockerfile,
                                      const std::shared_ptr<const Dockerfile>& file) {
  // A file is only read again where its text or its context is another one: it may be a large one.
  std::optional<BuildContext> other;
  const auto read_in = [&](std::string_view text, const std::optional<BuildContext>& context) {
    if (!context && text == file->source()) return file;
    return std::make_shared<const Dockerfile>(std::string(text), file->facts(), context ? *context : file->context());
  };
  const auto propose_for = [&](const std::string& text, const std::optional<BuildContext>& context) {
    return propose_ignore(settings, dockerfile, *read_in(text, context));
  };
  const auto rewrite_in = [&](const std::optional<BuildContext>& context) {
    return rewrite_file(read_in(file->source(), context), settings.optimizing, settings.least, settings.lint.options);
  };
  auto ignore = propose_ignore(settings, dockerfile, *file);
  RewriteWithIgnore both;
  if (!may_be_written(ignore.path)) {  // nothing will be written there
    both.result = rewrite_in(std::nullopt);
    both.ignore = propose_for(both.result.text, std::nullopt);
    return both;
  }
  // What the rewrite makes may need more lines, and with these it may do more.
  constexpr int most_rounds = 3;
  for (int round = 0;; ++round) {
    if (!ignore.lines.empty())
      other = (other ? *other : file->context()).with_ignore(IgnorePatterns::parse(ignore.text));
    both.result = rewrite_in(other);
    auto more = propose_for(both.result.text, other);
    if (more.lines.empty() || !may_be_written(more.path) || round == most_rounds) break;
    more.lines.insert(more.lines.begin(), ignore.lines.begin(), ignore.lines.end());
    ignore = std::move(more);
    remove_covered(ignore.lines);
  }
  // For a person, who has the context as it is.
  auto seen = propose_for(both.result.text, std::nullopt);
  if (ignore.path.empty()) ignore.path = seen.path;
  if (!seen.reason.empty()) ignore.reason = std::move(seen.reason), ignore.message = std::move(seen.message);
  ignore.left = std::move(seen.left);
  both.ignore = std::move(ignore);
  std::ranges::sort(both.ignore.lines);
  return both;
}

// For a report: each line is a change, and none takes anything away that the image has.
static FileResult as_result(const ProposedIgnore& proposed, const std::string& before, const std::string& after) {
  Rewrite rewrite;
  rewrite.text = after;
  for (const auto& line : proposed.lines) {
    auto& fix = rewrite.applied.emplace_back();
    fix.rule = find_rule(rule_name);
    fix.message = proposed.message;
    fix.line = 1;
    fix.title = "add `" + line + "`";
    fix.applicability = Applicability::conditional;
  }
  return {.path = proposed.path, .other_text = before, .rewrite = std::make_shared<const Rewrite>(std::move(rewrite))};
}

IgnoreFiles::Done IgnoreFiles::write(const ProposedIgnore& proposed, const std::string& before,
                                     const std::string& after) const {
  Done done;
  const auto written = replace_file(proposed.path, before, after);
  if (!written.error.empty()) {
    done.notes = complaint(proposed.path, written.error);
    done.failed = true;
    return done;
  }
  if (!written.note.empty()) done.notes = complaint(proposed.path, written.note);
  for (const auto& line : proposed.lines)
    done.notes += escape_for_terminal(proposed.path) + ": add `" + escape_for_terminal(line) + "` [" +
                  std::string(rule_name) + "]\n";
  return done;
}

IgnoreFiles::Done IgnoreFiles::add(const ProposedIgnore& proposed) {
  Done done;
  const bool reports = options_.format != "text";
  if (!options_.write && !reports)
    for (const auto& reason : proposed.left) done.output += "- " + reason + '\n';
  if (!done.output.empty()) done.output = "\nNot in " + escape_for_terminal(proposed.path) + ":\n" + done.output;
  if (proposed.lines.empty()) return done;
  auto read = read_ignore_file(proposed.path);
  std::error_code error;
  if (!read.error.empty()) {
    done.notes = complaint(proposed.path, read.error);
    done.failed = options_.write && !fs::is_symlink(proposed.path, error);
    return done;
  }
  const auto key = fs::weakly_canonical(proposed.path, error).string();  // others may name it by another path
  auto& before = texts_.try_emplace(key, std::move(read.text)).first->second;
  auto missing = proposed;
  const auto lines = split_lines(before);
  std::erase_if(missing.lines, [&](const std::string& line) {
    return std::ranges::any_of(lines, [&](std::string_view own) { return trim_unicode(own) == line; });
  });
  if (missing.lines.empty()) return done;
  const auto after = with_ignored(before, missing.lines);
  if (options_.write) {
    done = write(missing, before, after);
  } else if (done.improved = true; !reports) {
    const auto colours = options_.colour ? Colours::ansi() : Colours::none();
    done.output =
        format_coloured_diff(proposed.path, before, after, colours, options_.terminal ? Escaping::on : Escaping::off) +
        "\nWhy:\n- " + missing.reason + '\n' + done.output;
  }
  if (reports) done.result = as_result(missing, before, after);
  if (!done.failed) before = after;
  return done;
}

}  // namespace dockhew::cli
