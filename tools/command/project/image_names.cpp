#include "project/image_names.hpp"

#include <algorithm>
#include <utility>

#include "facts/facts.hpp"
#include "facts/official_images.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

// Images that others publish, which manifests of many projects name beside their own: those of Docker's library, and of
// registries and owners that are none's own.
bool is_public(std::string_view image) {
  constexpr std::string_view beginnings[] = {
      "amazon/",       "bitnami/",     "confluentinc/",      "curlimages/", "docker.elastic.co/", "docker.io/library/",
      "docker/",       "dpage/",       "envoyproxy/",        "fluent/",     "gcr.io/cloud",       "gcr.io/google",
      "gcr.io/kaniko", "grafana/",     "hashicorp/",         "istio/",      "jaegertracing/",     "k8s.gcr.io/",
      "library/",      "linuxserver/", "mcr.microsoft.com/", "minio/",      "nginxinc/",          "openzipkin/",
      "otel/",         "prom/",        "public.ecr.aws/",    "quay.io/",    "rancher/",           "registry.k8s.io/",
      "temporalio/",   "velero/",      "axllent/",           "mailhog/",    "localstack/"};
  // Not Docker's own, but called as if they were.
  constexpr std::string_view others[] = {"etcd", "grafana", "kafka", "keycloak", "opensearch", "postgis", "prometheus"};
  if (image.find('/') == image.npos)
    return is_official_image(builtin_facts(), image) || std::ranges::find(others, image) != std::end(others);
  if (image.starts_with("docker.io/")) image.remove_prefix(std::string_view("docker.io/").size());
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return image.starts_with(beginning); });
}

}  // namespace

ImageNames::ImageNames(std::string directory, const std::string& repository)
    : directory_(std::move(directory)),
      own_directory_(directory_ != repository),
      last_parts_{std::string(path_basename(directory_))} {
  if (!repository.empty()) last_parts_.emplace(path_basename(repository));
}

void ImageNames::add(const Build& build) {
  for (const auto& image : build.images) last_parts_.emplace(path_basename(image));
  images_.insert(build.images.begin(), build.images.end());
  services_.insert(build.containers.begin(), build.containers.end());
  services_.insert(build.name);
}

bool ImageNames::fit(const ImageRun& run) const {
  // A chart in the directory of the Dockerfile is for it, if that is not the whole repository.
  if (run.any)
    return only_ || (own_directory_ && path_is_under(run.start.place, directory_)) || services_.contains(run.service) ||
           last_parts_.contains(run.service);
  if (run.image.empty()) return services_.contains(run.service) || is_container_of_service(run.service);
  // What is built on an image of this name may be on a stranger's.
  if (run.child) return is_of_service(run.image) || images_.contains(run.image);
  // `node` is that of `node/Dockerfile` only if somebody calls it so.
  if (builtin_facts().image_names.contains(parse_image_reference(run.image).name())) return images_.contains(run.image);
  // Who runs one may name it with another registry, and `ghcr.io/me/shop-api` is that of `api/Dockerfile`.
  const auto name = path_basename(run.image);
  const auto directory = path_basename(directory_);
  const bool of_directory =
      own_directory_ && name.size() < run.image.size() && name.ends_with(directory) &&
      (name.ends_with('-' + std::string(directory)) || name.ends_with('_' + std::string(directory)));
  const bool of_project = run.deployed && dockerfiles_ == 1 && !is_public(run.image);
  return of_directory || of_project || last_parts_.contains(name);
}

// `FROM shop_web`: Compose names the image of `web` after the project, which may lie in any directory.
bool ImageNames::is_of_service(const std::string& image) const {
  return image.find('/') == image.npos && std::ranges::any_of(services_, [&](const std::string& service) {
           return image.ends_with('_' + service) || image.ends_with('-' + service);
         });
}

// `docker exec shop-web-1 …`, `shop_web_1`: Compose's name for the first container of `web`.
bool ImageNames::is_container_of_service(const std::string& container) const {
  const auto end = container.find_last_not_of("0123456789");
  if (end == std::string::npos || end + 1 == container.size() || (container[end] != '-' && container[end] != '_'))
    return false;
  return is_of_service(container.substr(0, end));
}

}  // namespace dockhew::cli
