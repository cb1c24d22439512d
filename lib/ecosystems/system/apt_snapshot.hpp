// The archives of Debian as they were at one time: snapshot.debian.org keeps them all, so that what apt-get installs
// from there is the same whenever the image is built. Where a stage's base is Debian, its list of sources is changed
// once, before APT reads it. Facts: https://snapshot.debian.org, sources.list(5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"
#include "text/edit.hpp"

namespace dockhew::inline ecosystems {

// How the archive calls a time: "20260131T000000Z" of "2026-01-31", of "20260131", and of itself.
Outcome<std::string> snapshot_of(std::string_view date);

// One stage that uses APT, or one address of a snapshot that is there already.
struct AptSnapshot {
  Span place;                    // FROM, or the time in the address
  std::optional<TextEdit> edit;  // nothing where it is as it should be, or cannot be changed
  std::string problem;           // for a person: why it is not pinned, or what is not pinned by it; may be empty
};

std::vector<AptSnapshot> apt_snapshots(const Dockerfile& file, std::string_view snapshot);

}  // namespace dockhew::inline ecosystems
