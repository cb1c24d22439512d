#include "ecosystems/cargo/linked_libraries.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The directories of the context in which a stage builds with Cargo.
std::set<std::string> built_projects(const Dockerfile& file, const Stage& stage) {
  std::set<std::string> projects;
  if (!file.context().is_known()) return projects;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->id != "cargo" || use.action->kind != ActionKind::build || !use.command->directory.is_known())
        continue;
      const auto before = Site{file, stage, step}.earlier().size();
      if (const auto root = project_in_context(file, stage, before, use.command->directory.text))
        projects.insert(*root);
    }
  }
  return projects;
}

// Of a project, or of the workspace above it.
std::optional<std::string> lock_file_of(const BuildContext& context, const std::string& project) {
  auto lock = context.read(join_context_path(project, "Cargo.lock"));
  for (const auto& directory : directories_above(project, ".")) {
    if (lock) break;
    lock = context.read(join_context_path(directory, "Cargo.lock"));
  }
  return lock;
}

// Whether a crate's entry says that it compiles the library itself: `openssl-sys` then needs `openssl-src`, and
// `libsqlite3-sys` a C compiler.
bool is_bundled(std::string_view crate, std::string_view entry) {
  return entry.find("-src\"") != entry.npos || (crate == "libsqlite3-sys" && entry.find("\"cc\"") != entry.npos);
}

// Crates named like one that links to a library, but whose library is compiled with them, is part of an operating
// system or even of the smallest image, or has no headers in the full image, so that the file installs these.
constexpr std::string_view others =
    "alsa-sys android_log-sys aom-sys atk-sys audiopus_sys aws-lc-fips-sys aws-lc-sys backtrace-sys bcachefs-sys "
    "boring-sys botan-sys brotli-sys bzip2-sys capstone-sys cblas-sys clang-sys core-foundation-sys "
    "core-graphics-sys coreaudio-sys coremidi-sys cryptoki-sys cubeb-sys dav1d-sys dirs-sys dirs-sys-next drm-sys "
    "duktape-sys egl-sys esp-idf-sys evdev-sys fdk-aac-sys ffmpeg-sys ffmpeg-sys-next freebsd-libgeom-sys "
    "fsevent-sys fuchsia-zircon-sys fuse-sys gbm-sys gdal-sys gdk-sys gdk4-sys gdkwayland-sys gdkx11-sys geos-sys "
    "get_if_addrs-sys glutin_egl_sys glutin_gles2_sys glutin_glx_sys glutin_wgl_sys gmp-mpfr-sys gpgme-sys "
    "graphene-sys grpcio-sys gsk4-sys gstreamer-app-sys gstreamer-audio-sys gstreamer-base-sys gstreamer-sys "
    "gstreamer-video-sys gtk-sys gtk4-sys harfbuzz-sys hdf5-sys hermit-sys highs-sys hyperscan-sys imgui-sys "
    "inotify-sys input-sys io-kit-sys ittapi-sys javascriptcore-rs-sys jemalloc-sys jni-sys jni-sys-macros js-sys "
    "kernel32-sys kqueue-sys lapack-sys lapacke-sys leptonica-sys libappindicator-sys libbpf-sys libcap-ng-sys "
    "libdbus-sys libdeflate-sys libduckdb-sys libffi-sys libfuzzer-sys libgit2-sys libgpg-error-sys libheif-sys "
    "liblmdb-sys liblzma-sys libmimalloc-sys libnghttp2-sys libpulse-simple-sys libpulse-sys libquickjs-sys "
    "librocksdb-sys libseccomp-sys libsodium-sys libsodium-sys-stable libssh2-sys libsystemd-sys libudev-sys "
    "libusb1-sys libvirt-sys libwebp-sys libwebp-sys2 libz-ng-sys libz-sys linux-raw-sys llvm-sys lmdb-master-sys "
    "lmdb-rkv-sys lmdb-sys lz4-sys lzma-sys lzo-sys magic-sys mbedtls-sys-auto mdbx-sys miniz-sys mlua-sys "
    "mozjpeg-sys ndk-sys netlink-sys nettle-sys nvml-wrapper-sys objc-sys oboe-sys odbc-sys onig_sys openblas-sys "
    "openh264-sys2 openjpeg-sys opus-sys pam-sys pango-sys pangocairo-sys pcre2-sys perf-event-open-sys "
    "pipewire-sys portaudio-sys proj-sys quad-alsa-sys quad-storage-sys rdkafka-sys redox-sys redox_event_sys "
    "renderdoc-sys rpmalloc-sys rquickjs-sys s2n-tls-sys sasl2-sys sass-sys sdl2-sys secp256k1-sys "
    "security-framework-sys selinux-sys sentencepiece-sys snappy-sys snmalloc-sys soup2-sys soup3-sys "
    "speech-dispatcher-sys system-configuration-sys systemd-sys tesseract-sys tikv-jemalloc-sys tracy-client-sys "
    "tss-esapi-sys turbojpeg-sys unrar_sys userenv-sys v4l2-sys-mit vectorscan-rs-sys vpx-sys vswhom-sys "
    "wasm-opt-sys wayland-sys web-sys webkit2gtk-sys whisper-rs-sys windows-sys wolfssl-sys ws2_32-sys x264-sys "
    "z3-sys zmq-sys zstd-sys";

// By the custom of naming them.
bool is_named_for_linking(std::string_view crate) {
  return crate.ends_with("-sys") || crate.ends_with("_sys") || crate.find("-sys-") != crate.npos ||
         crate.ends_with("-sys2");
}

struct Libraries {
  std::set<std::string> names;
  std::optional<std::string> unknown_crate;  // the first that may link to a library
};

void add_libraries(const NameMap<std::string_view>& table, std::string_view lock, Libraries& libraries) {
  constexpr std::string_view heading = "[[package]]", key = "name = \"";
  const auto known = split_words(others);
  for (auto at = lock.find(heading); at != lock.npos;) {
    const auto next = lock.find(heading, at + 1);
    const auto entry = lock.substr(at, next - at);
    at = next;
    const auto name = entry.find(key);
    if (name == entry.npos) continue;
    const auto begin = name + key.size();
    const auto crate = entry.substr(begin, entry.find('"', begin) - begin);
    const auto found = table.find(crate);
    if (is_bundled(crate, entry)) continue;
    if (found != table.end())
      for (const auto library : split_words(found->second)) libraries.names.emplace(library);
    else if (!libraries.unknown_crate && is_named_for_linking(crate) && std::ranges::find(known, crate) == known.end())
      libraries.unknown_crate = crate;
  }
}

// Others have no headers unless the file installs them.
bool has_headers(const Stage& stage) {
  return stage.image && stage.image->distribution == "debian" && !stage.image->slim;
}

Libraries find_libraries(const Dockerfile& file, const Stage& stage) {
  Libraries libraries;
  const auto table = file.facts().needed_packages.find("cargo");
  if (!has_headers(stage) || table == file.facts().needed_packages.end()) return libraries;
  for (const auto& project : built_projects(file, stage))
    if (const auto lock = lock_file_of(file.context(), project)) add_libraries(table->second, *lock, libraries);
  return libraries;
}

}  // namespace

std::vector<std::string> linked_libraries(const Dockerfile& file, const Stage& stage) {
  const auto libraries = find_libraries(file, stage);
  return {libraries.names.begin(), libraries.names.end()};
}

Obstacle linked_libraries_unknown(const Dockerfile& file, const Stage& stage) {
  if (!has_headers(stage)) return std::nullopt;
  for (const auto& project : built_projects(file, stage)) {
    const auto manifest = file.context().read(join_context_path(project, "Cargo.toml"));
    if (!manifest || manifest->find("dependencies") == manifest->npos || lock_file_of(file.context(), project))
      continue;
    return Declined{"Cargo.lock is not in the build context, so it is not known which libraries of `" +
                    stage.base.text + "` the program loads"};
  }
  if (const auto crate = find_libraries(file, stage).unknown_crate)
    return Declined{"Cargo.lock names the crate `" + *crate + "`, and it is not known to which library of `" +
                    stage.base.text + "` it links"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
