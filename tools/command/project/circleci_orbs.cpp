#include "project/circleci_orbs.hpp"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "facts/facts.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

constexpr int deepest = 10;

// What is known of an orb. Sources: src/jobs, src/scripts and src/executors of CircleCI-Public/aws-ecr-orb,
// docker-orb and gcp-gcr-orb.
struct Orb {
  std::string_view name;
  std::array<std::string_view, 5> builds;  // its jobs and commands that build
  std::string_view first_with_buildkit;    // of its versions; those before run `docker build` of Docker 20.10 or older
  std::string_view switches;               // the parameter that turns BuildKit on before that; empty without one
};

constexpr Orb orbs[] = {
    {"circleci/aws-ecr", {"build-and-push-image", "build-image", "build_and_push_image", "build_image", ""}, "8", ""},
    {"circleci/gcp-gcr", {"build-and-push-image", "build-image", "", "", ""}, "0.15", ""},
    {"circleci/docker", {"publish", "build", "", "", ""}, "2.7", "use-buildkit"},
};

struct UsedOrb {
  const Orb* orb;
  std::string version;
};

std::map<std::string, UsedOrb, std::less<>> used_orbs(const YAML::Node& root) {
  std::map<std::string, UsedOrb, std::less<>> used;
  const auto list = root["orbs"];
  if (!list || !list.IsMap()) return used;
  for (const auto& entry : list) {
    const auto text = scalar_of(entry.second);
    const auto at = text.find('@');
    for (const auto& orb : orbs)
      if (at != text.npos && text.substr(0, at) == orb.name)
        used.emplace(scalar_of(entry.first), UsedOrb{&orb, text.substr(at + 1)});
  }
  return used;
}

class Reader {
 public:
  Reader(const YAML::Node& root, const std::string& project, bool says_buildkit, Builds& result)
      : used_(used_orbs(root)), project_(project), says_buildkit_(says_buildkit), result_(result) {}

  bool has_work() const { return !used_.empty(); }

  void read(const YAML::Node& node, int depth) {
    if (depth == 0) return;
    if (node.IsSequence())
      for (const auto& each : node) read_element(each, depth);
    if (!node.IsMap()) return;
    for (const auto& entry : node) {
      read_call(scalar_of(entry.first), entry.second, line_of(entry.first));
      read(entry.second, depth - 1);
    }
  }

 private:
  // `- aws-ecr/build-and-push-image`, without parameters.
  void read_element(const YAML::Node& element, int depth) {
    if (element.IsScalar()) read_call(element.Scalar(), YAML::Node(YAML::NodeType::Undefined), line_of(element));
    else read(element, depth - 1);
  }

  const UsedOrb* orb_of(std::string_view call) const {
    const auto slash = call.find('/');
    if (slash == call.npos) return nullptr;
    const auto found = used_.find(call.substr(0, slash));
    if (found == used_.end()) return nullptr;
    const auto job = call.substr(slash + 1);
    for (const auto name : found->second.orb->builds)
      if (!name.empty() && name == job) return &found->second;
    return nullptr;
  }

  // Nothing where the value is one of the job's own parameters, or of the machine's variables.
  static std::optional<std::string> value_of(const YAML::Node& parameters, const char* key, const char* otherwise) {
    const auto text = parameters && parameters.IsMap() ? scalar_of(parameters[key]) : std::string();
    if (text.find("<<") != text.npos || text.find('$') != text.npos) return std::nullopt;
    return text.empty() ? otherwise : text;
  }

  void read_call(const std::string& call, const YAML::Node& parameters, std::size_t line) {
    const auto* used = orb_of(call);
    if (used == nullptr || result_.builds.size() >= most_builds) return;
    const auto path = value_of(parameters, "path", "."), dockerfile = value_of(parameters, "dockerfile", "Dockerfile");
    if (!path || !dockerfile) return;
    auto build = local_build(call, *path, *dockerfile, project_, line);
    // Each run gets a new machine.
    build.hosted = true;
    const auto& orb = *used->orb;
    const bool switched = !orb.switches.empty() && parameters && parameters.IsMap() &&
                          scalar_of(parameters[std::string(orb.switches)]) == "true";
    if (!version_numbers(used->version).empty() && !version_at_least(used->version, orb.first_with_buildkit) &&
        !switched && !says_buildkit_)
      build.refuses_mounts = "builds it with the orb `" + std::string(orb.name) + "@" + used->version +
                             "`, whose `docker build` has no BuildKit, which mounts need";
    result_.builds.push_back(std::move(build));
  }

  std::map<std::string, UsedOrb, std::less<>> used_;
  const std::string& project_;
  bool says_buildkit_;
  Builds& result_;
};

}  // namespace

void read_circleci_orbs(const YAML::Node& root, const std::string& project, bool says_buildkit, Builds& result) {
  Reader reader(root, project, says_buildkit, result);
  if (reader.has_work()) reader.read(root, deepest);
}

}  // namespace dockhew::cli
