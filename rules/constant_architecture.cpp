// Fires on a download that names one architecture, in a file that is built for several: the image of the others gets a
// program that does not run there. Only a file that somebody builds so, or that asks for the platform, is looked at.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/platform.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

struct Architecture {
  std::string_view name, instead;  // what a RUN may say in its place; nothing where a mapping is needed
  bool is_argument = false;        // `instead` is an argument of BuildKit's
};
constexpr Architecture architectures[] = {
    {"x86_64", "$(uname -m)", false},
    {"amd64", "${TARGETARCH}", true},
    {"aarch64", "$(uname -m)", false},
    {"arm64", "${TARGETARCH}", true},
    {"x64", "", false},
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

// Whether a script asks for the architecture: what it does with the answer is its own matter.
bool asks(std::string_view script) {
  constexpr std::string_view questions[] = {"ARCH", "uname -", "print-arch", "arch)", "PLATFORM"};
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

// Of several architectures: the builds that are known say so, or the file has an argument for it.
bool is_for_several(const Dockerfile& file) {
  std::set<std::string> architectures_built;
  for (const auto& text : file.context().origin().platforms)
    if (const auto platform = parse_platform(text); platform.error.empty())
      architectures_built.insert(platform.architecture);
  return architectures_built.size() > 1 || std::ranges::any_of(file.stages(), [](const Stage& stage) {
           return declares(stage, "TARGETARCH") || declares(stage, "TARGETPLATFORM");
         });
}

Fix fix_of(const Dockerfile& file, const Stage& stage, const Step& step, Span span, const Architecture& architecture) {
  Fix fix;
  fix.title = "name the architecture that is built for";
  if (architecture.instead.empty())
    return decline(fix,
                   "`" + std::string(architecture.name) + "` is a name of its own; map TARGETARCH to it in the RUN");
  if (!architecture.is_argument && !step.script)
    return decline(fix, "the names of TARGETARCH are others; download it in a RUN, with `uname -m`");
  if (step.in_child) return decline(fix, "the arguments of the image that is built on this one are not known");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"download-for-each", "there is a download for each platform, and it has the same form of name"}};
  fix.edits = {{span, std::string(architecture.instead)}};
  if (architecture.is_argument && !declares(stage, "TARGETARCH")) {
    const auto at = step.instruction->span.begin;
    fix.edits.push_back({{at, at}, "ARG TARGETARCH" + std::string(file.document().newline())});
  }
  return fix;
}

class Search {
 public:
  Search(const Dockerfile& file, Report& report) : file_(file), report_(report) {}

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

 private:
  void report(const Stage& stage, const Step& step, std::string_view text, Span span) {
    const auto found = find_architecture(text);
    if (!found || span.size() != text.size()) return;  // it may be broken into lines
    const auto begin = span.begin + static_cast<std::uint32_t>(found->begin);
    const Span place{begin, begin + static_cast<std::uint32_t>(found->architecture->name.size())};
    auto& finding = report_.add(place, "this downloads for `" + std::string(found->architecture->name) +
                                           "` whatever platform is built, and the file is built for several");
    finding.fixes.push_back(fix_of(file_, stage, step, place, *found->architecture));
  }

  const Dockerfile& file_;
  Report& report_;
};

void check(const Dockerfile& file, Report& report) {
  if (!is_for_several(file)) return;
  Search search(file, report);
  for (const auto& stage : file.stages()) {
    if (stage.from->flag("platform") != nullptr) continue;  // it is known what it is for
    for (const auto& step : stage.steps) search.look_at(stage, step);
  }
}

}  // namespace

extern constinit const Rule constant_architecture = {
    .id = "constant-architecture",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a download for one architecture in a file that is built for several",
    .rationale = R"(`docker build --platform linux/arm64` runs the same commands as for `linux/amd64`. A download whose
address says `x86_64` or `amd64` then puts a program into the image that cannot run there: "exec format error".

BuildKit sets `TARGETARCH` to `amd64`, `arm64` and so on, if the stage declares it with `ARG`; `uname -m` prints
`x86_64` or `aarch64`. The rule is silent where nothing shows that the file is built for more than one platform: no
Compose file, bake file or workflow names two, and no stage declares `TARGETARCH` or `TARGETPLATFORM`; where the RUN asks
for the architecture; and in a stage whose FROM has a `--platform`.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
