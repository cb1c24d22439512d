#include "ecosystems/ruby/gem_needs.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/called_programs.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/ruby/gems.hpp"
#include "ecosystems/ruby/loaded_libraries.hpp"
#include "ecosystems/ruby/runtime.hpp"
#include "model/context_path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Gems that only what has native code depends on.
constexpr std::string_view of_native_code[] = {
    "extpp", "ffi", "ffi-compiler", "mini-portile2", "native-package-installer", "pkg-config", "rb-sys", "rice"};

const std::string_view* find(const Facts& facts, std::string_view table, std::string_view name) {
  const auto found = facts.needed_packages.find(table);
  if (found == facts.needed_packages.end()) return nullptr;
  const auto value = found->second.find(name);
  return value == found->second.end() ? nullptr : &value->second;
}

void add_words(std::string_view packages, std::vector<std::string>& names) {
  for (const auto package : split_words(packages)) names.emplace_back(package);
}

// `--use-system-libraries`, NOKOGIRI_USE_SYSTEM_LIBRARIES, `--enable-system-libraries`: gems that bring their libraries
// link to the system's.
bool links_to_system(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view marks[] = {"use-system-libraries", "USE_SYSTEM_LIBRARIES", "enable-system-libraries"};
  const auto has = [&](std::string_view text) {
    return std::ranges::any_of(marks, [&](std::string_view mark) { return text.find(mark) != text.npos; });
  };
  const auto settings = file.context().read(join_context_path(source_root(file, stage), ".bundle/config"));
  if (settings && (has(*settings) || settings->find("--with-") != settings->npos)) return true;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return has(step.instruction->arguments_text.view()) || (step.script && has(step.script->text.view()));
  });
}

bool forces_compiling(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    const auto has = [](std::string_view text) {
      return text.find("force_ruby_platform") != text.npos || text.find("FORCE_RUBY_PLATFORM") != text.npos;
    };
    return has(step.instruction->arguments_text.view()) || (step.script && has(step.script->text.view()));
  });
}

// What a gem that a lock file names loads.
Obstacle add_locked(const Facts& facts, const std::string& name, const Gem& gem, bool compiles, bool of_system,
                    GemNeeds& needs) {
  const auto& written = gem.written.empty() ? name : gem.written;
  if (const auto* what = find(facts, "bundler-compiles-when-run", name))
    return Declined{"the gem `" + written + "` compiles code with " + std::string(*what) +
                    " when it runs, and a slim image has no compiler"};
  const bool is_native = gem.compiled || compiles || gem.version.empty();
  const auto* libraries = is_native && of_system ? find(facts, "bundler-system-libraries", name) : nullptr;
  if (libraries != nullptr) add_words(*libraries, needs.packages);
  if (const auto* until = find(facts, "bundler-until", name); until != nullptr && is_native) {
    const auto version = until->substr(0, until->find(' '));
    if (!gem.version.empty() && !version_at_least(gem.version, version))
      add_words(until->substr(version.size()), needs.packages);
  }
  if (const auto* packages = find(facts, "bundler", name)) {
    add_words(*packages, needs.packages);
    return std::nullopt;
  }
  if (find(facts, "bundler-alone", name) != nullptr) return std::nullopt;
  if (const auto* what = find(facts, "bundler-undecided", name))
    return Declined{"the gem `" + written + "` needs " + std::string(*what) +
                    ", and what of the builder that is made of is not known"};
  for (const auto& brought : gem.brings)
    if (std::ranges::find(of_native_code, brought) != std::end(of_native_code))
      return Declined{"the gem `" + written + "` has native code, because it depends on `" + brought +
                      "`, and which shared libraries that loads is not known"};
  needs.unknown.push_back(written);
  return std::nullopt;
}

// Without a lock file, what a gem brings is known only where the tables have it.
Obstacle add_named(const Facts& facts, const std::string& name, GemNeeds& needs) {
  GemNeeds own;
  if (auto obstacle = add_locked(facts, name, {}, true, false, own)) return obstacle;
  if (!own.unknown.empty())
    return Declined{"no Gemfile.lock says which gems `" + name + "` brings, and which shared libraries they load"};
  needs.packages.insert(needs.packages.end(), own.packages.begin(), own.packages.end());
  // An old Ruby, or a bound in the Gemfile, takes an old version.
  if (const auto* until = find(facts, "bundler-until", name))
    add_words(until->substr(until->find(' ')), needs.packages);
  return std::nullopt;
}

// The project's own gems are read anew whenever a program starts, and theirs often say `git ls-files`.
void add_programs_of_local(const Dockerfile& file, const Stage& stage, const Gems& gems, GemNeeds& needs) {
  const auto root = source_root(file, stage);
  CalledPrograms programs;
  for (const auto& local : gems.local) {
    const auto directory = join_context_path(root, local);
    for (const auto& name : file.context().entries(directory))
      if (name.ends_with(".gemspec"))
        if (const auto text = file.context().read(join_context_path(directory, name)))
          add_called_programs(*text, ruby_runtime, programs);
  }
  for (const auto& program : programs.names)
    if (const auto found = file.facts().full_image_programs.find(program);
        found != file.facts().full_image_programs.end())
      add_words(found->second, needs.packages);
}

// Debian's slim images had the time zones until bookworm; from trixie on that is not sure.
bool lacks_time_zones(const ImageFacts& image) {
  constexpr std::string_view with_zones[] = {"bookworm", "bullseye", "buster"};
  if (!image.release.empty()) return std::ranges::find(with_zones, image.release) == std::end(with_zones);
  return image.version.empty() || version_at_least(image.version, "3");
}

bool reads_time_zones(const Dockerfile& file, const Stage& stage, const Gems& gems) {
  const bool rails = std::ranges::find(gems.named, "rails") != gems.named.end() || gems.locked.contains("tzinfo") ||
                     std::ranges::find(gems.named, "tzinfo") != gems.named.end() ||
                     std::ranges::find(gems.named, "activesupport") != gems.named.end();
  return rails || file.lookup(stage, stage.environment.size(), "TZ").state != Value::State::undefined;
}

}  // namespace

Outcome<GemNeeds> find_gem_needs(const Dockerfile& file, const Stage& stage) {
  const auto& facts = file.facts();
  const auto gems = find_gems(file, stage);
  const auto lock = file.context().read(join_context_path(source_root(file, stage), "Gemfile.lock"));
  if (lock && trim_unicode(*lock).empty())
    return Declined{"Gemfile.lock is empty, so the project is made in the container, where gems are compiled"};
  if (!gems.unread.empty())
    return Declined{
        gems.unread == "the build context"
            ? "without the build context, it is not known which gems are installed, and which shared libraries "
              "they load"
            : "no Gemfile.lock is in the build context, and " + gems.unread + " does not say which gems are installed"};
  GemNeeds needs;
  const bool of_system = links_to_system(file, stage), compiles = forces_compiling(stage);
  for (const auto& [name, gem] : gems.locked)
    if (auto obstacle = add_locked(facts, name, gem, compiles, of_system, needs)) return *obstacle;
  for (const auto& name : gems.named)
    if (!gems.locked.contains(name))
      if (auto obstacle = add_named(facts, name, needs)) return *obstacle;
  add_programs_of_local(file, stage, gems, needs);
  auto own = find_dlopened_libraries(file, stage);
  if (!own) return own.declined();
  needs.packages.insert(needs.packages.end(), own->begin(), own->end());
  if (lacks_time_zones(*stage.image) && reads_time_zones(file, stage, gems)) needs.packages.emplace_back("tzdata");
  return needs;
}

}  // namespace dockhew::inline ecosystems
