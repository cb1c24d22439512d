// Fires on a build argument that a Compose file or a workflow passes and that no ARG of the Dockerfile takes. Silent
// where something else may take it: the builder itself, a trigger of an unknown base image, or another build that is
// given the same list.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/build_file.hpp"
#include "lint/rule.hpp"
#include "syntax/instruction_errors.hpp"
#include "syntax/parser_directive.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// Of the builder. https://docs.docker.com/reference/dockerfile/#predefined-args and
// https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args
bool is_predefined(std::string_view name) {
  constexpr std::array<std::string_view, 5> proxies = {"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY",
                                                       "ALL_PROXY"};
  constexpr std::array<std::string_view, 5> ends = {"PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"};
  if (std::ranges::find(proxies, to_upper_ascii(name)) != proxies.end()) return true;
  for (const std::string_view beginning : {"TARGET", "BUILD"})
    if (name.starts_with(beginning) && std::ranges::find(ends, name.substr(beginning.size())) != ends.end())
      return true;
  return name.starts_with("BUILDKIT_") || name == "SOURCE_DATE_EPOCH" || name == "TARGETSTAGE";
}

// Other frontends read the file in their own way.
bool has_other_frontend(const Dockerfile& file) {
  const auto syntax = find_syntax(file.source());
  return syntax && syntax->value.find("docker/dockerfile") == std::string::npos;
}

// Whether there may be an ARG that is not seen: in a trigger of a base image, or behind a line that cannot be read.
// Images of the tables have no triggers, but for those whose tag says so.
bool may_take_more(const Dockerfile& file) {
  if (!file.document().errors().empty() || file.stages().empty() || has_other_frontend(file)) return true;
  return std::ranges::any_of(file.stages(), [](const Stage& stage) {
    if (stage.parent || stage.scratch) return false;
    return !stage.image || stage.reference.tag.find("onbuild") != std::string::npos;
  });
}

void add_names(const Instruction& instruction, std::set<std::string_view>& names) {
  if (instruction.keyword == Keyword::arg)
    for (const auto& argument : instruction.arguments) {
      const std::string_view text = argument.text;
      names.insert(text.substr(0, text.find('=')));
    }
  for (const auto& trigger : instruction.trigger) add_names(trigger, names);
}

std::set<std::string_view> declared_names(const Dockerfile& file) {
  std::set<std::string_view> names;
  for (const auto& instruction : file.instructions()) add_names(instruction, names);
  return names;
}

// What a Dockerfile takes.
struct Taken {
  bool more = true;  // than is known
  std::set<std::string_view> names = {};
};

std::string message(const SaidValue& argument, const DeclaredBuild& build, const std::set<std::string_view>& declared) {
  if (argument.text == "DOCKER_BUILDKIT" || argument.text == "COMPOSE_DOCKER_CLI_BUILD")
    return "`" + argument.text + "` as a build argument has no effect: it is a variable of the shell that calls Docker";
  const auto meant = declared.size() > most_suggested
                         ? std::string()
                         : suggest(argument.text, std::vector<std::string_view>(declared.begin(), declared.end()));
  return "`" + argument.text + "` has no effect: there is no `ARG " + argument.text + "` in `" + build.path + "`" +
         (meant.empty() ? "" : "; is `" + meant + "` meant?");
}

// What a build passes for nothing, in the order of the file.
using Unused = std::vector<const SaidValue*>;

// One finding for a list, where it is long.
void report_unused(const Unused& unused, const DeclaredBuild& build, const std::set<std::string_view>& declared,
                   Report& report) {
  constexpr std::size_t most_single = 2, most_named = 3;
  if (unused.size() <= most_single) {
    for (const auto* argument : unused) report.add(argument->span, message(*argument, build, declared));
    return;
  }
  std::string names;
  for (std::size_t i = 0; i < most_named; ++i) names += (i == 0 ? "`" : ", `") + unused[i]->text + '`';
  if (unused.size() > most_named) names += " and " + std::to_string(unused.size() - most_named) + " more";
  auto& finding = report.add(unused.front()->span, names + " have no effect: `" + build.path + "` has no ARG for them");
  for (const auto* argument : std::span(unused).subspan(1)) finding.related.push_back(argument->span);
}

void check(const BuildFile& file, Report& report) {
  std::set<std::uint32_t> taken;  // places whose argument one of the builds takes
  std::map<const Dockerfile*, Taken> dockerfiles;
  for (const auto& build : file.builds) {
    const auto [known, is_new] = dockerfiles.try_emplace(build.dockerfile.get());
    if (is_new && build.dockerfile)
      known->second = {may_take_more(*build.dockerfile), declared_names(*build.dockerfile)};
    for (const auto& argument : build.arguments)
      if (known->second.more || is_predefined(argument.text) || known->second.names.contains(argument.text))
        taken.insert(argument.span.begin);
  }
  for (const auto& build : file.builds) {
    Unused unused;
    for (const auto& argument : build.arguments)
      if (taken.insert(argument.span.begin).second) unused.push_back(&argument);
    report_unused(unused, build, dockerfiles.at(build.dockerfile.get()).names, report);
  }
}

}  // namespace

extern constinit const Rule unused_build_argument = {
    .id = "unused-build-argument",
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a build passes an argument that no ARG takes",
    .rationale =
        R"(A build argument has an effect only where an `ARG` of the Dockerfile declares its name. Any other is dropped with
one line in the builder's output, so a setting seems to be made that is not: the name may be misspelt, the ARG may be
gone, or the variable may be meant for the container (`environment:`) or for the shell that calls Docker, as
`DOCKER_BUILDKIT` is.)",
    .fix = std::nullopt,
    .check_builds = check,
};

}  // namespace dockhew::rules
