#include "model/compiler_caches.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline model {
namespace {

// `ccache`, `/usr/bin/sccache`, `ccache gcc`: what is used in place of a compiler.
std::string_view launcher_in(std::string_view compiler) {
  const auto program = path_basename(compiler.substr(0, compiler.find(' ')));
  return program == "ccache" || program == "sccache" ? program : std::string_view();
}

}  // namespace

void find_launchers(Script& script, const ValueLookup& lookup) {
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::ranges::find(script.launchers, name) == script.launchers.end())
      script.launchers.emplace_back(name);
  };
  for (const auto* name : {"CC", "CXX", "RUSTC_WRAPPER", "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER"})
    if (const auto value = lookup(name); value.is_known()) add(launcher_in(value.text));
  // Debian's ccache has links with the names of the compilers there.
  if (const auto path = lookup("PATH"); path.is_known() && path.text.find("/usr/lib/ccache") != path.text.npos)
    add("ccache");
  for (const auto& command : script.commands) {
    for (const auto& word : command.words)
      if (const auto equals = word.raw.find("LAUNCHER="); word.value.is_known() && equals != word.raw.npos)
        add(launcher_in(word.text().substr(word.text().find('=') + 1)));
    for (const auto& assignment : command.assignments)
      if (assignment.value.value.is_known() &&
          (assignment.name.ends_with("CC") || assignment.name.ends_with("CXX") || assignment.name == "RUSTC_WRAPPER" ||
           assignment.name.ends_with("LAUNCHER")))
        add(launcher_in(assignment.value.text()));
  }
  // With a remote store, sccache keeps nothing here.
  for (const auto* remote :
       {"SCCACHE_BUCKET", "SCCACHE_REDIS", "SCCACHE_REDIS_ENDPOINT", "SCCACHE_MEMCACHED", "SCCACHE_GCS_BUCKET",
        "SCCACHE_GHA_ENABLED", "SCCACHE_AZURE_CONNECTION_STRING", "SCCACHE_WEBDAV_ENDPOINT"})
    if (const auto value = lookup(remote); value.is_known() && !value.text.empty())
      std::erase(script.launchers, "sccache");
}

}  // namespace dockhew::inline model
