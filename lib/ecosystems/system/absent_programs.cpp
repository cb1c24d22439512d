#include "ecosystems/system/absent_programs.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/system/runtime_packages.hpp"
#include "effects/unix_effects.hpp"
#include "facts/facts.hpp"
#include "model/base_files.hpp"
#include "model/context_path.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Upstream's Dockerfiles add nothing to the distribution that the tables name, or remove it again. Those of Java and
// PHP leave curl there, and so do those of nginx but for the slim ones. The slim images of Rust have a compiler for C,
// and nothing else of what is asked about.
bool is_known(const ImageFacts& image) {
  constexpr std::string_view languages[] = {"go", "node", "python", "ruby", "rust"};
  if (image.entry == nullptr || image.windows) return false;
  const auto& entry = *image.entry;
  if (entry.names[0] == "nginx") return image.distribution == "alpine" && image.slim;
  if (entry.names[0] == "rust") return image.slim || image.distribution == "alpine";
  if (image.compilers) return false;
  return entry.names[0] == image.distribution || std::ranges::find(languages, entry.language) != std::end(languages);
}

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

bool names(std::string_view text, std::string_view word) { return find_name(text, word, "-_") != text.npos; }

// ---- package managers -----------------------------------------------------------------------------------------------

struct Distribution {
  std::string_view id;  // of the tables
  OwnManager own;
  Words absent;  // the tables' ids of the managers that its images never have
};
constexpr std::string_view not_on_alpine[] = {"apt", "dnf", "microdnf", "pacman", "yum", "zypper"};
constexpr std::string_view not_on_debian[] = {"apk", "dnf", "microdnf", "pacman", "yum", "zypper"};
constexpr std::string_view not_on_redhat[] = {"apk", "apt", "pacman"};
constexpr std::string_view not_on_arch[] = {"apk", "apt", "dnf", "microdnf", "yum", "zypper"};
constexpr Distribution distributions[] = {
    {"alpine", {"Alpine Linux", "apk add --no-cache"}, not_on_alpine},
    {"debian", {"Debian", "apt-get update && apt-get install -y --no-install-recommends"}, not_on_debian},
    {"ubuntu", {"Ubuntu", "apt-get update && apt-get install -y --no-install-recommends"}, not_on_debian},
    {"fedora", {"Fedora", "dnf install -y"}, not_on_redhat},
    {"redhat", {"a distribution of Red Hat's family", "dnf install -y"}, not_on_redhat},
    {"amazon", {"Amazon Linux", "yum install -y"}, not_on_redhat},
    {"arch", {"Arch Linux", "pacman -Syu --noconfirm"}, not_on_arch},
};

constexpr Distribution oracle_linux = {"redhat", {"Oracle Linux", "microdnf install -y"}, not_on_redhat};
constexpr Distribution oracle_linux_7 = {"redhat", {"Oracle Linux 7", "yum install -y"}, not_on_redhat};

// Many tags name Alpine, and no other does. Of other images of programs, a word of the tag that is no release of Debian
// may stand for another distribution: `mariadb:11-ubi`, `eclipse-temurin:8-centos7`.
const Distribution* certain_distribution(const ImageFacts& image) {
  if (image.entry == nullptr || image.windows) return nullptr;
  const auto& entry = *image.entry;
  const auto& name = image.distribution;
  const auto found = std::ranges::find(distributions, name, &Distribution::id);
  if (found == std::end(distributions)) return nullptr;
  if (name == oracle_linux.id && entry.names[0] == "mysql")
    return image.release == "7" ? &oracle_linux_7 : &oracle_linux;
  constexpr std::string_view releases[] = {"bookworm", "bullseye", "buster",  "jessie",
                                           "sid",      "stable",   "stretch", "trixie"};
  const bool many = name == "debian" || name == "ubuntu";  // images of programs are made of it
  const bool plain = !many || entry.names[0] == name || image.release.empty() ||
                     std::ranges::find(releases, image.release) != std::end(releases);
  const bool certain = name == "alpine" || (entry.distribution == name && entry.codename_in_tag && plain);
  return certain ? found : nullptr;
}

// Whether the image is of this distribution whatever value an argument has: `FROM alpine:$VERSION`,
// `FROM php:${VERSION}-fpm-alpine`.
bool is_always(const Stage& base, std::string_view distribution) {
  if (!base.base_from_argument) return true;
  std::string_view text = base.from->arguments[0].text;
  std::string literal;
  while (!text.empty()) {
    const auto dollar = std::min(text.find('$'), text.size());
    literal.append(text.substr(0, dollar));
    text.remove_prefix(dollar);
    const auto end = text.starts_with("${") ? text.find('}') : text.find_first_of(":/-.@", 1);
    text.remove_prefix(end == text.npos ? text.size() : end + (text.starts_with("${") ? 1U : 0U));
  }
  return literal.find(distribution) != literal.npos;
}

// Of other packages that have the same program, which distributions and versions call differently: the word that their
// names share. `netcat-traditional`, `mariadb-client`, `postgresql-client-15`, `redis`.
bool names_relative(std::string_view text, std::string_view package) {
  struct Family {
    std::string_view package;
    std::array<std::string_view, 4> words;
  };
  constexpr auto families = std::to_array<Family>({
      {"default-mysql-client", {"mysql", "mariadb", "percona", "mysql"}},
      {"iputils-ping", {"iputils", "inetutils", "iputils", "iputils"}},
      {"mysql-client", {"mysql", "mariadb", "percona", "mysql"}},
      {"netcat-openbsd", {"netcat", "ncat", "nmap", "busybox"}},
      {"postgresql-client", {"postgresql", "postgresql", "postgresql", "postgresql"}},
      {"redis-tools", {"redis", "valkey", "redis", "redis"}},
  });
  const auto family = std::ranges::find(families, package, &Family::package);
  return family != families.end() &&
         std::ranges::any_of(family->words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// By its own name, that of its package, or a relative's.
bool names_it(std::string_view text, std::string_view program, std::string_view package) {
  return names(text, program) || names(text, package) || names_relative(text, package);
}

// Whether a system's package manager may install a program that its packages depend on or recommend.
bool may_bring_with_packages(const Facts& facts, const ShellCommand& command) {
  if (command.use == nullptr || !command.use->tool->packages.of_system) return false;
  const auto& use = *command.use;
  if (use.tool->id != "apt") return true;
  if (use.operands.empty()) return !command.has_word("update") && !command.has_word("clean");
  return !std::ranges::all_of(use.operands, [&](std::size_t i) {
    const auto& word = command.words[i];
    const std::string_view text = word.text();
    return word.value.is_known() && contains(facts.plain_packages, text.substr(0, text.find_first_of("=/:")));
  });
}

}  // namespace

namespace {

// `tar x -C /usr/local`, `cp -r scripts/* /usr/local/bin/`, `dpkg -i $each`: files that nobody names one by one.
bool may_bring_files(const Facts& facts, const ShellCommand& command) {
  constexpr std::string_view unpacking[] = {"bsdtar", "cpio", "dpkg", "rsync", "tar", "unzip"};
  if (std::ranges::find(unpacking, command.name()) != std::end(unpacking)) return true;
  if (!has_operands(facts, command, {Operands::copied, Operands::moved, Operands::linked})) return false;
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return word.raw.find('*') != word.raw.npos || word.raw.ends_with("bin") || word.raw == "-r" || word.raw == "-R" ||
           word.raw == "-a" || !word.value.is_known();
  });
}

}  // namespace

bool may_bring_anything(const ShellCommand& command) {
  constexpr std::string_view runners[] = {".", "eval", "source", "xargs"};  // `. lib.sh` may define functions
  if (command.words.empty()) return false;
  if (command.use == nullptr) {
    const auto& word = command.words[0];
    return !word.value.is_known() || word.text().find('/') != std::string::npos || command.name().ends_with("sh") ||
           std::ranges::find(runners, command.name()) != std::end(runners);
  }
  return command.use->tool->packages.of_system && std::ranges::any_of(command.use->operands, [&](std::size_t i) {
           const auto& operand = command.words[i];
           return !operand.value.is_known() || operand.text().find_first_of("*/") != std::string::npos;
         });
}

bool may_bring_anything(const Facts& facts, const ShellCommand& command) {
  if (may_bring_anything(command)) return true;
  const auto* known = command.use == nullptr ? facts.unix_command(command.name()) : nullptr;
  return known != nullptr && known->builds;
}

namespace {

// Whether a script has a function of the name: `curl() { …; }`, `function curl {`.
bool defines(const Script& script, std::string_view name) {
  const auto text = script.text.view();
  for (auto at = find_name(text, name, "-_."); at != text.npos; at = find_name(text, name, "-_.", at + 1)) {
    const auto before = trim_unicode(text.substr(0, at));
    auto after = trim_unicode(text.substr(at + name.size()));
    if (before.ends_with("function")) return true;
    if (!after.starts_with('(')) continue;
    after.remove_prefix(1);
    if (trim_unicode(after).starts_with(')')) return true;
  }
  return false;
}

}  // namespace

bool is_prepared_for(const Script& script, const ShellCommand& command) {
  if (command.conditional || is_failure_caught(script, command) || defines(script, command.words[0].text()))
    return true;
  return std::ranges::any_of(script.commands, [&](const ShellCommand& other) {
    return !other.words.empty() && std::any_of(other.words.begin() + 1, other.words.end(), [&](const ShellWord& word) {
      return path_basename(word.raw) == command.words[0].text();
    });
  });
}

bool may_be_searched(const std::string& path) {
  constexpr std::string_view above[] = {"/", "/opt", "/root", "/usr", "/usr/local"};
  if (std::ranges::find(above, path) != std::end(above)) return true;
  return path_basename(path).ends_with("bin") || path_basename(path_parent(path)).ends_with("bin");
}

namespace {

// `COPY rootfs /` with `rootfs/usr/bin/git`. Without the context, what has no ending may be a directory.
bool brings_with_directory(const Site& site, const CopySource& source, std::string_view program) {
  constexpr std::string_view places[] = {"", "bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"};
  const auto& context = site.context();
  const auto directory = clean_path(source.text);
  if (!context.is_known()) return path_basename(directory).find('.') == std::string_view::npos || directory == ".";
  return std::ranges::any_of(places, [&](std::string_view place) {
    const auto below = place.empty() ? directory : join_context_path(directory, place);
    return context.exists(join_context_path(below, program));
  });
}

bool may_bring_by_copy(const Site& site, std::string_view program) {
  const auto& copy = *site.step.copy;
  if (!copy.destination.is_known() || path_basename(copy.destination.text) == program) return true;
  if (site.step.instruction->keyword == Keyword::add) return true;
  const bool searched = may_be_searched(copy.destination.text);
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    const auto name = path_basename(source.text);
    if (!source.known || name == program || name.find_first_of("*?[") != name.npos) return true;
    if (copy.from_context()) return searched && !source.heredoc && brings_with_directory(site, source, program);
    return name.ends_with("bin") || name == "usr" || name == "local" || name.empty() || name == "/" ||
           (searched && name.find('.') == name.npos &&
            (copy.destination.text == "/" || source.text.ends_with('/') ||
             path_basename(copy.destination.text) == "local" ||
             // `COPY --from=build /out /usr/local/bin`: a file could not go there.
             (!copy.directory && path_basename(copy.destination.text).ends_with("bin"))));
  });
}

}  // namespace

namespace {

// `ENV PACKAGES "bash tini"` with `apk add $PACKAGES`
bool names_by_variable(const ShellCommand& command, std::string_view program, std::string_view package) {
  return std::ranges::any_of(command.words, [&](const ShellWord& word) {
    return word.value.is_known() && word.raw.find('$') != word.raw.npos && names_it(word.text(), program, package);
  });
}

}  // namespace

bool may_bring(const Site& site, std::string_view program, std::string_view package) {
  const auto& step = site.step;
  if (step.copy) return may_bring_by_copy(site, program);
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  const auto text = step.script->text.view();
  return names_it(text, program, package) ||
         std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
           return may_bring_anything(command) || may_bring_files(site.file.facts(), command) ||
                  names_by_variable(command, program, package);
         });
}

namespace {

// Programs are looked for in other directories than those of the base image, whose names were read.
bool changes_search_path(const Dockerfile& file, const Stage& stage) {
  const auto names_it = [](const Site& site) {
    return site.step.instruction->text.view().find("PATH") != std::string_view::npos;
  };
  return file.answers({"names PATH"}, names_it).any_in_chain(stage);
}

// The package that has a program which plain images of a distribution lack, or those of a release of Debian and of all
// later ones; empty where they have it.
std::string_view package_of_lacking(const Facts& facts, std::string_view distribution, std::string_view release,
                                    std::string_view program) {
  for (const auto& [since, programs] : facts.absent_programs) {
    if (since != distribution && !(distribution == "debian" && is_of_or_after(release, since))) continue;
    if (const auto found = programs.find(program); found != programs.end()) return found->second;
  }
  return {};
}

// Hundreds of packages depend on it.
constexpr std::string_view needed_by_many = "adduser";

// The package of a program that the stage's base image does not have; empty where it may have it.
std::string_view package_not_in_base(const Dockerfile& file, const Stage& stage, std::string_view program) {
  const auto* files = base_files(stage);
  if (files != nullptr && files->programs.contains(program)) return {};
  if (!stage.image) return {};
  if (!is_known(*stage.image) && (files == nullptr || changes_search_path(file, stage))) return {};
  const auto& image = *stage.image;
  const bool said = files != nullptr && !files->distribution.empty();
  const std::string_view release = image.release.empty() ? image.oldest_release : std::string_view(image.release);
  const auto package =
      package_of_lacking(file.facts(), said ? files->distribution : image.distribution, release, program);
  // Installed, and found elsewhere: by another name, or in a directory of its own.
  return files != nullptr && files->packages.contains(package) ? std::string_view() : package;
}

}  // namespace

std::string_view package_of_absent(const Dockerfile& file, const Stage& stage, std::string_view program) {
  const auto package = package_not_in_base(file, stage, program);
  if (package.empty()) return {};
  const auto brings_with_packages = [&](const ShellCommand& command) {
    return package == needed_by_many && may_bring_with_packages(file.facts(), command);
  };
  const auto brings = [&](const Site& site) {
    return may_bring(site, program, package) ||
           (site.step.script && std::ranges::any_of(site.step.script->commands, brings_with_packages));
  };
  return file.answers({"may bring the started program ", program, " of ", package}, brings).any_in_chain(stage)
             ? std::string_view()
             : package;
}

std::string_view package_absent_before(const Site& run, std::string_view program) {
  // Another value of an argument may stand for an image that has it.
  if (run.stage.base_from_argument || changes_search_path(run.file, run.stage)) return {};
  const auto package = package_not_in_base(run.file, run.stage, program);
  if (package.empty()) return {};
  const auto brings_with_packages = [&](const ShellCommand& other) {
    return may_bring_with_packages(run.file.facts(), other);
  };
  const auto brings = [&](const Site& earlier) {
    return may_bring(earlier, program, package) ||
           (earlier.step.script && std::ranges::any_of(earlier.step.script->commands, brings_with_packages));
  };
  const bool brought = has_bind_mount(run.step) ||
                       run.any_earlier({"may bring or install the program ", program, " of ", package}, brings);
  return brought ? std::string_view() : package;
}

std::string_view package_of_absent(const Site& site, const ShellCommand& command) {
  if (command.words.empty() || !site.step.script || site.step.script->opaque || site.step.in_child) return {};
  const auto& program = command.words[0].text();
  const auto package = package_absent_before(site, program);
  if (package.empty()) return {};
  const auto& script = *site.step.script;
  if (is_prepared_for(script, command)) return {};
  for (const auto& other : script.commands) {
    if (&other == &command) break;
    if (may_bring_with_packages(site.file.facts(), other) || may_bring_anything(other) ||
        may_bring_files(site.file.facts(), other) || names_it(script.text.view(other.span), program, package))
      return {};
  }
  return package;
}

std::string_view program_in_place_of(const ImageFacts& image, std::string_view program) {
  struct Pair {
    std::string_view distribution, absent, present;
  };
  constexpr Pair pairs[] = {{"alpine", "curl", "wget"},
                            {"alpine", "groupadd", "addgroup"},
                            {"alpine", "useradd", "adduser"},
                            {"debian", "addgroup", "groupadd"},
                            {"debian", "adduser", "useradd"}};
  const auto found = std::ranges::find_if(
      pairs, [&](const Pair& pair) { return pair.distribution == image.distribution && pair.absent == program; });
  return found == std::end(pairs) ? std::string_view() : found->present;
}

std::optional<OwnManager> manager_in_place_of(const Site& site, const ShellCommand& command) {
  if (command.use == nullptr || !command.use->tool->packages.of_system) return std::nullopt;
  if (!site.stage.image || !site.step.script || site.step.script->opaque || site.step.in_child) return std::nullopt;
  const auto* distribution = certain_distribution(*site.stage.image);
  if (distribution == nullptr || !contains(distribution->absent, command.use->tool->id)) return std::nullopt;
  const auto& program = command.words[0].text();
  if (const auto* files = base_files(site.stage); files != nullptr && files->programs.contains(program))
    return std::nullopt;
  const auto brings = [&](const Site& earlier) { return may_bring(earlier, program, program); };
  if (site.any_earlier({"may bring the program ", program}, brings)) return std::nullopt;
  const auto& script = *site.step.script;
  if (is_prepared_for(script, command)) return std::nullopt;
  for (const auto& other : script.commands) {
    if (&other == &command) break;
    if (may_bring_anything(other) || names(script.text.view(other.span), program)) return std::nullopt;
  }
  // A digest alone does not say which form of an image it is.
  const auto& base = *chain_of(site.file, site.stage).back();
  const bool any_form = base.reference.tag.empty() && !base.reference.digest.empty();
  if (any_form && site.stage.image->entry->names[0] != distribution->id) return std::nullopt;
  if (!is_always(base, distribution->id)) return std::nullopt;
  return distribution->own;
}

}  // namespace dockhew::inline ecosystems
