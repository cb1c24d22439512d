// dockhew doctor: which builders this machine has, what of a Dockerfile each can build, and, of a repository, what
// builds its Dockerfiles elsewhere. It reads and asks only; nothing is built.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "commands.hpp"
#include "doctor/found_builders.hpp"
#include "files.hpp"
#include "report/text.hpp"
#include "text/json.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

// What a file of the project says about who builds a Dockerfile.
struct NamedBuilder {
  std::string place, program;  // program: empty where it is not said
  std::string target;
  bool hosted = false;
};

struct BuiltDockerfile {
  std::string path;
  std::vector<NamedBuilder> builders;
  std::string refusal;  // with its place, of builds elsewhere too: then `optimize` writes no mounts
  std::string command;  // for the form that suits all of them
};

// Of several that need another form, the one that knows the least: it builds everywhere.
std::string command_for(const BuiltDockerfile& file) {
  const auto named = [&](std::string_view program) {
    return std::ranges::any_of(file.builders, [&](const auto& each) { return each.program == program; });
  };
  const auto* option = named("kaniko")                       ? " --builder kaniko"
                       : !file.refusal.empty()               ? " --builder legacy"
                       : named("podman") || named("buildah") ? " --builder buildah"
                                                             : "";
  return "dockhew optimize" + std::string(option) + " " + file.path;
}

BuiltDockerfile read_builders(const Inputs& inputs, const std::string& path) {
  BuiltDockerfile file;
  file.path = path;
  const auto builds = builds_of(inputs, path);
  std::set<std::string> seen;
  for (const auto& each : builds)
    if (seen.insert(place_of(each)).second)
      file.builders.push_back({place_of(each), each.build.program, each.build.target, each.build.hosted});
  file.refusal = refusal_of_mounts(inputs, builds, path, path == "-" ? "" : read_file(path).text);
  file.command = command_for(file);
  return file;
}

std::string said_of(const FoundBuilder& builder) {
  if (builder.path.empty()) return "not installed";
  std::string text = builder.path;
  if (!builder.problem.empty()) text += "; " + builder.problem;
  for (const auto& note : builder.notes) text += "; " + note;
  return text;
}

bool is_usable(const FoundBuilder& builder) { return !builder.path.empty() && builder.problem.empty(); }

// As what it builds: "BuildKit 0.12.5".
std::string form_of(const FoundBuilder& builder) {
  const auto with_version = [&](const std::string& name) {
    return builder.version.empty() ? name : name + ' ' + builder.version;
  };
  switch (builder.form) {
    case BuilderProgram::docker: return "the BuildKit of " + with_version("Docker");
    case BuilderProgram::buildkit: return with_version("BuildKit");
    case BuilderProgram::podman: return with_version("Podman");
    case BuilderProgram::buildah: return with_version("Buildah");
    case BuilderProgram::kaniko: return with_version("Kaniko");
    case BuilderProgram::legacy: break;
  }
  return "Docker's legacy builder";
}

std::string text_of(Support support) {
  switch (support) {
    case Support::yes: return "builds";
    case Support::by_syntax_line: return "builds with `# syntax=docker/dockerfile:1`";
    case Support::ignored: return "ignores";
    case Support::no: return "does not build";
    case Support::unknown: break;
  }
  return "not known";
}

// What it can build, with as few words as there are answers.
std::string features_text(const FoundBuilder& builder) {
  std::string text;
  for (const auto support : {Support::yes, Support::by_syntax_line, Support::ignored, Support::no, Support::unknown}) {
    std::string names;
    for (const auto& feature : builder_features())
      if (support_of(feature, builder.form, builder.version) == support)
        names += (names.empty() ? "" : ", ") + std::string(feature.name);
    if (!names.empty()) text += fmt::format("    {}: {}\n", text_of(support), names);
  }
  return text;
}

std::string builders_text(const std::vector<FoundBuilder>& builders, const Colours& colours) {
  auto text = fmt::format("{}On this machine{}\n", colours.bold, colours.reset);
  for (const auto& builder : builders) {
    // What builds may be part of it, and have a version of its own.
    const auto name =
        builder.name == "docker" || builder.version.empty() ? builder.name : builder.name + ' ' + builder.version;
    text += fmt::format("  {:<18} {}\n", escape_for_terminal(name), escape_for_terminal(said_of(builder)));
  }
  for (const auto& builder : builders) {
    if (!is_usable(builder)) continue;
    const auto option = builder_option(builder.form);
    text += fmt::format("\n{}{}{} is {}\n{}    proposals for it: dockhew optimize{}{}\n", colours.bold, builder.name,
                        colours.reset, escape_for_terminal(form_of(builder)), features_text(builder),
                        option.empty() ? "" : " ", option);
  }
  if (std::ranges::none_of(builders, is_usable)) text += "\nNothing can be built on this machine.\n";
  return text;
}

std::string file_text(const BuiltDockerfile& file, const Colours& colours) {
  auto text = fmt::format("\n{}{}{}\n", colours.bold, escape_for_terminal(file.path), colours.reset);
  for (const auto& each : file.builders) {
    auto line = "  " + each.place + " builds it" + (each.program.empty() ? "" : " with " + each.program);
    if (!each.target.empty()) line += ", target " + each.target;
    if (each.hosted) line += ", on a machine that is new for every run";
    text += escape_for_terminal(line) + '\n';
  }
  if (file.builders.empty()) text += "  no file of the project says what builds it\n";
  if (!file.refusal.empty()) text += "  no mounts: " + escape_for_terminal(file.refusal) + '\n';
  return text + "  proposals for it: " + escape_for_terminal(file.command) + '\n';
}

Json builder_json(const FoundBuilder& builder) {
  Json features = Json::object();
  if (is_usable(builder))
    for (const auto& feature : builder_features())
      features[std::string(feature.id)] = to_string(support_of(feature, builder.form, builder.version));
  return {{"name", builder.name},
          {"program", builder.path.empty() ? Json() : Json(builder.path)},
          {"version", builder.version.empty() ? Json() : Json(builder.version)},
          {"problem", builder.problem.empty() ? Json() : Json(builder.problem)},
          {"notes", builder.notes},
          {"builds_as", is_usable(builder) ? Json(form_of(builder)) : Json()},
          {"features", std::move(features)},
          {"option", is_usable(builder) ? Json(builder_option(builder.form)) : Json()}};
}

Json file_json(const BuiltDockerfile& file) {
  Json builders = Json::array();
  for (const auto& each : file.builders)
    builders.push_back({{"place", each.place},
                        {"program", each.program.empty() ? Json() : Json(each.program)},
                        {"target", each.target},
                        {"hosted", each.hosted}});
  return {{"path", file.path},
          {"builders", std::move(builders)},
          {"refuses_mounts", file.refusal.empty() ? Json() : Json(file.refusal)},
          {"command", file.command}};
}

}  // namespace

int run_doctor(const Options& options) {
  Inputs inputs;
  if (!options.operands.empty()) inputs = expand_paths(options);
  const auto builders = find_builders();
  std::vector<BuiltDockerfile> files;
  for (const auto& path : inputs.paths)
    if (path != "-") files.push_back(read_builders(inputs, path));
  if (options.format == "json") {
    Json found = Json::array(), named = Json::array();
    for (const auto& builder : builders) found.push_back(builder_json(builder));
    for (const auto& file : files) named.push_back(file_json(file));
    const Json document = {{"version", 1}, {"builders", std::move(found)}, {"files", std::move(named)}};
    std::cout << document.dump(2) << '\n';
  } else {
    const auto colours = options.colour ? Colours::ansi() : Colours::none();
    std::cout << builders_text(builders, colours);
    for (const auto& file : files) std::cout << file_text(file, colours);
  }
  return inputs.failed ? exit_failed : exit_clean;
}

}  // namespace dockhew::cli
