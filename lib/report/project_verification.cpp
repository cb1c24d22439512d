#include "report/project_verification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/json.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

std::string_view name_of(ServiceState state) {
  switch (state) {
    case ServiceState::verified: return "verified";
    case ServiceState::same_build: return "same-build";
    case ServiceState::unchanged: return "unchanged";
    case ServiceState::not_verified: return "not-verified";
    case ServiceState::failed: break;
  }
  return "failed";
}

std::size_t count(const ProjectVerification& project, ServiceState state) {
  return static_cast<std::size_t>(std::ranges::count(project.services, state, &ServiceVerification::state));
}

void add(ProjectSum::Pair& sum, double original, double optimized) {
  if (original <= 0 || optimized <= 0) return;
  sum.original += original;
  sum.optimized += optimized;
  ++sum.services;
}

Json pair_json(const ProjectSum::Pair& pair) {
  return {{"original", pair.original}, {"optimized", pair.optimized}, {"services", pair.services}};
}

Json service_json(const ServiceVerification& service) {
  const bool same = service.state == ServiceState::same_build, verified = service.state == ServiceState::verified;
  return {{"name", service.name},
          {"dockerfile", service.dockerfile},
          {"context", service.context},
          {"target", service.target},
          {"state", name_of(service.state)},
          {"same_as", same ? Json(service.reason) : Json()},
          {"reason", same || service.reason.empty() ? Json() : Json(service.reason)},
          {"verification", verified ? verification_json(service.layers, service.verification) : Json()}};
}

}  // namespace

bool ProjectVerification::failed() const { return count(*this, ServiceState::failed) > 0; }

bool ProjectVerification::equivalent() const {
  return std::ranges::all_of(services, [](const ServiceVerification& service) {
    return service.state != ServiceState::verified || service.verification.equivalent();
  });
}

ProjectSum sum_of(const ProjectVerification& project) {
  ProjectSum sum;
  for (const auto& service : project.services) {
    if (service.state != ServiceState::verified) continue;
    const auto& v = service.verification;
    for (std::size_t i = 0; i < all_scenarios.size(); ++i)
      if (v.not_measured[i].empty()) add(sum.scenarios[i], v.original[i].median(), v.optimized[i].median());
    add(sum.bytes, static_cast<double>(v.original_bytes), static_cast<double>(v.optimized_bytes));
  }
  return sum;
}

std::string state_text(const ServiceVerification& service) {
  switch (service.state) {
    case ServiceState::verified: return {};
    case ServiceState::same_build: return "the same build as " + service.reason;
    case ServiceState::unchanged: return service.reason;
    case ServiceState::not_verified: return "not verified: " + service.reason;
    case ServiceState::failed: break;
  }
  return "failed: " + service.reason;
}

std::string verdict_of(const ProjectVerification& project) {
  const auto verified = count(project, ServiceState::verified);
  const auto equivalent = static_cast<std::size_t>(std::ranges::count_if(project.services, [](const auto& service) {
    return service.state == ServiceState::verified && service.verification.equivalent();
  }));
  const auto all = project.services.size();
  std::string text = fmt::format("{} service{}", all, all == 1 ? "" : "s"), separator = ": ";
  const auto say = [&](std::size_t number, std::string_view what) {
    if (number == 0) return;
    text += fmt::format("{}{} {}", separator, number, what);
    separator = ", ";
  };
  say(equivalent, "equivalent");
  say(project.interrupted ? 0 : verified - equivalent, "not equivalent");
  say(project.interrupted ? verified - equivalent : 0, "interrupted");
  say(count(project, ServiceState::same_build), "with the build of another");
  say(count(project, ServiceState::unchanged), "without a change");
  say(count(project, ServiceState::not_verified), "not verified");
  say(count(project, ServiceState::failed), "failed");
  return text;
}

std::string format_service(const ServiceVerification& service, const Colours& colours) {
  const auto name = fmt::format("{}{}{}", colours.bold, escape_for_terminal(service.name), colours.reset);
  if (service.state != ServiceState::verified)
    return fmt::format("{}: {}\n\n", name, escape_for_terminal(state_text(service)));
  const auto target = service.target.empty() ? "" : ", target " + escape_for_terminal(service.target);
  return fmt::format("{}{}: {}\n", name, target, format_verification(service.layers, service.verification, colours));
}

std::string format_project_sum(const ProjectVerification& project, const Colours& colours) {
  const auto sum = sum_of(project);
  const auto most = std::ranges::max(sum.scenarios, {}, &ProjectSum::Pair::services).services;
  std::string out;
  if (most > 0) {
    out = fmt::format("{}All services in sum{}\n{}{:<22}{:>12}{:>12}{:>10}{}\n", colours.bold, colours.reset,
                      colours.dim, "", "original", "optimized", "change", colours.reset);
    for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
      const auto& [before, after, services] = sum.scenarios[i];
      if (services == 0) continue;
      out += fmt::format("{:<22}{:>10.2f} s{:>10.2f} s{:>10}{}\n", to_string(all_scenarios[i]), before, after,
                         change_text(before, after),
                         services < most ? fmt::format("  of {} service{}", services, services == 1 ? "" : "s") : "");
    }
    if (const auto& [before, after, services] = sum.bytes; services > 0)
      out += fmt::format("{:<22}{:>12}{:>12}{:>10}\n", "image size", readable_bytes(static_cast<std::uint64_t>(before)),
                         readable_bytes(static_cast<std::uint64_t>(after)), change_text(before, after));
    out += '\n';
  }
  const auto colour = project.failed() || !project.equivalent() ? colours.red : colours.green;
  return out + fmt::format("{}{}{}\n", colour, verdict_of(project), colours.reset);
}

std::string format_project_json(const ProjectVerification& project) {
  const auto sum = sum_of(project);
  Json services = Json::array(), scenarios = Json::array();
  for (const auto& service : project.services) services.push_back(service_json(service));
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    auto scenario = pair_json(sum.scenarios[i]);
    scenario["name"] = to_string(all_scenarios[i]);
    scenarios.push_back(std::move(scenario));
  }
  const bool known = !project.interrupted && !project.failed();
  const Json document = {{"version", 1},
                         {"path", project.path},
                         {"against", project.against.empty() ? Json() : Json(project.against)},
                         {"builder", project.builder},
                         {"equivalent", known ? Json(project.equivalent()) : Json()},
                         {"interrupted", project.interrupted},
                         {"services", std::move(services)},
                         {"sum", {{"scenarios", std::move(scenarios)}, {"bytes", pair_json(sum.bytes)}}}};
  return document.dump(2) + '\n';
}

}  // namespace dockhew::inline report
