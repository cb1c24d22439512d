#include "lint/buildkit_checks.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "buildkit/conversion_errors.hpp"
#include "lint/check_options.hpp"
#include "lint/lint.hpp"
#include "syntax/comments.hpp"
#include "syntax/instruction_errors.hpp"
#include "syntax/parser_directive.hpp"
#include "text/position.hpp"

namespace dockhew::inline lint {
namespace {

// BuildKit goes over the file several times, in this order. The middle ones are ConversionPhase's.
enum class Pass : std::uint8_t {
  options,
  parse,
  parse_warnings,
  instructions,
  stages,
  stage_names,
  casing,
  default_arguments,
  global_arguments,
  from,
  link,
  cycle,
  resolve,
  step,
  marshal,
};

struct Check {
  std::string_view name;
  Pass pass;
  bool reads_comments = true;  // `# check=skip=` above its instruction applies to it
  bool experimental = false;   // off unless the file asks for it
};

constexpr std::array<Check, 22> checks = {{
    {"ConsistentInstructionCasing", Pass::casing, false},
    {"CopyIgnoredFile", Pass::step},
    {"DuplicateStageName", Pass::stage_names, false},
    {"ExposeInvalidFormat", Pass::step},
    {"ExposeProtoCasing", Pass::step},
    {"FromAsCasing", Pass::instructions},
    {"FromPlatformFlagConstDisallowed", Pass::from},
    {"InvalidBaseImagePlatform", Pass::resolve, false},
    {"InvalidDefaultArgInFrom", Pass::default_arguments, false},
    {"InvalidDefinitionDescription", Pass::instructions, true, true},
    {"JSONArgsRecommended", Pass::step},
    {"LegacyKeyValueFormat", Pass::step},
    {"MaintainerDeprecated", Pass::instructions},
    {"MultipleInstructionsDisallowed", Pass::step},
    {"NoEmptyContinuation", Pass::parse_warnings, false},
    {"RedundantTargetPlatform", Pass::from},
    {"ReservedStageName", Pass::stage_names, false},
    {"SecretsUsedInArgOrEnv", Pass::step},
    {"StageNameCasing", Pass::instructions},
    {"UndefinedArgInFrom", Pass::from},
    {"UndefinedVar", Pass::step},
    {"WorkdirRelativePath", Pass::step},
}};

const Check* find_check(const Finding& finding) {
  for (const auto& check : checks)
    if (std::ranges::find(finding.aliases, check.name) != finding.aliases.end()) return &check;
  return nullptr;
}

std::uint32_t instruction_at(const Dockerfile& file, std::uint32_t offset) {
  const auto& instructions = file.instructions();
  const auto next = std::ranges::upper_bound(instructions, offset, {}, [&](const Instruction& instruction) {
    return file.document().lines().tree.nodes[instruction.node].begin;
  });
  return next == instructions.begin() ? 0 : static_cast<std::uint32_t>(next - instructions.begin() - 1);
}

// The instruction during which BuildKit makes a finding. A repeated CMD is reported at the later one.
std::uint32_t instruction_of(const Dockerfile& file, const Finding& finding, const Check& check) {
  const auto at = instruction_at(file, finding.span.begin);
  if (check.name != "MultipleInstructionsDisallowed") return at;
  const auto& instructions = file.instructions();
  for (auto i = at + 1; i < instructions.size() && instructions[i].keyword != Keyword::from; ++i)
    if (instructions[i].keyword == instructions[at].keyword) return i;
  return at;
}

CheckOptions settings_of(const Dockerfile& file, const std::optional<std::string>& directive) {
  if (directive) return parse_check_options(*directive);
  const auto found = find_parser_directive(file.source(), "check");
  return found ? parse_check_options(found->value) : CheckOptions{};
}

// What `# check=…` above an instruction says about a check; asked for every finding, and read once.
class CheckComments {
 public:
  struct Said {
    bool skipped = false, tried = false;
  };

  explicit CheckComments(const Document& document) : comments_(instruction_comments(document)) {}

  Said about(std::uint32_t instruction, std::string_view check) {
    const auto [known, fresh] = said_.try_emplace({instruction, check});
    auto& said = known->second;
    if (fresh)
      for (const auto comment : comments_[instruction]) {
        const auto options = check_options_of_comment(comment);
        said.skipped |= options.skips(check);
        said.tried |= options.tries(check);
      }
    return said;
  }

 private:
  std::vector<std::vector<std::string_view>> comments_;
  std::map<std::pair<std::uint32_t, std::string_view>, Said> said_;
};

struct Order {
  Pass pass = Pass::options;
  std::uint32_t instruction = 0;
  std::uint32_t rank = 0;  // within an instruction: expansion comes first
  friend auto operator<=>(const Order&, const Order&) = default;
};

struct Failure {
  Order order;
  Finding finding;
};

Finding failure(const Rule& rule, Span span, std::string message) {
  Finding finding;
  finding.rule = &rule;
  finding.severity = Severity::error;
  finding.span = span;
  finding.message = std::move(message);
  return finding;
}

Pass pass_of(ConversionPhase phase) {
  return static_cast<Pass>(static_cast<int>(Pass::global_arguments) + static_cast<int>(phase));
}

// The first thing that stops BuildKit.
std::optional<Failure> first_failure(const Dockerfile& file, const std::optional<std::string>& directive) {
  if (const auto error = check_settings_error(file, directive))
    return Failure{{Pass::options}, failure(conversion_error_rule, error->span, error->message)};
  if (file.source().empty())
    return Failure{{Pass::options}, failure(syntax_error_rule, {}, "the Dockerfile cannot be empty")};
  if (const auto& errors = file.document().errors(); !errors.empty())
    return Failure{{Pass::parse}, failure(syntax_error_rule, errors[0].span, errors[0].message)};
  if (const auto errors = find_instruction_errors(file.document()); !errors.empty()) {
    const auto at = instruction_at(file, errors[0].span.begin);
    const auto begin = file.document().lines().tree.nodes[file.instructions()[at].node].begin;
    const bool prefixed = errors[0].kind != ErrorKind::no_build_stage;
    const auto prefix =
        prefixed ? "dockerfile parse error on line " + std::to_string(LineIndex(file.source()).line(begin)) + ": " : "";
    return Failure{{Pass::instructions, at, 1},
                   failure(instruction_error_rule, errors[0].span, prefix + errors[0].message)};
  }
  if (file.stages().empty())
    return Failure{{Pass::stages}, failure(instruction_error_rule, {}, "dockerfile contains no stages to build")};
  // A check does not get as far as errors that occur only when the build steps are sent off.
  if (const auto errors = find_conversion_errors(file);
      !errors.empty() && errors[0].phase != ConversionPhase::marshal) {
    const auto& first = errors[0];
    const bool expansion = first.error.kind == ErrorKind::expansion;
    return Failure{{pass_of(first.phase), first.instruction, expansion ? 0u : 1u},
                   failure(conversion_error_rule, first.error.span, first.error.message)};
  }
  return std::nullopt;
}

// BuildKit only knows lines, and only those of whole instructions.
void widen(const Dockerfile& file, Finding& finding) {
  if (file.instructions().empty()) return;
  const auto& instruction = file.instructions()[instruction_at(file, finding.span.begin)];
  auto span = file.document().lines().tree.nodes[instruction.node].span();
  if (finding.span.begin < span.begin) return;  // a directive
  while (span.end > span.begin && (file.source()[span.end - 1] == '\n' || file.source()[span.end - 1] == '\r'))
    --span.end;
  if (const auto* check = find_check(finding); check != nullptr && check->pass == Pass::parse_warnings) {
    const auto newline = file.source().substr(0, span.end).rfind('\n');
    if (newline != std::string_view::npos && newline >= span.begin)
      span.begin = static_cast<std::uint32_t>(newline + 1);
  }
  finding.span = span;
}

const RuleOptions no_options;  // BuildKit has none

}  // namespace

std::string_view buildkit_check(const Finding& finding) {
  const auto* check = find_check(finding);
  return check == nullptr ? std::string_view() : check->name;
}

std::optional<SyntaxError> check_settings_error(const Dockerfile& file, const std::optional<std::string>& directive) {
  auto error = settings_of(file, directive).error;
  if (error.empty()) return std::nullopt;
  const auto found = find_parser_directive(file.source(), "check");
  return SyntaxError{found && !directive ? found->span : Span{}, std::move(error)};
}

std::vector<const Rule*> experimental_rules(const Dockerfile& file, const std::optional<std::string>& directive) {
  std::vector<const Rule*> rules;
  const auto settings = settings_of(file, directive);
  for (const auto& check : checks)
    if (check.experimental && settings.tries(check.name)) rules.push_back(find_rule(check.name));
  return rules;
}

std::vector<const Rule*> buildkit_rules() {
  std::vector<const Rule*> rules;
  for (const auto* rule : all_rules())
    if (std::ranges::any_of(checks, [&](const Check& check) { return rule->has_name(check.name); }))
      rules.push_back(rule);
  return rules;
}

void apply_check_settings(const Dockerfile& file, const std::optional<std::string>& directive,
                          std::vector<Finding>& findings) {
  if (findings.empty()) return;
  const auto settings = settings_of(file, directive);
  CheckComments comments(file.document());
  std::erase_if(findings, [&](const Finding& finding) {
    const auto* check = find_check(finding);
    if (check == nullptr) return false;
    bool skipped = settings.skips(check->name), tried = settings.tries(check->name);
    if (check->reads_comments) {
      const auto said = comments.about(instruction_of(file, finding, *check), check->name);
      skipped |= said.skipped;
      tried |= said.tried;
    }
    // Skipping never silences an experimental check that was requested.
    return skipped && !(check->experimental && tried);
  });
  if (!settings.fail) return;
  for (auto& finding : findings)
    if (find_check(finding) != nullptr) finding.severity = Severity::error;
}

std::vector<Finding> lint_as_buildkit(const Dockerfile& file, std::span<const Rule* const> rules,
                                      const std::optional<std::string>& directive) {
  std::vector<Finding> findings;
  const auto stop = first_failure(file, directive);
  const auto settings = settings_of(file, directive);
  CheckComments comments(file.document());
  if (!stop || stop->order.pass > Pass::parse) {
    for (const auto* rule : rules) {
      Report report(*rule, findings, no_options);
      rule->check(file, report);
    }
    std::erase_if(findings, [&](const Finding& finding) {
      const auto* check = find_check(finding);
      if (check == nullptr) return true;
      if (!check->experimental || settings.tries(check->name)) return false;
      return !comments.about(instruction_of(file, finding, *check), check->name).tried;
    });
    apply_check_settings(file, directive, findings);
  }
  const auto order_of = [&](const Finding& finding) {
    const auto& check = *find_check(finding);
    const bool in_expansion = check.name == "UndefinedVar";
    return Order{check.pass, instruction_of(file, finding, check), in_expansion ? 0u : 2u};
  };
  std::ranges::stable_sort(findings, {}, order_of);
  if (stop)
    std::erase_if(findings, [&](const Finding& finding) {
      const auto order = order_of(finding);
      const bool same_instruction = order.pass == stop->order.pass && order.instruction == stop->order.instruction;
      // Some checks run before the same instruction is found to be wrong.
      if (same_instruction && order.pass == Pass::instructions) return false;
      return order > stop->order;
    });
  for (auto& finding : findings) widen(file, finding);
  if (stop) {
    findings.push_back(stop->finding);
    widen(file, findings.back());
  } else if (settings.fail && !findings.empty()) {
    std::set<std::string> names;
    for (const auto& finding : findings) names.emplace(buildkit_check(finding));
    std::string message = "lint violation found for rules: ";
    for (const auto& name : names) message += (name == *names.begin() ? "" : ", ") + name;
    const auto found = find_parser_directive(file.source(), "check");
    findings.push_back(failure(conversion_error_rule, found ? found->span : Span{}, std::move(message)));
  }
  return findings;
}

}  // namespace dockhew::inline lint
