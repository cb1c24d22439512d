// System packages that language packages link to or run. The full image of a language has many of them, so nothing in
// the Dockerfile names them, and its slim variant has none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// Where a language's packages are looked up, and where they are named besides the command line.
struct PackageNames {
  std::string_view table;                      // of the facts' `needed_packages`: "pip"
  std::vector<std::string> manifests;          // beside those that an option names: "pyproject.toml"
  std::vector<std::string> including_options;  // at the beginning of a line, before another manifest
  bool underscores_are_hyphens = false;        // in names: `flask_mysqldb` is `flask-mysqldb`
};

// Of what the stage installs by name, and of what its manifests in the build context name: `libpq-dev` for `psycopg2`.
// A -dev package stands for its runtime library.
std::vector<std::string> find_needed_packages(const Dockerfile& file, const Stage& stage, const PackageNames& where);

// What the stage installs by name and the texts of its manifests, in lower case, a name or a line of a manifest each.
std::string read_package_names(const Dockerfile& file, const Stage& stage, const PackageNames& where);

// Manifests that an option names, or that one of these includes, and that cannot be read in a known build context, as
// they are written: what their packages need is not known. One that is made of other manifests is none of them.
std::vector<std::string> find_unread_manifests(const Dockerfile& file, const Stage& stage, const PackageNames& where);

}  // namespace dockhew::inline ecosystems
