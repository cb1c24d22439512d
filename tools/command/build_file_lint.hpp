// What `lint` says of Compose files and workflows: their builds with the Dockerfiles that they name, as the rules about
// such files read them.
#pragma once

#include <memory>
#include <string>

#include "commands.hpp"
#include "lint/build_file.hpp"

namespace dockhew::cli {

// Null where the file says nothing that a rule could judge: it has no builds, or cannot be read as such a file, which
// whoever asked for its Dockerfiles has been told. `error`: why the file itself cannot be read.
// `repositories`: what is known besides of the project, if anything is.
std::shared_ptr<const BuildFile> read_declared_builds(const std::string& path, const Facts& facts, std::string& error,
                                                      const RepositoryBuilds* repositories = nullptr);

}  // namespace dockhew::cli
