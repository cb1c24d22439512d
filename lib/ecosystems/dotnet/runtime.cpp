// .NET programs in an image of their own: the directory that `dotnet publish` fills, in the image of ASP.NET Core or of
// the runtime alone. The image of the SDK is built on that of ASP.NET Core, so that the frameworks are the same.
// Source: https://github.com/dotnet/dotnet-docker/tree/main/src
#include "ecosystems/dotnet/runtime.hpp"

#include <algorithm>

#include "ecosystems/build_effects.hpp"
#include "ecosystems/dotnet/projects.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/removed_files.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"dotnet"};

bool has_sdk(const Stage& stage) { return stage.reference.repository.ends_with("/sdk"); }

std::string_view toolchain(const Dockerfile&, const Stage& stage) { return has_sdk(stage) ? ".NET SDK" : ""; }

// ---- the image ------------------------------------------------------------------------------------------------------

// What the image of the SDK installs besides.
constexpr std::pair<std::string_view, std::string_view> lacking[] = {
    {"curl", "curl"}, {"git", "git"}, {"wget", "wget"}};

// `8.0-jammy` for `8.0-jammy` and for `8.0.424-jammy`: versions of the SDK are not those of the runtime. Empty for a
// variant that the runtime images may not have.
std::string runtime_tag(const std::string& tag) {
  if (tag.empty() || tag == "latest") return "latest";
  const auto dash = std::min(tag.find('-'), tag.size());
  const auto numbers = version_numbers(tag.substr(0, dash));
  if (numbers.size() < 2) return {};
  std::string_view variant = std::string_view(tag).substr(dash);
  for (const std::string_view platform : {"-amd64", "-arm64v8", "-arm32v7"})
    if (variant.ends_with(platform)) variant.remove_suffix(platform.size());
  constexpr std::string_view known[] = {"",       "-azurelinux3.0", "-bionic", "-bookworm-slim", "-bullseye-slim",
                                        "-focal", "-buster-slim",   "-jammy",  "-noble",         "-resolute"};
  if (std::ranges::find(known, variant) == std::end(known) && !variant.starts_with("-alpine")) return {};
  return std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]) + tag.substr(dash);
}

// `dotnet run`, `dotnet watch`, `dotnet test`: what the container starts is the SDK.
Obstacle obstacle_in_start(const Stage& stage) {
  const auto start = find_start_command(stage);
  if (!start || path_basename(start->words[0]) != "dotnet") return std::nullopt;
  if (start->words.size() > 1 && (start->words[1].ends_with(".dll") || start->words[1] == "exec")) return std::nullopt;
  const auto verb = start->words.size() > 1 ? ' ' + start->words[1] : std::string();
  return Declined{
      "`dotnet" + verb +
      "` needs the SDK when the container starts; publish the project in a RUN (`dotnet publish -c Release -o "
      "/app`) and start what that makes (`dotnet /app/NAME.dll`)"};
}

Outcome<RuntimeImage> image(const Facts&, const Stage& stage) {
  RuntimeImage result;
  result.same_family = true;
  result.name = stage.base.text;
  if (!has_sdk(stage)) return result;
  if (auto obstacle = obstacle_in_start(stage)) return *obstacle;
  const auto tag = runtime_tag(stage.reference.tag);
  if (tag.empty()) return Declined{"the runtime image for the tag `" + stage.reference.tag + "` is not known"};
  const auto& repository = stage.reference.repository;
  result.name = stage.reference.registry + '/' + repository.substr(0, repository.size() - 3) + "aspnet:" + tag;
  result.lacks.entries = lacking;
  result.differences = {
      "variables that `" + shown_base(stage) +
      "` sets are not set in the runtime image: those for tools of "
      "the SDK (`DOTNET_SDK_VERSION`, `DOTNET_USE_POLLING_FILE_WATCHER`, `NUGET_XMLDOC_MODE`); what the "
      "program itself is told (`ASPNETCORE_HTTP_PORTS`, `DOTNET_RUNNING_IN_CONTAINER`) is the same"};
  if (version_numbers(stage.reference.tag).size() > 2)
    result.differences.push_back("the runtime image has the newest patch of its version, and `" + shown_base(stage) +
                                 "` the one of its day");
  return result;
}

// The texts of the projects that a file publishes; nothing where one is not known.
std::optional<std::string> published_projects(const Dockerfile& file) {
  std::string all;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& use : step.script->uses) {
        if (use.tool->id != "dotnet" || use.action->words.empty() || use.action->words[0] != "publish") continue;
        const auto& directory = use.command->directory;
        const auto before = Site{file, stage, step}.earlier().size();
        const auto root = directory.is_known() ? project_in_context(file, stage, before, directory.text) : std::nullopt;
        if (!file.context().is_known() || !root || use.operands.size() > 1) return std::nullopt;
        std::string path = *root;
        if (!use.operands.empty()) {
          const auto& word = use.command->words[use.operands[0]];
          if (!word.value.is_known() || word.text().starts_with('/')) return std::nullopt;
          path = join_context_path(*root, word.text());
        }
        if (file.context().kind(path) == PathKind::directory) path = only_project_in(file.context(), path);
        const auto text = path.ends_with("proj") ? file.context().read(path) : std::nullopt;
        if (!text) return std::nullopt;
        all += *text;
      }
    }
  if (all.empty()) return std::nullopt;
  return all;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// Whether nothing that a project names may need ASP.NET Core: the SDK for it, a reference to it, or a package or
// project that may have one.
bool needs_runtime_alone(std::string_view project) {
  if (!has(project, "Sdk=\"Microsoft.NET.Sdk\"") || has(project, "Microsoft.NET.Sdk.") || has(project, "AspNetCore") ||
      has(project, "<ProjectReference") || has(project, "<Import") || has(project, "<FrameworkReference"))
    return false;
  constexpr std::string_view plain[] = {"Microsoft.Data.Sqlite\"", "Microsoft.Extensions.",
                                        "Newtonsoft.Json\"",       "Npgsql\"",
                                        "Spectre.Console",         "System."};
  constexpr std::string_view include = "Include=\"";
  for (auto at = project.find("<PackageReference"); at != project.npos;
       at = project.find("<PackageReference", at + 1)) {
    const auto name = project.find(include, at);
    if (name == project.npos) return false;
    const auto rest = project.substr(name + include.size());
    if (std::ranges::none_of(plain, [&](std::string_view package) { return rest.starts_with(package); })) return false;
  }
  return true;
}

// Until .NET 7 the image of ASP.NET Core made a web server listen on port 80, and that of the SDK took that back.
bool moves_port(const Dockerfile& file, const Stage& stage) {
  const auto numbers = version_numbers(stage.reference.tag);
  const auto urls = file.lookup(stage, stage.environment.size(), "ASPNETCORE_URLS");
  return !numbers.empty() && numbers[0] < 8 && !(urls.is_known() && !urls.text.empty());
}

Obstacle fit_image(const Dockerfile& file, const Stage& stage, RuntimeImage& image) {
  if (image.name == stage.base.text) return std::nullopt;
  const auto project = published_projects(file);
  const bool invariant = project && has(to_lower_ascii(*project), "<invariantglobalization>true<");
  if (has(image.name, "-alpine") && !invariant)
    return Declined{"`" + image.name +
                    "` has no data of languages and sets `DOTNET_SYSTEM_GLOBALIZATION_INVARIANT`, which `" +
                    stage.base.text + "` does not; set InvariantGlobalization in the project if it needs none"};
  if (project && needs_runtime_alone(*project)) {
    const auto at = image.name.find("/aspnet:");
    image.name.replace(at, std::string_view("/aspnet:").size(), "/runtime:");
  }
  if (has(image.name, "/aspnet:") && moves_port(file, stage))
    return Declined{"`" + image.name + "` sets `ASPNETCORE_URLS` to port 80, which `" + stage.base.text +
                    "` does not; set it in the file, so that the program listens where it did"};
  image.unknown_needs = {"`dotnet --list-runtimes` in `" + image.name +
                             "` has the framework that the program's `.runtimeconfig.json` names",
                         starts_no_program(stage, image.name, "git, curl, wget or pwsh")};
  return std::nullopt;
}

// ---- the program ----------------------------------------------------------------------------------------------------

// A program that brings its own runtime starts in another image, and one that is compiled to machine code too.
Obstacle obstacle_in_publishing(const ToolUse& use) {
  for (const auto& word : use.command->words) {
    const auto small = to_lower_ascii(word.raw);
    for (const auto* mark :
         {"publishaot", "publishsinglefile", "publishtrimmed", "selfcontained=true", "usecurrentruntime"})
      if (has(small, mark)) return Declined{"`" + word.raw + "` publishes a program that needs another runtime image"};
  }
  for (const auto* option : {"--self-contained", "--sc"}) {
    const auto value = option_value(*use.command, option);
    if (use.has_option(option) && !value.is("false"))
      return Declined{"`" + std::string(option) +
                      "` publishes a program with its own runtime, for which `runtime-deps` is the image"};
  }
  const bool for_one = use.has_option("-r") || use.has_option("--runtime");
  if (for_one && !use.has_option("--no-self-contained") && !option_value(*use.command, "--self-contained").is("false"))
    return Declined{
        "`--runtime` without `--self-contained false` publishes a program with its own runtime before .NET 6"};
  return std::nullopt;
}

Obstacle obstacle_in_project(const Dockerfile& file) {
  const auto project = published_projects(file);
  if (!project)
    return Declined{"which project is published, and so whether the program brings its own runtime, is not known"};
  for (const std::string package : {"Microsoft.Build.Locator", "Microsoft.CodeAnalysis.Workspaces.MSBuild"})
    if (has(*project, '"' + package + '"'))
      return Declined{"`" + package + "`, which the project names, needs the SDK when the program runs"};
  const auto small = to_lower_ascii(*project);
  for (const std::string property : {"PublishAot", "PublishSingleFile", "PublishTrimmed", "SelfContained"})
    if (has(small, '<' + to_lower_ascii(property) + ">true"))
      return Declined{"`" + property + "` in the project publishes a program that needs another runtime image"};
  return std::nullopt;
}

// The directory into which a use publishes; nothing where it is not known to be that of the program at `path`.
std::optional<std::string> published_directory(const ToolUse& use, const std::string& path) {
  const auto& command = *use.command;
  auto output = option_value(command, "-o");
  if (output.state == Value::State::undefined) output = option_value(command, "--output");
  if (output.is_known() && command.directory.is_known()) {
    const auto directory = resolve_path(command.directory.text, output.text);
    return path_parent(path) == directory ? std::optional(directory) : std::nullopt;
  }
  // `bin/Release/net8.0/publish`
  const std::string directory(path_parent(path));
  const bool own = output.state == Value::State::undefined && command.directory.is_known() &&
                   path_is_under(directory, command.directory.text) && directory.ends_with("/publish") &&
                   has(directory, "/bin/");
  return own ? std::optional(directory) : std::nullopt;
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& stage = conversion.stage;
  const auto start = find_start_command(stage);
  if (!start) return start.declined();
  const bool by_host = path_basename(start->words[0]) != "dotnet";
  const bool named = by_host || (start->words.size() > 1 && start->words[1].ends_with(".dll"));
  if (!named) return Declined{"the container does not start with `dotnet NAME.dll`"};
  if (!stage.workdir.is_known()) return Declined{"the working directory is not known"};
  const auto& word = start->words[by_host ? 0 : 1];
  if (by_host && word.find('/') == word.npos)
    return Declined{"`" + word + "`, which the container runs, is not a known result of the build"};
  const auto path = resolve_path(stage.workdir.text, word);
  std::optional<std::string> directory;
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      const auto* use = command.use;
      if (command.name() == "dotnet" && command.has_word("dev-certs"))
        return Declined{"`dotnet dev-certs` makes a certificate in the home directory of the builder alone"};
      const bool publishes = use != nullptr && use->tool->id == "dotnet" && !use->action->words.empty() &&
                             use->action->words[0] == "publish" && !command.conditional;
      if (publishes) {
        if (auto obstacle = obstacle_in_publishing(*use)) return *obstacle;
        if (auto found = published_directory(*use, path)) directory = std::move(found);
      } else if (directory && removal_by(conversion.file.facts(), *step->script, command, path) != Removal::no) {
        return Declined{"it is not known whether `" + command.name() + "` leaves `" + path + "`"};
      }
    }
  if (!directory)
    return Declined{"`" + word + "`, which the container runs, is not in a directory that `dotnet publish` fills"};
  if (auto obstacle = obstacle_in_project(conversion.file)) return *obstacle;
  RuntimeProgram result;
  result.init = start->init;
  result.artifacts = {{*directory, *directory}};
  // What a project reads is published with it; one that runs in its source may read that.
  result.complete = path_is_under(stage.workdir.text, *directory);
  return result;
}

constexpr std::string_view source_endings[] = {".cs", ".fs", ".vb"};
constexpr std::string_view toolchain_programs[] = {"csc", "msbuild", "nuget", "pwsh"};
constexpr std::string_view starting_calls[] = {".Start", "ProcessStartInfo"};
constexpr std::string_view kept_programs[] = {"dotnet"};

}  // namespace

extern constinit const Runtime dotnet_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = ".NET",
    .source_endings = source_endings,
    .toolchain_programs = toolchain_programs,
    .starting_calls = starting_calls,
    .kept_programs = kept_programs,
    .toolchain = toolchain,
    .part = part_of_action,
    .image = image,
    .fit_image = fit_image,
    .program = program,
};

}  // namespace dockhew::inline ecosystems
