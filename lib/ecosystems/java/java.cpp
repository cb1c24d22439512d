// Java and what runs on its machine: Maven and Gradle.
#include "ecosystems/ecosystem.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle"};

}  // namespace

extern constinit const Ecosystem java = {
    .id = "java",
    .language = "java",
    .tools = tools,
};

}  // namespace dockhew::ecosystems
