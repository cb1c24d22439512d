#include "lint/user_rules.hpp"

#include <algorithm>
#include <unordered_map>

#include "lint/word_pattern.hpp"
#include "model/runs.hpp"

namespace dockhew::inline lint {
namespace {

void found_elsewhere(const Dockerfile&, Report&) {}

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

// The commands of a file, by the word that they begin with: most rules name one, and then only these are looked at.
class Commands {
 public:
  struct Place {
    const Step* step;
    std::size_t index;
  };

  explicit Commands(const Dockerfile& file) {
    for_each_script(file, [&](const Stage&, const Step& step) {
      for (std::size_t i = 0; i < step.script->commands.size(); ++i) add(step.script->commands[i], {&step, i});
    });
  }

  // Those that may match a pattern, in order.
  const std::vector<Place>& like(const std::vector<ShellWord>& pattern) const {
    static const std::vector<Place> none;
    const auto word = plain_first_word(pattern);
    if (word.empty()) return all_;
    const auto found = by_word_.find(word);
    return found == by_word_.end() ? none : found->second;
  }

 private:
  void add(const ShellCommand& command, Place place) {
    all_.push_back(place);
    if (!command.name().empty()) by_word_[command.name()].push_back(place);
    if (command.words.empty()) return;
    const auto& first = command.words[0];
    if (first.value.is_known() && first.text() != command.name()) by_word_[first.text()].push_back(place);
  }

  std::vector<Place> all_;
  std::unordered_map<std::string, std::vector<Place>> by_word_;
};

// Whether the commands from one on are the pipeline that the pattern is, or the single command.
bool matches_pipeline(const std::vector<ShellCommand>& pattern, const Commands::Place& at, Captures& captures,
                      Attempts& attempts) {
  const auto& commands = at.step->script->commands;
  if (at.index + pattern.size() > commands.size()) return false;
  attempts.begin_command();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto& command = commands[at.index + i];
    if (pattern.size() > 1 && (!command.piped || command.element != commands[at.index].element)) return false;
    if (!matches_words(pattern[i].words, command, captures, attempts)) return false;
  }
  return true;
}

Finding found_command(const Rule& rule, const UserRuleText& text, const Commands::Place& at, Span span,
                      const Captures& captures) {
  const auto& script = *at.step->script;
  auto finding = make_finding(rule, script.to_source(span), text.message);
  if (text.replacement.empty()) return finding;
  Fix fix;
  fix.title = "write `" + fill(text.replacement, captures) + '`';
  fix.applicability = text.applicability;
  if (script.commands[at.index].nested || at.step->instruction->json)
    fix.declined = "the command is inside a quoted string";
  else fix.edits.push_back({script.to_source(span), fill(text.replacement, captures)});
  if (at.step->in_child) fix.changes = {"ONBUILD"};
  finding.fixes.push_back(std::move(fix));
  return finding;
}

void find_commands(const Rule& rule, const UserRuleText& text, const Script& script, const Commands& commands,
                   Attempts& attempts, std::vector<Finding>& findings) {
  const auto& pattern = script.commands;
  for (const auto& at : commands.like(pattern[0].words)) {
    Captures captures;
    if (!matches_pipeline(pattern, at, captures, attempts)) continue;
    const auto& found = at.step->script->commands;
    const Span span{found[at.index].span.begin, found[at.index + pattern.size() - 1].span.end};
    findings.push_back(found_command(rule, text, at, span, captures));
  }
}

void find_images(const Dockerfile& file, const Rule& rule, const UserRuleText& text, std::vector<Finding>& findings) {
  const auto look = [&](const std::string& image, Span span) {
    if (matches_text(text.image, image)) findings.push_back(make_finding(rule, span, text.message));
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
}

void find_instructions(const Dockerfile& file, const Rule& rule, const UserRuleText& text, Keyword keyword,
                       std::vector<Finding>& findings) {
  const auto flag_name = text.flag.substr(0, text.flag.find('='));
  const auto flag_value = text.flag.find('=') == std::string::npos ? "" : text.flag.substr(text.flag.find('=') + 1);
  for (const auto& written : file.instructions()) {
    const auto& instruction = written.trigger.empty() ? written : written.trigger[0];
    if (instruction.keyword != keyword) continue;
    const auto* flag = text.flag.empty() ? nullptr : instruction.flag(flag_name);
    if (!text.flag.empty() && (flag == nullptr || (!flag_value.empty() && !matches_text(flag_value, flag->value))))
      continue;
    Span span = flag != nullptr ? flag->span : instruction.keyword_span;
    if (!text.argument.empty()) {
      const auto argument = std::ranges::find_if(
          instruction.arguments, [&](const Argument& a) { return matches_text(text.argument, a.text); });
      const auto pair = std::ranges::find_if(instruction.pairs,
                                             [&](const NameValue& p) { return matches_text(text.argument, p.name); });
      if (argument != instruction.arguments.end()) span = argument->span;
      else if (pair != instruction.pairs.end()) span = pair->name_span;
      else continue;
    }
    findings.push_back(make_finding(rule, span, text.message));
  }
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
  std::optional<Commands> commands;
  Attempts attempts;
  for (const auto& user : rules) {
    const auto& text = user->text_;
    if (!text.command.empty()) {
      if (!commands) commands.emplace(file);
      find_commands(user->rule_, text, user->command_, *commands, attempts, findings);
    } else if (!text.image.empty()) {
      find_images(file, user->rule_, text, findings);
    } else {
      find_instructions(file, user->rule_, text, *user->keyword_, findings);
    }
  }
  return findings;
}

}  // namespace dockhew::inline lint
