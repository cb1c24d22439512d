#include "options.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <thread>

#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"
#include "text/utf8.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace po = boost::program_options;
namespace {

constexpr const char* usage =
    R"(dockhew reads Dockerfiles, says what makes their builds slow, bloated or unrepeatable, and rewrites them.

  dockhew lint PATH…        findings; --fix applies the safe fixes
  dockhew optimize PATH     the optimized Dockerfile, as a diff with a reason for every change
  dockhew layers PATH       what each kind of change rebuilds, before and after, as predicted by a model
  dockhew verify PATH       the same, measured on a real builder; also compares the images
  dockhew explain RULE      what a rule reports, and why
  dockhew rules             the catalogue
  dockhew dump PATH         the syntax trees; --as buildkit for BuildKit's own form
  dockhew doctor [PATH]     the builders of this machine and of the project, and the form that each needs
  dockhew migrate [DIR]     a .dockhew.yaml from hadolint's configuration
  dockhew lsp               the language server for editors, over standard input and output

A PATH is a Dockerfile, a directory that is searched for them, a Compose file or GitHub workflow
for what it builds, or `-` for standard input.
Exit status: 0 nothing to report, 1 findings, improvements or different images, 2 an error.

)";

// Names of groups of rules.
std::vector<const Rule*> group_of(const std::string& name) {
  if (name == "all") return {all_rules().begin(), all_rules().end()};
  if (name == "default") return default_rules();
  if (name == "buildkit") return buildkit_rules();
  if (name == "hadolint") return hadolint_rules();
  return {};
}

bool wants_colour(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::string(terminal) != "dumb");
}

// Whether standard output is a terminal, or a pipe in a job of a CI service, which most likely leads into its log.
bool is_shown() {
  if (::isatty(STDOUT_FILENO) == 1) return true;
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' && std::string_view(value) != "false";
  };
  struct ::stat output {};
  const bool pipe = ::fstat(STDOUT_FILENO, &output) == 0 && (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode));
  return pipe && std::ranges::any_of(std::array{"CI", "GITHUB_ACTIONS", "TF_BUILD"}, is_set);
}

template <typename T>
std::string one_of(const std::string& option, const std::string& value,
                   std::initializer_list<std::pair<const char*, T>> choices, T& out) {
  std::string names;
  for (const auto& [name, meaning] : choices) {
    if (value == name) return out = meaning, std::string();
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return "--" + option + " takes " + names + ", not `" + value + "`";
}

// For `verify`, a program that builds here; for the others, the builder that the file must work with.
std::string read_builder(const std::string& text, Options& options) {
  if (options.command != "verify") return parse_builder(text, options.builder.emplace());
  options.builder = text == "docker" || text == "buildctl" ? Builder::buildkit : Builder::buildah;
  return one_of<std::string>(
      "builder", text, {{"docker", "docker"}, {"buildctl", "buildctl"}, {"podman", "podman"}, {"buildah", "buildah"}},
      options.builder_name);
}

ParsedOptions failure(std::string message) { return {{}, "dockhew: " + std::move(message), exit_failed}; }

}  // namespace

std::vector<std::string> split_commas(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const auto& value : values) {
    std::istringstream in(value);
    for (std::string name; std::getline(in, name, ',');)
      if (!name.empty()) names.push_back(name);
  }
  return names;
}

std::string check_rule_name(const std::string& name) {
  const bool is_plain = std::ranges::all_of(name, [](char c) { return ' ' < c && c <= '~'; });
  if (is_plain && name.starts_with("user/")) return {};  // which there are depends on the file
  const bool is_name = std::ranges::any_of(all_rules(), [&](const Rule* rule) { return rule->has_name(name); });
  if (is_name || !group_of(name).empty()) return {};
  for (const auto* rule : {&syntax_error_rule, &instruction_error_rule, &conversion_error_rule})
    if (rule->has_name(name)) return {};
  const auto suggestion = suggest_rule(name);
  return "unknown rule `" + name + "`" +
         (suggestion.empty() ? "; `dockhew rules` lists them" : "; did you mean `" + std::string(suggestion) + "`?");
}

Selection select_rules(const std::vector<std::string>* select, const std::vector<std::string>& ignore) {
  Selection selection;
  const auto check = [&](const std::vector<std::string>& names) {
    for (const auto& name : names)
      if (selection.error.empty()) selection.error = check_rule_name(name);
  };
  check(ignore);
  if (select == nullptr) {
    selection.rules = default_rules();
  } else {
    check(*select);
    // Someone who selects DL3008 wants only its findings, not the rest of the rule that has this code.
    std::vector<const Rule*> wanted;
    std::vector<std::string> codes;
    for (const auto& name : *select) {
      const auto group = group_of(name);
      wanted.insert(wanted.end(), group.begin(), group.end());
      for (const auto* rule : all_rules()) {
        if (equals_ignoring_case(rule->id, name)) wanted.push_back(rule);
        else if (rule->has_name(name)) codes.push_back(name);
      }
    }
    if (!codes.empty()) {
      selection.only = codes;
      for (const auto* rule : wanted) selection.only.emplace_back(rule->id);
    }
    for (const auto* rule : all_rules()) {
      const bool has_code = std::ranges::any_of(codes, [&](const std::string& code) { return rule->has_name(code); });
      if (has_code || std::ranges::find(wanted, rule) != wanted.end()) selection.rules.push_back(rule);
    }
    selection.as_buildkit = select->size() == 1 && select->front() == "buildkit";
    selection.as_hadolint = select->size() == 1 && select->front() == "hadolint";
  }
  std::erase_if(selection.rules, [&](const Rule* rule) {
    return std::ranges::any_of(ignore, [&](const std::string& name) {
      const auto group = group_of(name);
      // A rule with one of BuildKit's names is exactly that check; it may have several of hadolint's codes.
      const bool is_code = name.size() > 2 && (equals_ignoring_case(name.substr(0, 2), "DL") ||
                                               equals_ignoring_case(name.substr(0, 2), "SC"));
      return (rule->has_name(name) && !is_code) || std::ranges::find(group, rule) != group.end();
    });
  });
  return selection;
}

std::string parse_fail_on(const std::string& text, Severity& out) {
  return one_of("fail-on", text,
                {{"style", Severity::style},
                 {"info", Severity::info},
                 {"warning", Severity::warning},
                 {"error", Severity::error},
                 {"never", Severity::off}},
                out);
}

std::string parse_builder(const std::string& text, Builder& out) {
  return one_of<Builder>("builder", text,
                         {{"buildkit", Builder::buildkit},
                          {"buildah", Builder::buildah},
                          {"kaniko", Builder::kaniko},
                          {"legacy", Builder::legacy}},
                         out);
}

std::string parse_builder_cache(const std::string& text, BuilderCache& out) {
  return one_of<BuilderCache>("cache", text,
                              {{"persistent", BuilderCache::persistent}, {"ephemeral", BuilderCache::ephemeral}}, out);
}

std::string parse_shellcheck(const std::string& text, Shellcheck& out) {
  return one_of<Shellcheck>("shellcheck", text,
                            {{"auto", Shellcheck::automatic}, {"on", Shellcheck::on}, {"off", Shellcheck::off}}, out);
}

ParsedOptions parse_options(int argc, char** argv) {
  po::options_description visible("Options");
  const auto names = po::value<std::vector<std::string>>()->composing()->value_name("RULE,…");
  visible.add_options()("help,h", "show this help")("version", "show the version")(
      "select", names, "run only these rules; also default, all, buildkit, hadolint")(
      "ignore", po::value<std::vector<std::string>>()->composing()->value_name("RULE,…"), "leave these rules out")(
      "fail-on", po::value<std::string>()->default_value("warning")->value_name("SEVERITY"),
      "lint: exit 1 from this severity on: style, info, warning, error, never")(
      "format", po::value<std::string>()->default_value("text")->value_name("FORMAT"),
      "lint: text, json, sarif, github, gitlab, checkstyle, junit")("fix", "lint: apply the safe fixes to the files")(
      "write,w", "optimize: replace the file")("output,o", po::value<std::string>()->value_name("FILE"),
                                               "optimize: write the result to this file, `-` for standard output")(
      "safe", "optimize: only what is safe for any context")("conditional",
                                                             "optimize: also what is safe under the assumptions shown")(
      "config", po::value<std::string>()->value_name("FILE"),
      "this configuration instead of the nearest .dockhew.yaml")("no-config", "no configuration file")(
      "context", po::value<std::string>()->value_name("DIR"),
      "the build context; default: what Compose and bake files or workflows name, or else a guess")(
      "shellcheck", po::value<std::string>()->value_name("WHEN"),
      "lint: whether ShellCheck reads the scripts: auto, on, off")(
      "builder", po::value<std::string>()->value_name("NAME"),
      "the builder: buildkit, buildah, kaniko, legacy; verify: docker, buildctl, podman, buildah")(
      "cache", po::value<std::string>()->value_name("KIND"),
      "whether its cache mounts survive a build: persistent, ephemeral")(
      "cache-export", po::value<std::string>()->value_name("PLACE"),
      "optimize: write cache_from and cache_to into Compose files: registry, local")(
      "jobs,j", po::value<int>()->value_name("N"),
      "lint, optimize, layers: how many files to work on at once; default: one per core")(
      "rules", po::value<std::vector<std::string>>()->composing()->value_name("FILE"),
      "lint: rules of your own, in the form of docs/user-rules.md")(
      "data", po::value<std::vector<std::string>>()->composing()->value_name("FILE"),
      "more facts about tools and images, in the form of the built-in tables")(
      "html", po::value<std::string>()->value_name("FILE"), "layers, verify: also write an HTML page")(
      "repeat", po::value<int>()->default_value(1)->value_name("N"), "verify: build this many times, and take medians")(
      "run", po::value<std::string>()->value_name("COMMAND"),
      "verify: run this in both images and compare what it prints")(
      "change-source", po::value<std::string>()->value_name("PATH"), "verify: the source file to edit")(
      "change-dependencies", po::value<std::string>()->value_name("PATH"), "verify: the list of dependencies to edit")(
      "build-arg", po::value<std::vector<std::string>>()->composing()->value_name("NAME=VALUE"),
      "verify: build argument for both builds")(
      "builder-option", po::value<std::vector<std::string>>()->composing()->value_name("OPTION"),
      "verify: an extra option for the builder's own command, passed as it is")(
      "against", po::value<std::string>()->value_name("FILE"),
      "verify: this Dockerfile, or Compose file, instead of the optimized form")(
      "as", po::value<std::string>()->value_name("FORM"),
      "dump: `buildkit` for BuildKit's s-expressions, `json` for instructions as JSON")("json",
                                                                                        "dump: the same as --as json")(
      "color", po::value<std::string>()->default_value("auto")->value_name("WHEN"), "auto, always or never");
  po::options_description all;
  // Some clients tell a language server that it is to use standard input and output.
  all.add(visible).add_options()("operands", po::value<std::vector<std::string>>())("stdio", "");
  po::positional_options_description positional;
  positional.add("operands", -1);

  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv).options(all).positional(positional).run(), values);
    po::notify(values);
  } catch (const po::error& error) {
    return failure(std::string(error.what()) + "; see `dockhew --help`");
  }

  ParsedOptions result;
  auto& options = result.options;
  if (values.count("operands")) options.operands = values["operands"].as<std::vector<std::string>>();
  if (!options.operands.empty()) {
    options.command = options.operands.front();
    options.operands.erase(options.operands.begin());
  }
  if (values.count("version")) return {{}, "dockhew " + std::string(version), exit_clean};
  if (values.count("help") || options.command == "help") {
    std::ostringstream help;
    help << usage << visible;
    return {{}, help.str(), exit_clean};
  }
  if (options.command.empty())
    return failure(
        "no command given; use lint, optimize, layers, verify, doctor, explain, rules, dump, migrate or lsp; see "
        "`dockhew "
        "--help`");

  options.select_given = values.count("select") > 0;
  if (options.select_given) options.select = split_commas(values["select"].as<std::vector<std::string>>());
  if (values.count("ignore")) options.ignore = split_commas(values["ignore"].as<std::vector<std::string>>());
  const auto selection = select_rules(&options.select, options.ignore);
  if (!selection.error.empty()) return failure(selection.error);
  std::string error;
  const auto check = [&](std::string message) {
    if (error.empty()) error = std::move(message);
  };
  check(parse_fail_on(values["fail-on"].as<std::string>(), options.fail_on));
  options.fail_on_given = !values["fail-on"].defaulted();
  check(one_of<std::string>("format", values["format"].as<std::string>(),
                            {{"text", "text"},
                             {"json", "json"},
                             {"sarif", "sarif"},
                             {"github", "github"},
                             {"gitlab", "gitlab"},
                             {"checkstyle", "checkstyle"},
                             {"junit", "junit"}},
                            options.format));
  std::string when;
  check(one_of<std::string>("color", values["color"].as<std::string>(),
                            {{"auto", "auto"}, {"always", "always"}, {"never", "never"}}, when));
  if (values.count("builder")) check(read_builder(values["builder"].as<std::string>(), options));
  if (values.count("cache"))
    check(parse_builder_cache(values["cache"].as<std::string>(), options.builder_cache.emplace()));
  if (values.count("cache-export"))
    check(one_of<CacheExport>("cache-export", values["cache-export"].as<std::string>(),
                              {{"registry", CacheExport::registry}, {"local", CacheExport::local}},
                              options.cache_export));
  if (values.count("shellcheck")) {
    options.shellcheck.emplace();
    check(parse_shellcheck(values["shellcheck"].as<std::string>(), *options.shellcheck));
  }
  if (values.count("as"))
    check(one_of<std::string>("as", values["as"].as<std::string>(), {{"buildkit", "buildkit"}, {"json", "json"}},
                              options.dump_as));
  if (!error.empty()) return failure(error);
  if (values.count("json")) options.dump_as = "json";
  options.colour = wants_colour(when);
  options.terminal = options.colour || is_shown();
  options.fix = values.count("fix") > 0;
  options.write = values.count("write") > 0;
  if (values.count("output")) options.output = values["output"].as<std::string>();
  if (values.count("config")) options.configuration = values["config"].as<std::string>();
  options.no_configuration = values.count("no-config") > 0;
  if (values.count("context")) options.context = values["context"].as<std::string>();
  if (values.count("data")) options.data = values["data"].as<std::vector<std::string>>();
  if (values.count("rules")) options.rules = values["rules"].as<std::vector<std::string>>();
  if (values.count("html")) options.html = values["html"].as<std::string>();
  if (values.count("against")) options.against = values["against"].as<std::string>();
  if (values.count("run")) options.run = values["run"].as<std::string>();
  if (values.count("change-source")) options.change_source = values["change-source"].as<std::string>();
  if (values.count("change-dependencies"))
    options.change_dependencies = values["change-dependencies"].as<std::string>();
  if (values.count("build-arg")) options.build_arguments = values["build-arg"].as<std::vector<std::string>>();
  if (values.count("builder-option")) options.builder_options = values["builder-option"].as<std::vector<std::string>>();
  options.repetitions = values["repeat"].as<int>();
  if (options.repetitions < 1 || options.repetitions > 100) return failure("--repeat takes a number from 1 to 100");
  options.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (values.count("jobs")) {
    const auto jobs = values["jobs"].as<int>();
    if (jobs < 1 || jobs > 1000) return failure("--jobs takes a number from 1 to 1000");
    options.jobs = static_cast<std::size_t>(jobs);
  }
  if (values.count("conditional")) options.least = Applicability::conditional;
  if (values.count("safe")) options.least = Applicability::safe;
  if (options.write && !options.output.empty()) return failure("--write and --output cannot be used together");
  return result;
}

}  // namespace dockhew::cli
