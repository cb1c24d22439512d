// JavaScript and TypeScript on Node or Bun: npm, Yarn, pnpm, Bun.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/node/manifests.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"npm", "yarn", "pnpm", "corepack", "bun"};

}  // namespace

extern constinit const Ecosystem node = {
    .id = "node",
    .language = "node",
    .tools = tools,
    .installation = node_installation,
    .manifests = node_manifests,
};

}  // namespace dockhew::ecosystems
