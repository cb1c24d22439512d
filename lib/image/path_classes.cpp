#include "image/path_classes.hpp"

#include <algorithm>
#include <array>

#include "text/path.hpp"

namespace dockhew::inline image {
namespace {

struct PathClass {
  std::string_view name;
  std::string_view pattern;  // "**" crosses directories
};

// A pattern that ends in a slash matches the directory and everything below it.
constexpr std::array ignorable = {
    PathClass{"package-manager caches", "/var/cache/apt/"},
    PathClass{"package-manager caches", "/var/lib/apt/lists/"},
    PathClass{"package-manager caches", "/var/cache/apk/"},
    PathClass{"package-manager caches", "/etc/apk/cache/"},
    PathClass{"package-manager caches", "/var/cache/dnf/"},
    PathClass{"package-manager caches", "/var/cache/libdnf5/"},
    PathClass{"package-manager caches", "/var/cache/yum/"},
    PathClass{"package-manager caches", "/var/cache/zypp/"},
    PathClass{"package-manager caches", "/var/cache/pacman/"},
    PathClass{"package-manager caches", "/usr/local/share/.cache/"},
    PathClass{"package-manager caches", "/usr/local/cargo/registry/"},
    PathClass{"package-manager caches", "/usr/local/cargo/git/"},
    PathClass{"package-manager caches", "/usr/local/cargo/.*"},
    PathClass{"package-manager caches", "/go/pkg/mod/"},
    PathClass{"package-manager caches", "/go/pkg/sumdb/"},
    PathClass{"package-manager caches", "/opt/conda/pkgs/"},
    PathClass{"package-manager caches", "/usr/local/bundle/cache/"},
    PathClass{"package-manager caches", "**/bundle/ruby/*/cache/"},
    PathClass{"logs", "/var/log/"},
    PathClass{"logs", "/var/lib/dpkg/*-old"},
    PathClass{"logs", "/var/cache/debconf/*-old"},
    PathClass{"logs", "/var/lib/dpkg/lock*"},
    PathClass{"loader caches", "/etc/ld.so.cache"},
    PathClass{"loader caches", "/var/cache/ldconfig/"},
    PathClass{"byte code", "**/*.pyc"},
    PathClass{"byte code", "**/__pycache__"},
    PathClass{"logs", "**/.ninja_log"},
    PathClass{"logs", "**/.ninja_deps"},
    PathClass{"logs", "**/CMakeFiles/CMakeOutput.log"},
    PathClass{"logs", "**/CMakeFiles/CMakeError.log"},
    PathClass{"logs", "**/CMakeFiles/CMakeConfigureLog.yaml"},
    PathClass{"build intermediates", "**/target/*/.fingerprint/"},
    PathClass{"build intermediates", "**/target/*/deps/"},
    PathClass{"build intermediates", "**/target/*/build/"},
    PathClass{"build intermediates", "**/target/*/incremental/"},
    PathClass{"build intermediates", "**/target/*/examples/"},
    PathClass{"build intermediates", "**/target/*/.cargo-lock"},
    PathClass{"build intermediates", "**/target/*/*.d"},
    PathClass{"build intermediates", "**/target/.rustc_info.json"},
    PathClass{"build intermediates", "**/node_modules/.cache/"},
    PathClass{"build intermediates", "**/*.tsbuildinfo"},
    PathClass{"the builder's own files", "/etc/hosts"},
    PathClass{"the builder's own files", "/etc/hostname"},
    PathClass{"the builder's own files", "/etc/resolv.conf"},
    PathClass{"the builder's own files", "/run/"},
    PathClass{"the builder's own files", "/proc/"},
    PathClass{"the builder's own files", "/sys/"},
    PathClass{"the builder's own files", "/dev/"},
};

// Below a home directory, whose path depends on the user.
constexpr std::array home_caches = {
    ".npm",
    ".cache/pip",
    ".cache/uv",
    ".cache/pypoetry",
    ".cache/pipenv",
    ".cache/pdm",
    ".cache/yarn",
    ".cache/pnpm",
    ".cache/go-build",
    ".cache/composer",
    ".cache/node-gyp",
    ".cache/ccache",
    ".cache/sccache",
    ".cache/rebar3",
    ".bun/install/cache",
    ".cargo/registry",
    ".cargo/git",
    ".m2/repository",
    ".gradle/caches",
    ".gradle/daemon",
    ".bundle/cache",
    ".composer/cache",
    ".conan2/p",
    ".yarn/berry/cache",
    ".local/share/pnpm/store",
    ".local/share/NuGet",
    ".hex/cache",
    ".config/go/telemetry",
    "go/pkg/mod",
};

bool matches(const PathClass& entry, std::string_view path) {
  if (!entry.pattern.ends_with('/')) return glob_match(entry.pattern, path);
  const auto directory = entry.pattern.substr(0, entry.pattern.size() - 1);
  if (directory.find('*') == directory.npos) return path_is_under(path, directory);
  for (auto at = path; at.size() > 1; at = path_parent(at))
    if (glob_match(directory, at)) return true;
  return false;
}

std::string_view below_home(std::string_view path) {
  if (path.starts_with("/root/")) return path.substr(6);
  if (!path.starts_with("/home/")) return {};
  const auto end = path.find('/', 6);
  return end == path.npos ? std::string_view() : path.substr(end + 1);
}

constexpr std::array kinds = {
    PathClass{"headers", "**/*.h"},
    PathClass{"headers", "**/*.hpp"},
    PathClass{"headers", "/usr/include/"},
    PathClass{"static libraries", "**/*.a"},
    PathClass{"static libraries", "**/*.o"},
    PathClass{"static libraries", "**/*.rlib"},
    PathClass{"a toolchain", "/usr/local/go/"},
    PathClass{"a toolchain", "/usr/local/rustup/"},
    PathClass{"a toolchain", "/usr/local/cargo/"},
    PathClass{"a toolchain", "/usr/lib/gcc/"},
    PathClass{"a toolchain", "/usr/libexec/gcc/"},
    PathClass{"a toolchain", "/usr/lib/go-*/"},
    PathClass{"a toolchain", "/usr/share/go-*/"},
    PathClass{"a toolchain", "/usr/lib/rustlib/"},
    PathClass{"a toolchain", "/usr/lib/llvm-*/"},
    PathClass{"documentation", "/usr/share/doc/"},
    PathClass{"documentation", "/usr/share/man/"},
    PathClass{"documentation", "/usr/share/info/"},
    PathClass{"documentation", "/usr/share/locale/"},
    PathClass{"libraries", "**/*.so"},
    PathClass{"libraries", "**/*.so.*"},
    PathClass{packages_of_language, "**/node_modules/"},
    PathClass{packages_of_language, "**/site-packages/"},
    PathClass{packages_of_language, "**/dist-packages/"},
    PathClass{"programs", "/usr/bin/"},
    PathClass{"programs", "/usr/sbin/"},
    PathClass{"programs", "/usr/local/bin/"},
    PathClass{"programs", "/bin/"},
    PathClass{"programs", "/sbin/"},
    PathClass{"lists of installed packages", "/var/lib/dpkg/"},
    PathClass{"system files", "/usr/"},
    PathClass{"system files", "/etc/"},
    PathClass{"system files", "/var/"},
    PathClass{"system files", "/lib/"},
    PathClass{"build output", "**/target/"},
};

}  // namespace

std::string_view ignorable_class(std::string_view path) {
  if (const auto inside = below_home(path); !inside.empty()) {
    for (const std::string_view cache : home_caches)
      if (path_is_under(inside, cache)) return "package-manager caches";
    if (inside == ".cache" || inside == ".local" || inside == ".local/share") return "package-manager caches";
  }
  const auto found = std::ranges::find_if(ignorable, [&](const PathClass& entry) { return matches(entry, path); });
  return found == ignorable.end() ? std::string_view() : found->name;
}

std::string_view kind_of_file(std::string_view path) {
  const auto found = std::ranges::find_if(kinds, [&](const PathClass& entry) { return matches(entry, path); });
  return found == kinds.end() ? other_files : found->name;
}

}  // namespace dockhew::inline image
