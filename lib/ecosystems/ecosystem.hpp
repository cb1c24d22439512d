// What dockhew knows about one language or kind of package: one constant per folder, next to the table of its tools.
// The rooms above ask through this constant and do not name any tool or language themselves. A null function means that
// the answer is not known, and what is not known is declined.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/cache_behaviour.hpp"
#include "ecosystems/dependency_step.hpp"
#include "ecosystems/generated_directory.hpp"
#include "ecosystems/git_question.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/interpreter.hpp"
#include "ecosystems/local_import.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/pruning.hpp"
#include "ecosystems/refusal.hpp"
#include "ecosystems/runtime.hpp"
#include "effects/effects.hpp"
#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

struct Ecosystem {
  std::string_view id;                      // "go": the name of its folder
  std::string_view language;                // of base images made for it; empty when there are none
  std::span<const std::string_view> tools;  // ids of its tools in the tables: "npm", "yarn"

  // What forbids a mount on the cache of one of its tools in a RUN, or what must be true and could not be checked.
  // Null: nothing that the tables do not say.
  Outcome<std::vector<Assumption>> (*cache_hazards)(const Site& site, const Tool& tool) = nullptr;
  // Whether a use leaves one of its tool's caches alone for what is in the build context. Null: none does.
  bool (*leaves_cache)(const Site& site, const ToolUse& use, const ToolCache& cache) = nullptr;
  // Whether a use certainly puts nothing into one of its tool's caches, because of what is in the build context, so
  // that a mount that others of its caches have is enough. Null: that is not known.
  bool (*fills_nothing_in)(const Site& site, const ToolUse& use, const ToolCache& cache) = nullptr;
  // A part of the paths of caches that the base image decides: "IMAGE_RUBY_ABI".
  std::optional<std::string> (*image_variable)(const Stage& stage, std::string_view name) = nullptr;
  // What a RUN puts below the directory of all caches, or below a tool's, although it is no cache.
  std::vector<KeptDirectory> (*kept_directories)(const Site& site) = nullptr;
  // How a build can keep its intermediate files apart from `artifact`, which it makes below the mount on `mounted`.
  std::optional<IntermediateFiles> (*intermediate_files)(const Site& site, std::string_view artifact,
                                                         std::string_view mounted) = nullptr;

  // What a use of one of its tools reads and writes, redirections aside.
  Effects (*effects)(const Site& site, const ToolUse& use) = nullptr;
  // The files, and directories of files, that a use makes of manifests alone: the same again, whatever else of the
  // project has changed. Absolute paths; where a use writes to its standard output, see derives_manifest.
  std::vector<std::string> (*derived_manifests)(const ToolUse& use) = nullptr;

  // What a command does that is none of its tools, but is known to it: the installer of Composer. Nothing for others.
  // `script`: that the command is in.
  std::optional<Effects> (*other_effects)(const Script& script, const ShellCommand& command) = nullptr;

  // What a use installs: see installation_of.
  Installation (*installation)(const ToolUse& use) = nullptr;
  // What a use reads that installs what manifests declare: see find_manifests.
  Outcome<Manifests> (*manifests)(const Site& site, const ToolUse& use, const Project& project) = nullptr;
  // Of the text of a file, by its path in the context, what an installation evaluates or runs, so that a variable may
  // be used there. Null: all of it.
  std::string (*text_at_installation)(const ToolUse& use, std::string_view path, const std::string& text) = nullptr;
  // An installation leaves out what depends on manifests that are not there, and goes on: `dotnet restore`.
  bool installs_in_part = false;
  // What in the directory where it runs decides how a use installs tools by name; null: nothing. `directory`: in the
  // context, if known. Returns what must be true and could not be checked.
  Outcome<std::vector<Assumption>> (*local_settings)(const ToolUse& use, const BuildContext& context,
                                                     const std::optional<std::string>& directory) = nullptr;
  // Whether a use builds or installs a project as a whole, and how its dependencies could be installed before.
  std::optional<DependencyLayer> (*dependency_layer)(const Site& site, const ToolUse& use) = nullptr;
  Outcome<DependencyStep> (*dependency_step)(const Site& site, const ToolUse& use, const Project& project) = nullptr;

  // What its tools leave in a project wherever they run, on the machine of who writes it too.
  std::span<const GeneratedDirectory> generated_directories;
  // Words in a project's files that say that its build, or its program, reads Git's data: the package that takes the
  // version from a tag.
  std::span<const std::string_view> git_readers;
  // What does so only where nothing else says which commit it is.
  std::span<const GitQuestion> git_questions;
  // The words of what reads settings from a file `.env` in the project.
  std::span<const std::string_view> settings_readers;

  // What a source file, by its path in the context and its text, loads from its own project. Null where that is not
  // read.
  std::vector<LocalImport> (*local_imports)(const BuildContext& context, const std::string& file,
                                            std::string_view text) = nullptr;

  // Whether the programs that a use makes certainly need, when they run, the C library of the image in which they are
  // made. Null where that is not known.
  bool (*links_c_library)(const Site& site, const ToolUse& use) = nullptr;

  // Libraries of the system that the programs a use makes certainly load, as Debian's -dev packages, sorted. Null where
  // that is not known.
  std::vector<std::string> (*loaded_libraries)(const Site& site, const ToolUse& use) = nullptr;

  // Why a build does not use what an earlier use has compiled of its dependencies, for a person; empty where it uses
  // it, or may. Null where that is not known.
  std::string (*unused_compilation)(const Site& compiled, const ToolUse& compiling, const Site& built,
                                    const ToolUse& building) = nullptr;

  // The same of a part of it, which depends on what the project's files say.
  std::string (*partly_unused_compilation)(const Site& compiled, const ToolUse& compiling, const Site& built,
                                           const ToolUse& building) = nullptr;

  // Why a use before the source compiles nothing of what a build depends on, for a person; empty where it does, or may.
  // Null where that is not known.
  std::string (*compiles_nothing)(const Site& site, const ToolUse& use) = nullptr;

  // A manifest, by its path in the build context, that a build reads and that no step has brought, so that it certainly
  // fails; empty where none is. Null where that is not known.
  std::string (*missing_manifest)(const Site& site, const ToolUse& use) = nullptr;

  // A program that a build starts and that certainly was not installed, with what would install it; without a reason
  // where none is. Null where that is not known.
  Refusal (*missing_for_build)(const Site& site, const ToolUse& use) = nullptr;

  // Why the image certainly refuses an installation that certainly runs; without a reason where nothing is known to
  // speak against it. Null where that is never known.
  Refusal (*refusal)(const Site& site, const ToolUse& use) = nullptr;

  // The tools that a use compiles from source, though their makers or others publish them as programs, each as the
  // command after it takes it: "trunk@0.21.14". Null where none is known. And the command that downloads them.
  std::vector<std::string> (*compiled_tools)(const ToolUse& use) = nullptr;
  std::string_view instead_of_compiling = {};

  // Whether a command that is none of its tools runs none of them either, so that it reads no store. Null: none is
  // known.
  bool (*runs_no_tool)(const ShellCommand& command) = nullptr;

  // Whether it builds in a stage on an image that is made for no language, a distribution's own. Null: it never counts
  // as that stage's ecosystem.
  bool (*adopts)(const Stage& stage) = nullptr;
  // How its programs run without what built them.
  const Runtime* runtime = nullptr;
  // How dependencies that only the build needs are removed.
  const Pruning* pruning = nullptr;
  // How its programs are found in an image where they are text, or are run by another program.
  const Interpreter* interpreter = nullptr;
};

// The catalogue, sorted by id.
std::span<const Ecosystem* const> all_ecosystems();

// Null for a tool that only a user's table knows.
const Ecosystem* find_ecosystem(const Tool& tool);

// The one that a base image is made for, or that builds on a distribution's own image; null when there is none, or the
// image is not known.
const Ecosystem* ecosystem_of(const Stage& stage);

// What that one runs its programs in; null where it says nothing of it. As slow as the stage is long, where only its
// commands tell.
const Runtime* runtime_of(const Stage& stage);

// Whether a command is not a tool of the tables but sets one up for a build: "rustup".
bool sets_up_tool(std::string_view command);

// What a command does that is no tool of the tables, but that an ecosystem knows, redirections aside.
std::optional<Effects> other_effects(const Script& script, const ShellCommand& command);

// Whether a command is not a tool of the tables and certainly runs none: `java -jar app.jar`.
bool runs_no_tool(const ShellCommand& command);

// The files, and directories of files, that a command makes of manifests alone; see Ecosystem::derived_manifests.
std::vector<std::string> derived_manifests(const ShellCommand& command);
// Whether a command makes `path`, absolute, of manifests alone, or a directory in which it is: `cargo chef prepare`,
// `poetry export > requirements.txt`.
bool derives_manifest(const ShellCommand& command, std::string_view path);

}  // namespace dockhew::inline ecosystems
