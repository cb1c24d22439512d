// PHP: Composer.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"composer"};

}  // namespace

extern constinit const Ecosystem php = {
    .id = "php",
    .language = "php",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
