// What `dockhew verify` of a Compose file found out: a row for each service, and the four scenarios of all of them in
// sum. A service that was not verified has a row too, which says why.
#pragma once

#include <string>
#include <vector>

#include "report/verification.hpp"

namespace dockhew::inline report {

enum class ServiceState {
  verified,
  same_build,    // as an earlier service: it shares the image of that
  unchanged,     // both forms are the same
  not_verified,  // nothing is known of how it is built
  failed         // it could not be built, or the images could not be compared
};

struct ServiceVerification {
  std::string name, dockerfile, context, target;  // target: empty for the last stage
  ServiceState state = ServiceState::not_verified;
  std::string reason;  // why it was not verified, for a person; of same_build the name of the other service
  Layers layers;       // of those that are verified, as the rest
  Verification verification;
};

struct ProjectVerification {
  std::string path, against, builder;  // against: another Compose file; empty for the rewrite
  std::vector<ServiceVerification> services;
  bool interrupted = false;

  bool failed() const;
  bool equivalent() const;  // as far as services were verified
};

// Seconds and bytes of the services in which both forms were measured, each build once.
struct ProjectSum {
  struct Pair {
    double original = 0, optimized = 0;
    std::size_t services = 0;
  };
  std::array<Pair, 4> scenarios;  // in the order of all_scenarios
  Pair bytes;
};
ProjectSum sum_of(const ProjectVerification& project);

// What is printed of one service when it is done, and of all at the end.
std::string format_service(const ServiceVerification& service, const Colours& colours);
std::string format_project_sum(const ProjectVerification& project, const Colours& colours);
std::string format_project_json(const ProjectVerification& project);

// "2 services: 1 equivalent, 1 not verified"
std::string verdict_of(const ProjectVerification& project);
// "not verified: its Dockerfile stands in the Compose file"; empty for one that is.
std::string state_text(const ServiceVerification& service);

}  // namespace dockhew::inline report
