#include "ecosystems/system/apt_snapshot.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/system/package_sources.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "model/runs.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view archive = "snapshot.debian.org/archive/";
constexpr std::string_view form = "YYYYMMDDTHHMMSSZ";
constexpr std::size_t most_times = 100;  // in one file; each is looked for

bool is_digit(char c) { return '0' <= c && c <= '9'; }

bool is_snapshot(std::string_view text) {
  return text.size() == form.size() &&
         std::ranges::equal(text, form, [](char c, char f) { return f == 'T' || f == 'Z' ? c == f : is_digit(c); });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// ---- addresses that are there ---------------------------------------------------------------------------------------

// All places of a text in the source.
template <typename Visit>
void for_each_place(std::string_view source, std::string_view text, const Visit& visit) {
  for (auto at = source.find(text); at != source.npos; at = source.find(text, at + text.size())) visit(at);
}

// Of a time that an address names, all places are moved: what checks the change looks for it too.
std::vector<AptSnapshot> moved_snapshots(std::string_view source, std::string_view snapshot) {
  std::set<std::string_view> times;
  for_each_place(source, archive, [&](std::size_t at) {
    const auto slash = source.find('/', at + archive.size());
    if (slash == source.npos || !is_snapshot(source.substr(slash + 1, form.size()))) return;
    if (times.size() < most_times) times.insert(source.substr(slash + 1, form.size()));
  });
  std::vector<AptSnapshot> found;
  for (const auto time : times)
    for_each_place(source, time, [&](std::size_t at) {
      const Span place{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + time.size())};
      AptSnapshot each{place, std::nullopt, {}};
      if (time != snapshot) each.edit = TextEdit{place, std::string(snapshot)};
      found.push_back(std::move(each));
    });
  std::ranges::sort(found, {}, [](const AptSnapshot& each) { return each.place.begin; });
  return found;
}

// ---- stages ---------------------------------------------------------------------------------------------------------

bool uses_apt(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
             const auto kind = use.action->kind;
             return use.tool->id == "apt" && (kind == ActionKind::refresh || kind == ActionKind::install);
           });
  });
}

// Whether a step has to do with the list that comes with the image; another list beside it is no matter.
bool changes_own_sources(std::string_view source, const Step& step) {
  constexpr std::string_view marks[] = {"deb.debian.org", "debian.sources", "ftp.debian.org", "security.debian.org"};
  constexpr std::string_view list = "/etc/apt/sources.list";
  const auto text = slice(source, step.instruction->span);
  if (std::ranges::any_of(marks, [&](std::string_view mark) { return text.find(mark) != text.npos; })) return true;
  for (auto at = text.find(list); at != text.npos; at = text.find(list, at + 1))
    if (!text.substr(at + list.size()).starts_with(".d/")) return true;
  if (!step.copy || !step.copy->destination.is_known()) return false;
  const auto& destination = step.copy->destination.text;
  return destination == "/etc" || destination == "/etc/" || destination == "/etc/apt" || destination == "/etc/apt/";
}

// Debian 12 is the first whose images have the new form of the file.
bool has_new_form(std::string_view release) { return is_of_or_after(release, "bookworm"); }

Outcome<std::string> release_to_pin(const Stage& base) {
  const auto name = '`' + base.base.text + '`';
  if (base.base_from_argument) return Declined{"which release its base is depends on an argument"};
  if (!base.image || base.image->entry == nullptr || base.image->only_configured)
    return Declined{"nothing is known of " + name + ", so neither is where its packages come from"};
  const auto& image = *base.image;
  if (image.distribution == "ubuntu")
    return Declined{name + " is Ubuntu, whose snapshots are another service; APT has the option --snapshot for it"};
  if (image.distribution != "debian") return Declined{name + " is not Debian"};
  const std::string release(image.release.empty() ? image.oldest_release : image.release);
  if (!is_of_or_after(release, "buster")) return Declined{"the tag of " + name + " does not say its release of Debian"};
  // A tag that moves on has at least the form of the oldest.
  if (image.release.empty() && !has_new_form(release))
    return Declined{"the tag of " + name + " does not say its release of Debian"};
  return release;
}

std::string instruction_for(std::string_view release, std::string_view snapshot, char escape,
                            std::string_view line_end) {
  const bool new_form = has_new_form(release);
  const std::string list = new_form ? "/etc/apt/sources.list.d/debian.sources" : "/etc/apt/sources.list";
  const std::string address = "http://snapshot.debian.org/archive/\\2/" + std::string(snapshot);
  std::string text = "RUN sed -i -E 's#";
  text += new_form ? "http://(deb|security).debian.org/(\\S+)#" + address + "\\nCheck-Valid-Until: no#'"
                   : "http://(deb|security).debian.org/(\\S+)#[check-valid-until=no] " + address + "#'";
  // So that the build ends where an image has another list, instead of going on without a snapshot.
  text.append(" ").append(list).append(" && ").append(1, escape).append(line_end);
  text.append("    grep -q '^[^#].*/").append(snapshot).append("' ").append(list).append(line_end);
  return text;
}

AptSnapshot pinned_stage(const Dockerfile& file, const Stage& stage, std::string_view snapshot) {
  AptSnapshot result{stage.from->span, {}, {}};
  const auto chain = chain_of(file, stage);
  const auto release = release_to_pin(*chain.back());
  if (!release) return result.problem = release.reason(), result;
  for (const auto* each : chain)
    for (const auto& step : each->steps) {
      if (changes_own_sources(file.source(), step))
        return result.problem = "a step of it changes Debian's sources already", result;
      if (const auto added = added_source(file.facts(), step); !added.empty() && result.problem.empty())
        result.problem = "what comes from another source, as of `" + added + "`, is not pinned by it";
    }
  const auto& first = stage.steps.front();
  if (!first.user.is("root") && !first.user.is("0"))
    return result.problem = "its base does not run as root, which may change the sources", result;
  if (!first.posix) return result.problem = "its shell is not known to be one of Unix", result;
  const auto source = file.source();
  const auto end = source.find('\n', stage.from->span.end);
  if (end == source.npos) return result.problem = "it has no other line", result;
  const bool returns = end > 0 && source[end - 1] == '\r';
  const auto place = static_cast<std::uint32_t>(end + 1);
  result.edit =
      TextEdit{{place, place}, instruction_for(*release, snapshot, file.document().escape(), returns ? "\r\n" : "\n")};
  return result;
}

}  // namespace

Outcome<std::string> snapshot_of(std::string_view date) {
  std::string text;
  for (const char c : date)
    if (c != '-' && c != ':') text += c;
  if (text.size() == 8) text += "T000000Z";
  const std::string_view all = text;
  const bool plain = is_snapshot(text) && number(all.substr(0, 4)) >= 2005 && number(all.substr(4, 2)) - 1U < 12 &&
                     number(all.substr(6, 2)) - 1U < 31 && number(all.substr(9, 2)) < 24 &&
                     number(all.substr(11, 2)) < 60 && number(all.substr(13, 2)) < 60;
  if (!plain)
    return Declined{"a snapshot is a time such as 2026-01-31 or 20260131T000000Z, not `" + std::string(date) + "`"};
  return text;
}

std::vector<AptSnapshot> apt_snapshots(const Dockerfile& file, std::string_view snapshot) {
  const std::string_view source = file.source();
  auto result = moved_snapshots(source, snapshot);
  std::set<const Stage*> pinned;
  const auto has_one = [&](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return slice(source, step.instruction->span).find(archive) != source.npos;
    });
  };
  for (const auto& stage : file.stages()) {
    if (stage.implicit || !uses_apt(stage)) continue;
    const auto chain = chain_of(file, stage);
    const auto done = [&](const Stage* each) { return pinned.contains(each) || has_one(*each); };
    if (std::ranges::any_of(chain, done)) continue;
    result.push_back(pinned_stage(file, stage, snapshot));
    if (result.back().edit) pinned.insert(&stage);
  }
  return result;
}

}  // namespace dockhew::inline ecosystems
