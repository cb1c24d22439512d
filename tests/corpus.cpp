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

#include "analysis/lost_artifacts.hpp"
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
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto begin = std::chrono::steady_clock::now();
    const Dockerfile file(text, builtin_facts(), {});
    const auto findings = lint(file, default_rules());
    const auto result = rewrite(text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe);
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
        complain(outside, "a span outside of the file");
    }
    const Dockerfile after(result.text, builtin_facts(), {});
    if (after.document().errors().size() > file.document().errors().size())
      complain(new_errors, "the rewrite has new errors");
    if (find_lost_artifacts(after).size() > find_lost_artifacts(file).size())
      complain(lost, "the rewrite loses an artifact");
    if (!result.converged) complain(unfinished, "the rewrite does not converge");
    if (rewrite(result.text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe).text != result.text)
      complain(restless, "a second rewrite changes the file again");
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
  return lossy + new_errors + lost + restless + unfinished + outside == 0 ? 0 : 1;
}
