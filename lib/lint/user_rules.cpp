#include "lint/user_rules.hpp"

#include <algorithm>
#include <map>

#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

using Captures = std::map<std::string, std::string, std::less<>>;  // "$X" or "..." to the words as written

void found_elsewhere(const Dockerfile&, Report&) {}

bool is_any(const ShellWord& word) { return word.raw == "..."; }

bool is_variable(const ShellWord& word) {
  return word.raw.size() > 1 && word.raw[0] == '$' &&
         std::ranges::all_of(word.raw.substr(1), [](char c) { return ('A' <= c && c <= 'Z') || c == '_'; });
}

// Like glob_match, but `*` matches any characters, including slashes, because words are often URLs.
bool matches_text(std::string_view pattern, std::string_view text) {
  std::string wide;
  for (const char c : pattern) wide += c == '*' ? "**" : std::string(1, c);
  return glob_match(wide, text);
}

bool matches_word(const ShellWord& pattern, const ShellWord& word) {
  const auto& wanted = pattern.value.is_known() ? pattern.text() : pattern.raw;
  return word.value.is_known() && (word.text() == wanted || matches_text(wanted, word.text()));
}

// What a `...` means; the last of several counts. Always true.
bool capture_rest(const ShellCommand& command, std::size_t begin, std::size_t end, Captures& captures) {
  std::string text;
  for (auto i = begin; i < end; ++i) text += (text.empty() ? "" : " ") + command.words[i].raw;
  captures.emplace("...", text);
  return true;
}

// Several `...` can be tried in very many ways; a command that needs more than this does not match.
constexpr std::size_t most_attempts = 10'000;

// Matches the words of a command from `w` on against those of the pattern from `p` on.
bool matches_words(const std::vector<ShellWord>& pattern, std::size_t p, const ShellCommand& command, std::size_t w,
                   Captures& captures, std::size_t& attempts) {
  if (++attempts > most_attempts) return false;
  if (p == pattern.size()) return w == command.words.size();
  if (is_any(pattern[p])) {
    if (p + 1 == pattern.size()) return capture_rest(command, w, command.words.size(), captures);
    for (auto end = w; end <= command.words.size(); ++end) {
      auto attempt = captures;
      if (!matches_words(pattern, p + 1, command, end, attempt, attempts)) continue;
      captures = std::move(attempt);
      return capture_rest(command, w, end, captures);
    }
    return false;
  }
  if (w == command.words.size()) return false;
  const auto& word = command.words[w];
  if (is_variable(pattern[p])) {
    const auto [captured, fresh] = captures.emplace(pattern[p].raw, word.raw);
    if (!fresh && captured->second != word.raw) return false;
  } else if (!(w == 0 && command.name() == pattern[p].text()) && !matches_word(pattern[p], word)) {
    return false;
  }
  return matches_words(pattern, p + 1, command, w + 1, captures, attempts);
}

std::string fill(std::string text, const Captures& captures) {
  for (const auto& [name, value] : captures) {
    const auto at = text.find(name);
    if (at != text.npos) text.replace(at, name.size(), value);
  }
  return text;
}

Finding make_finding(const Rule& rule, Span span, const std::string& message) {
  Finding finding;
  finding.rule = &rule;
  finding.severity = rule.severity;
  finding.span = span;
  finding.message = message;
  return finding;
}

}  // namespace

UserRuleResult make_user_rule(UserRuleText text) {
  const auto wrong = [](std::string error) { return UserRuleResult{nullptr, std::move(error)}; };
  const auto is_id = [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-'; };
  if (text.id.empty() || !std::ranges::all_of(text.id, is_id))
    return wrong("an `id` consists of lower-case letters, digits and dashes");
  if (text.message.empty()) return wrong("`" + text.id + "` has no message");
  if (text.command.empty() + text.image.empty() + text.keyword.empty() != 2)
    return wrong("`" + text.id + "` needs exactly one of command, image and instruction");
  if (!text.replacement.empty() && text.command.empty())
    return wrong("`" + text.id + "`: only a command can be replaced");
  auto rule = std::make_unique<UserRule>();
  rule->text_ = std::move(text);
  rule->id_ = "user/" + rule->text_.id;
  auto& data = rule->rule_;
  data.id = rule->id_;
  data.severity = rule->text_.severity;
  data.summary = rule->text_.message;
  data.rationale = rule->text_.why;
  if (!rule->text_.replacement.empty()) data.fix = rule->text_.applicability;
  data.check = found_elsewhere;
  if (!rule->text_.command.empty()) {
    rule->command_ = parse_script(
        LogicalText(rule->text_.command, 0), [](std::string_view) { return Value::unknown(); }, Value::unknown());
    if (rule->command_.opaque || rule->command_.commands.empty() || rule->command_.chain.size() != 1)
      return wrong("`" + rule->text_.id + "`: the command is not a single shell command or pipeline");
  }
  if (!rule->text_.keyword.empty()) {
    const auto keyword = find_keyword(rule->text_.keyword);
    if (keyword == Keyword::unknown)
      return wrong("`" + rule->text_.id + "`: there is no instruction `" + rule->text_.keyword + "`");
    rule->keyword_ = keyword;
  }
  return {std::move(rule), ""};
}

std::vector<Finding> find_user_rules(const Dockerfile& file, const std::vector<std::unique_ptr<UserRule>>& rules) {
  std::vector<Finding> findings;
  for (const auto& user : rules) {
    const auto& text = user->text_;
    if (!text.command.empty()) {
      const auto& pattern = user->command_.commands;
      for_each_script(file, [&](const Stage&, const Step& step) {
        const auto& commands = step.script->commands;
        for (std::size_t i = 0; i + pattern.size() <= commands.size(); ++i) {
          Captures captures;
          std::size_t attempts = 0;
          bool matches = true;
          for (std::size_t j = 0; j < pattern.size() && matches; ++j)
            matches =
                (pattern.size() == 1 || (commands[i + j].piped && commands[i + j].element == commands[i].element)) &&
                matches_words(pattern[j].words, 0, commands[i + j], 0, captures, attempts);
          if (!matches) continue;
          const Span span{commands[i].span.begin, commands[i + pattern.size() - 1].span.end};
          auto finding = make_finding(user->rule_, step.script->to_source(span), text.message);
          if (!text.replacement.empty()) {
            Fix fix;
            fix.title = "write `" + fill(text.replacement, captures) + '`';
            fix.applicability = text.applicability;
            if (commands[i].nested || step.instruction->json) fix.declined = "the command is inside a quoted string";
            else fix.edits.push_back({step.script->to_source(span), fill(text.replacement, captures)});
            if (step.in_child) fix.changes = {"ONBUILD"};
            finding.fixes.push_back(std::move(fix));
          }
          findings.push_back(std::move(finding));
        }
      });
    } else if (!text.image.empty()) {
      const auto look = [&](const std::string& image, Span span) {
        if (matches_text(text.image, image)) findings.push_back(make_finding(user->rule_, span, text.message));
      };
      for (const auto& stage : file.stages()) {
        if (!stage.parent && !stage.implicit && stage.base.is_known()) look(stage.base.text, stage.from->span);
        for (const auto& step : stage.steps) {
          if (step.copy && !step.copy->from.empty() && !step.copy->stage)
            look(step.copy->from, step.instruction->head_span());
          for (const auto& mount : step.mounts)
            if (!mount.from.empty() && !file.find_stage(mount.from, stage.index)) look(mount.from, mount.span);
        }
      }
    } else {
      const auto flag_name = text.flag.substr(0, text.flag.find('='));
      const auto flag_value = text.flag.find('=') == std::string::npos ? "" : text.flag.substr(text.flag.find('=') + 1);
      for (const auto& written : file.instructions()) {
        const auto& instruction = written.trigger.empty() ? written : written.trigger[0];
        if (instruction.keyword != *user->keyword_) continue;
        const auto* flag = text.flag.empty() ? nullptr : instruction.flag(flag_name);
        if (!text.flag.empty() && (flag == nullptr || (!flag_value.empty() && !matches_text(flag_value, flag->value))))
          continue;
        Span span = flag != nullptr ? flag->span : instruction.keyword_span;
        if (!text.argument.empty()) {
          const auto argument = std::ranges::find_if(
              instruction.arguments, [&](const Argument& a) { return matches_text(text.argument, a.text); });
          const auto pair = std::ranges::find_if(
              instruction.pairs, [&](const NameValue& p) { return matches_text(text.argument, p.name); });
          if (argument != instruction.arguments.end()) span = argument->span;
          else if (pair != instruction.pairs.end()) span = pair->name_span;
          else continue;
        }
        findings.push_back(make_finding(user->rule_, span, text.message));
      }
    }
  }
  return findings;
}

}  // namespace dockhew::inline lint
