// Go: modules and the `go` command.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/go/effects.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"go"};

}  // namespace

extern constinit const Ecosystem go = {
    .id = "go",
    .language = "go",
    .tools = tools,
    .effects = go_effects,
};

}  // namespace dockhew::ecosystems
