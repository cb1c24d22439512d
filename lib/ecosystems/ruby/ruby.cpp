// Ruby: RubyGems and Bundler.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/ruby/caches.hpp"
#include "ecosystems/ruby/effects.hpp"

namespace dockhew::ecosystems {
namespace {

constexpr std::string_view tools[] = {"gem", "bundler"};

}  // namespace

extern constinit const Ecosystem ruby = {
    .id = "ruby",
    .language = "ruby",
    .tools = tools,
    .image_variable = ruby_image_variable,
    .effects = ruby_effects,
};

}  // namespace dockhew::ecosystems
