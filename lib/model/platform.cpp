#include "model/platform.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "text/utf8.hpp"

namespace dockhew::inline model {
namespace {

constexpr std::array<std::string_view, 17> systems = {"aix",     "android", "darwin",  "dragonfly", "freebsd", "hurd",
                                                      "illumos", "ios",     "js",      "linux",     "nacl",    "netbsd",
                                                      "openbsd", "plan9",   "solaris", "windows",   "zos"};
constexpr std::array<std::string_view, 28> architectures = {
    "386",    "amd64",    "amd64p32",  "arm",         "armbe", "arm64",   "arm64be", "loong64", "mips",    "mipsle",
    "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc",   "ppc64",   "ppc64le", "riscv",   "riscv64", "s390",
    "s390x",  "sparc",    "sparc64",   "wasm",        "i386",  "aarch64", "x86_64",  "x86-64"};

constexpr std::string_view component_pattern = "^[A-Za-z0-9_.-]+$";
constexpr std::string_view system_pattern = R"(^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)((?:\+[A-Za-z0-9_.-]+)*)\))?$)";

bool is_word(std::string_view text, std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || others.find(c) != others.npos;
  });
}

bool is_system(std::string_view text) {
  const auto bracket = text.find('(');
  if (bracket == text.npos) return is_word(text, "_-");
  if (!text.ends_with(')') || !is_word(text.substr(0, bracket), "_-")) return false;
  const auto version = text.substr(bracket + 1, text.size() - bracket - 2);
  return version.empty() || is_word(version, "_.-+");
}

std::string normal_architecture(std::string_view text) {
  const auto name = to_lower_ascii(text);
  if (name == "i386") return "386";
  if (name == "x86_64" || name == "x86-64") return "amd64";
  if (name == "aarch64") return "arm64";
  if (name == "armhf" || name == "armel") return "arm";
  return name;
}

std::string normal_system(std::string_view text) {
  const auto name = to_lower_ascii(text.substr(0, text.find('(')));
  return name == "macos" ? "darwin" : name;
}

// containerd's rules: a plain arm is v7, and v8 of arm64 and v1 of amd64 are what is meant without any.
std::string normal_variant(std::string_view written, std::string_view architecture, std::string_view variant) {
  const auto name = to_lower_ascii(written);
  auto normal = to_lower_ascii(variant);
  if (!normal.empty() && '0' <= normal.front() && normal.front() <= '9') normal = 'v' + normal;
  if (architecture == "arm") return name == "armel" ? "v6" : normal.empty() ? "v7" : normal;
  if (architecture == "arm64" && normal == "v8") return {};
  if (architecture == "amd64" && normal == "v1") return {};
  return normal;
}

template <typename Names>
bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Platform parse_platform(std::string_view text) {
  const auto fail = [](std::string message) { return Platform{{}, {}, std::move(message) + ": invalid argument", {}}; };
  if (text.find('*') != text.npos) return fail(go_quote(text) + ": wildcards not yet supported");
  std::vector<std::string_view> parts;
  for (auto rest = text;; rest.remove_prefix(parts.back().size() + 1)) {
    parts.push_back(rest.substr(0, parts.size() < 3 ? rest.find('/') : rest.npos));
    if (parts.back().size() == rest.size()) break;
  }
  if (!is_system(parts[0]))
    return fail(go_quote(parts[0]) + " is an invalid OS component of " + go_quote(text) +
                ": OSAndVersion specifier component must match " + go_quote(system_pattern));
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (!is_word(parts[i], "_.-"))
      return fail(go_quote(parts[i]) + " is an invalid component of " + go_quote(text) +
                  ": platform specifier component must match " + go_quote(component_pattern));
  if (parts.size() == 1) {
    // A single word is a system or an architecture; the other half is the builder's own.
    const auto system = normal_system(parts[0]);
    if (contains(systems, system)) return {system, "amd64", {}, {}};
    const auto architecture = normal_architecture(parts[0]);
    if (contains(architectures, architecture))
      return {"linux", architecture, {}, normal_variant(parts[0], architecture, {})};
    return fail(go_quote(text) + ": unknown operating system or architecture");
  }
  if (parts.size() > 3) return fail(go_quote(text) + ": cannot parse platform specifier");
  const auto architecture = normal_architecture(parts[1]);
  const auto variant = parts.size() == 3 ? parts[2] : std::string_view();
  return {normal_system(parts[0]), architecture, {}, normal_variant(parts[1], architecture, variant)};
}

Platform normal_platform(std::string_view os, std::string_view architecture, std::string_view variant) {
  const auto normal = normal_architecture(architecture);
  return {normal_system(os), normal, {}, normal_variant(architecture, normal, variant)};
}

}  // namespace dockhew::inline model
