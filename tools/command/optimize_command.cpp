// dockhew optimize: the rewritten file, as a diff with reasons, in place, to another file, or as a report for programs.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "build_file_rewrite.hpp"
#include "builder_features.hpp"
#include "commands.hpp"
#include "configuration.hpp"
#include "dockerfile_lint.hpp"
#include "files.hpp"
#include "ignore_file.hpp"
#include "lint/lint.hpp"
#include "ordered_work.hpp"
#include "registry/base_images.hpp"
#include "report/rewrites.hpp"
#include "report/sarif.hpp"
#include "report/text.hpp"
#include "rewrite/rewrite.hpp"
#include "rewrite_notes.hpp"
#include "said_once.hpp"
#include "text/ci_log.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "version.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

struct Optimized {
  std::string output;  // for standard output
  std::string notes;   // for standard error
  ProposedIgnore ignore;
  std::optional<FileResult> result;  // for a report
  ChangeCounts shown, shown_alone;   // all, and what can be taken without the unsafe changes
  bool failed = false, improved = false, takes_unsafe = false;
};

// What a rewrite would do beyond what was written, which keeps the image as it is.
Rewrite more_to_take(const Options& options, const Settings& settings, const Dockerfile& original,
                     const Rewrite& result) {
  if (options.least || settings.least == Applicability::unsafe) return {};
  const auto written = std::make_shared<const Dockerfile>(result.text, original.facts(), original.context());
  return rewrite_file(written, settings.optimizing, Applicability::unsafe, settings.lint.options);
}

// Which of the changes could not be made without an unsafe one, as where that gives the build a stage of its own. Gives
// the others.
std::vector<AppliedFix> mark_dependent(const Settings& settings, const std::shared_ptr<const Dockerfile>& original,
                                       Rewrite& result) {
  const auto is_unsafe = [](const AppliedFix& fix) { return fix.applicability == Applicability::unsafe; };
  if (std::ranges::none_of(result.applied, is_unsafe)) return result.applied;
  auto alone = rewrite_file(original, settings.optimizing, Applicability::conditional, settings.lint.options).applied;
  for (auto& fix : result.applied)
    fix.only_with_unsafe = !is_unsafe(fix) && std::ranges::none_of(alone, [&](const AppliedFix& other) {
      return other.rule == fix.rule && other.line == fix.line;
    });
  return alone;
}

// What the named builder cannot build of the result: a file of its own for it would be of no use.
std::string unsupported_parts(const Settings& settings, const Dockerfile& original, const std::string& text) {
  constexpr std::size_t most_named = 5;
  const auto* rule = find_rule("unsupported-by-builder");
  if (rule == nullptr || settings.lint.options.builder == Builder::buildkit) return {};
  const Dockerfile file(text, original.facts(), original.context());
  const LineIndex lines(file.source());
  std::string parts;
  std::size_t count = 0;
  for (const auto& finding : lint_file(file, LintSettings{.rules = {rule}, .options = settings.lint.options})) {
    if (finding.severity != Severity::error || ++count > most_named) continue;
    parts += fmt::format("{}line {}: {}", parts.empty() ? "" : "; ", lines.line(finding.span.begin), finding.message);
  }
  return count > most_named ? parts + fmt::format("; and {} more", count - most_named) : parts;
}

// The result as a file, and what was done to get there as notes.
void write_result(const Options& options, const Settings& settings, const std::string& path, const Dockerfile& original,
                  const Rewrite& result, Optimized& out) {
  const std::string before(original.source());
  const auto& target = options.write ? path : options.output;
  if (result.text != before || !options.write) {
    const auto written = options.write ? replace_file(path, before, result.text) : write_file(target, result.text);
    if (!written.error.empty()) {
      out.notes += complaint(target, written.error);
      out.failed = true;
      return;
    }
    if (!written.note.empty()) out.notes += complaint(target, written.note);
  }
  out.notes += applied_notes(path, target, result);
  out.notes += left_notes(options, path, more_to_take(options, settings, original, result));
}

void print_result(const Options& options, const std::string& path, const Rewrite& result, Optimized& out) {
  out.output = options.terminal ? escape_lines(result.text) : result.text;
  if (out.output != result.text)
    out.notes = complaint(path,
                          "printed with escapes, because standard output is a terminal or the log of a CI job; "
                          "use --output FILE to get the file as it is");
}

// What mounts need of the only builders that the project names, where these are not Docker; else empty.
std::string needed_builder(const Options& options, const Inputs& inputs, const std::string& path) {
  const auto programs = inputs.repositories->programs(path);
  const bool podman = programs.contains("podman"), buildah = programs.contains("buildah");
  if (options.builder || programs.size() != std::size_t{podman} + std::size_t{buildah}) return {};
  const auto features = builder_features();
  const auto mounts = std::ranges::find(features, "cache-mounts", &BuilderFeature::id);
  if (mounts == features.end()) return {};
  const auto release = [](std::string_view name, std::string_view since) {
    return std::string(name) + ' ' + std::string(since);
  };
  // Docker has no name of this kind, and nothing says what builds it.
  if (programs.empty() && path_basename(path).starts_with("Containerfile"))
    return release("Podman", mounts->podman) + " or later, or BuildKit: Docker 23 or later";
  if (programs.empty()) return {};
  return (podman ? release("Podman", mounts->podman) : std::string()) + (podman && buildah ? " or " : "") +
         (buildah ? release("Buildah", mounts->buildah) : std::string()) + (podman && buildah ? "," : "") + " or later";
}

Optimized optimize(const Options& options, const Inputs& inputs, const Facts& facts, const std::string& path) {
  Optimized out;
  const bool reports = options.format != "text";
  const auto name = name_of(options, path);
  const auto fail = [&](const std::string& message, const std::string& place) {
    out.notes = complaint(place, message);
    out.failed = true;
    if (reports) out.result = FileResult{.path = name, .error = message};
    return std::move(out);
  };
  const auto read = read_file(path);
  if (!read.error.empty()) return fail(read.error, name);
  const auto settings = settings_for(options, name);
  if (!settings.error.empty()) return fail(settings.error, "");  // which says its own place
  out.takes_unsafe = settings.takes_unsafe;
  const auto original = Dockerfile::read(
      read.text, facts, [&](const Dockerfile& file) { return context_of(options, inputs, name, file); });
  if (is_template(*original)) {
    if (!options.output.empty()) return fail(std::string(template_note), name);
    out.notes = complaint(name, std::string(template_note));
    if (reports) out.result = FileResult{.path = name, .file = original};
    return out;
  }
  // --output writes the Dockerfile alone, which then counts on nothing else.
  auto both =
      options.output.empty()
          ? rewrite_with_ignore(settings, name, original)
          : RewriteWithIgnore{rewrite_file(original, settings.optimizing, settings.least, settings.lint.options), {}};
  say_what_rests_on_registries(
      *original,
      [&](const std::shared_ptr<const Dockerfile>& other) {
        return rewrite_file(other, settings.optimizing, settings.least, settings.lint.options);
      },
      both.result);
  if (both.result.needs_buildkit) both.result.needed_builder = needed_builder(options, inputs, name);
  const bool shows = options.output.empty() && !options.write;
  if (shows && !reports) out.shown_alone.add(mark_dependent(settings, original, both.result));
  const auto is_left_out = [&](const OtherFix& other) {
    return std::ranges::find(settings.lint.rules, other.rule) == settings.lint.rules.end();
  };
  std::erase_if(both.result.others, is_left_out);
  const auto& result = both.result;
  out.ignore = std::move(both.ignore);
  if (!result.converged)
    out.notes = complaint(name, "the rewrite was still changing after ten rounds; this is the last result");
  const bool changed = result.text != read.text;
  const auto unsupported = options.output.empty() ? std::string() : unsupported_parts(settings, *original, result.text);
  if (!unsupported.empty()) return fail("not written, because it could not be built: " + unsupported, name);
  if (options.output == "-") {
    print_result(options, name, result, out);
  } else if (!options.output.empty() || options.write) {
    write_result(options, settings, path, *original, result, out);
  } else {
    out.improved = changed;
    if (changed) out.shown.add(result.applied);
    if (!reports)
      out.output = format_rewrite(name, read.text, result, options.colour ? Colours::ansi() : Colours::none(),
                                  options.terminal ? Escaping::on : Escaping::off);
    // Only where all of the file was understood.
    if (!reports && !changed && inputs.paths.size() == 1 && out.output.empty() && out.ignore.empty())
      out.output = "nothing to improve\n";
  }
  if (reports)
    out.result =
        FileResult{.path = name, .file = original, .rewrite = std::make_shared<const Rewrite>(std::move(both.result))};
  return out;
}

// Where all that is said of the files goes, one after the other: on the screen, or into one report.
class Said {
 public:
  explicit Said(const Options& options) : format_(options.format == "sarif" ? sarif_report : rewrite_json_report) {
    if (options.format != "text") {
      const auto rules = all_rules();
      writer_.emplace(format_, report_context({rules.begin(), rules.end()}, version, false));
    }
  }

  void add(const std::string& output, const std::string& notes, bool failed,
           std::optional<FileResult> result = std::nullopt) {
    once_.print(notes, failed);
    std::cout << output;
    if (!writer_ || !result) return;
    if (result->rewrite && format_.name == sarif_report.name)
      result->findings = findings_of(*result->rewrite, result->source().value_or(""));
    std::cout << writer_->add(format_.piece(*result, writer_->context()), format_.totals(*result));
  }

  void finish() {
    if (writer_) std::cout << writer_->finish();
  }

 private:
  const ReportFormat& format_;
  std::optional<ReportWriter> writer_;
  SaidOnce once_;
};

}  // namespace

int run_optimize(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options);
  const auto bases = resolve_base_images(options, inputs, *facts);
  facts = bases.facts.get();
  for (const auto& text : bases.notes) complain("", "note: " + text);
  bool failed = inputs.failed || bases.failed, improved = false, takes_unsafe = false, silent = true;
  if (!options.output.empty() && inputs.paths.size() != 1) {
    complain("", "--output takes one Dockerfile");
    return exit_failed;
  }
  Said said(options);
  IgnoreFiles ignore_files(options);
  ChangeCounts shown, alone;
  work_in_order(
      inputs.paths.size(), threads_for(options, inputs),
      [&](std::size_t i) { return optimize(options, inputs, *facts, inputs.paths[i]); },
      [&](Optimized file) {
        auto ignore = ignore_files.add(file.ignore);
        silent &= file.output.empty() && ignore.output.empty();
        said.add(file.output, file.notes, file.failed, std::move(file.result));
        said.add(ignore.output, ignore.notes, ignore.failed, std::move(ignore.result));
        shown.add(file.shown);
        alone.add(file.shown_alone);
        takes_unsafe |= file.takes_unsafe;
        failed |= file.failed || ignore.failed;
        improved |= file.improved || ignore.improved;
      });
  if (options.output.empty())
    for (const auto& path : inputs.build_files) {
      auto file = optimize_build_file(options, *facts, path, *inputs.repositories);
      silent &= file.output.empty();
      said.add(file.output, file.notes, file.failed, std::move(file.result));
      shown.add(file.shown);
      alone.add(file.shown);
      failed |= file.failed;
      improved |= file.improved;
    }
  said.finish();
  // Of one file it is said above.
  if (silent && !failed && !options.write && options.format == "text" && inputs.paths.size() > 1)
    std::cout << "nothing to improve in " << inputs.paths.size() << " files\n";
  if (improved && options.format == "text") std::cout << how_to_take(options, shown, alone, takes_unsafe);
  for (const auto& note : inputs.notes) std::cerr << escape_for_terminal(note) << '\n';
  return failed ? exit_failed : improved ? exit_found : exit_clean;
}

}  // namespace dockhew::cli
