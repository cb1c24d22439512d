#include "layers/accounts_ahead.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ecosystems/command_effects.hpp"
#include "edits/run_edits.hpp"
#include "effects/account_words.hpp"
#include "effects/accounts.hpp"
#include "effects/commutes.hpp"
#include "effects/unix_effects.hpp"
#include "layers/passed_steps.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

struct Creation {
  std::vector<std::size_t> elements;  // of the chain, its first ones
  std::string text;                   // as written
  std::vector<std::string> words;     // of its commands
  Effects effects;
};

// The home directory that the command names is as good as written. False where it is not known which it is.
bool add_home(const ShellCommand& command, Effects& effects) {
  const auto home = named_home(command);
  if (home.is_unknown()) return false;
  if (home.is_known()) effects.writes.paths.push_back({home.text, {}, {}});
  return true;
}

// The commands at the beginning that create users and groups and do nothing else.
Outcome<Creation> creation_of(const Site& site) {
  const auto& script = *site.step.script;
  Creation creation;
  // What a new home gets, and which numbers are taken: /etc/skel, /etc/login.defs, /etc/adduser.conf.
  for (const auto* settings : {"/etc", "/usr/local/sbin/adduser.local"})
    creation.effects.reads.paths.push_back({settings, {}, {}});
  for (const auto& command : script.commands) {
    const auto& element = script.chain[command.element];
    if (!creates_accounts(site.file.facts(), command) || command.nested || !element.simple) break;
    const bool last = command.element + 1 == script.chain.size();
    if (!last && element.joint != Joint::and_if) break;
    creation.effects.add(unix_effects(site.file.facts(), command));
    if (!add_home(command, creation.effects)) return Declined{"its home directory is not known"};
    creation.elements.push_back(command.element);
    for (const auto& word : command.words) creation.words.push_back(word.text());
  }
  if (creation.elements.empty()) return creation;
  const Span span{script.chain[creation.elements.front()].span.begin, script.chain[creation.elements.back()].span.end};
  creation.text = slice(site.file.source(), script.to_source(span));
  return creation;
}

bool may_change_numbers(const Site& site, const Creation& creation) {
  if (!site.step.script || site.step.script->opaque) return true;
  const bool creates = std::ranges::any_of(site.step.script->commands, [&](const ShellCommand& command) {
    return creates_accounts(site.file.facts(), command) ||
           (command.use != nullptr && command.use->tool->packages.of_system);
  });
  return creates || !commutes(project_effects(site), creation.effects);
}

// Why the creation cannot come before a step.
Obstacle obstacle_of(const Site& between, const Creation& creation) {
  const auto& step = between.step;
  switch (step.instruction->keyword) {
    case Keyword::run:
      if (!may_change_numbers(between, creation)) return std::nullopt;
      return Declined{"a RUN between them may create users too, or read which there are"};
    case Keyword::copy:
    case Keyword::add:
      if (step.copy && commutes(copy_effects(between, *step.copy), creation.effects)) return std::nullopt;
      return Declined{"a COPY between them may bring its home directory"};
    case Keyword::arg:
    case Keyword::env: {
      const auto names = variables_set_by(between);
      const bool used = std::ranges::any_of(names, [&](const std::string& name) {
        return name == "PATH" || creation.text.find(name) != std::string::npos;
      });
      if (!used) return std::nullopt;
      return Declined{"a variable that it may use is set between them"};
    }
    case Keyword::shell:
    case Keyword::user:
    case Keyword::unknown: return Declined{"SHELL or USER changes between them"};
    default: return std::nullopt;
  }
}

// A RUN that does nothing else goes as a whole, with its comments.
std::vector<TextEdit> move_instruction(const Site& site, std::uint32_t place) {
  const auto& document = site.file.document();
  const auto lines = instruction_lines(document, *site.step.instruction);
  auto text = std::string(slice(site.file.source(), lines));
  if (!text.ends_with('\n')) text += document.newline();
  return {remove_lines(document, lines), {{place, place}, std::move(text)}};
}

Outcome<std::vector<TextEdit>> move_commands(const Site& site, const Creation& creation, std::uint32_t place) {
  const auto& document = site.file.document();
  auto edits = remove_elements(document, *site.step.script, creation.elements);
  if (!edits) return Declined{"it cannot be taken out of its RUN"};
  edits->push_back({{place, place}, "RUN " + creation.text + std::string(document.newline())});
  return *std::move(edits);
}

}  // namespace

Outcome<std::vector<TextEdit>> create_accounts_before(const Site& creator, const Step& copy,
                                                      const std::vector<std::string>& names) {
  const auto& step = creator.step;
  if (!step.script || step.script->opaque || !step.script->is_straight() || step.script->from_heredoc ||
      step.in_child || !step.instruction->flags.empty())
    return Declined{"its RUN is more than a plain chain of commands"};
  auto creation = creation_of(creator);
  if (!creation) return creation.declined();
  for (const auto& name : names)
    if (std::ranges::find(creation->words, name) == creation->words.end())
      return Declined{"`" + name + "` is not created by the first commands of its RUN"};
  for (const auto& between : creator.stage.steps) {
    if (between.index < copy.index) continue;
    if (between.index >= step.index) break;
    if (auto obstacle = obstacle_of(creator.at(between), *creation)) return *obstacle;
  }
  const auto place = instruction_lines(creator.file.document(), *copy.instruction).begin;
  if (creation->elements.size() == step.script->chain.size()) return move_instruction(creator, place);
  return move_commands(creator, *creation, place);
}

}  // namespace dockhew::inline layers
