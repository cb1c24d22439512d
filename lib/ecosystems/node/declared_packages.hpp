// What a Node project declares about its packages: which are for development, what their programs are called, and which
// parts of package.json are its own.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/build_context.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {

// Of the project in a directory of the context. Lists end at 300 names, because each is looked for in every file.
class DeclaredPackages {
 public:
  DeclaredPackages(const BuildContext& context, const std::string& root);

  // Whether pruning removes a package: by npm's lock file, or, where that does not name it, by package.json. Yarn's
  // does not say which of its packages are for development, so what package.json does not name may go.
  bool is_development(const std::string& name) const;
  // Whether `devDependencies` has the package.
  bool names_development(std::string_view name) const;
  // The packages of `devDependencies` that are for development.
  std::vector<std::string> development() const;
  // Whether `dependencies` has one of the packages.
  bool has_one_of(std::span<const std::string_view> packages) const;

  // What names inside the project stand for: "pg-mem" of `"imports": {"#db": "pg-mem"}`.
  std::vector<std::string> imported() const;
  // The parts of package.json that a program of its own may read, as JSON: `"myapp": {"plugins": ["chalk"]}`.
  std::vector<std::string> own_parts() const;
  // Programs of development dependencies, as npm's lock file has them; of other package managers those that usually
  // have the name of the package.
  std::vector<std::string> programs() const;
  // Scripts of package.json that start one of the programs, with that program.
  std::vector<std::pair<std::string, std::string>> scripts_with(const std::vector<std::string>& programs) const;

 private:
  Json package_, lock_;
  std::set<std::string, std::less<>> locked_;  // names of packages that the lock file of Yarn or pnpm has
};

}  // namespace dockhew::inline ecosystems
