// What a Cargo project looks like to `cargo build`, read from its manifests in the build context: which manifests must
// exist before dependencies can be compiled, and which crate roots must exist, if only as dummies.
#pragma once

#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

struct CargoBinary {
  std::string name;       // of the program: "worker" for src/bin/worker.rs
  std::string package;    // as `-p` takes it
  std::string directory;  // of the package, in the context
};

struct CargoLayout {
  // Context paths: Cargo.toml, Cargo.lock, members' manifests, toolchain and configuration.
  std::vector<std::string> manifests;
  std::vector<std::string> programs;   // crate roots that need `fn main() {}`
  std::vector<std::string> libraries;  // crate roots that may be empty
  std::vector<CargoBinary> binaries;   // what `cargo build` makes from them without further options
  std::string workspace;               // the directory that cargo puts `target` into
};

// Why a file of Cargo's settings may need more of the source than itself.
Obstacle obstacle_in_cargo_settings(const BuildContext& context, const std::string& path);

// `directory` contains the manifest that Cargo would find, and `root` is the part of the context that the image has.
// Declined where the layout cannot be imitated.
Outcome<CargoLayout> read_cargo_layout(const BuildContext& context, const std::string& directory,
                                       const std::string& root);

}  // namespace dockhew::inline ecosystems
