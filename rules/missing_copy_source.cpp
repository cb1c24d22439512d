// Fires on a COPY or ADD of what is not in the build context, where the build fails. BuildKit takes a source above the
// context for one in it, and a wildcard may match nothing.
#include <span>
#include <string>
#include <vector>

#include "flow/missing_sources.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool leaves_context(const CopySource& source) { return clean_path(source.text).starts_with(".."); }

// " (`backend`, as compose.yaml:3 says)"
std::string place_of(const BuildContext& context) {
  const auto& [directory, reason] = std::pair(context.origin().directory, context.origin().reason);
  if (directory.empty()) return {};
  return " (`" + directory + "`" + (reason.empty() ? "" : ": " + reason) + ")";
}

// A guess may be the wrong directory, but what is missing then is missing in all of them.
std::string absence(const BuildContext& context) {
  return context.origin().guess ? "is nowhere in the repository" : "is not in the build context" + place_of(context);
}

std::string message_of(const Dockerfile& file, const MissingSource& missing) {
  std::string message;
  if (leaves_context(*missing.source))
    message = "`" + missing.source->text + "` leaves the build context; it is looked for as `" + missing.path +
              "` in it" + place_of(file.context()) + ", where it is not";
  else message = "`" + missing.path + "` " + absence(file.context());
  return message + ", so the build fails here" + (missing.hint.empty() ? "" : "; " + missing.hint);
}

std::string said_of_others(std::size_t count) {
  if (count == 0) return {};
  return count == 1 ? "; another source is not there either"
                    : "; " + std::to_string(count) + " more sources are not there either";
}

// Those of a list, as one finding at the first.
void report_together(const Dockerfile& file, std::span<const MissingSource* const> missing, Report& report) {
  if (missing.empty()) return;
  auto& finding = report.add(missing.front()->source->span,
                             message_of(file, *missing.front()) + said_of_others(missing.size() - 1));
  finding.severity = Severity::error;
  for (const auto* other : missing.subspan(1)) finding.related.push_back(other->source->span);
}

// Where much is missing it is for one reason, such as a wrong context, and the build fails at the first. So it is with
// what is looked for above the context, and with what is nowhere near.
void report_missing(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_single = 6;
  const auto all = find_missing_sources(file);
  std::vector<const MissingSource*> together;
  for (const auto& missing : all) {
    if (all.size() > most_single || missing.hint.empty() || leaves_context(*missing.source))
      together.push_back(&missing);
    else report_together(file, std::vector{&missing}, report);
  }
  report_together(file, together, report);
}

// Sources that leave the context, and what is said of the first of them.
struct Leaving {
  std::string message;
  std::vector<Span> places;

  void add(const CopySource& source, const std::string& path) {
    places.push_back(source.span);
    if (places.size() > 1) return;
    message = "no COPY leaves the build context: BuildKit takes " +
              (path == "." ? "the whole context" : "`" + path + "` in it") + " for `" + source.text +
              "`, and other builders fail; " +
              (path == "." ? "write `.`" : "name what is meant, or build with a directory above as the context");
  }
};

// `COPY ../common ./common` takes `common` of the context. Who writes one such source writes all in this way, so they
// are one finding; of the whole context something else is to be said.
void report_leaving(const Dockerfile& file, Report& report) {
  const auto& context = file.context();
  const bool known = context.is_known() && !context.origin().guess;
  Leaving whole, parts;
  for_each_copy(file, [&](const Stage&, const Step& step) {
    if (!step.copy->from_context()) return;
    for (const auto& source : step.copy->sources) {
      const auto path = looked_for(file, source);
      if (path.empty() || !leaves_context(source)) continue;
      if (known && !context.exists(path)) continue;  // an error
      (path == "." ? whole : parts).add(source, path);
    }
  });
  for (auto* leaving : {&parts, &whole}) {
    if (leaving->places.empty()) continue;
    const auto more = leaving->places.size() - 1;
    if (more > 0)
      leaving->message +=
          more == 1 ? "; another source is written so" : "; " + std::to_string(more) + " more sources are written so";
    auto& finding = report.add(leaving->places.front(), std::move(leaving->message));
    finding.related.assign(leaving->places.begin() + 1, leaving->places.end());
    if (known) finding.severity = Severity::info;
  }
}

// Directories that every image has, or that many make by hand.
bool is_usual(std::string_view name) {
  constexpr std::string_view names[] = {"app",   "bin",   "boot", "code", "data", "dev",  "etc",      "home", "lib",
                                        "lib64", "media", "mnt",  "opt",  "proc", "root", "run",      "sbin", "src",
                                        "srv",   "sys",   "tmp",  "usr",  "var",  "work", "workspace"};
  return std::ranges::find(names, name) != std::end(names);
}

// Whether something of a stage, or of those it is built on, may put a path at the root of its image.
bool may_be_at_root(const Dockerfile& file, const Stage& stage, const std::string& path) {
  for (const auto* each : chain_of(file, stage)) {
    if (!each->parent && !each->image) return true;
    for (const auto& step : each->steps) {
      const auto text = step.instruction->text.view();
      const auto names = [&](std::string_view part) { return text.find(part) != text.npos; };
      const bool at_root = !step.workdir.is_known() || step.workdir.is("/") || names("cd /");
      const bool runs = step.instruction->keyword == Keyword::run;
      if (names(path) || (runs && at_root && names(path.substr(1)))) return true;
      const auto& copy = step.copy;
      if (copy &&
          (!copy->destination.is_known() || copy->destination.is("/") || path_is_under(copy->destination.text, path)))
        return true;
      // What a script of the project does is not looked at.
      if (runs && at_root && !step.script) return true;
    }
  }
  return false;
}

// `COPY --from=build target/app.jar` takes `/target/app.jar`, wherever the stage works.
void report_relative(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage&, const Step& step) {
    const auto* stage = step.copy->stage ? &file.stages()[*step.copy->stage] : nullptr;
    if (stage == nullptr || stage->steps.empty()) return;
    const auto& workdir = stage->steps.back().workdir;
    if (!workdir.is_known() || workdir.is("/")) return;
    for (const auto& source : step.copy->sources) {
      if (!source.known || source.text.empty() || source.text.starts_with('/') || source.heredoc) continue;
      const auto path = clean_path("/" + source.text);
      const auto first = path.substr(0, path.find('/', 1));
      if (first.size() < 2 || is_usual(first.substr(1)) || may_be_at_root(file, *stage, first)) continue;
      report.add(source.span, "`" + source.text + "` is looked for as `" + path +
                                  "` in the stage, and not in its directory `" + workdir.text + "`; write `" +
                                  resolve_path(workdir.text, source.text) + "`");
    }
  });
}

void check(const Dockerfile& file, Report& report) {
  if (file.unsaid() == Unsaid::plain_build) return;
  report_relative(file, report);
  if (!file.context().origin().guess || !is_for_other_projects(report.options().path)) report_missing(file, report);
  report_leaving(file, report);
}

}  // namespace

extern constinit const Rule missing_copy_source = {
    .id = "missing-copy-source",
    .category = Category::correctness,
    .severity = Severity::warning,
    .stops_build = true,
    .summary = "COPY of what is not in the build context",
    .rationale =
        R"(The builder fails with "not found" where a COPY names what the context does not have. The rule reports that where
the context is known, because `--context`, a Compose file or a workflow names it, and only what people write: not what
`.gitignore` names, what a tool of the project makes, what a script or a workflow of the repository names, nor credentials.
Names with wildcards may match nothing.

`COPY --from=build target/app.jar` takes `/target/app.jar`: sources in a stage are looked for from its root, whatever its
WORKDIR is.

A source cannot leave the context. BuildKit takes `../common` for `common` at the root of the context; Docker's legacy
builder fails. Build with the directory above as the context (`docker build -f app/Dockerfile .`), or add it as a context of
its own: `docker build --build-context common=../common` and `COPY --from=common`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
