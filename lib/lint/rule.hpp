// A rule is a constant: its name, its texts, and one pure function from a Dockerfile to findings.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.hpp"
#include "model/builder.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

enum class Category : std::uint8_t { correctness, security, reproducibility, size, speed, style };
std::string_view to_string(Category category);

// Where builds of a Compose file may keep their cache.
enum class CacheExport : std::uint8_t { unsaid, registry, local };

// What a project says about itself; rules that need it are silent without it.
struct RuleOptions {
  Builder builder = Builder::buildkit;
  BuilderCache builder_cache = BuilderCache::persistent;
  CacheExport cache_export = CacheExport::unsaid;
  std::vector<std::string> trusted_registries;      // "docker.io", "*.example.org"
  std::map<std::string, std::string> label_schema;  // label to type: text, url, semver, hash, rfc3339, spdx, email
  bool strict_labels = false;                       // other labels are findings
  bool selected = false;                            // somebody has named the rules that run
  bool only_shown = false;                          // a finding that is off is wanted by nobody
  std::string path;                                 // of the file, as far as it has a name: "docker/Dockerfile.dev"
};

// Collects the findings of one rule.
class Report {
 public:
  // `options` must outlive the report.
  Report(const Rule& rule, std::vector<Finding>& findings, const RuleOptions& options)
      : rule_(rule), findings_(findings), options_(options) {}
  const RuleOptions& options() const { return options_; }
  // `aliases`: those of the rule's names that this finding answers to.
  Finding& add(Span span, std::string message, std::vector<std::string> aliases = {});

 private:
  const Rule& rule_;
  std::vector<Finding>& findings_;
  const RuleOptions& options_;
};

struct BuildFile;

// `context`: of all Dockerfiles that are built with it. `habit`: in a file, whatever can be done about each place.
enum class OnceIn : std::uint8_t { place, stage, file, context, habit };

struct Rule {
  std::string_view id;  // kebab-case, names the problem
  std::array<std::string_view, 12> aliases =
      {};  // hadolint's and BuildKit's names, and former ids, accepted wherever an id is
  Category category = Category::correctness;
  Severity severity = Severity::warning;  // of a finding, unless the rule says otherwise
  bool by_default = true;                 // runs without being selected
  bool optimizes = false;                 // `dockhew optimize` applies all of its fixes by default
  bool about_mounts = false;              // silent if the builder has no mounts at all
  bool stops_build = false;               // a build ends where it fires as an error: what comes after is not reached,
                                          // and `dockhew optimize` applies the fix of that
  OnceIn once_in = OnceIn::place;         // where findings that say the same are about one thing
  std::string_view summary;               // one line
  std::string_view rationale;             // Markdown
  std::optional<Applicability> fix;       // the strongest fix it can offer
  void (*check)(const Dockerfile&, Report&) = nullptr;
  void (*check_builds)(const BuildFile&, Report&) = nullptr;  // instead: of a file that says what is built

  bool has_name(std::string_view name) const;  // id or alias, in any case
};

// Whether no build gets past what the finding is about.
inline bool ends_build(const Finding& finding) {
  return finding.rule->stops_build && finding.severity >= Severity::error && !finding.build_goes_on;
}

// The catalogue, sorted by id.
std::span<const Rule* const> all_rules();
// Those that run without being selected.
std::vector<const Rule*> default_rules();
// Those whose fixes `dockhew optimize` makes by default.
std::vector<const Rule*> optimizing_rules();
bool is_optimizing(const Rule& rule);
const Rule* find_rule(std::string_view name);
// The id closest to a misspelt name; empty when none is close.
std::string_view suggest_rule(std::string_view name);

}  // namespace dockhew::inline lint
