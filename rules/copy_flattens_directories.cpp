// Fires on a COPY whose sources are several and some of them directories: their contents fall together in the
// destination. With a wildcard nobody means that; directories that are named may be meant so, unless something looks
// for one, or two files become one.
#include <algorithm>
#include <optional>

#include "edits/copy_line.hpp"
#include "flow/flattened_copies.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::size_t most_named = 3;

// "." for "*", "src/" for "src/*": what the wildcard matches, with the directories as they are.
std::optional<std::string> without_wildcard(const std::string& source) {
  constexpr std::string_view all = "*";
  const auto name = path_basename(source);
  const auto above = source.substr(0, source.size() - name.size());
  if (name != all || above.find_first_of("*?[") != above.npos) return std::nullopt;
  return above.empty() ? "." : above;
}

void fix_wildcards(const Dockerfile& file, const FlattenedCopy& copy, Fix& fix) {
  fix.title = "copy the directory above";
  for (const auto i : copy.sources) {
    const auto& source = copy.step->copy->sources[i];
    const auto written = slice(file.source(), source.span);
    const auto instead = without_wildcard(source.text);
    const bool quoted = written == '"' + source.text + '"';
    if (!instead || (!quoted && written != source.text))
      return void(
          decline(fix, "`" + source.text + "` matches some names only, so each directory needs a COPY of its own"));
    fix.edits.push_back({source.span, quoted ? '"' + *instead + '"' : *instead});
  }
}

// One COPY for the files, and one for each directory.
void split(const Dockerfile& file, const FlattenedCopy& flattened, Fix& fix) {
  fix.title = "copy each directory by itself";
  const auto& instruction = *flattened.step->instruction;
  const auto& copy = *flattened.step->copy;
  const auto span = instruction.head_span();
  const auto written = slice(file.source(), span);
  if (instruction.keyword != Keyword::copy || !instruction.heredocs.empty() || written.find('\n') != written.npos)
    return void(decline(fix, "the instruction is not a COPY in one line"));
  std::string flags;
  for (const auto& flag : instruction.flags) flags += std::string(slice(file.source(), flag.span)) + ' ';
  auto base = copy.destination_text;
  if (!base.ends_with('/')) base += '/';
  std::vector<std::string> files;
  std::vector<std::optional<std::string>> lines;
  for (std::size_t i = 0; i < copy.sources.size(); ++i) {
    const auto& source = copy.sources[i];
    if (std::ranges::find(flattened.sources, i) == flattened.sources.end()) files.push_back(source.text);
    else
      lines.push_back(
          copy_line(flags, {source.text}, base + std::string(path_basename(clean_path(source.text))) + '/'));
  }
  if (!files.empty()) lines.insert(lines.begin(), copy_line(flags, files, copy.destination_text));
  std::string text;
  for (const auto& line : lines) {
    if (!line) return void(decline(fix, "a name in this COPY cannot be written anew"));
    text += (text.empty() ? "" : std::string(file.document().newline())) + *line;
  }
  fix.edits.push_back({span, std::move(text)});
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& flattened : find_flattened_copies(file)) {
    if (!flattened.by_wildcard && flattened.evidence.empty()) continue;
    const auto& source = flattened.step->copy->sources[flattened.sources.front()];
    auto& finding = report.add(
        source.span, std::string("COPY takes what is in a directory, not the directory: what is in ") +
                         list_quoted(flattened.directories, most_named) + " gets into the destination itself" +
                         (flattened.evidence.empty() ? "" : "; " + flattened.evidence));
    const bool certain = flattened.is_needed || (flattened.by_wildcard && !flattened.evidence.empty());
    if (certain && !file.context().origin().guess) finding.severity = Severity::error;
    Fix fix;
    fix.applicability = Applicability::unsafe;
    fix.checklist.push_back("nothing looks for the files where they were before");
    if (flattened.by_wildcard) fix_wildcards(file, flattened, fix);
    else split(file, flattened, fix);
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace

extern constinit const Rule copy_flattens_directories = {
    .id = "copy-flattens-directories",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "COPY puts the contents of several directories into one",
    .rationale =
        R"(`COPY src ./` copies what is in `src`, not `src` itself. So `COPY * ./` and `COPY src/* ./` do that with every
directory that the wildcard matches: their files all lie in the destination, and of two with one name the last is left.
`COPY a b ./` does the same with directories that are named.

To keep the directories, copy the one above (`COPY . ./`, `COPY src/ ./`), or each by itself (`COPY a ./a/`). A wildcard
that matches one directory and nothing else (`COPY app-*/ /opt/app/`) is not reported, nor are directories that are named
unless an instruction or the source looks for one of them, or two files have one name.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
