// Runs everything over a folder of Dockerfiles and counts what must never happen: a crash, a lossy tree, a rewrite that
// has new errors, loses a file in a mount or changes again the second time, a file that takes long. Usage: corpus
// DIRECTORY [--declined]   (the latter lists why rewrites were not made)
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "flow/lost_artifacts.hpp"
#include "lint/lint.hpp"
#include "rewrite/rewrite.hpp"

namespace fs = std::filesystem;
using namespace dockhew;

namespace {

std::string leaves(const Dockerfile& file) {
  std::string text;
  const auto& tree = file.document().lines().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.is_leaf(i)) text += slice(file.source(), tree.nodes[i].span());
  return text;
}

std::string shell_leaves(const Script& script) {
  std::string text;
  for (std::uint32_t i = 0; i < script.shell.tree.nodes.size(); ++i)
    if (script.shell.tree.is_leaf(i)) text += script.text.view(script.shell.tree.nodes[i].span());
  return text;
}

// What the builder or a shell rejects.
std::size_t errors_in(const Dockerfile& file) {
  std::size_t errors = 0;
  for (const auto& finding : lint_file(file, std::span<const Rule* const>())) errors += finding.rule->check == nullptr;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script) errors += step.script->shell.errors.size();
  return errors;
}

struct SingleFixes {
  std::size_t applied = 0, with_new_errors = 0, without_effect = 0;
  std::map<std::string, std::size_t> by_rule;
};

// Every fix of every rule, whatever it claims, by itself and without the gate: the result must be as readable as
// before, and the rule must report less.
void try_each_fix(const std::string& name, const Dockerfile& file, SingleFixes& result) {
  const auto before = errors_in(file);
  const auto findings = lint_file(file, all_rules());
  const auto count = [](const std::vector<Finding>& list, const Rule* rule) {
    return std::ranges::count(list, rule, &Finding::rule);
  };
  for (const auto& finding : findings)
    for (const auto& fix : finding.fixes) {
      if (fix.edits.empty()) continue;
      ++result.applied;
      ++result.by_rule[std::string(finding.rule->id)];
      const Dockerfile after(apply_edits(file.source(), fix.edits), builtin_facts(), {});
      if (errors_in(after) > before) {
        ++result.with_new_errors;
        std::cout << name << ": a fix of " << finding.rule->id << " makes an error: " << fix.title << '\n';
      }
      if (count(lint_file(after, all_rules()), finding.rule) >= count(findings, finding.rule)) {
        ++result.without_effect;
        std::cout << name << ": a fix of " << finding.rule->id << " changes nothing: " << fix.title << '\n';
      }
    }
}

template <typename Map>
void print_sorted(const Map& counts, std::size_t most) {
  std::vector<std::pair<std::size_t, std::string>> rows;
  for (const auto& [name, count] : counts) rows.emplace_back(count, name);
  std::ranges::sort(rows, std::greater());
  for (std::size_t i = 0; i < rows.size() && i < most; ++i)
    std::cout << "  " << rows[i].first << "  " << rows[i].second << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const bool list_declined = argc > 2 && std::string(argv[2]) == "--declined";
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1]))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::ranges::sort(paths);

  std::size_t lossy = 0, new_errors = 0, lost = 0, restless = 0, unfinished = 0, changed = 0, slow = 0, fixes = 0,
              outside = 0;
  double slowest = 0;
  std::vector<std::size_t> findings_per_file;
  std::map<std::string, std::size_t> by_rule, applied, declined, gated;
  SingleFixes single;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto begin = std::chrono::steady_clock::now();
    const Dockerfile file(text, builtin_facts(), {});
    const auto findings = lint_file(file, default_rules());
    const auto result = rewrite_file(text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe);
    const double milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    slowest = std::max(slowest, milliseconds);
    const auto complain = [&](std::size_t& count, const char* what) {
      ++count;
      std::cout << path.filename().string() << ": " << what << '\n';
    };
    if (milliseconds > 100) complain(slow, "took more than 100 ms");
    if (leaves(file) != text) complain(lossy, "the line tree is lossy");
    for (const auto& stage : file.stages())
      for (const auto& step : stage.steps)
        if (step.script && !step.instruction->json && shell_leaves(*step.script) != step.script->text.view())
          complain(lossy, "a shell tree is lossy");
    findings_per_file.push_back(findings.size());
    for (const auto& finding : findings) {
      ++by_rule[std::string(finding.rule->id)];
      if (finding.span.begin > finding.span.end || finding.span.end > text.size())
        complain(outside, "a span outside the file");
    }
    const Dockerfile after(result.text, builtin_facts(), {});
    if (after.document().errors().size() > file.document().errors().size())
      complain(new_errors, "the rewrite has new errors");
    if (find_lost_artifacts(after).size() > find_lost_artifacts(file).size())
      complain(lost, "the rewrite loses an artifact");
    if (!result.converged) complain(unfinished, "the rewrite does not converge");
    if (rewrite_file(result.text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe).text != result.text)
      complain(restless, "a second rewrite changes the file again");
    try_each_fix(path.filename().string(), file, single);
    const auto all = rewrite_file(text, builtin_facts(), {}, all_rules(), Applicability::unsafe);
    if (errors_in(Dockerfile(all.text, builtin_facts(), {})) > errors_in(file))
      complain(new_errors, "the rewrite with all rules has new errors");
    if (!all.converged) complain(unfinished, "the rewrite with all rules does not converge");
    if (rewrite_file(all.text, builtin_facts(), {}, all_rules(), Applicability::unsafe).text != all.text)
      complain(restless, "a second rewrite with all rules changes the file again");
    changed += result.text != text;
    fixes += result.applied.size();
    for (const auto& fix : result.applied) ++applied[std::string(fix.rule->id)];
    for (const auto& fix : result.declined)
      ++(fix.by_gate ? gated : declined)[std::string(fix.rule->id) + ": " + fix.reason];
  }
  std::ranges::sort(findings_per_file);
  const auto quantile = [&](double q) {
    return findings_per_file.empty()
               ? 0
               : findings_per_file[static_cast<std::size_t>(q * static_cast<double>(findings_per_file.size() - 1))];
  };
  std::cout << paths.size() << " files, " << changed << " rewritten by " << fixes << " fixes\n"
            << "lossy " << lossy << ", spans outside " << outside << ", new errors " << new_errors
            << ", lost artifacts " << lost << ", not converged " << unfinished << ", changed again " << restless
            << ", over 100 ms " << slow << " (slowest " << slowest << " ms)\n"
            << "single fixes of all rules: " << single.applied << ", with new errors " << single.with_new_errors
            << ", without effect " << single.without_effect << '\n'
            << "findings per file: median " << quantile(0.5) << ", 90 % " << quantile(0.9) << ", most " << quantile(1)
            << "\nfindings by rule:\n";
  print_sorted(by_rule, 20);
  std::cout << "fixes by rule:\n";
  print_sorted(applied, 20);
  if (list_declined) {
    std::cout << "not made, and why:\n";
    print_sorted(declined, 60);
    std::cout << "dropped by the gate:\n";
    print_sorted(gated, 60);
  }
  // Time is reported and never judged: it depends on the machine and on sanitizers.
  const auto wrong = lossy + new_errors + lost + restless + unfinished + outside + single.with_new_errors;
  return wrong == 0 ? 0 : 1;
}
