// Fires on a RUN that only sets the owner or the mode of a single file that a COPY above it copied. The file is then in
// two layers; COPY's own --chown and --chmod keep it in one. A program that a compiler has made is executable already.
#include <algorithm>
#include <optional>
#include <string>

#include "edits/copy_flags.hpp"
#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "flow/makers.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// The path of the single file that a COPY creates; empty when there may be several or it is not known.
std::string copied_file(const Dockerfile& file, const Copy& copy) {
  if (copy.sources.size() != 1 || !copy.destination.is_known()) return {};
  const auto& source = copy.sources[0];
  const bool pattern = source.text.find_first_of("*?[") != std::string::npos;
  if (source.heredoc || !source.known || pattern || source.text.empty()) return {};
  const auto& context = file.context();
  if (copy.from_context() && context.is_known() && context.kind(clean_path(source.text)) != PathKind::file) return {};
  const auto& to = copy.destination.text;
  return clean_path(copy.directory ? to + "/" + std::string(path_basename(clean_path(source.text))) : to);
}

// The mode or the owner that a RUN sets, of one file and nothing else.
struct Attribute {
  AffectedPath file;  // with it as text
  bool is_mode = false;

  bool adds_execution() const { return is_mode && (file.text == "+x" || file.text == "a+x"); }
};

std::optional<Attribute> attribute_set_by(const Facts& facts, const ShellCommand& command) {
  // Options like `-R` would say more of what else is meant.
  const bool simple =
      command.words.size() == 3 && command.wrappers.empty() && !command.conditional && command.directory.is_known();
  if (!simple || !facts.is_plain(command.name())) return std::nullopt;
  const auto effects = unix_effects(facts, command);
  if (effects.modes.paths.size() == 1) return Attribute{effects.modes.paths[0], true};
  if (effects.owners.paths.size() == 1) return Attribute{effects.owners.paths[0], false};
  return std::nullopt;
}

// The flag that is equivalent to the command; empty when none is. Git knows only the modes 0644 and 0755, and `+x`
// turns both into 0755.
std::string flag_for(const Attribute& attribute) {
  const auto& what = attribute.file.text;
  if (attribute.adds_execution()) return "--chmod=0755";
  if (attribute.is_mode)
    return !what.empty() && what.find_first_not_of("01234567") == what.npos && what.size() <= 4 ? "--chmod=" + what
                                                                                                : "";
  return owner_flag(what);
}

Fix as_flag(const Dockerfile& file, const Step& copy, const Step& run, const Attribute& attribute,
            const RuleOptions& options) {
  Fix fix;
  const auto flag = flag_for(attribute);
  if (flag.empty()) return decline(fix, "COPY has no equivalent flag");
  fix.title = "let COPY set it with `" + flag + "`";
  const bool is_old = options.builder == Builder::legacy || options.builder == Builder::kaniko;
  const bool is_without = is_old || !file.context().origin().refuses_mounts.empty();
  if (is_without && flag.starts_with("--chmod")) return decline(fix, "the builder does not support `COPY --chmod`");
  if (!allows_flag(*copy.instruction, flag)) return decline(fix, "the COPY has flags that decide this already");
  if (!run.instruction->flags.empty() || run.instruction->json || run.script->from_heredoc)
    return decline(fix, "the RUN is not a single plain command");
  if (copy.instruction->keyword == Keyword::add) return decline(fix, "ADD may have unpacked the file");
  if (attribute.adds_execution() && !copy.copy->from_context())
    return decline(fix, "the mode of the file is not known");
  const char* kind =
      attribute.adds_execution() ? "with mode 0644 or 0755, as Git creates it" : "without set-user-id bits";
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"plain-source-file", "`" + copy.copy->sources[0].text + "` is one plain file " + kind});
  const auto at = copy.instruction->keyword_span.end;
  fix.edits = {{{at, at}, " " + flag}, remove_lines(file.document(), own_lines(file.document(), *run.instruction))};
  return fix;
}

// A mode that compilers give to the programs that they make, and a COPY from another stage keeps.
bool is_mode_of_programs(const Attribute& attribute) {
  return attribute.is_mode &&
         (attribute.adds_execution() || attribute.file.text == "755" || attribute.file.text == "0755");
}

Fix without_it(const Dockerfile& file, const Step& run, const std::string& tool) {
  Fix fix;
  fix.title = "delete it";
  if (!run.instruction->flags.empty() || run.instruction->json || run.script->from_heredoc)
    return decline(fix, "the RUN is not a single plain command");
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"executable-program", "what " + tool + " has made is executable, and nothing takes that away"}};
  fix.edits = {remove_lines(file.document(), own_lines(file.document(), *run.instruction))};
  return fix;
}

// Nobody minds a second copy of a script. What a context reads is at most 1 MiB; of a file that is not to be seen, as
// in a submodule, the name tells.
bool is_small(const BuildContext& context, const Copy& copy) {
  if (!copy.from_context()) return false;
  const auto path = clean_path(copy.sources[0].text);
  if (context.is_known() && context.exists(path)) return context.read(path).has_value();
  constexpr std::string_view endings[] = {".sh", ".bash", ".conf", ".cfg", ".ini", ".service"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return path.ends_with(ending); });
}

// The attribute of one file that a RUN sets and does nothing else.
std::optional<Attribute> only_attribute(const Facts& facts, const Step& run) {
  if (!run.script || run.script->commands.size() != 1 || run.script->chain.size() > 1) return std::nullopt;
  return attribute_set_by(facts, run.script->commands[0]);
}

// Whether a step leaves alone what a COPY above it has put at a path and a RUN below it sets, so that this could be
// above it.
bool passes(const Facts& facts, const Step& step, const Attribute& set) {
  if (step.copy) return step.copy->destination.is_known() && !path_is_under(set.file.path, step.copy->destination.text);
  switch (step.instruction->keyword) {
    case Keyword::run: {
      const auto attribute = only_attribute(facts, step);
      return attribute && (attribute->file.path != set.file.path || attribute->is_mode != set.is_mode);
    }
    case Keyword::arg:
    case Keyword::env:
    case Keyword::expose:
    case Keyword::label:
    case Keyword::workdir: return true;
    default: return false;
  }
}

// The COPY that has put a file where the RUN changes it; null where something else may have.
const Step* copy_of(const Dockerfile& file, const Stage& stage, std::size_t run, const Attribute& set) {
  constexpr std::size_t most_passed = 20;
  for (std::size_t i = run; i-- > 0 && run - i <= most_passed;) {
    const auto& step = stage.steps[i];
    if (step.copy && copied_file(file, *step.copy) == set.file.path) return &step;
    if (!passes(file.facts(), step, set)) return nullptr;
  }
  return nullptr;
}

// The tool that has made a program which a COPY takes from another stage; empty where none is known to. `asked`: how
// often, because each time the steps of the other stage are gone through.
std::string compiler_of(const Dockerfile& file, const Copy& copy, std::size_t& asked) {
  constexpr std::size_t most_asked = 50;
  if (copy.from_context() || ++asked > most_asked) return {};
  const auto maker = maker_of(file, copy, copy.sources[0]);
  return maker && is_compiled_program(*maker, copy.sources[0].text) ? std::string(maker->use->tool->title) : "";
}

void check_run(const Dockerfile& file, const Stage& stage, std::size_t i, std::size_t& asked, Report& report) {
  const auto& run = stage.steps[i];
  const auto attribute = only_attribute(file.facts(), run);
  const auto* copy = attribute ? copy_of(file, stage, i, *attribute) : nullptr;
  if (copy == nullptr) return;
  const auto& command = run.script->commands[0];
  const auto span = run.script->to_source(command.span);
  const auto twice = '`' + command.name() + "` puts a second copy of `" + attribute->file.path + "` into another layer";
  if (is_mode_of_programs(*attribute) && copy->instruction->flag("chmod") == nullptr)
    if (const auto compiler = compiler_of(file, *copy->copy, asked); !compiler.empty()) {
      auto& finding = report.add(span, twice + ", and what " + compiler + " has made is executable already; delete it");
      finding.fixes.push_back(without_it(file, run, compiler));
      return;
    }
  auto& finding = report.add(span, twice + "; let COPY set it");
  if (is_small(file.context(), *copy->copy)) finding.severity = Severity::off;
  finding.fixes.push_back(as_flag(file, *copy, run, *attribute, report.options()));
}

void check(const Dockerfile& file, Report& report) {
  std::size_t asked = 0;
  for (const auto& stage : file.stages())
    for (std::size_t i = 1; i < stage.steps.size(); ++i) check_run(file, stage, i, asked, report);
}

}  // namespace

extern constinit const Rule copy_then_chown = {
    .id = "copy-then-chown",
    .category = Category::size,
    .severity = Severity::info,
    .summary = "a separate RUN sets the owner or mode of a copied file",
    .rationale = R"(A layer holds whole files. `RUN chown` or `RUN chmod` on a file that `COPY` has just copied stores
it a second time, and runs again whenever the file changes. `COPY --chown=user:group --chmod=0755` does it in one layer.

The rule only covers single files: for a directory, `--chmod` would give every file in it the same mode. `chmod +x`
becomes 0755, which is right for files as Git checks them out. A program that another stage has compiled is executable
already, so that `RUN chmod +x` of it can go. A file that the build context shows to be small (1 MiB) is not reported,
nor a shell script or a file of settings by its name, where the context is not known.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
