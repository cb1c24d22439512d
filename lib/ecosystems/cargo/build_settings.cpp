#include "ecosystems/cargo/build_settings.hpp"

#include <algorithm>
#include <optional>

#include "ecosystems/build_effects.hpp"
#include "effects/environment.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Each is nothing where it is not known.
using Setting = std::optional<std::string>;

Setting setting_of(const Value& value) {
  if (value.is_unknown()) return std::nullopt;
  return value.is_known() ? value.text : std::string();
}

// `dev` or `release`, or a profile of the project's own.
Setting profile_of(const ShellCommand& command) {
  if (std::ranges::any_of(command.words, [](const ShellWord& word) { return word.value.is_unknown(); }))
    return std::nullopt;
  if (const auto named = option_value(command, "--profile"); named.state != Value::State::undefined) {
    const auto profile = setting_of(named);
    return profile == "debug" || profile == "test" ? "dev" : profile == "bench" ? "release" : profile;
  }
  const bool installs = command.has_word("install");
  const bool release =
      command.has_word("--release") || command.has_word("-r") || (installs && !command.has_word("--debug"));
  return release ? "release" : "dev";
}

Setting target_of(const Site& site, const ShellCommand& command) {
  const auto named = option_value(command, "--target");
  return setting_of(named.state != Value::State::undefined ? named : environment(site, command, "CARGO_BUILD_TARGET"));
}

Setting directory_of(const Site& site, const ShellCommand& command) {
  auto named = option_value(command, "--target-dir");
  if (named.state == Value::State::undefined) named = environment(site, command, "CARGO_TARGET_DIR");
  const auto directory = named.state == Value::State::undefined ? Setting("target") : setting_of(named);
  if (!directory || command.directory.is_unknown()) return std::nullopt;
  return resolve_path(command.directory.text, *directory);
}

const Mount* cache_over(const Site& site, const std::string& directory) {
  const auto found = std::ranges::find_if(site.step.mounts, [&](const Mount& mount) {
    return mount.type == Mount::Type::cache && mount.target.is_known() && path_is_under(directory, mount.target.text);
  });
  return found == site.step.mounts.end() ? nullptr : &*found;
}

std::string shown_target(const std::string& target) {
  return target.empty() ? "no target in particular" : "the target `" + target + "`";
}

std::string shown_flags(const std::string& flags) { return flags.empty() ? "not set" : "`" + flags + "`"; }

// The first word that is no option: `cargo build --bin check` is none.
bool is_check(const ShellCommand& command) {
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view word = command.words[i].raw;
    if (!word.starts_with('-') && !word.starts_with('+')) return word == "check" || word == "clippy" || word == "c";
  }
  return false;
}

bool names_target(const ShellCommand& command, const std::string& directory) {
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    return path_basename(word.raw) == "target" || word.raw.find(directory) != word.raw.npos;
  });
}

bool cooks(const Step& step) {
  return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
           return command.has_word("chef") && command.has_word("cook");
         });
}

// Whether a command may bring what was cooked in one directory to another.
bool may_be_moved(const Site& compiled, const Site& built, const std::string& directory) {
  const auto moves_at_once = [&](const ShellCommand& each) {
    return each.name() != "cargo" && names_target(each, directory);
  };
  if (std::ranges::any_of(compiled.step.script->commands, moves_at_once)) return true;
  const auto is_there = [&](const Site& any) {
    return !cooks(any.step) && (mentions(any.step, directory) || (any.step.script && any.step.workdir.is(directory)));
  };
  const std::initializer_list<std::string_view> question = {"works in or names ", directory};
  return built.holds_here(question, is_there) || built.any_earlier(question, is_there);
}

// `cargo chef cook` in /deps, where it makes a project of its own, before `cargo build` in /app.
std::string cooked_elsewhere(const Site& compiled, const ShellCommand& before, const Site& built,
                             const ShellCommand& after) {
  if (!before.has_word("chef") || !before.directory.is_known() || !after.directory.is_known()) return {};
  const auto &cooked = before.directory.text, &wanted = after.directory.text;
  if (path_is_under(cooked, wanted) || path_is_under(wanted, cooked) || cooked == "/") return {};
  for (const auto* option : {"--target-dir", "--manifest-path"})
    if (option_value(before, option).state != Value::State::undefined ||
        option_value(after, option).state != Value::State::undefined)
      return {};
  for (const auto* site : {&compiled, &built})
    for (const auto* variable :
         {"CARGO_BUILD_RUSTC_WRAPPER", "CARGO_BUILD_TARGET_DIR", "CARGO_TARGET_DIR", "RUSTC_WRAPPER"})
      if (environment(*site, site == &compiled ? before : after, variable).state != Value::State::undefined) return {};
  const auto brings_settings = [](const Site& any) {
    return any.step.instruction->text.view().find("config") != std::string_view::npos;
  };
  if (built.any_earlier({"may bring settings of Cargo"}, brings_settings)) return {};
  if (may_be_moved(compiled, built, cooked)) return {};
  return "it is in `" + resolve_path(cooked, "target") + "`, and the build looks into `" +
         resolve_path(wanted, "target") + "`";
}

}  // namespace

std::string cargo_unused_compilation(const Site& compiled, const ToolUse& compiling, const Site& built,
                                     const ToolUse& building) {
  const auto& before = *compiling.command;
  const auto& after = *building.command;
  const auto directory = directory_of(compiled, before), other = directory_of(built, after);
  // Another directory may be another project, or a workspace whose root has the results of both.
  if (!directory || !other) return {};
  if (before.directory.text != after.directory.text) return cooked_elsewhere(compiled, before, built, after);
  const auto differ = [](const Setting& a, const Setting& b) { return a && b && *a != *b; };
  const auto profile = profile_of(before), wanted = profile_of(after);
  if (!profile || !wanted) return {};
  if (differ(profile, wanted))
    return "it is for the profile `" + *profile + "`, and the build is for `" + *wanted + "`";
  const auto target = target_of(compiled, before), wanted_target = target_of(built, after);
  if (differ(target, wanted_target))
    return "it is for " + shown_target(*target) + ", and the build is for " + shown_target(*wanted_target);
  if (*directory != *other) return "it is in `" + *directory + "`, and the build looks into `" + *other + "`";
  const auto flags = setting_of(environment(compiled, before, "RUSTFLAGS")),
             wanted_flags = setting_of(environment(built, after, "RUSTFLAGS"));
  if (differ(flags, wanted_flags))
    return "RUSTFLAGS is " + shown_flags(*flags) + " here, and " + shown_flags(*wanted_flags) + " for the build";
  if (cache_over(compiled, *directory) != nullptr && cache_over(built, *directory) == nullptr)
    return "it is in a cache mount, which the build does not have";
  if (cache_over(compiled, *directory) == nullptr && cache_over(built, *directory) != nullptr)
    return "the build has a cache mount over `" + *directory + "`, which hides what is compiled here";
  if (is_check(before) && !is_check(after))
    return "`cargo check` makes no code that a build could link; `cargo build` does";
  return {};
}

namespace {

// What could give Cargo something to compile: `echo 'fn main() {}' > src/main.rs`, `cargo init`, a script.
bool may_make_source(const Step& step) {
  constexpr std::string_view programs[] = {"curl", "make", "tar", "unzip", "wget"};
  if (step.copy && (!step.copy->from_context() || !step.instruction->heredocs.empty())) return true;
  if (has_bind_mount(step) ||
      std::ranges::any_of(programs, [&](std::string_view each) { return mentions(step, each); }))
    return true;
  return step.instruction->keyword == Keyword::run &&
         (!step.script || step.script->opaque || mentions(step, ".rs") || mentions(step, "src") ||
          mentions(step, "cargo init") || mentions(step, "cargo new") || mentions(step, "git ") ||
          mentions(step, ".sh"));
}

}  // namespace

// `COPY Cargo.toml Cargo.lock ./` and `RUN cargo build --release || true`: "no targets specified in the manifest".
std::string cargo_compiles_nothing(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.action->kind != ActionKind::build || !is_failure_caught(*site.step.script, command)) return {};
  const auto makes = [](const Site& any) { return may_make_source(any.step); };
  if (may_make_source(site.step) || site.any_earlier({"may make source of Rust"}, makes)) return {};
  return "no source is there yet, so that Cargo stops before it compiles anything, and `||` hides that";
}

}  // namespace dockhew::inline ecosystems
