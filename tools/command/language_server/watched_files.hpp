// Which files on disk decide what is said of a Dockerfile, so that the client is asked to say when they change.
#pragma once

#include "facts/facts.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Watchers as `client/registerCapability` takes them: globs.
Json file_watchers(const Facts& facts);

}  // namespace dockhew::cli
