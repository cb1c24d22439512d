// Facts about the world, from the .json files next to the code: which images exist and what is in them, which tools
// download, install and build, and where they keep their caches. Rules ask these tables instead of knowing names
// themselves. All are views, so that the built-in tables are constants that cost nothing at run time; a user's tables
// are stored in `Facts::storage`.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/base_image.hpp"
#include "facts/image_reference.hpp"

namespace dockhew::inline facts {

using Words = std::span<const std::string_view>;

// Values by name, sorted: what a std::map would be if it could be a constant.
template <typename T>
struct NameMap {
  std::span<const std::pair<std::string_view, T>> entries;

  auto begin() const { return entries.begin(); }
  auto end() const { return entries.end(); }
  auto find(std::string_view name) const {
    const auto found = std::ranges::lower_bound(entries, name, {}, &std::pair<std::string_view, T>::first);
    return found != end() && found->first == name ? found : end();
  }
  bool contains(std::string_view name) const { return find(name) != end(); }
};

enum class ActionKind {
  refresh,  // reads an index: apt-get update
  install,  // downloads and installs packages or declared dependencies
  fetch,    // only downloads declared dependencies
  build,    // compiles the project
  clean,    // empties the tool's cache
  remove,   // takes away what the tool has installed: apt-get purge, npm prune
  other,    // harmless to caches: pip list
};

struct ToolAction {
  ActionKind kind = ActionKind::other;
  Words words;                         // after the command: {"mod", "download"}
  bool reads_source = false;           // needs more than the manifests
  bool uses_cache = true;              // a cache mount is worthwhile
  std::string_view only_with_option;   // matches only when one of the words is this
  bool packages = false;               // its operands are names of packages
  bool alone = false;                  // matches only without any operand
  std::string_view stores_results_in;  // the tool whose package store receives its results, for later uses: "maven"
  bool from_scratch = false;           // removes first what an earlier installation left
  bool independent = false;            // neither reads nor writes the project it is called in
  bool compiles_dependencies = false;  // of a fetch: compiles what it has fetched
  bool partial = false;                // of a clean: leaves the index
  bool runs_without_manifest = false;  // where it finds none, it does nothing, or not in all versions of the tool fails
};

// Another place for a cache, if a condition holds.
struct CacheAlternative {
  std::string_view if_set;        // a variable that has a value
  std::string_view if_file;       // at the root of the build context
  std::string_view user;          // "root": when the step runs as root
  std::string_view distribution;  // of the base image,
  std::string_view from;          // and its release: this one or a later one
  std::string_view path;          // empty: somewhere unknown to the tables
};

struct ToolCache {
  std::string_view path;                           // with ${VARIABLE:-default}; HOME is the user's; empty: not known
  std::string_view sharing;                        // "shared" or "locked"
  std::string_view title;                          // "package registry"
  std::span<const CacheAlternative> alternatives;  // the first that holds, before `path`
  Words unless_words;                              // of the command, with which it is useless: "-mod=vendor"
  Words unless_settings;                           // the same of variables: "GO111MODULE=off"
  std::string_view assumed;                        // what must be true of the image for this to be the place
  bool builds_only = false;                        // useless to a command that only downloads
  bool store = false;                // later commands read it: what is downloaded here is not installed anywhere else
  bool index = false;                // the index of packages, which an installation may read from an earlier layer
  Words mistaken;                    // directories that are taken for it: "/var/cache/apk"
  std::span<const Words> needed_by;  // commands that need it in the container, against `assumed`: {"gem", "pristine"}
};

// Something of the base image that empties a cache after each installation.
struct CacheHook {
  std::string_view path;  // of the hook
  std::string_view empties;
  Words distributions;              // whose images have it
  std::string_view owner;           // for a person: "Debian's or Ubuntu's"
  std::string_view keeping_option;  // with it, what the tool downloads is not where the hook looks
};

// A directory that holds what the image needs, so that a mount over it hides that.
struct InstalledPlace {
  Words variables;             // whose value it may be
  Words paths;                 // whole ones, and
  Words endings;               // ends of paths
  std::string_view what;       // "the installed gems"
  std::string_view mountable;  // a directory below that holds downloads alone
  bool passed_on = false;      // not where several RUNs mount it, which then pass it on to each other
  bool only_of_tool = false;   // other tools have directories of that name
};

// A file that makes its directory the root of a workspace.
struct WorkspaceRoot {
  std::string_view file;
  std::string_view text;  // that it must contain; empty: the file alone says so
};

// Where the tool's `config` writes beside the project. Elsewhere it writes to the user's home.
struct SettingsFile {
  std::string_view file;
  std::string_view with;     // only with an option that begins so
  std::string_view without;  // only without it
};

// How a package names its version: see docs/facts.md.
enum class PinForm { unknown, apk, apt, at, colon, go, npm, python, rpm, zypper };

struct PackagePin {
  PinForm form = PinForm::unknown;
  Words options;  // give the version of all packages
  Words own;      // the tool itself, its parts, and others that are of no use unless they are new
};

// A line of a file of the project that a tool reads by itself: "offline=true" in ".npmrc".
struct SettingLine {
  std::string_view file;
  std::string_view line;  // without blanks, or a word of it
};

// What decides where a tool keeps its cache, and whether it uses one.
struct CacheUse {
  bool mount_pays = true;                          // its downloads are large enough to propose a mount
  std::span<const Words> commands_run;             // commands that keep the programs they run in the cache: {"npx"}
  Words offline_options;                           // with one of these it downloads nothing
  Words cached_only_options;                       // with one of these it takes what its cache holds: "--offline"
  Words cached_only_settings;                      // the same for a variable: "UV_OFFLINE=1"
  std::span<const SettingLine> cached_only_lines;  // and in files of the project
  Words linking_options;                           // with one of these what it installs are links into the cache
  Words linking_settings;                          // the same of a variable: "UV_LINK_MODE=symlink"
  Words refreshing_options;       // with one of these it fetches its index itself: "apk add --no-cache"
  bool refreshes_itself = false;  // every installation fetches its index when that is old
  Words place_options;            // say where the cache is: "--cache-dir", "-Dmaven.repo.local"
  Words place_queries;            // parts of a RUN that ask where the cache is: "pip cache dir"
  Words index_keepers;            // commands that put beside the index what is for the image: "apt-file update"
  bool checks_owner = false;      // a cache of another user is not used
  Words place_settings;           // parts of the settings that do, for good: `npm config set cache`
  Words option_variables;         // hold options too: "MAVEN_OPTS"
};

// What keeps a tool from using its cache, or makes it empty it, and what prevents that.
struct CacheDefeat {
  Words options;                     // "--no-cache-dir"
  std::string_view instead;          // what replaces such an option; empty: nothing
  Words compiling_options;           // make it compile again what it has: "-a"
  Words variables;                   // "PIP_NO_CACHE_DIR"
  bool any_value = false;            // such a variable counts whatever its value is, "0" included
  std::string_view keeping_option;   // without it the tool empties its cache itself
  Words keeping_option_of;           // of its commands, those that need it; empty: all
  std::string_view keeping_command;  // the same, for all later uses, where its traces are harmless
  CacheHook hook;                    // of base images
};

// What the content of a cache depends on. Steps that differ in it must not share one.
struct CacheContent {
  bool for_one_distribution = false;  // one distribution, C library or compiler
  Words own_store_on;                 // distributions whose packages never fit the others'
  Words variables;                    // change what the tool builds and keeps: "CFLAGS"
  Words options;                      // do the same: "--config-settings"
};

// The files of a project that a tool knows.
struct ProjectFiles {
  Words manifest_options;    // options that name a manifest: "-r"
  Words manifests;           // globs that the dependency step reads
  Words required_manifests;  // without these the step cannot run
  Words read_besides;        // globs of what it runs or reads of the project besides: "*.gemspec"
  Words directory_options;   // make another directory the project's: "--prefix"
  Words file_options;        // name a file that it reads besides its manifests: "--find-links"
  Words copied_options;      // the same of one that reads no other, so that it can be copied with these: "--settings"
  bool operands_are_tasks = false;  // its other words name tasks, projects and places for the output, and no packages
  Words variables;                  // beginnings of those that change what it reads: "PIP_"
  Words file_variables;             // parts of names of variables whose value is a file: "GEMFILE"
  std::span<const WorkspaceRoot> workspace_roots;
  std::span<const SettingsFile> settings_files;
  std::string_view build_directory;  // below the project, into which it builds: "target"
};

// How a tool is asked for packages by name.
struct PackageNames {
  bool of_system = false;  // they are those of the distribution
  PackagePin pin;
  Words yes_options;               // answer its questions; the first is the one to add
  bool never_asks = false;         // whatever it is told
  bool yes_before_action = false;  // where it has to stand
  bool quiet_says_yes = false;     // `-qq` does as well
  Words lean_options;              // keep it from installing recommended packages
  Words pruning_options;           // with one of these an installation removes what only a build needs
  Words large;                     // patterns of those that take long to download, each for itself: "openjdk-*"
};

// What an installation leaves in an image although nothing reads it there.
struct Leftovers {
  ActionKind left_by = ActionKind::install;
  Words directories;          // hold it
  Words held_by;              // ends of the targets of mounts that keep it out of the layer
  std::string_view clean_up;  // removes it; a command of the tool stands for the one that is called
  Words prevented_by;         // options that keep it from leaving anything there
};

// Relative weights, and on what they depend.
struct ToolCost {
  double download = 0;
  double build = 0;
  bool compiles_dependencies = false;     // its build compiles them, and not only the project
  bool cache_holds_dependencies = false;  // then they are in its cache, and not beside the project
};

struct Tool {
  std::string_view id;              // "pip"
  std::string_view title;           // "pip"
  std::span<const Words> commands;  // {"pip"}, {"python", "-m", "pip"}
  Words started_by;                 // other programs that run it, or read what it downloads: "apt-cache", "air"
  Words finished_endings;           // of files that it only runs, whose packages lie beside them: ".dll"
  std::string_view finished_by;     // the word with which it makes such files
  bool named_as_called = false;     // it has several programs, and messages name the one that is called
  std::span<const ToolCache> caches;
  std::span<const ToolAction> actions;
  Words value_options;              // options whose value is the next word
  Words list_options;               // options whose values are all words up to the next option
  bool bundles_options = false;     // `-Ur FILE` is `-U -r FILE`
  std::span<const Words> launches;  // of a compiler cache: the commands that go through it
  std::span<const InstalledPlace> installs_into;
  bool installs_results = false;  // what it installs into a mount is lost as a program built there is
  CacheUse cache_use;
  CacheDefeat cache_defeat;
  CacheContent cache_content;
  ProjectFiles project;
  PackageNames packages;
  Leftovers leftovers;
  ToolCost cost;
  NameMap<std::string_view> codes;  // hadolint's for: unpinned, interactive, recommends, left
};

struct ImageEntry {
  Words names;
  std::string_view since;         // version of the tag from which this applies; older ones are not known
  std::string_view version;       // where the tag does not contain one: the name does, or tags no longer change
  std::string_view distribution;  // debian, ubuntu, alpine, …; of the plain tag; empty when it differs
  std::string_view language;      // of the ecosystem that knows it
  std::string_view user = "root";
  std::string_view workdir = "/";  // empty when it differs from tag to tag
  NameMap<std::string_view> environment;
  Words variables;                     // set as well, to values that differ from tag to tag
  NameMap<std::string_view> users;     // name to uid
  bool all_users = false;              // besides those of the distribution, and not system users of its packages
  NameMap<std::string_view> links;     // directories that are links, to where these lead
  Words directories;                   // in home directories, which belong to their user
  std::string_view command;            // the program of the tables that a container starts if the file says nothing
  bool compilers = false;              // the plain tag carries compilers and headers
  bool is_compiler = false;            // every tag does: it is the image of a compiler
  bool starts_command = false;         // it has no ENTRYPOINT, so that CMD is the program
  bool other_package_sources = false;  // besides those of its distribution, it has one of its own project
  bool codename_in_tag = true;         // a word of its tags may be a release of the distribution
  std::span<const std::pair<std::string_view, std::string_view>>
      codenames;                            // from version on, the release that plain tags stay on; ascending
  NameMap<std::string_view> moving;         // tags that still change, and their release; a later one may follow
  std::string_view served_since;            // version from which the release's packages can still be downloaded
  NameMap<std::string_view> version_names;  // words of its tags that stand for a version: "hydrogen" for 18
};

// What is known about one image, derived from its entry and its tag.
struct ImageFacts {
  const ImageEntry* entry = nullptr;
  std::string mirror;  // that it comes from, as a prefix for the names of other images; empty: none is known
  std::string distribution;
  std::string release;              // "bookworm", "3.20"; empty when neither the tag nor a registry says it
  std::string_view oldest_release;  // of a tag that still changes: this one or a later one; else empty
  std::string version;              // leading version of the tag: "1.81"
  bool slim = false;
  bool compilers = false;
  bool windows = false;
  const ResolvedImage* resolved = nullptr;  // what a registry said of it, where it was asked
  bool only_configured = false;             // that is all: nothing is known of its files
};

// One way of calling a tool.
struct ToolCommand {
  std::string_view name;  // the first word
  Words words;
  const Tool* tool = nullptr;
};

// What the words of a Unix command are that are neither options nor their values.
enum class Operands {
  none,         // no files: of echo, of useradd
  read,         // files that it reads: of cat
  written,      // files or directories that it makes or overwrites: of touch, of mkdir
  changed,      // files that it reads and changes: of strip
  removed,      // of rm
  packed,       // files that it replaces by others: of gzip
  copied,       // files that it reads, then where they go: of cp
  moved,        // the same of mv, which removes them
  linked,       // what links point to, and the link or the directory for them: of ln
  moded,        // a mode, and what gets it: of chmod
  owned,        // an owner, and what gets it: of chown
  archived,     // of tar, which reads or writes them depending on its other words
  searched,     // of find: directories, then what it does with what it finds
  cloned,       // of git: where it clones from and to
  assignments,  // of dd: if=FILE, of=FILE
  tested,       // of test: what follows an operator for files
};

// How a Unix command is read. A command without a row may do anything.
struct UnixCommand {
  Operands operands = Operands::none;
  bool pattern = false;     // the first operand is no file: of grep, of sed
  Words pattern_options;    // give the pattern instead, so that all operands are files
  Words value_options;      // whose value is no file
  Words read_options;       // whose value is a file that it reads
  Words written_options;    // whose value is a file that it writes
  Words into_options;       // whose value is the directory that it writes into: `cp -t`, `tar -C`
  Words mode_options;       // whose value is the mode of what it makes
  Words owner_options;      // whose value is the owner of what it makes
  Words directory_options;  // with one of these the operands are directories that it makes: `install -d`
  Words in_place_options;   // with one of these it changes its operands: `sed -i`
  Words reading_options;    // with one of these it only reads its operands: `gzip -c`
  bool here = false;        // writes into the working directory, unless an option says where: of wget
  Words here_options;       // does so with one of these alone: `curl -O`
  Words writes;             // files that it writes in any case: "/etc/passwd"
  bool accounts = false;    // creates users or groups
  bool builds = false;     // reads whatever is in the directory that it runs in, and removes only what it made: of make
  bool shell = false;      // changes the shell that it runs in: of cd, of export
  bool anything = false;   // may read and write anything besides: of source
  bool plain = false;      // its effects are files named by its operands
  bool bystander = false;  // neither runs nor feeds a tool of the tables
  bool printing = false;   // only writes to its standard output
  bool settled = false;    // rules rely on what it writes, as with those that are plain or only print
  bool required = false;   // a file that it reads must be there, and rules say so where it is not
};

// A program that images lack, although files count on it: Maven in those of the JDK.
struct AbsentTool {
  Words programs;                  // "pnpm"
  Words images;                    // the first names of their entries
  std::string_view distribution;   // of the images that lack it; empty: whatever it is
  std::string_view since;          // the version of the images from which they lack it; empty: all do
  Words brought_with;              // other words of a script that may bring it: "corepack"
  Words bystanders;                // commands of the images that are in no table, and do not bring it
  bool comes_with_others = false;  // packages of the distribution may need it, so that their names do not tell
  std::string_view advice;         // what brings it, for a person
  bool one_version = false;        // the advice is a line of the file, with the version that everybody means
};

struct FactTables {
  std::span<const Tool> tools;
  std::span<const ImageEntry> images;
  Words mirrors;                                        // of Docker's official images: "public.ecr.aws/docker/library/"
  Words official_images;                                // all names that Docker Hub has without a user, ever
  Words build_packages;                                 // only needed to compile
  NameMap<NameMap<std::string_view>> runtime_packages;  // release to -dev package to run-time package
  NameMap<NameMap<std::string_view>> needed_packages;   // "pip", "npm" or "cargo" to package name to what it needs
  Words full_image_packages;                            // that Debian's full images have and their slim forms have not
  NameMap<NameMap<std::string_view>>
      absent_programs;  // distribution, or release, to program that plain images lack to its package
  std::span<const AbsentTool> absent_tools;
  Words plain_packages;                           // of Debian, that bring none of those programs with them
  NameMap<std::string_view> full_image_programs;  // of Debian's full images and not of their slim forms, to its package
  NameMap<UnixCommand> unix_commands;
  Words build_files;         // globs of names that only builds read; directories end with "/"
  Words plain_commands;      // names of others that are plain, of which nothing else is known
  Words bystander_commands;  // the same of bystanders
  Words bystander_scripts;   // parts of URLs: the same for a script that a shell reads from there
  Words vendor_scripts;      // parts of URLs: scripts that a vendor publishes to set up its software, and changes
  Words printing_commands;   // the same of what only prints

  // Built from the above for lookup by name; of equal names, the first counts.
  std::span<const ToolCommand> commands;  // of all tools
  NameMap<const ImageEntry*> image_names;
};

struct Facts : FactTables {
  std::shared_ptr<const void> storage;             // storage of the tables, unless they are built in
  std::shared_ptr<const ResolvedImages> resolved;  // what registries said of images, if they were asked

  constexpr Facts() = default;
  constexpr explicit Facts(const FactTables& tables) : FactTables(tables) {}

  bool is_plain(std::string_view command) const;
  bool is_printing(std::string_view command) const;
  bool is_bystander(std::string_view command) const;                // or plain
  const UnixCommand* unix_command(std::string_view command) const;  // null for one that the tables do not know
  const Tool* tool(std::string_view id) const;
  // `platform`: that the stage is for, as it is asked for; only what registries said depends on it.
  std::optional<ImageFacts> image(const ImageReference& reference, std::string_view platform = {}) const;

 private:
  std::optional<ImageFacts> image_of_tables(const ImageReference& reference) const;
};

// Reads tables in the format of docs/facts.md and adds them to `base`. On error the message says where; facts are then
// incomplete.
struct FactsResult {
  Facts facts;
  std::string error;
};
FactsResult parse_facts(const std::vector<std::pair<std::string, std::string_view>>& named_json,
                        const Facts& base = {});

// The tables that are part of the library.
const Facts& builtin_facts();

// "1.81.0-slim-bookworm" → 1, 81, 0; stops at the first part that is not a number.
std::vector<int> version_numbers(std::string_view text);
bool version_at_least(std::string_view version, std::string_view minimum);

}  // namespace dockhew::inline facts
