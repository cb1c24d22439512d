// How builders answer when they are asked what they are.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::cli {

// The version in what a program says of itself: of "buildah version 1.28.2 (image-spec …)", "github.com/docker/buildx
// v0.12.1 30feaa1" and, as Debian writes it, "github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3"; "?" when there is
// none.
std::string version_said(const std::string& text);

// What `docker buildx inspect` says behind a label ("Driver:") where it stands first; empty when it does not say it.
// The driver `docker` is no separate builder, but the one inside the daemon.
std::string inspected_value(std::string_view inspected, std::string_view label);

}  // namespace dockhew::cli
