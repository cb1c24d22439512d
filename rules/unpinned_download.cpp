// Fires on downloads whose content may change under the same URL: `ADD https://…` without a checksum, `curl … | sh`,
// and URLs that name `latest` or a branch. A script that verifies a checksum or a signature afterwards is not reported.
#include <algorithm>
#include <utility>
#include <vector>

#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/added_source.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

constexpr std::size_t most_downloads = 100;  // of a script, of which each is looked for in all that follows

// Whether a part of a path, with nothing else between slashes, is a branch there: `main` is also the name of a section
// of a package archive, and of a directory of sources.
bool names_branch(std::string_view url, std::string_view part) {
  constexpr std::string_view sections[] = {"/pool/", "/src/"};
  for (auto at = url.find(part, 1); at != url.npos; at = url.find(part, at + 1)) {
    const auto after = at + part.size();
    if (url[at - 1] != '/' || (after != url.size() && url[after] != '/')) continue;
    const auto before = url.substr(0, at);
    if (part != "main") return true;
    if (before.find("/artifactory/") != before.npos || before.ends_with("/artifactory")) continue;
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
    if (names_branch(url, part) || url.find('@' + std::string(part) + '/') != url.npos) return part;
  return {};
}

bool checks_content(const Script& script) {
  return std::ranges::any_of(script.commands, [](const ShellCommand& command) {
    const auto name = command.name();
    return (name.starts_with("sha") && name.ends_with("sum")) || name == "gpg" || name == "gpgv" || name == "md5sum" ||
           name == "b2sum" || name == "cosign" || name == "minisign" || name == "openssl";
  });
}

// The installer of a toolchain, or what sets up a vendor's repository, whose authors publish it for this and change it:
// there is no checksum to compare.
bool is_installer(const Facts& facts, std::string_view url) {
  const auto is_there = [&](std::string_view address) { return url.find(address) != url.npos; };
  return std::ranges::any_of(facts.bystander_scripts, is_there) || std::ranges::any_of(facts.vendor_scripts, is_there);
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

// `/v0.40.1/install.sh`, `/$VERSION/install.sh`: a checksum holds as long as the version.
bool names_version(std::string_view url) {
  const auto path = url.substr(std::min(url.size(), url.find('/', url.find("//") + 2)));
  if (path.find('$') != path.npos) return true;
  const auto is_digit = [&](std::size_t i) { return i < path.size() && '0' <= path[i] && path[i] <= '9'; };
  for (auto dot = path.find('.'); dot != path.npos; dot = path.find('.', dot + 1))
    if (is_digit(dot - 1) && is_digit(dot + 1)) return true;
  return false;
}

// A bundle of certificates is replaced under the same address whenever one of them is, and a checksum would break the
// build then.
bool is_certificate(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  constexpr std::string_view endings[] = {".cer", ".crt", ".pem"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return url.ends_with(ending); });
}

// Where a new release would break the check.
std::string_view advice_for(std::string_view url) {
  return names_version(url) ? "compare its checksum first"
                            : "take a release with a version in its address, and compare its checksum";
}

// A checksum would only break the build when the part moves.
std::string name_a_version(std::string_view moving) {
  return "`" + std::string(moving) +
         "` in this URL changes over time, so the same line will download something else; name a version";
}

void check_add(const Facts& facts, const Step& step, Report& report) {
  if (step.instruction->keyword != Keyword::add || !step.copy || step.instruction->flag("checksum") != nullptr) return;
  for (const auto& source : step.copy->sources) {
    // A repository has its own ways to name a version; the newest commit is asked for to notice that there is one.
    const bool other = source.text.ends_with(".git") || source.text.find(".git#") != std::string::npos ||
                       source.text.find(".git?") != std::string::npos ||
                       source.text.find("//api.") != std::string::npos || names_commit(source.text);
    if (!source.known || !is_url(source.text) || other || is_installer(facts, source.text)) continue;
    if (is_certificate(source.text)) continue;
    if (const auto part = moving_part(source.text); !part.empty()) report.add(source.span, name_a_version(part));
    else
      report.add(
          source.span,
          "this download is not checked; `ADD --checksum=sha256:…` makes the build fail when its content changes");
  }
}

// ---- what runs what was downloaded ----------------------------------------------------------------------------------

// By the names of programs that read a script as a shell does.
bool is_shell(const ShellCommand& command) { return command.name().ends_with("sh") && command.name() != "ssh"; }

// `bash -s -- -y`, `bash -`: it reads its script from its standard input.
bool reads_standard_input(const ShellCommand& shell) {
  for (std::size_t i = 1; i < shell.words.size(); ++i) {
    const std::string_view raw = shell.words[i].raw;
    if (raw == "-s" || raw == "-" || raw == "--" || raw == "/dev/stdin") return true;
    if (!raw.starts_with('-') && !raw.starts_with('+')) return false;  // a script
    if (raw.starts_with("-c")) return false;
  }
  return true;
}

bool is_within(const ShellCommand& inner, const ShellCommand& outer) {
  return &inner != &outer && outer.span.begin <= inner.span.begin && inner.span.end <= outer.span.end;
}

// `bash -c "$(curl …)"`, `bash <(curl …)`, `eval "$(curl …)"`, but not `VERSION=$(curl …)`.
bool is_script_of(const Facts& facts, const ShellCommand& download, const ShellCommand& other) {
  if (other.words.empty() || !is_within(download, other)) return false;
  const auto* row = facts.unix_command(other.name());
  return is_shell(other) || (row != nullptr && row->shell && row->anything);
}

// `curl … | tee install.sh | bash`: the commands of a pipeline that come after a download.
bool is_piped_after(const ShellCommand& download, const ShellCommand& other) {
  return download.piped && other.piped && other.element == download.element && other.span.begin > download.span.end;
}

// Files that a download writes: by its options, its redirections, and a `tee` that it is piped into.
std::vector<std::string> downloaded_files(const Facts& facts, const Script& script, const ShellCommand& download,
                                          std::string_view url) {
  std::vector<std::string> files;
  const auto add = [&](const ShellCommand& command) {
    for (const auto& written : unix_effects(facts, command).writes.paths) files.push_back(written.path);
  };
  add(download);
  for (const auto& other : script.commands)
    if (is_piped_after(download, other)) add(other);
  // Without a name of its own, it is called like the end of the address.
  url = url.substr(0, url.find_first_of("?#"));
  if (download.directory.is_known()) files.push_back(resolve_path(download.directory.text, path_basename(url)));
  return files;
}

// `sh install.sh`, `./install.sh`
bool starts(const ShellCommand& command, const std::vector<std::string>& files) {
  if (command.words.empty()) return false;
  const auto is_downloaded = [&](const ShellWord& word) {
    const auto path = path_of(command, word);
    return path && std::ranges::find(files, *path) != files.end();
  };
  if (command.words[0].raw.find('/') != std::string::npos && is_downloaded(command.words[0])) return true;
  if (!is_shell(command) && !is_sourcing(command)) return false;
  const auto script = std::ranges::find_if(command.words.begin() + 1, command.words.end(), [](const ShellWord& word) {
    return !word.raw.starts_with('-') && !word.raw.starts_with('+');
  });
  return script != command.words.end() && is_downloaded(*script);
}

bool is_run(const Facts& facts, const Script& script, const ShellCommand& download, std::string_view url) {
  const auto files = downloaded_files(facts, script, download, url);
  return std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
    if (is_piped_after(download, other) && is_shell(other) && reads_standard_input(other)) return true;
    return is_script_of(facts, download, other) || (other.span.begin > download.span.end && starts(other, files));
  });
}

// ---- the rule -------------------------------------------------------------------------------------------------------

// `ARG CACHEBUST`: whoever builds wants what is newest.
bool wants_newest(const Stage& stage, const Step& step) {
  constexpr std::string_view names[] = {"CACHEBUST", "CACHEBUSTER", "CACHE_BUST", "CACHE_BUSTER", "CACHE_DATE"};
  return std::ranges::any_of(names, [&](std::string_view name) {
    return stage.environment.find(std::string(name), step.bindings) != nullptr;
  });
}

void check_run(const Facts& facts, const Stage& stage, const Step& step, Report& report) {
  const auto& script = *step.script;
  if (checks_content(script) || wants_newest(stage, step)) return;
  std::size_t downloads = 0;
  std::vector<std::pair<Span, std::string_view>> moving;  // and the part that moves
  for (const auto& command : script.commands) {
    if (command.name() != "curl" && command.name() != "wget") continue;
    const auto url = std::ranges::find_if(command.words, [](const ShellWord& word) {
      return is_url(word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw));
    });
    if (url == command.words.end()) continue;
    const auto span = script.to_source(url->span);
    const auto text = url->value.is_known() ? std::string_view(url->text()) : std::string_view(url->raw);
    const auto part = moving_part(text);
    if (!part.empty()) moving.emplace_back(span, part);
    else if (++downloads <= most_downloads && !is_installer(facts, text) && !names_commit(text) &&
             is_run(facts, script, command, text))
      report.add(span, "a downloaded script runs without its content being checked; " + std::string(advice_for(text)))
          .severity = Severity::info;
  }
  // The first of a RUN speaks for all.
  if (moving.empty()) return;
  auto& finding = report.add(moving.front().first, name_a_version(moving.front().second));
  for (std::size_t i = 1; i < moving.size(); ++i) finding.related.push_back(moving[i].first);
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      check_add(file.facts(), step, report);
      if (step.script) check_run(file.facts(), stage, step, report);
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

There is no fix, because the checksum is not in the Dockerfile. A URL that names a commit is not reported, nor is a RUN
after `ARG CACHEBUST` and the like: it is meant to get what is newest.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
