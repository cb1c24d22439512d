#include "ecosystems/go/time_zones.hpp"

#include <algorithm>

#include "ecosystems/go/runtime.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_name_of_zone(std::string_view name) {
  return !name.empty() && name != "UTC" && name != "Local" && name != "GMT" && name.find("://") == name.npos;
}

// Names of before that Debian has since trixie in `tzdata-legacy` alone: the files of that package (2026f-0+deb13u1).
bool is_old_name(std::string_view name) {
  constexpr std::string_view directories[] = {"Brazil/", "Canada/", "Chile/", "Mexico/", "US/"};
  constexpr std::string_view others[] = {"Africa/Asmera",
                                         "America/Argentina/ComodRivadavia",
                                         "America/Buenos_Aires",
                                         "America/Catamarca",
                                         "America/Cordoba",
                                         "America/Fort_Wayne",
                                         "America/Godthab",
                                         "America/Indianapolis",
                                         "America/Jujuy",
                                         "America/Knox_IN",
                                         "America/Louisville",
                                         "America/Mendoza",
                                         "America/Rosario",
                                         "Antarctica/South_Pole",
                                         "Asia/Ashkhabad",
                                         "Asia/Calcutta",
                                         "Asia/Choibalsan",
                                         "Asia/Chungking",
                                         "Asia/Dacca",
                                         "Asia/Katmandu",
                                         "Asia/Macao",
                                         "Asia/Rangoon",
                                         "Asia/Saigon",
                                         "Asia/Thimbu",
                                         "Asia/Ujung_Pandang",
                                         "Asia/Ulan_Bator",
                                         "Atlantic/Faeroe",
                                         "Australia/ACT",
                                         "Australia/LHI",
                                         "Australia/NSW",
                                         "Australia/North",
                                         "Australia/Queensland",
                                         "Australia/South",
                                         "Australia/Tasmania",
                                         "Australia/Victoria",
                                         "Australia/West",
                                         "CET",
                                         "CST6CDT",
                                         "Cuba",
                                         "EET",
                                         "EST",
                                         "EST5EDT",
                                         "Egypt",
                                         "Eire",
                                         "Europe/Kiev",
                                         "Europe/Uzhgorod",
                                         "Europe/Zaporozhye",
                                         "GB",
                                         "GB-Eire",
                                         "GMT+0",
                                         "GMT-0",
                                         "GMT0",
                                         "Greenwich",
                                         "HST",
                                         "Hongkong",
                                         "Iceland",
                                         "Iran",
                                         "Israel",
                                         "Jamaica",
                                         "Japan",
                                         "Kwajalein",
                                         "Libya",
                                         "MET",
                                         "MST",
                                         "MST7MDT",
                                         "NZ",
                                         "NZ-CHAT",
                                         "Navajo",
                                         "PRC",
                                         "PST8PDT",
                                         "Pacific/Enderbury",
                                         "Pacific/Ponape",
                                         "Pacific/Truk",
                                         "Poland",
                                         "Portugal",
                                         "ROC",
                                         "ROK",
                                         "Singapore",
                                         "Turkey",
                                         "UCT",
                                         "Universal",
                                         "W-SU",
                                         "WET",
                                         "Zulu"};
  const auto is_below = [&](std::string_view directory) { return name.starts_with(directory); };
  return std::ranges::find(others, name) != std::end(others) || std::ranges::any_of(directories, is_below);
}

// Zones that the source names: in a call, in parts of the address of a database, and in times of jobs
// (`CRON_TZ=Asia/Tokyo 0 6 * * *`). An old name counts as a text of its own too: a variable may give it to a call.
struct NamedZones {
  bool any = false;  // or one that depends
  bool old = false;

  void add(std::string_view name) {
    any |= is_name_of_zone(name);
    old |= is_old_name(name);
  }

  void add_from(std::string_view source) {
    constexpr std::string_view call = "time.LoadLocation(";
    for (auto at = source.find(call); at != source.npos; at = source.find(call, at + 1)) {
      auto given = source.substr(at + call.size(), 64);
      any |= !given.starts_with('"');
      if (!given.starts_with('"')) continue;
      given.remove_prefix(1);
      add(given.substr(0, given.find('"')));
    }
    for (const auto text : texts_in_quotes(source)) old |= text.find('/') != text.npos && is_old_name(text);
    for (const std::string_view option : {"TimeZone=", "timezone=", "loc=", "CRON_TZ=", "TZ="})
      for (auto at = source.find(option); at != source.npos; at = source.find(option, at + 1)) {
        const auto zone = source.substr(at + option.size(), 64);
        const auto name = zone.substr(0, zone.find_first_of(" &\"'`;,)\n"));
        const bool begins = at == 0 || std::string_view(" &?\"'`").find(source[at - 1]) != std::string_view::npos;
        if (begins && (name.find('/') != name.npos || name.find("%2F") != name.npos)) add(name);
      }
  }
};

bool built_with_zones(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && step.script->text.view().find("timetzdata") != std::string_view::npos;
  });
}

}  // namespace

std::vector<std::string> time_zones(const Dockerfile& file, const Stage& stage) {
  const auto& image = *stage.image;
  const bool alpine = image.distribution == "alpine";
  const bool divided = image.distribution == "debian" && is_of_or_after(image.release, "trixie");
  if ((!alpine && !divided) || built_with_zones(stage)) return {};
  const auto variable = file.lookup(stage, stage.environment.size(), "TZ");
  NamedZones named;
  if (variable.is_known()) named.add(variable.text);
  for (const auto& value : file.context().origin().settings) named.old |= is_old_name(value);
  bool brought = false;  // the program has them in itself
  for_each_source(file.context(), source_root(file, stage), go_runtime,
                  [&](const std::string&, const std::string& text) {
                    named.add_from(text);
                    brought |= text.find("\"time/tzdata\"") != text.npos;
                  });
  if (brought) return {};
  if (divided) return named.old ? std::vector<std::string>{"tzdata-legacy"} : std::vector<std::string>();
  const bool set = file.context().origin().environment.contains("TZ") || variable.is_unknown();
  return named.any || set ? std::vector<std::string>{"tzdata"} : std::vector<std::string>();
}

}  // namespace dockhew::inline ecosystems
