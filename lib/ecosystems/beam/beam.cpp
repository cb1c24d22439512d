// Elixir and Erlang: Mix.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"mix"};

}  // namespace

extern constinit const Ecosystem beam = {
    .id = "beam",
    .language = "",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
