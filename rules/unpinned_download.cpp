// Fires on downloads whose content may change under the same URL: `ADD https://…` without a checksum, `curl … | sh`,
// and URLs that name `latest` or a branch. A script that verifies a checksum or a signature afterwards is not reported.
#include <algorithm>

#include "lint/rule.hpp"
#include "model/added_source.hpp"

namespace dockhew::rules {
namespace {

// Whether a part of a path, with nothing else between slashes, is a branch there: `main` is also the name of a section
// of a package archive, and of a directory of sources.
bool names_branch(std::string_view url, std::string_view part) {
  constexpr std::string_view sections[] = {"/pool/", "/src/"};
  for (auto at = url.find(part, 1); at != url.npos; at = url.find(part, at + 1)) {
    const auto after = at + part.size();
    if (url[at - 1] != '/' || (after != url.size() && url[after] != '/')) continue;
    const auto before = url.substr(0, at);
    if (part != "main") return true;
    if (before.find("/dists/") == before.npos &&
        std::ranges::none_of(sections, [&](std::string_view section) { return before.ends_with(section); }))
      return true;
  }
  return false;
}

// The part of a URL that moves: a branch, or the word latest.
std::string_view moving_part(std::string_view url) {
  for (const auto part : {std::string_view("latest"), std::string_view("master"), std::string_view("main"),
                          std::string_view("HEAD"), std::string_view("nightly")})
    if (names_branch(url, part)) return part;
  return {};
}

bool checks_content(const Script& script) {
  return std::ranges::any_of(script.commands, [](const ShellCommand& command) {
    const auto name = command.name();
    return (name.starts_with("sha") && name.ends_with("sum")) || name == "gpg" || name == "gpgv" || name == "md5sum" ||
           name == "b2sum" || name == "cosign" || name == "minisign" || name == "openssl";
  });
}

// The installer of a toolchain, whose authors publish it for this and change it: there is no checksum to compare.
bool is_installer(const Facts& facts, std::string_view url) {
  return std::ranges::any_of(facts.bystander_scripts,
                             [&](std::string_view address) { return url.find(address) != url.npos; });
}

// A commit names what is there for good.
bool names_commit(std::string_view url) {
  constexpr std::size_t length = 40;
  std::size_t run = 0;
  for (const char c : url) {
    const bool digit = ('0' <= c && c <= '9') || ('a' <= c && c <= 'f');
    run = digit ? run + 1 : 0;
    if (run == length) return true;
  }
  return false;
}

void check_add(const Step& step, Report& report) {
  if (step.instruction->keyword != Keyword::add || !step.copy || step.instruction->flag("checksum") != nullptr) return;
  for (const auto& source : step.copy->sources) {
    // A repository has its own ways to name a version; the newest commit is asked for to notice that there is one.
    const bool other = source.text.ends_with(".git") || source.text.find(".git#") != std::string::npos ||
                       source.text.find(".git?") != std::string::npos ||
                       source.text.find("//api.") != std::string::npos || names_commit(source.text);
    if (source.known && is_url(source.text) && !other)
      report.add(
          source.span,
          "this download is not checked; `ADD --checksum=sha256:…` makes the build fail when its content changes");
  }
}

void check_run(const Facts& facts, const Step& step, Report& report) {
  const auto& script = *step.script;
  if (checks_content(script)) return;
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const auto& command = script.commands[i];
    if (command.name() != "curl" && command.name() != "wget") continue;
    const auto url = std::ranges::find_if(command.words, [](const ShellWord& word) {
      return is_url(word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw));
    });
    if (url == command.words.end()) continue;
    const auto span = script.to_source(url->span);
    const auto text = url->value.is_known() ? std::string_view(url->text()) : std::string_view(url->raw);
    const bool into_shell = command.piped && i + 1 < script.commands.size() && script.commands[i + 1].piped &&
                            (script.commands[i + 1].name() == "sh" || script.commands[i + 1].name() == "bash");
    if (const auto part = moving_part(text); !part.empty())
      report.add(span,
                 "`" + std::string(part) +
                     "` in this URL changes over time, so the same line will download something else; name a version");
    else if (into_shell && !is_installer(facts, text) && !names_commit(text))
      report.add(span, "a downloaded script runs without its content being checked; compare its checksum first")
          .severity = Severity::info;
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      check_add(step, report);
      if (step.script) check_run(file.facts(), step, report);
    }
}

}  // namespace

extern constinit const Rule unpinned_download = {
    .id = "unpinned-download",
    .category = Category::reproducibility,
    .severity = Severity::warning,
    .summary = "a download has neither a version nor a checksum",
    .rationale = R"(A file fetched from a moving address is whatever is there when the layer is rebuilt, and nobody
notices if it has been replaced. Put the version into the URL, as an `ARG` so that it is easy to update, and check the
content: with `ADD --checksum=sha256:…`, or with `sha256sum -c` after `curl`.

There is no fix, because the checksum is not in the Dockerfile. A URL that names a commit is not reported.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
