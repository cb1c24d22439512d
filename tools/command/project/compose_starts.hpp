// What the services of a Compose file make containers run: their commands, hooks and health checks.
#pragma once

#include <vector>

#include "model/build_context.hpp"
#include "project/compose_services.hpp"
#include "project/compose_values.hpp"

namespace dockhew::cli {

// What more of them, or longer ones, would start is not known. Every service of an image starts something in it.
constexpr std::size_t most_starts = 20;

// A start whose text is empty may be anything: a variable decides, or what the service extends cannot be read.
std::vector<ContainerStart> read_starts(const ComposeService& service, const ComposeValues& values);

}  // namespace dockhew::cli
