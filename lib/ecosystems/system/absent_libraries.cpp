#include "ecosystems/system/absent_libraries.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/system/absent_programs.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "facts/facts.hpp"
#include "model/base_files.hpp"
#include "model/runs.hpp"

namespace dockhew::inline ecosystems {
namespace {

// What images install besides, and that brings neither OpenSSL nor a client of a database.
constexpr std::array<std::string_view, 17> plain = {
    "bash",   "dumb-init", "gosu",   "jq",    "less",     "libgcc-s1", "libstdc++6", "netbase", "netcat-openbsd",
    "procps", "tini",      "tzdata", "unzip", "vim-tiny", "xz-utils",  "zip",        "zlib1g"};
// These bring OpenSSL, and no client of a database.
constexpr std::array<std::string_view, 8> with_openssl = {"ca-certificates", "curl",       "libcurl4", "libssl1.1",
                                                          "libssl3",         "libssl3t64", "openssl",  "wget"};

struct Library {
  std::string_view headers;  // as they are called on Debian
  std::string_view file;     // as it begins
  bool is_openssl = false;
};
constexpr std::array<Library, 4> libraries = {{{"default-libmysqlclient-dev", "libmariadb.so"},
                                               {"libmariadb-dev", "libmariadb.so"},
                                               {"libpq-dev", "libpq.so"},
                                               {"libssl-dev", "libssl.so", true}}};

// apt of Debian 13 needs OpenSSL itself.
bool has_library(const Stage& stage, const Library& library) {
  const auto& release = stage.image->release;
  return library.is_openssl && release != "bullseye" && release != "bookworm";
}

// Whether the base image may have it. Of one whose files were read that is certain, whatever its name; else only
// Debian's own is known to be plain.
bool may_be_in_base(const Stage& stage, const Library& library, std::string_view package) {
  const auto* files = base_files(stage);
  if (files == nullptr || !files->has_packages)
    return stage.image->entry->names[0] != "debian" || has_library(stage, library);
  return files->packages.contains(package) ||
         std::ranges::any_of(files->libraries, [&](std::string_view name) { return name.starts_with(library.file); });
}

// Whether what a step installs or copies may bring the library with it.
bool may_bring_library(const Site& site, const Library& library, std::string_view package) {
  const auto& step = site.step;
  if (may_bring(site, package, package)) return true;
  if (step.copy && !step.copy->from_context())
    return std::ranges::any_of(step.copy->sources, [](const CopySource& source) {
      return source.text.find("lib") != source.text.npos || source.text.find(".so") != source.text.npos;
    });
  if (!step.script) return false;
  return std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
    if (!use.tool->packages.of_system) return use.action->kind == ActionKind::install;
    if (use.action->kind != ActionKind::install) return false;
    return std::ranges::any_of(use.operands, [&](std::size_t i) {
      const std::string_view word = use.command->words[i].text();
      const auto name = word.substr(0, word.find('='));
      if (std::ranges::find(plain, name) != plain.end()) return false;
      return library.is_openssl || std::ranges::find(with_openssl, name) == with_openssl.end();
    });
  });
}

}  // namespace

std::string package_of_absent_library(const Dockerfile& file, const Stage& stage, std::string_view headers) {
  const auto& image = stage.image;
  if (!image || image->entry == nullptr || image->distribution != "debian") return {};
  const auto library = std::ranges::find(libraries, headers, &Library::headers);
  if (library == libraries.end()) return {};
  const auto packages = runtime_packages(file.facts(), {std::string(headers)}, *image);
  if (!packages || packages->size() != 1) return {};
  const auto& package = packages->front();
  if (may_be_in_base(stage, *library, package)) return {};
  for (const auto* each : chain_of(file, stage))
    for (const auto& step : each->steps)
      if (may_bring_library({file, *each, step}, *library, package)) return {};
  return package;
}

}  // namespace dockhew::inline ecosystems
