// Go: modules and the `go` command.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/go/effects.hpp"
#include "ecosystems/go/runtime.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"go"};

}  // namespace

extern constinit const Ecosystem go = {
    .id = "go",
    .language = "go",
    .tools = tools,
    .effects = go_effects,
    .runtime = &go_runtime,
};

}  // namespace dockhew::ecosystems
