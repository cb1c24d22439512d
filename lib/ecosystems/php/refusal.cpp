#include "ecosystems/php/refusal.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "ecosystems/extensions.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "facts/official_images.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/json.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Those that the official images are compiled with: docker-library/php, Dockerfile-linux.template. Of others a newer
// image may have more, so only names that are known to be in none are reported.
constexpr std::string_view never_there[] = {
    "amqp",       "apcu",    "bcmath",   "bz2",       "calendar",  "dba",       "enchant",  "event",
    "exif",       "ffi",     "ftp",      "gd",        "gettext",   "gmp",       "grpc",     "igbinary",
    "imagick",    "imap",    "intl",     "ldap",      "mailparse", "memcached", "mongodb",  "msgpack",
    "mysqli",     "oauth",   "odbc",     "pcntl",     "pdo_dblib", "pdo_mysql", "pdo_odbc", "pdo_pgsql",
    "pdo_sqlsrv", "pgsql",   "protobuf", "pspell",    "rdkafka",   "redis",     "shmop",    "snmp",
    "soap",       "sockets", "solr",     "sqlsrv",    "ssh2",      "swoole",    "sysvmsg",  "sysvsem",
    "sysvshm",    "tidy",    "xdebug",   "xlswriter", "xsl",       "yaml",      "zip"};

// "ext-pdo_mysql", in any case; empty for what is no extension of the list.
std::string extension_of(std::string_view requirement) {
  constexpr std::string_view prefix = "ext-";
  if (!requirement.starts_with(prefix)) return {};
  std::string name;
  for (const char c : requirement.substr(prefix.size()))
    name += c == '-' ? '_' : static_cast<char>('A' <= c && c <= 'Z' ? c - 'A' + 'a' : c);
  return std::ranges::find(never_there, name) == std::end(never_there) ? std::string() : name;
}

void add_extensions(const Json* requirements, std::set<std::string>& names) {
  if (requirements == nullptr || !requirements->is_object()) return;
  for (const auto& [name, version] : requirements->members())
    if (auto extension = extension_of(name); !extension.empty()) names.insert(std::move(extension));
}

// What the packages of a lock file need and none of them brings.
std::set<std::string> needed_extensions(const std::string& text) {
  std::set<std::string> needed, brought;
  const auto lock = parse_json(text).value;
  if (!lock.is_object()) return needed;
  add_extensions(lock.find("platform"), needed);
  if (const auto* packages = lock.find("packages"))
    for (const auto& package : packages->elements()) {
      add_extensions(package.find("require"), needed);
      add_extensions(package.find("provide"), brought);
      add_extensions(package.find("replace"), brought);
    }
  for (const auto& name : brought) needed.erase(name);
  return needed;
}

// Whether a step may add an extension that it does not name, in a way that its words do not tell.
bool may_add_any(const Site& site) {
  const auto& step = site.step;
  if (step.copy)
    return !step.copy->from_context() &&
           (!step.copy->destination.is_known() || step.copy->destination.text.find("php") != std::string::npos ||
            step.copy->destination.text == "/" || step.copy->destination.text == "/usr/local");
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  constexpr std::string_view unread[] = {"./", "/", "bash", "make", "pear", "phpize", "pickle", "pie", "sh"};
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    if (command.words.empty()) return false;
    const auto& raw = command.words[0].raw;
    return raw.starts_with('$') || std::ranges::any_of(unread, [&](std::string_view each) {
             return each.ends_with('/') ? raw.starts_with(each) : raw == each;
           });
  });
}

bool is_named_before(const Site& site, const std::string& extension) {
  const auto names = [&](const Site& each) {
    return find_name(each.step.instruction->text.view(), extension, "") != std::string_view::npos;
  };
  return names(site) || site.any_earlier({"names the extension ", extension}, names);
}

bool ignores_platform(const Site& site, const ToolUse& use) {
  const auto ignoring = [](const ShellWord& word) { return word.raw.starts_with("--ignore-platform-req"); };
  const auto setting = [&](std::string_view name) {
    const auto value = site.variable(name);
    return value.is_known() || value.is_unknown();
  };
  return std::ranges::any_of(use.command->words, ignoring) || setting("COMPOSER_IGNORE_PLATFORM_REQS") ||
         setting("COMPOSER_IGNORE_PLATFORM_REQ") || setting("COMPOSER");
}

}  // namespace

namespace {

// Composer unpacks archives with PHP's zip, `unzip` or `7z`, else clones with Git, and Docker's images of Debian have
// none of these. BusyBox has `unzip`.
std::string unpacking_refusal(const Site& site, const Stage& first, const std::string& lock) {
  constexpr std::string_view programs[] = {"7z", "git", "install-php-extensions", "p7zip", "unzip", "zip"};
  if (first.image->distribution != "debian" || lock.find("\"type\": \"zip\"") == lock.npos ||
      std::ranges::any_of(programs, [&](std::string_view name) { return is_named_before(site, std::string(name)); }))
    return {};
  return "`" + first.base.text +
         "` has neither `unzip` nor Git nor the PHP extension `zip`, and no step adds one, so "
         "Composer stops here";
}

}  // namespace

Refusal php_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.tool->id != "composer" || use.action->kind != ActionKind::install || use.action->words.front() != "install" ||
      !command.directory.is_known() || ignores_platform(site, use))
    return {};
  const auto& first = *chain_of(site.file, site.stage).back();
  if (extension_tools_of(first) == nullptr || first.base_from_argument || !first.reference.registry.empty() ||
      !is_official_image(site.file.facts(), first.reference.repository) ||
      site.any_earlier({"may add extensions of PHP"}, may_add_any) || may_add_any(site))
    return {};
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  if (!directory) return {};
  const auto lock = join_context_path(*directory, "composer.lock");
  const auto text = site.context().read(lock);
  const auto manifest = site.context().read(join_context_path(*directory, "composer.json"));
  if (!text || !manifest || manifest->find("\"platform\"") != manifest->npos ||
      manifest->find("\"platform-check\"") != manifest->npos)
    return {};
  std::vector<std::string> missing;
  for (const auto& extension : needed_extensions(*text))
    if (!is_named_before(site, extension)) missing.push_back(extension);
  if (missing.empty()) return {unpacking_refusal(site, first, *text)};
  constexpr std::size_t most_named = 3;
  return {"packages of `" + lock + "` need the PHP extension" + (missing.size() > 1 ? "s " : " ") +
          list_quoted(missing, most_named) + ", which `" + first.base.text +
          "` does not have and no step adds, so Composer stops here"};
}

}  // namespace dockhew::inline ecosystems
