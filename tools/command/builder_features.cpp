#include "builder_features.hpp"

#include <algorithm>
#include <array>

#include "facts/facts.hpp"
#include "syntax/parser_directive.hpp"

namespace dockhew::cli {
namespace {

bool has_flag(const Instruction& instruction, std::string_view name) {
  return instruction.keyword != Keyword::run && instruction.flag(name) != nullptr;
}

// BuildKit: https://docs.docker.com/build/buildkit/dockerfile-release-notes/; release 0.N has frontend 1.(N-6) built
// in. Docker: https://docs.docker.com/engine/release-notes/, which name the BuildKit in each: 20.10 has 0.8, 23.0 has
// 0.10, 29.0 has 0.25, 29.1 has 0.26. Buildah: its CHANGELOG.md, where cache mounts are 1.24 (pull request 3574) and
// heredocs 1.35 (5314). Podman: its RELEASE_NOTES.md, which name the Buildah in each: 4.0 has 1.24, 5.0 has 1.35, 5.3
// has 1.38, 5.5 has 1.40, 5.6 has 1.41. Of Podman, and of Docker before 29, this was not looked up again.
constexpr std::array<BuilderFeature, 5> features = {{
    {"cache-mounts", "`RUN --mount`", "20.10", "0.8", "4.0", "1.24",
     [](const Instruction& i) { return i.keyword == Keyword::run && i.flag("mount") != nullptr; }},
    {"heredocs", "heredocs", "23.0", "0.10", "5.0", "1.35", [](const Instruction& i) { return !i.heredocs.empty(); }},
    {"copy-link", "`--link`", "23.0", "0.10", "5.6", "1.41", [](const Instruction& i) { return has_flag(i, "link"); }},
    {"copy-exclude", "`--exclude`", "29.0", "0.25", "5.3", "1.38",
     [](const Instruction& i) { return has_flag(i, "exclude"); }},
    {"copy-parents", "`--parents`", "29.1", "0.26", "5.5", "1.40",
     [](const Instruction& i) { return has_flag(i, "parents"); }},
}};

std::string_view since(const BuilderFeature& feature, BuilderProgram program) {
  switch (program) {
    case BuilderProgram::docker: return feature.docker;
    case BuilderProgram::buildkit: return feature.buildkit;
    case BuilderProgram::podman: return feature.podman;
    case BuilderProgram::buildah: return feature.buildah;
    case BuilderProgram::kaniko:
    case BuilderProgram::legacy: break;
  }
  return {};
}

// Up to the last release of its first authors, Kaniko reads the flags of RUN and ignores them; later ones of others
// have mounts behind switches. https://github.com/osscontainertools/kaniko/releases
Support support_of_kaniko(const BuilderFeature& feature, std::string_view version) {
  if (version_numbers(version).empty() || version_at_least(version, "1.25")) return Support::unknown;
  return feature.id == "cache-mounts" ? Support::ignored : Support::no;
}

}  // namespace

std::span<const BuilderFeature> builder_features() { return features; }

std::string_view to_string(Support support) {
  switch (support) {
    case Support::yes: return "yes";
    case Support::by_syntax_line: return "syntax-line";
    case Support::ignored: return "ignored";
    case Support::no: return "no";
    case Support::unknown: break;
  }
  return "unknown";
}

Support support_of(const BuilderFeature& feature, BuilderProgram program, std::string_view version) {
  constexpr std::string_view first_with_buildkit = "18.09";
  if (program == BuilderProgram::legacy) return Support::no;
  if (version.starts_with('v')) version.remove_prefix(1);
  if (program == BuilderProgram::kaniko) return support_of_kaniko(feature, version);
  if (version_numbers(version).empty()) return Support::unknown;
  if (version_at_least(version, since(feature, program))) return Support::yes;
  const bool fetches_frontend = program == BuilderProgram::buildkit ||
                                (program == BuilderProgram::docker && version_at_least(version, first_with_buildkit));
  return fetches_frontend ? Support::by_syntax_line : Support::no;
}

std::string unsupported_feature(const Dockerfile& file, BuilderProgram program, std::string_view version) {
  const bool asks = find_syntax(file.source()).has_value();
  for (const auto& feature : features) {
    const auto support = support_of(feature, program, version);
    if (support != Support::no && (support != Support::by_syntax_line || asks)) continue;
    const auto uses = [&](const Instruction& instruction) {
      return feature.used_by(instruction) || std::ranges::any_of(instruction.trigger, feature.used_by);
    };
    if (std::ranges::any_of(file.instructions(), uses)) return std::string(feature.name);
  }
  return {};
}

}  // namespace dockhew::cli
