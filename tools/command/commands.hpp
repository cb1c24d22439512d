// The commands. Each takes its options and returns an exit status; they print and write, the library does not.
#pragma once

#include <map>
#include <memory>

#include "model/build_context.hpp"
#include "options.hpp"
#include "project/repository_builds.hpp"

namespace dockhew::cli {

int run_lint(const Options& options);
int run_optimize(const Options& options);
int run_layers(const Options& options);
int run_verify(const Options& options);
int run_explain(const Options& options);
int run_rules(const Options& options);
int run_dump(const Options& options);
int run_migrate(const Options& options);
int run_pin(const Options& options);
int run_doctor(const Options& options);
int run_hadolint(const Options& options);
int run_help(const Options& options);
int run_completions(const Options& options);
int run_man(const Options& options);

// One line for standard error, with its newline.
std::string complaint(const std::string& path, const std::string& message);
void complain(const std::string& path, const std::string& message);

// The built-in tables and those of --data; nothing, after an error message, when one is broken.
const Facts* load_facts(const Options& options);

struct Inputs {
  std::vector<std::string> paths;
  std::vector<std::string> build_files;  // Compose files and the like, named or found in a directory; each once
  std::multimap<std::string, NamedBuild> builds;  // of paths that a Compose file or the like names, in its order
  std::shared_ptr<const RepositoryBuilds> repositories = std::make_shared<RepositoryBuilds>();
  std::vector<std::string> notes;  // about those files, with their place
  bool failed = false;  // a path was neither a file nor a directory with Dockerfiles; an error has been printed
};
// Of the operands: directories are replaced by the Dockerfiles in them that are not excluded, Compose files and
// workflows by those that they build.
Inputs expand_paths(const Options& options);

// What a path is called in messages and reports, and where its configuration and context are looked for: for standard
// input --stdin-filename says so.
std::string name_of(const Options& options, const std::string& path);

// Why no page is written into the file of --html, for a person: it is one of those that are read. Else empty.
std::string page_obstacle(const Options& options, const std::vector<std::string>& read);
// The same of the reports that `lint` is told to write.
std::string report_obstacle(const Options& options, const Inputs& inputs);

// On how many threads these files are worked on: --jobs, and no more than there are files.
// Standard input, when it is named twice, and a file that is written twice are read in their order: on one.
std::size_t threads_for(const Options& options, const Inputs& inputs);

// The builds that are known of a Dockerfile: those of the files on the command line, then those of its repository.
std::vector<NamedBuild> builds_of(const Inputs& inputs, const std::string& path);
// Where a file says so: "compose.yaml:3".
std::string place_of(const NamedBuild& named);
// Why one of these, or a service that builds the Dockerfile otherwise, takes no mounts, with its place; empty where
// none is known to refuse them. `text`: of the Dockerfile.
std::string refusal_of_mounts(const Inputs& inputs, const std::vector<NamedBuild>& builds, const std::string& path,
                              std::string_view text);

// The context of one Dockerfile: --context, what Compose files, bake files, workflows and devcontainer.json name, or
// the nearest directory upwards, within its repository, that contains what the file copies and what its tools look for;
// unknown when there is none. The origin says which it is.
BuildContext context_of(const Options& options, const Inputs& inputs, const std::string& path, const Dockerfile& file);

// --context, what a file on the command line says, or else the Dockerfile's own directory, as `docker build --check`
// would be called.
BuildContext default_context(const Options& options, const Inputs& inputs, const std::string& path);

}  // namespace dockhew::cli
