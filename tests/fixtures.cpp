// Runs every fixture directory: lints it, rewrites it, and compares with the goldens next to it. It always checks what
// must be true of any file: trees are lossless, spans are inside the file, rules are right about their fixes, rewrites
// converge and a second rewrite changes nothing. Usage: fixtures [--update] DIRECTORY
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "build_file_lint.hpp"
#include "build_file_rewrite.hpp"
#include "lint/build_file.hpp"
#include "lint/buildkit_checks.hpp"
#include "lint/lint.hpp"
#include "lint/shellcheck.hpp"
#include "registry/base_images.hpp"
#include "registry/image_uses.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite.hpp"
#include "rewrite/rewrite_build_file.hpp"

namespace fs = std::filesystem;
using namespace dockhew;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

BuildContext context_of(const fs::path& directory) {
  if (!fs::exists(directory / "context")) return {};
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory / "context"))
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(directory / "context").generic_string()] = read(entry.path());
  const auto ignore = IgnorePatterns::parse(files[".dockerignore"]);
  ContextOrigin origin;
  if (fs::exists(directory / "guess")) origin = {.directory = "context", .reason = "a guess", .guess = true};
  return {std::make_shared<MemoryFiles>(std::move(files)), ignore, std::move(origin)};
}

// What registries say of the bases, in the format of lock files; any other image they do not have.
std::shared_ptr<const Facts> facts_of(const fs::path& directory, const std::string& text, const BuildContext& context) {
  const auto locked = read(directory / "images.lock");
  if (locked.empty()) return std::make_shared<const Facts>(builtin_facts());
  struct Empty final : cli::ImageSource {
    ResolvedImage digest(const ImageReference& image) override {
      return {Found::no_image, {}, {}, {}, "the registry `" + image.host() + "` has no such image"};
    }
    ResolvedImage image(const ImageReference& image, const std::string&) override { return digest(image); }
  } empty;
  cli::LockedSource source(empty, *cli::read_lock(locked), cli::LockUse::read, true);
  const auto read_with = [&](const Facts& known) { return std::make_shared<const Dockerfile>(text, known, context); };
  const auto ask = [&](const std::vector<cli::ImageQuestion>& questions) {
    std::vector<ResolvedImage> answers;
    for (const auto& [image, platform] : questions) answers.push_back(source.image(image, platform));
    return answers;
  };
  return cli::ask_about_bases(builtin_facts(), {read_with}, ask).facts;
}

struct Outcome {
  std::string expected;  // what lint says
  std::string fixed;     // what the rewrite makes of it
  std::vector<std::string> problems;
};

void check_tree(const Dockerfile& file, std::vector<std::string>& problems) {
  std::string text;
  const auto& tree = file.document().lines().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.is_leaf(i)) text += slice(file.source(), tree.nodes[i].span());
  if (text != file.source()) problems.emplace_back("the line tree is not lossless");
}

void check_finding(const Dockerfile& file, const Finding& finding, std::vector<std::string>& problems) {
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= file.source().size(); };
  if (!inside(finding.span)) problems.push_back(std::string(finding.rule->id) + ": a span outside the file");
  for (const auto& fix : finding.fixes) {
    for (const auto& edit : fix.edits)
      if (!inside(edit.span)) problems.push_back(std::string(finding.rule->id) + ": an edit outside the file");
    if (!finding.rule->fix || fix.applicability > *finding.rule->fix)
      problems.push_back(std::string(finding.rule->id) + ": a fix with a stronger claim than the rule's");
    if (fix.edits.empty() == fix.declined.empty())
      problems.push_back(std::string(finding.rule->id) + ": a fix must have either edits or a reason why not");
    if (fix.applicability == Applicability::safe && !fix.assumptions.empty())
      problems.push_back(std::string(finding.rule->id) + ": a safe fix with assumptions");
  }
}

// With digests the file names the same images at the same places, and nothing else has changed.
void check_digests(const Dockerfile& file, std::vector<std::string>& problems) {
  const auto digest = "sha256:" + std::string(64, 'd');
  const auto uses = image_uses(file);
  std::vector<TextEdit> edits;
  for (const auto& use : uses)
    if (use.obstacle.empty() && use.reference.digest.empty()) {
      const auto edit = with_digest(file.source(), use, digest);
      if (std::ranges::find(edits, edit) == edits.end()) edits.push_back(edit);
    }
  if (edits.empty()) return;
  const Dockerfile pinned(apply_edits(file.source(), edits), file.facts(), file.context());
  const auto again = image_uses(pinned);
  if (again.size() != uses.size() || pinned.instructions().size() != file.instructions().size() ||
      pinned.document().errors().size() != file.document().errors().size())
    return problems.push_back("a digest changes how the file is read");
  for (std::size_t i = 0; i < uses.size(); ++i) {
    auto before = uses[i].reference, after = again[i].reference;
    if (uses[i].obstacle.empty() && before.digest.empty() && after.digest != digest)
      problems.push_back("no digest has come to `" + uses[i].text + "`");
    before.digest = after.digest = digest;
    if (before.canonical() != after.canonical()) problems.push_back("`" + uses[i].text + "` has become another image");
  }
}

// The project configuration for fixtures of rules. It only affects the rules that need it.
const RuleOptions options_of_project{.trusted_registries = {"docker.io", "*.example.org"},
                                     .label_schema = {{"org.example.version", "semver"},
                                                      {"org.example.commit", "hash"},
                                                      {"org.example.source", "url"},
                                                      {"org.example.built", "rfc3339"},
                                                      {"org.example.licence", "spdx"},
                                                      {"org.example.contact", "email"},
                                                      {"org.example.title", "text"}},
                                     .strict_labels = true,
                                     .path = {}};

// A fixture for a builder other than BuildKit names it in a file.
Builder builder_of(const fs::path& directory) {
  const auto name = read(directory / "builder");
  return name == "buildah\n"  ? Builder::buildah
         : name == "kaniko\n" ? Builder::kaniko
         : name == "legacy\n" ? Builder::legacy
                              : Builder::buildkit;
}

Outcome run(const fs::path& directory, std::span<const Rule* const> rules, std::span<const Rule* const> fixing) {
  Outcome outcome;
  const auto text = read(directory / "Dockerfile");
  const auto context = context_of(directory);
  const auto known = facts_of(directory, text, context);
  const auto& facts = *known;
  FileResult result;
  result.path = "Dockerfile";
  result.file = std::make_shared<const Dockerfile>(text, facts, context);
  LintSettings settings{.rules = {rules.begin(), rules.end()}, .with_off = true};
  if (rules.size() == 1) settings.options = options_of_project;
  settings.options.builder = builder_of(directory);
  // As if somebody had named the rule, unless it is about what is said without that.
  settings.options.selected = rules.size() == 1 && !fs::exists(directory / "by-default");
  // Without such a file, the Dockerfile has no name.
  settings.options.path = read(directory / "path");
  if (settings.options.path.ends_with('\n')) settings.options.path.pop_back();
  // The program need not be installed: fixtures include its answer.
  if (const auto answer = read(directory / "shellcheck.json"); !answer.empty())
    settings.found = *read_shellcheck(shell_scripts(*result.file), answer);
  std::erase_if(settings.found, [&](const Finding& f) { return std::ranges::find(rules, f.rule) == rules.end(); });
  result.findings = lint_file(*result.file, settings);
  check_tree(*result.file, outcome.problems);
  check_digests(*result.file, outcome.problems);
  for (const auto& finding : result.findings) check_finding(*result.file, finding, outcome.problems);
  outcome.expected = format_text(result, Colours::none());
  const auto rewritten = rewrite_file(text, facts, context, fixing, Applicability::unsafe, settings.options);
  if (!rewritten.converged) outcome.problems.emplace_back("the rewrite does not converge");
  for (const auto& declined : rewritten.declined)
    if (declined.by_gate) outcome.expected += "gate: " + declined.reason + '\n';
  if (rewrite_file(rewritten.text, facts, context, fixing, Applicability::unsafe, settings.options).text !=
      rewritten.text)
    outcome.problems.emplace_back("a second rewrite changes the file again");
  if (Dockerfile(rewritten.text, facts, context).document().errors().size() > result.file->document().errors().size())
    outcome.problems.emplace_back("the rewrite has a new syntax error");
  if (rewritten.text != text) outcome.fixed = rewritten.text;
  return outcome;
}

// fixtures/buildkit/CASE: what `--select buildkit` answers.
Outcome run_as_buildkit(const fs::path& directory) {
  Outcome outcome;
  const auto text = read(directory / "Dockerfile");
  const auto context = context_of(directory);
  const auto known = facts_of(directory, text, context);
  FileResult result;
  result.path = "Dockerfile";
  result.file = std::make_shared<const Dockerfile>(text, *known, context, Unsaid::plain_build);
  result.findings = lint_as_buildkit(*result.file, buildkit_rules(), std::nullopt);
  for (const auto& finding : result.findings) check_finding(*result.file, finding, outcome.problems);
  outcome.expected = format_text(result, Colours::none());
  return outcome;
}

// A fixture of a rule about Compose files and workflows has one of these beside its Dockerfile. Messages have its path
// and those of Dockerfiles, so it is read from where it lies.
Outcome run_builds(const fs::path& directory, std::span<const Rule* const> rules) {
  Outcome outcome;
  const auto here = fs::current_path();
  fs::current_path(directory);
  FileResult result;
  result.path = fs::exists("compose.yaml") ? "compose.yaml" : ".github/workflows/build.yaml";
  result.build_file = cli::read_declared_builds(result.path, builtin_facts(), result.error);
  fs::current_path(here);
  if (!result.build_file) {
    outcome.problems.emplace_back("no build that a rule could judge");
    return outcome;
  }
  // As if workflows pushed all images.
  auto pushed = std::make_shared<BuildFile>(*result.build_file);
  for (auto& build : pushed->builds) build.pushed = true;
  result.build_file = std::move(pushed);
  result.findings = lint_build_file(*result.build_file, {.rules = {rules.begin(), rules.end()}});
  for (const auto& finding : result.findings)
    if (finding.span.end > result.build_file->text.size() || finding.span.begin >= finding.span.end)
      outcome.problems.push_back(std::string(finding.rule->id) + ": no place in the file");
  outcome.expected = format_text(result, Colours::none());
  RuleOptions options;
  options.cache_export = CacheExport::registry;
  const auto rewritten = rewrite_build_file(*result.build_file, rules, Applicability::unsafe, options);
  if (!cli::same_but_for_caches(result.build_file->text, rewritten.text))
    outcome.problems.emplace_back("the file does not mean the same after the rewrite");
  if (rewritten.text != result.build_file->text) outcome.fixed = rewritten.text;
  return outcome;
}

void write(const fs::path& path, const std::string& text) {
  if (text.empty()) fs::remove(path);
  else std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

int main(int argc, char** argv) {
  const bool update = argc == 3 && std::string(argv[1]) == "--update";
  const fs::path root = argv[argc - 1];
  std::vector<fs::path> directories;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename() == "Dockerfile" && entry.path().parent_path().filename() != "context")
      directories.push_back(entry.path().parent_path());
  std::ranges::sort(directories);

  std::cout << "TAP version 13\n1.." << directories.size() + 1 << '\n';
  int number = 0;
  std::set<std::string> firing, silent;
  for (const auto& directory : directories) {
    // fixtures/rules/RULE/CASE runs only that rule; every other fixture runs all default rules and is optimized.
    const auto relative = directory.lexically_relative(root);
    auto rules = default_rules();
    if (*relative.begin() == "rules") {
      const auto* rule = find_rule((++relative.begin())->string());
      rules.assign(rule != nullptr ? 1 : 0, rule);
    }
    const bool of_builds = rules.size() == 1 && rules[0] != nullptr && rules[0]->check_builds != nullptr;
    auto outcome = *relative.begin() == "buildkit" ? run_as_buildkit(directory)
                   : of_builds                     ? run_builds(fs::absolute(directory), rules)
                               : run(directory, rules, *relative.begin() == "rules" ? rules : optimizing_rules());
    if (rules.empty()) outcome.problems.emplace_back("no such rule");
    if (rules.size() == 1) (outcome.expected.empty() ? silent : firing).insert(std::string(rules[0]->id));
    const auto* fixed = of_builds ? "fixed.yaml" : "fixed.Dockerfile";
    if (update) {
      write(directory / "expected.txt", outcome.expected);
      write(directory / fixed, outcome.fixed);
    }
    const auto compare = [&](const char* name, const std::string& got) {
      const auto want = read(directory / name);
      if (want != got)
        outcome.problems.push_back(std::string(name) + " differs:\n" + format_diff(diff_lines(want, got), name));
    };
    compare("expected.txt", outcome.expected);
    compare(fixed, outcome.fixed);
    std::cout << (outcome.problems.empty() ? "ok " : "not ok ") << ++number << " - " << relative.generic_string()
              << '\n';
    for (const auto& problem : outcome.problems) {
      std::string line = "# " + problem;
      for (auto at = line.find('\n'); at != std::string::npos; at = line.find('\n', at + 3))
        line.replace(at, 1, "\n# ");
      std::cout << line << '\n';
    }
  }
  std::string untested;
  for (const auto* rule : all_rules())
    if (!firing.contains(std::string(rule->id)) || !silent.contains(std::string(rule->id)))
      untested += ' ' + std::string(rule->id);
  std::cout << (untested.empty() ? "ok " : "not ok ") << ++number
            << " - every rule has a firing and a silent fixture\n";
  if (!untested.empty()) std::cout << "# without:" << untested << '\n';
  return 0;
}
