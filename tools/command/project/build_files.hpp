// Files that say what is built from which Dockerfile, with which context, arguments and cache: Compose files, bake
// files, workflows of GitHub Actions and devcontainer.json. Scripts and deployments are in container_runs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::cli {

// A value that the file itself gives, with the place that the YAML reader knows: of the value, or of the block that it
// stands in.
struct SaidInFile {
  std::string text;                  // as it is written there
  std::size_t line = 0, column = 0;  // from 0
  std::optional<std::size_t> row{};  // of a text of lines: which of them this is, from 0
};

// The block of the file that says what is built, by lines and columns from 0.
struct SaidBlock {
  std::string key;                               // "build"
  std::size_t line = 0, column = 0;              // of the key
  std::size_t value_line = 0, value_column = 0;  // of its value, or of the first entry of that
  std::size_t last_line = 0;                     // of the last entry
  bool is_map = false;                           // else a scalar, which names the context
  bool has_room = false;                         // for more entries: it is this build's alone, one entry a line
};

// A build argument with its value as Compose's files write it: nothing where whoever calls Compose has one.
struct WrittenArgument {
  std::string name;
  std::optional<std::string> value;
};

struct Build {
  std::string name;                                // of the service, the target, or the workflow's step
  std::string program{};                           // that builds it, as far as it is said: "docker", "podman", "kaniko"
  std::string job;                                 // of a workflow, whose builds share a builder
  std::string said_in;                             // the file that says so, where it is not the one that is read
  std::string dockerfile;                          // path; empty when it is elsewhere: inline, in another repository
  std::string context;                             // directory
  std::size_t line = 0;                            // in the file
  std::set<std::string, std::less<>> arguments;    // build arguments that it passes
  std::set<std::string, std::less<>> changing{};   // those of them whose values differ from one run to the next
  std::vector<WrittenArgument> written_arguments;  // the same with their values, of Compose
  std::string needs;                               // a key of Compose that says what else a builder must be given
  bool cache_from = false, cache_to = false;       // nothing need be said about them
  bool without_cache = false;                      // it is told to run every step again
  bool fetches_layers = false;                     // of earlier builds, from elsewhere
  bool exports_layers = false;                     // to where machines that keep nothing find them
  bool keeps_final_stage = false;                  // its export keeps no layers of other stages
  std::vector<ContainerStart> starts;  // what it makes containers of the image run; places as paths of files
  std::set<std::string, std::less<>> environment;  // variables that it gives containers of the image
  std::set<std::string, std::less<>> settings;     // of them and of volumes, what may name a place in the container
  // Directories of the container that get the whole context as a volume.
  std::set<std::string, std::less<>> mounted_over;
  std::set<std::string, std::less<>> bound_over;  // the same of any directory of the project
  std::set<std::string, std::less<>> platforms;   // that it builds for: "linux/arm64"
  std::string target;                             // the stage that it stops at; empty for the last
  bool prepared = false;                          // other steps of its job may have left something in the checkout
  bool hosted = false;         // on a machine that is new for every run, so that cache mounts start empty
  std::string refuses_mounts;  // what builds it without `RUN --mount`, as a clause about the place that says so
  bool uncertain = false;      // the directory that it runs in is not known
  bool by_docker = false;      // by `docker build`, which variables may tell not to use BuildKit
  std::set<std::string, std::less<>> images;      // what it names the image; see image_name
  std::set<std::string, std::less<>> containers;  // what it names containers of the image
  // Not where another file says it, nor where a variable in it is not known.
  std::vector<SaidInFile> said_target, said_arguments, said_cache_to;
  std::optional<SaidBlock> said_block;
  std::string said_image;      // Compose's `image:` as it is written
  bool in_matrix = false;      // one of several of this workflow's job
  bool exports_cache = false;  // the workflow sets up a builder that can
  std::string old_container;   // the image that its job runs in, where that has a Buildx that may be too old for it
  bool on_arm = false;         // the machine of this workflow's job is one
  // Build arguments with their values as they are written, but for those that differ from one run to the next.
  std::set<std::string, std::less<>> given_arguments;
  bool pushed = false;  // its job logs in to a registry and pushes
};

// What somebody runs in an image that has this name, or in that of a Compose service or container of this name.
struct ImageRun {
  std::string image, service;  // one of them
  ContainerStart start;        // its place as a path of a file
  bool child = false;          // of another image that is built on this one
  bool any = false;            // of an image whose name is not known
  bool deployed = false;       // by manifests, whose own images are the project's
};

// A build of which it is not known where its Dockerfile is, or of what Compose files say.
struct UnplacedBuild {
  std::string place;  // for a person
  bool of_compose = false;
  bool of_only_one = false;    // that counts where there is one Dockerfile
  std::string refuses_mounts;  // as that of a Build; without it nothing is said
  std::string pattern{};  // of the path of its Dockerfile, with `*` for what variables stand for; empty: none is known
};

// What builds a Dockerfile and takes no cache mounts.
struct RefusedMounts {
  std::string path;    // of a service's settings, or a place in a file
  std::string reason;  // as a clause about them
};

// A Dockerfile that stands in the file itself.
struct InlineDockerfile {
  std::string service, text;
  std::size_t line = 0, column = 0;  // of the value, from 0
};

struct Builds {
  std::vector<Build> builds;
  std::vector<ImageRun> runs;
  // Where it is not certain with which context they are built: only names and starts of their images count.
  std::vector<Build> named;
  std::vector<UnplacedBuild> unplaced;
  std::vector<std::string> parts;         // other files that this one takes something from, and that are read with it
  std::size_t scripts = 0;                // that were read for them
  bool bakes_with_layers = false;         // it calls `buildx bake` and says itself where layers come from and go
  std::string error;                      // for a person
  std::vector<std::string> unread;        // names of builds whose Dockerfile stands in this file itself
  std::vector<InlineDockerfile> inlines;  // of those that stand in a Compose file
};

// Of one file. No real one comes near this, but each is looked for on disk.
constexpr std::size_t most_builds = 1000;

// Whether a path is read as such a file, by its name.
bool is_build_file(const std::string& path);
class CalledWorkflows;
class ComposeDirectories;
// `known` and `called`: what may have been read for another file.
Builds read_build_file(const std::string& path, ComposeDirectories* known = nullptr, CalledWorkflows* called = nullptr);

// For the readers of these files.

// Neither a local directory nor a file: a repository, a tarball, or a value that is only known at run time.
bool is_elsewhere(const std::string& path);

// Whether `cache-to` names a registry or a service, and no directory of the machine: "type=gha,mode=max".
bool exports_layers(std::string_view cache_to);

// Adds platforms from a list with commas, blanks or lines between them.
void add_platforms(Build& build, std::string list);

// A build whose context is relative to `base`, and whose Dockerfile is relative to the context.
Build local_build(const std::string& name, const std::string& context, const std::string& dockerfile,
                  const std::string& base, std::size_t line);

// BuildKit and Docker take a file called `dockerfile` where they are told of `Dockerfile` and there is none.
std::string dockerfile_there(const std::string& path);

// A path as a shell writes it, with `*` for each variable and each command; empty where only such are left, or none is.
std::string path_pattern(std::string_view raw);

// A path with its own part of another that it is relative to, cleaned.
std::string joined_path(const std::string& base, const std::string& path);

}  // namespace dockhew::cli
