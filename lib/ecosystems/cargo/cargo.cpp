// Rust: Cargo.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/cargo/caches.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"cargo"};

}  // namespace

extern constinit const Ecosystem cargo = {
    .id = "cargo",
    .language = "rust",
    .tools = tools,
    .intermediate_files = cargo_intermediate_files,
};

}  // namespace dockhew::ecosystems
