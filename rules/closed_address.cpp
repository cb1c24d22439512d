// Fires on a download from a host that was closed, or a repository of packages that was emptied: the build ends there.
#include <algorithm>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

struct Closed {
  std::string_view place;  // as it stands in a command
  std::string_view since;  // for a person
  std::string_view instead;
};

// Sources: https://github.com/boostorg/boost/issues/997; JFrog's "Into the sunset" for Bintray; kubernetes.io's blog of
// 2023-08-31 and its removal in March 2024; Docker's notice of 2020; Launchpad's page of the archive of WebUpd8.
constexpr Closed closed[] = {
    {"//apt.dockerproject.org", "was closed in 2020", "`download.docker.com` has Docker's packages"},
    {"//apt.kubernetes.io", "was closed in 2024", "`pkgs.k8s.io` has the packages of Kubernetes"},
    {"//boostorg.jfrog.io", "was closed at the end of 2024", "`archives.boost.io/release/…` has the same files"},
    {"//dl.bintray.com", "was closed in 2021", ""},
    {"//yum.kubernetes.io", "was closed in 2024", "`pkgs.k8s.io` has the packages of Kubernetes"},
    {"ppa:webupd8team/java", "has had no packages since 2019", "the distribution has OpenJDK"},
};

const Closed* find_closed(std::string_view text) {
  const auto* found =
      std::ranges::find_if(closed, [&](const Closed& each) { return text.find(each.place) != std::string_view::npos; });
  return found == std::end(closed) ? nullptr : found;
}

void add(Span span, const Closed& each, Report& report) {
  std::string place(each.place);
  if (place.starts_with("//")) place.erase(0, 2);
  report.add(span, '`' + place + "` " + std::string(each.since) + ", so this fails" +
                       (each.instead.empty() ? "" : "; " + std::string(each.instead)));
}

// `curl … || curl …` asks somewhere else then.
bool has_alternative(const Script& script, const ShellCommand& command) {
  return command.conditional || command.element >= script.chain.size() || is_failure_caught(script, command);
}

bool check_run(const Site& site, Report& report) {
  const auto& script = *site.step.script;
  for (const auto& command : script.commands) {
    const auto& name = command.words.empty() ? std::string() : command.name();
    if ((name != "curl" && name != "wget" && name != "add-apt-repository") || has_alternative(script, command))
      continue;
    for (const auto& word : command.words)
      if (const auto* each = find_closed(word.value.is_known() ? word.text() : word.raw)) {
        add(script.to_source(word.span), *each, report);
        return true;
      }
  }
  return false;
}

// The first of a stage: builds do not get to the others.
void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (step.script && check_run({file, stage, step}, report)) break;
      if (step.instruction->keyword != Keyword::add || !step.copy) continue;
      const auto source = std::ranges::find_if(
          step.copy->sources, [](const CopySource& each) { return find_closed(each.text) != nullptr; });
      if (source == step.copy->sources.end()) continue;
      add(source->span, *find_closed(source->text), report);
      break;
    }
}

}  // namespace

extern constinit const Rule closed_address = {
    .id = "closed-address",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a download from a host that was closed",
    .rationale =
        R"(Bintray (`dl.bintray.com`), Boost's host at JFrog, the old repositories of Docker and of Kubernetes and the PPA with Oracle's
Java are closed or empty: a file that takes something from them has not been built since then. The message says where the same
is today.

A download with an alternative (`curl … || curl …`) is not reported. There is no fix.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
