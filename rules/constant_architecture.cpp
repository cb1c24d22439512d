// Fires on a download that names one architecture, and on a GOARCH that does, in a file that is built for several or
// for another: the image gets a program that does not run there. Only a file that somebody builds so, or that asks for
// the platform, is looked at.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lint/rule.hpp"
#include "model/platform.hpp"
#include "text/position.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

struct Architecture {
  std::string_view name, instead;  // what a RUN may say in its place; nothing where a mapping is needed
  bool is_argument = false;        // `instead` is an argument of BuildKit's
  std::string_view platform;       // its name there
};
constexpr Architecture architectures[] = {
    {"x86_64", "$(uname -m)", false, "amd64"},
    {"amd64", "${TARGETARCH}", true, "amd64"},
    {"aarch64", "$(uname -m)", false, "arm64"},
    {"arm64", "${TARGETARCH}", true, "arm64"},
    {"x64", "", false, "amd64"},
};

struct Place {
  std::size_t begin = 0;
  const Architecture* architecture = nullptr;
};

// In an address: the first name of an architecture that is a word of it.
std::optional<Place> find_architecture(std::string_view text) {
  const auto address = text.find("://");
  if (address == text.npos) return std::nullopt;
  for (const auto& each : architectures)
    if (const auto at = find_name(text, each.name, "", address); at != text.npos) return Place{at, &each};
  return std::nullopt;
}

constexpr std::string_view variable_of_go = "GOARCH";

// Whether a script asks for the architecture: what it does with the answer is its own matter. To give GOARCH a value is
// no question.
bool asks(std::string_view script) {
  constexpr std::string_view questions[] = {"uname -", "print-arch", "arch)", "PLATFORM"};
  constexpr std::string_view word = "ARCH";
  for (auto at = script.find(word); at != script.npos; at = script.find(word, at + 1))
    if (at < 2 || script.substr(at - 2, variable_of_go.size()) != variable_of_go) return true;
  return std::ranges::any_of(questions, [&](std::string_view each) { return script.find(each) != script.npos; });
}

bool declares(const Stage& stage, std::string_view name) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.instruction->keyword == Keyword::arg &&
           std::ranges::any_of(step.instruction->arguments, [&](const Argument& argument) {
             return std::string_view(argument.text).substr(0, argument.text.find('=')) == name;
           });
  });
}

// The architectures that the file is built for: the builds that are known say so, or it has an argument for it.
class Built {
 public:
  explicit Built(const Dockerfile& file) {
    std::set<std::string> architectures;
    for (const auto& text : file.context().origin().platforms)
      if (const auto platform = parse_platform(text); platform.error.empty())
        architectures.insert(platform.architecture);
    several_ = architectures.size() > 1 || std::ranges::any_of(file.stages(), [](const Stage& stage) {
                 return declares(stage, "TARGETARCH") || declares(stage, "TARGETPLATFORM");
               });
    if (architectures.size() == 1) only_ = *architectures.begin();
  }

  bool is_known() const { return several_ || !only_.empty(); }
  // Whether it is built for one that another is no use for.
  bool needs_other(const Architecture& architecture) const {
    return several_ || (!only_.empty() && only_ != architecture.platform);
  }
  std::string words(const std::string& does, const Architecture& architecture) const {
    const auto named = "this " + does + " for `" + std::string(architecture.name) + '`';
    return several_ ? named + " whatever platform is built, and the file is built for several"
                    : named + ", and the file is built for `" + only_ + "`";
  }

 private:
  bool several_ = false;
  std::string only_;
};

Fix fix_of(const Dockerfile& file, const Stage& stage, const Step& step, Span span, const Architecture& architecture,
           Assumption assumption) {
  Fix fix;
  fix.title = "name the architecture that is built for";
  if (architecture.instead.empty())
    return decline(fix,
                   "`" + std::string(architecture.name) + "` is a name of its own; map TARGETARCH to it in the RUN");
  if (!architecture.is_argument && !step.script)
    return decline(fix, "the names of TARGETARCH are others; download it in a RUN, with `uname -m`");
  if (step.in_child) return decline(fix, "the arguments of the image that is built on this one are not known");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {std::move(assumption)};
  fix.edits = {{span, std::string(architecture.instead)}};
  if (architecture.is_argument && !declares(stage, "TARGETARCH")) {
    const auto at = step.instruction->span.begin;
    fix.edits.push_back({{at, at}, "ARG TARGETARCH" + std::string(file.document().newline())});
  }
  return fix;
}

class Search {
 public:
  Search(const Dockerfile& file, const Built& built, Report& report) : file_(file), built_(built), report_(report) {}

  void look_at(const Stage& stage, const Step& step) {
    if (step.script && !asks(step.script->text.view())) {
      for (const auto& command : step.script->commands)
        for (const auto& word : command.words)
          // In single quotes no variable is expanded.
          if (word.raw.find('\'') == std::string::npos && !command.nested)
            report(stage, step, word.raw, step.script->to_source(word.span));
    } else if (step.copy && step.instruction->keyword == Keyword::add) {
      for (const auto& argument : step.instruction->arguments) report(stage, step, argument.text, argument.span);
    }
  }

  // `ARG ARCH=x86_64`, and `ADD https://example.com/tool-${ARCH}.tar.gz` below it.
  void look_at_argument(const Stage& stage, const Step& step) {
    const auto& instruction = *step.instruction;
    if (instruction.keyword != Keyword::arg || instruction.arguments.size() != 1) return;
    const auto& argument = instruction.arguments[0];
    const auto equals = argument.text.find('=');
    if (equals == std::string::npos || argument.span.size() != argument.text.size()) return;
    const auto name = argument.text.substr(0, equals), value = argument.text.substr(equals + 1);
    const auto found = std::ranges::find(architectures, value, &Architecture::name);
    if (found == std::end(architectures) || !built_.needs_other(*found)) return;
    const auto& passed = file_.context().origin().passed_arguments;
    if (!passed || passed->contains(name)) return;
    constexpr std::size_t most_arguments = 20;  // for each, the rest of its stage is gone through
    if (++arguments_ > most_arguments) return;
    const auto line = line_of_download(stage, step, name);
    if (line == 0) return;
    auto& finding = report_.add(argument.span, built_.words("has line " + std::to_string(line) + " download", *found));
    Fix fix;
    fix.title = "name the architecture that is built for";
    finding.fixes.push_back(decline(fix, "a build by hand may pass `" + name + '`'));
  }

  // `GOARCH=amd64 go build`
  void look_at_compiler(const Stage& stage, const Step& step) {
    if (!step.script || step.script->from_heredoc || asks(step.script->text.view())) return;
    for (const auto& command : step.script->commands) {
      if (command.nested || command.use == nullptr || command.use->action->kind != ActionKind::build) continue;
      for (const auto& assignment : command.assignments) {
        if (assignment.name != variable_of_go) continue;
        const auto span = step.script->to_source(assignment.value.span);
        const auto found = std::ranges::find(architectures, assignment.value.raw, &Architecture::name);
        if (found == std::end(architectures) || span.size() != found->name.size() || !built_.needs_other(*found))
          continue;
        auto& finding = report_.add(span, built_.words("compiles", *found));
        finding.fixes.push_back(fix_of(file_, stage, step, span, *found,
                                       {"compiles-for-each", "the program can be compiled for each platform"}));
      }
    }
  }

 private:
  void report(const Stage& stage, const Step& step, std::string_view text, Span span) {
    const auto found = find_architecture(text);
    if (!found || span.size() != text.size()) return;  // it may be broken into lines
    if (!built_.needs_other(*found->architecture)) return;
    const auto begin = span.begin + static_cast<std::uint32_t>(found->begin);
    const Span place{begin, begin + static_cast<std::uint32_t>(found->architecture->name.size())};
    auto& finding = report_.add(place, built_.words("downloads", *found->architecture));
    finding.fixes.push_back(
        fix_of(file_, stage, step, place, *found->architecture,
               {"download-for-each", "there is a download for each platform, and it has the same form of name"}));
  }

  // The line of an address that is made with the argument; 0 where there is none, or a RUN gives the variable a value.
  std::uint32_t line_of_download(const Stage& stage, const Step& argument, const std::string& name) const {
    const auto names = [&](std::string_view text) {
      return text.find("://") != text.npos && (text.find("${" + name + '}') != text.npos || text.ends_with('$' + name));
    };
    for (const auto& step : stage.steps) {
      if (step.index <= argument.index) continue;
      const auto text = step.instruction->text.view();
      if (text.find(name + '=') != text.npos) return 0;
      bool downloads =
          step.copy && step.instruction->keyword == Keyword::add &&
          std::ranges::any_of(step.instruction->arguments, [&](const Argument& each) { return names(each.text); });
      if (step.script)
        for (const auto& command : step.script->commands)
          downloads |= std::ranges::any_of(command.words, [&](const ShellWord& word) { return names(word.raw); });
      if (downloads) return LineIndex(file_.source()).line(step.instruction->span.begin);
    }
    return 0;
  }

  const Dockerfile& file_;
  const Built& built_;
  Report& report_;
  std::size_t arguments_ = 0;
};

void check(const Dockerfile& file, Report& report) {
  const Built built(file);
  if (!built.is_known() || file.stages().empty()) return;
  Search search(file, built, report);
  const bool final_is_plain = file.final_stage().from->flag("platform") == nullptr;
  for (const auto& stage : file.stages()) {
    const auto* platform = stage.from->flag("platform");
    // A compiler on the machine that builds makes programs for the others, too.
    const bool compiles = platform == nullptr || platform->value.find("BUILDPLATFORM") != std::string::npos;
    for (const auto& step : stage.steps) {
      if (platform == nullptr) {  // else it is known what it is for
        search.look_at(stage, step);
        search.look_at_argument(stage, step);
      }
      if (compiles && final_is_plain) search.look_at_compiler(stage, step);
    }
  }
}

}  // namespace

extern constinit const Rule constant_architecture = {
    .id = "constant-architecture",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a download or a build for one architecture in a file that is built for several",
    .rationale = R"(`docker build --platform linux/arm64` runs the same commands as for `linux/amd64`. A download whose
address says `x86_64` or `amd64` then puts a program into the image that cannot run there: "exec format error".

BuildKit sets `TARGETARCH` to `amd64`, `arm64` and so on, if the stage declares it with `ARG`; `uname -m` prints
`x86_64` or `aarch64`. So it is with `GOARCH=amd64 go build`, which compiles for one, and with `ARG ARCH=x86_64` in an address,
where the builds that are known pass no other value. The rule is silent where nothing
shows that the file is built for more than one platform, or for another: no Compose file, bake file or workflow says so, and no stage declares `TARGETARCH` or `TARGETPLATFORM`; where the RUN asks
for the architecture; and in a stage whose FROM has a `--platform`.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
