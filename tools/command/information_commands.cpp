// dockhew explain, rules and dump: what the tool knows, and how it parses a file.
#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "files.hpp"
#include "report/document_json.hpp"
#include "report/result.hpp"
#include "rule_selection.hpp"
#include "syntax/document.hpp"
#include "syntax/instruction_errors.hpp"
#include "syntax/shell.hpp"
#include "text/ci_log.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

std::string alias_list(const Rule& rule) {
  std::string text;
  for (const auto alias : rule.aliases)
    if (!alias.empty()) text += (text.empty() ? "" : ", ") + std::string(alias);
  return text;
}

// For `explain apt`: who does not know what a rule is called begins with what it is about.
std::string rules_about(const std::string& word) {
  constexpr std::size_t most = 8;
  std::string list;
  std::size_t count = 0;
  for (const auto* rule : all_rules()) {
    if (word.empty() || rule->id.find(to_lower_ascii(word)) == rule->id.npos) continue;
    if (++count <= most) list += (list.empty() ? "`" : ", `") + std::string(rule->id) + "`";
  }
  if (count == 0) return "; `dockhew rules` lists them";
  return "; there " + std::string(count == 1 ? "is " : "are ") + list +
         (count > most ? " and " + std::to_string(count - most) + " more in `dockhew rules`" : "");
}

// For plug-ins that show the rules, or let somebody choose among them.
Json rules_json(const std::vector<const Rule*>& rules) {
  auto list = Json::array();
  for (const auto* rule : rules) {
    auto aliases = Json::array();
    for (const auto alias : rule->aliases)
      if (!alias.empty()) aliases.push_back(std::string(alias));
    list.push_back({{"id", rule->id},
                    {"aliases", std::move(aliases)},
                    {"category", to_string(rule->category)},
                    {"severity", to_string(rule->severity)},
                    {"default", rule->by_default},
                    {"fix", rule->fix ? Json(to_string(*rule->fix)) : Json()},
                    {"summary", rule->summary},
                    {"rationale", rule->rationale},
                    {"url", rule_url(rule->id)}});
  }
  return {{"version", 1}, {"rules", std::move(list)}};
}

// The scripts of RUN instructions, below the line tree.
void dump_shell(const Dockerfile& file) {
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (!step.script || step.instruction->json) continue;
      const auto& script = *step.script;
      const auto& tree = script.shell.tree;
      std::vector<std::uint32_t> ends;
      for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
        const auto& node = tree.nodes[i];
        while (!ends.empty() && ends.back() <= i) ends.pop_back();
        const auto span = script.to_source(node.span());
        std::cout << std::string(ends.size() * 2, ' ') << to_string(node.kind) << ' ' << span.begin << ".." << span.end;
        if (tree.is_leaf(i)) std::cout << ' ' << escape_for_terminal(go_quote(script.text.view(node.span())));
        std::cout << '\n';
        ends.push_back(node.next);
      }
    }
  }
}

}  // namespace

int run_explain(const Options& options) {
  if (options.operands.empty())
    return complain("", "explain needs the name of a rule; `dockhew rules` lists them"), exit_failed;
  bool failed = false;
  for (const auto& name : options.operands) {
    const auto* rule = find_rule(name);
    if (rule == nullptr) {
      const auto suggestion = suggest_rule(name);
      complain("", "unknown rule `" + name + "`" +
                       (suggestion.empty() ? rules_about(name) : "; did you mean `" + std::string(suggestion) + "`?"));
      failed = true;
      continue;
    }
    std::cout << rule->id << ": " << rule->summary << "\n\n"
              << "category: " << to_string(rule->category) << "\nseverity: " << to_string(rule->severity)
              << "\nby default: " << (rule->by_default ? "on" : "off")
              << "\nfix: " << (rule->fix ? to_string(*rule->fix) : "none") << '\n';
    if (const auto aliases = alias_list(*rule); !aliases.empty()) std::cout << "also known as: " << aliases << '\n';
    std::cout << '\n' << rule->rationale << "\n\n" << rule_url(rule->id) << '\n';
  }
  return failed ? exit_failed : exit_clean;
}

int run_rules(const Options& options) {
  const std::vector<std::string> all = {"all"};
  const auto rules = select_rules(options.select_given ? &options.select : &all, options.ignore).rules;
  if (options.format == "json") return std::cout << rules_json(rules).dump(2) << '\n', exit_clean;
  std::size_t width = 0;
  for (const auto* rule : rules) width = std::max(width, rule->id.size());
  for (const auto* rule : rules) {
    const auto aliases = alias_list(*rule);
    std::cout << rule->id << std::string(width + 2 - rule->id.size(), ' ') << rule->summary
              << (rule->by_default ? "" : "; off by default") << (aliases.empty() ? "" : " (" + aliases + ")") << '\n';
  }
  return exit_clean;
}

int run_dump(const Options& options) {
  const auto inputs = expand_paths(options);
  bool failed = inputs.failed;
  for (const auto& path : inputs.paths) {
    auto read = read_file(path);
    if (!read.error.empty()) {
      complain(path, read.error);
      failed = true;
      continue;
    }
    const Dockerfile file(std::move(read.text), builtin_facts(), {});
    const auto& document = file.document();
    auto errors = document.errors();
    if (options.dump_as != "buildkit") std::ranges::move(find_instruction_errors(document), std::back_inserter(errors));
    if (options.dump_as == "json") {
      std::cout << format_document_json(path, document, errors);
    } else if (options.dump_as == "buildkit") {
      std::cout << escape_lines(dump_buildkit(document));
    } else {
      std::cout << escape_lines(dump_lines(document));
      dump_shell(file);
    }
    const LineIndex lines(document.source());
    for (const auto& error : errors) {
      const auto place = lines.position(error.span.begin);
      std::cerr << escape_for_terminal(path) << ':' << place.line << ':' << place.column << ": "
                << escape_for_terminal(error.message) << '\n';
      failed = true;
    }
  }
  return failed ? exit_failed : exit_clean;
}

}  // namespace dockhew::cli
