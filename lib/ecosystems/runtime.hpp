// How a program is run in an image that lacks what built it. The multi-stage conversion asks these questions of the
// ecosystem that the base image is made for, so that it names no language itself; the answers are data, and the text is
// written elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// What the runtime stage copies from the builder.
struct Artifact {
  std::string from, to;
  bool is_file = false;  // in a directory that the COPY of others of it may name for all
};

// What a command of the ecosystem's own tools does for the image.
enum class BuildPart { nothing, installs, builds };

struct RuntimeImage {
  std::string name;                        // as FROM takes it; the stage's own if that is already a runtime image
  bool same_family = false;                // a form of the base image, with the same users
  bool same_release = true;                // of the distribution, as far as is known
  bool other_distribution = false;         // different from the base image's, so that packages have other names
  bool has_certificates = true;            // of the authorities that TLS trusts
  bool wants_certificates = true;          // the language's own programs need these, and not only others
  NameMap<std::string_view> lacks;         // programs of the base image which it has not, with their packages
  std::vector<std::string> differences;    // from the base image, each a sentence for a person
  std::vector<std::string> unknown_needs;  // what the program may need and it may lack, the same
};

// What is known of a conversion when its ecosystem is asked for the program.
struct Conversion {
  const Dockerfile& file;
  const Stage& stage;                     // the only one
  const Step& build;                      // the last that installs or builds with the ecosystem's tools
  bool builds_source;                     // some step builds
  std::vector<const Step*> builder_runs;  // the RUNs of the builder
  const std::string& runtime_image;       // its name
};

struct RuntimeProgram {
  std::vector<Artifact> artifacts;
  std::vector<std::string> after_build;  // commands that the builder runs when it has built
  std::string keeps_development;         // why what is for development stays; empty where it is removed
  std::vector<std::string> before_copy;  // and the runtime stage before it has the artifacts, as root
  std::vector<std::string> after_copy;   // the same when it has them
  std::vector<std::string> packages;     // of the distribution that the program loads; -dev packages stand for theirs
  std::string init;       // the program that starts the application's program in the container; empty without one
  bool complete = false;  // the artifacts have all that it reads of the project
  std::vector<std::string> checklist;  // what cannot be known, each a sentence for a person
};

struct Runtime {
  // The base image has the tools, and the runtime image what its programs run in: nothing of the source runs.
  bool compiled = false;
  // The runtime image is a form of the base image, and nothing that is copied depends on the version.
  bool any_version = false;
  // Where a step builds, all that is in the project then is taken from the builder, whatever tool has made it.
  bool takes_project = false;
  Words tools;                    // ids of those whose results are the program: "npm", "yarn"
  std::string_view titles;        // of these, for a person: "npm, Yarn or pnpm"
  Words packages = {};            // of the distribution, that hold these tools
  Words setup_commands = {};      // no tools of the tables, and only set up what builds: "rustup"
  Words repeated_commands = {};   // that the runtime stage runs again, when it has what is built: "ldconfig"
  Words script_endings = {};      // of files that are run and not compiled: ".js"
  Words source_endings = {};      // of files that are compiled: ".go"
  Words toolchain_programs = {};  // that the runtime image has not, and a program may start
  Words building_files = {};      // endings of the names of those that only build or test: "_test.go"
  // Calls that read a whole directory, with `@` for its name in quotes: "http.Dir(@)".
  Words directory_readers = {};
  Words template_endings = {};  // of files with code between `<%` and `%>`
  Words installers = {};        // that run no file: "pip"; the first of the prompts does
  // Programs that install packages and come from images of their own: "uv". A container that starts one gets no runtime
  // stage.
  Words copied_installers = {};
  Words prompts = {};         // programs that, without more words, wait for a person: "irb"
  Words starting_calls = {};  // in these files, functions whose first text is a program (starting_calls.hpp)
  Words kept_programs = {};   // of the base image that the runtime image has too, where it is another one: "java"
  // What of it the stage's image has and only the build needs: "Go toolchain". Empty when nothing. Null where that is
  // what the full form of an image has and its slim form has not.
  std::string_view (*toolchain)(const Dockerfile&, const Stage&) = nullptr;
  // The words of a tool that builds the project whenever the container starts: `mvn spring-boot:run`. Empty where there
  // is none; null where none is known.
  std::string (*started_build)(const Stage&) = nullptr;
  // Of a use of one of `tools`.
  Outcome<BuildPart> (*part)(const ToolUse&) = nullptr;
  // The same of a command that is no tool of the tables; nothing where it does not belong to a build. Null when none
  // does.
  std::optional<BuildPart> (*part_of_command)(const ShellCommand&) = nullptr;
  // The directory of the image with the source of what a step builds. Null: where the first of its tools runs.
  Value (*project)(const Stage&, const Step&) = nullptr;
  // For a stage on an image that the tables know.
  Outcome<RuntimeImage> (*image)(const Facts&, const Stage&) = nullptr;
  // Why the program needs the toolchain while it runs: its source calls the compiler. `image`: the runtime image. Null
  // where that is never known.
  Obstacle (*need_of_toolchain)(const Dockerfile&, std::string_view image) = nullptr;
  // Chooses by the project between forms of that image, and says what it may lack, or why it does not fit. Null when
  // there is nothing to choose.
  Obstacle (*fit_image)(const Dockerfile&, const Stage&, RuntimeImage&) = nullptr;
  // What the runtime stage takes from the builder, and that it is what the container starts. Null where that is not
  // known, for the reason `obstacle`.
  Outcome<RuntimeProgram> (*program)(const Conversion&) = nullptr;
  std::string_view obstacle = {};
  // Lines of shell that a command runs, because a manifest of the project gives them a name or because it starts what
  // its words name: `npm start`, `bundle exec puma`. Null when none does. The command is of what the container starts.
  std::vector<std::string> (*run_by)(const Dockerfile&, const Stage&, const ShellCommand&) = nullptr;
  std::string_view scripts_file = {};  // that manifest: "package.json"
  // Whether a command runs a program of the source, which the runtime stage has too, to make something for the image:
  // `python manage.py collectstatic`. Null when none is known to.
  bool (*runs_source)(const Stage&, const ShellCommand&) = nullptr;
  // Packages of the distribution that those which are installed link to or start; null when none are known.
  std::vector<std::string> (*needed_packages)(const Dockerfile&, const Stage&) = nullptr;
  // Whether a use of any of the ecosystem's tools leaves nothing that would have to be copied, in any stage: it sets up
  // a tool, or installs into what is copied anyway. Null when none does.
  bool (*leaves_nothing)(const Site&, const ToolUse&) = nullptr;
  // Whether an installation does the same in the runtime image: it compiles nothing. Null where that is never known.
  bool (*installs_alike)(const Site&, const ToolUse&) = nullptr;
  // Whether a use installs programs into the image that the container may start, and does the same in the runtime
  // image: `npm install -g serve`, `npm install -g pnpm` where it starts pnpm. Null where none is known to.
  bool (*installs_programs)(const Stage&, const ToolUse&) = nullptr;
  // Whether a use installs nothing but tools, by name, which it does in any image that has its own programs: `npm
  // install -g yarn`. Null where none is known to.
  bool (*installs_tools)(const ToolUse&) = nullptr;
  // Whether all that a use makes is in the directory where it runs: `yarn install`. Null where that is never known.
  bool (*works_in_project)(const ToolUse&) = nullptr;
  // The installation of a stage that also brings what is for development, if a build needs that; null where there is
  // none. `program` may have a command that removes it again. Null when it is never known.
  const ToolUse* (*brings_development)(const Dockerfile&, const Stage&) = nullptr;
  // Whether a file of the source is of another program than the container's: a generator, a task for developers. Null
  // when that is never known. `path`: in the context.
  bool (*is_of_other_program)(std::string_view path, std::string_view text) = nullptr;
  // A directory of a project with settings that are packed into the program: "src/main/resources". Empty when none is.
  std::string_view packed_settings = {};
  // Whether a directory of a project is an input of the build, or only its output. Null when none is known to.
  bool (*is_packed)(const BuildContext&, const std::string& project, std::string_view name) = nullptr;
};

// A program that starts the one that its words name: `timeout`, `gosu`.
bool is_launcher(std::string_view name);

// Whether the command runs a program of the source of a stage's language: see Runtime::runs_source.
bool runs_source(const Runtime& runtime, const Stage& stage, const ShellCommand& command);

// How the programs run whose tool a use runs; null where nothing is known of it.
const Runtime* runtime_of(const ToolUse& use);

// What a command that is no tool of the tables does for the image: see Runtime::part_of_command.
std::optional<BuildPart> part_of_command(const Runtime& runtime, const ShellCommand& command);
// Whether the runtime stage runs a command again: see Runtime::repeated_commands.
bool is_repeated(const Runtime& runtime, const ShellCommand& command);

// The part by what the tables say of the command; never declined.
Outcome<BuildPart> part_of_action(const ToolUse& use);

}  // namespace dockhew::inline ecosystems
