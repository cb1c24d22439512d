// A manifest whose text alone decides whether the installation needs more of the source, with a lock file beside
// it: what most package managers have, and what all readers of manifests share. The text is searched, not
// interpreted, so some harmless manifests are rejected, but no harmful one is accepted.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/manifests.hpp"

namespace dockhew::inline ecosystems {

// What was not checked because the context is not known.
extern const Assumption no_other_files;

// The context paths of those names that are files in a directory.
std::vector<std::string> present(const BuildContext& context, const std::string& directory, Words names);

// The first of the words that the text has, each of which may name a part of the source.
Obstacle names_source(std::string_view manifest, std::string_view text, Words words);

// Settings that are copied along with the manifests, by their base name: what in them may name a part of the source.
struct SettingsWords {
  std::string_view file;
  Words words;
};
Obstacle obstacle_in_settings(const BuildContext& context, const std::vector<std::string>& paths,
                              std::span<const SettingsWords> settings);

// What commands that also succeed without a manifest do not show: that the context has it. Nothing where a COPY of the
// file names it.
void add_assumed_manifest(const Site& site, const std::string& path, Manifests& manifests);

// Where the manifests are looked for when the context cannot tell.
void add_assumed_place(const Site& site, const Project& project, Manifests& manifests);

struct PlainManifest {
  std::string_view file, lock;  // the lock may be empty
  std::string_view in_source;   // what the installation writes there and a later COPY could overwrite
  Obstacle (*obstacle)(std::string_view text) = nullptr;
  std::span<const SettingsWords> settings;
};

// Those of the tool's `manifests` that are there.
Outcome<Manifests> find_plain_manifests(const Site& site, const ToolUse& use, const Project& project,
                                        const PlainManifest& kind);

}  // namespace dockhew::inline ecosystems
