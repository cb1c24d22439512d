// Conda and Mamba, whose packages are of any language.
#include "ecosystems/conda/manifests.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"conda"};

}  // namespace

extern constinit const Ecosystem conda = {
    .id = "conda",
    .language = "",
    .tools = tools,
    .installation = conda_installation,
    .manifests = conda_manifests,
    .generated_directories = {},
    .git_readers = {},
    .settings_readers = {},
};

}  // namespace dockhew::inline ecosystems
