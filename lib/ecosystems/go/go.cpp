// Go: modules and the `go` command.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"go"};

}  // namespace

extern constinit const Ecosystem go = {
    .id = "go",
    .language = "go",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
