// What a COPY of a whole directory of the build context brings along that belongs on the machine of whoever works on
// the project, and not into an image: Git's data, what tools have installed and built there, passwords.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct UnwantedFile {
  // What it costs that it is copied, the worst last.
  enum class Cost : std::uint8_t {
    nothing_used,  // it is sent and kept, and nobody reads it
    made_again,    // the build makes its own
    removed,       // a later step takes it away again, and the layer of the COPY keeps it
    every_commit,  // it changes whenever somebody uses Git
    leaks,         // it holds passwords or keys
    replaces,      // it is laid over what the image has made before
  };

  std::string path = {};  // in the context
  Cost cost = Cost::nothing_used;
  bool packages = false;         // what an installation makes
  bool there = false;            // it lies there now; else Git is told to leave it alone
  std::string everywhere = {};   // the name, where it lies in other directories too, all of which may go
  bool of_host = false;          // an environment of whoever works there, in place of which the build installs packages
  std::string_view holds = {};   // what of, where its text or its name proves it: "a private key"
  std::string needed = {};       // why it must not be kept out, for a person; empty where it can be
  const Stage* stage = nullptr;  // of the COPY that it is worst for
  Span span = {};                // of the source of that
};

struct UnwantedFiles {
  std::vector<UnwantedFile> files;  // the worst first

  // The worst of those that something can be done about, at the first COPY that is as bad.
  const UnwantedFile& worst() const;
};

// Nothing where all is kept out, or the context is not known.
std::optional<UnwantedFiles> find_unwanted_files(const Dockerfile& file);

}  // namespace dockhew::inline flow
