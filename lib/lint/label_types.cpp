#include "lint/label_types.hpp"

#include <algorithm>

namespace dockhew::inline lint {
namespace {

bool is_digit(char c) { return '0' <= c && c <= '9'; }
bool is_hexadecimal(char c) { return is_digit(c) || ('a' <= c && c <= 'f'); }
bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

bool all_of(std::string_view text, bool (*predicate)(char)) {
  return !text.empty() && std::ranges::all_of(text, predicate);
}

// Takes a number of `digits` digits, or of any length for 0, off the front.
bool take_number(std::string_view& text, std::size_t digits) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0 || (digits != 0 && end != digits)) return false;
  text.remove_prefix(end);
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// RFC 3986, as far as needed: a scheme, "://" and a host.
bool is_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == text.npos || colon == 0 || !is_letter(text[0])) return false;
  const auto host = text.substr(colon + 3);
  return !host.empty() && host[0] != '/' && text.find_first_of(" \t<>\"{}|\\^`") == text.npos;
}

// RFC 3339: 2021-03-10T10:26:33.5+01:00. A blank may replace the T.
bool is_time(std::string_view text) {
  const bool date =
      take_number(text, 4) && take(text, '-') && take_number(text, 2) && take(text, '-') && take_number(text, 2);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return false;
  const bool time =
      take_number(text, 2) && take(text, ':') && take_number(text, 2) && take(text, ':') && take_number(text, 2);
  if (!time || (take(text, '.') && !take_number(text, 0))) return false;
  if (text == "Z" || text == "z") return true;
  return (take(text, '+') || take(text, '-')) && take_number(text, 2) && take(text, ':') && take_number(text, 2) &&
         text.empty();
}

bool is_commit(std::string_view text) {
  return (text.size() == 7 || text.size() == 40) && all_of(text, is_hexadecimal);
}

// Identifiers between dots. `numeric`: without leading zeros.
bool are_identifiers(std::string_view text, bool numeric) {
  for (;;) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    if (!all_of(part, [](char c) { return is_digit(c) || is_letter(c) || c == '-'; })) return false;
    if (numeric && part.size() > 1 && part[0] == '0' && all_of(part, is_digit)) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// semver.org 2.0.0.
bool is_semantic_version(std::string_view text) {
  for (int i = 0; i < 3; ++i) {
    if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return false;
    if (!take_number(text, 0) || (i < 2 && !take(text, '.'))) return false;
  }
  const auto plus = text.find('+');
  if (plus != text.npos && !are_identifiers(text.substr(plus + 1), false)) return false;
  text = text.substr(0, plus);
  return text.empty() || (take(text, '-') && are_identifiers(text, true));
}

// RFC 5322's addr-spec without comments and quoted parts.
bool is_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == text.npos || at == 0) return false;
  const auto is_atom = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  };
  const auto local = text.substr(0, at), domain = text.substr(at + 1);
  const auto dotted = [](std::string_view part) {
    return !part.starts_with('.') && !part.ends_with('.') && part.find("..") == part.npos;
  };
  return all_of(local, is_atom) && dotted(local) && dotted(domain) &&
         all_of(domain, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
}

// Licences of the SPDX list that images are labelled with; the list itself has about seven hundred.
constexpr std::string_view licences[] = {"0BSD",
                                         "AFL-2.1",
                                         "AFL-3.0",
                                         "AGPL-1.0-only",
                                         "AGPL-1.0-or-later",
                                         "AGPL-3.0",
                                         "AGPL-3.0-only",
                                         "AGPL-3.0-or-later",
                                         "Apache-1.0",
                                         "Apache-1.1",
                                         "Apache-2.0",
                                         "APSL-2.0",
                                         "Artistic-1.0",
                                         "Artistic-1.0-Perl",
                                         "Artistic-2.0",
                                         "BSD-1-Clause",
                                         "BSD-2-Clause",
                                         "BSD-2-Clause-Patent",
                                         "BSD-2-Clause-Views",
                                         "BSD-3-Clause",
                                         "BSD-3-Clause-Clear",
                                         "BSD-3-Clause-LBNL",
                                         "BSD-4-Clause",
                                         "BSL-1.0",
                                         "BUSL-1.1",
                                         "bzip2-1.0.6",
                                         "CAL-1.0",
                                         "CC-BY-1.0",
                                         "CC-BY-2.0",
                                         "CC-BY-2.5",
                                         "CC-BY-3.0",
                                         "CC-BY-4.0",
                                         "CC-BY-NC-3.0",
                                         "CC-BY-NC-4.0",
                                         "CC-BY-NC-ND-4.0",
                                         "CC-BY-NC-SA-3.0",
                                         "CC-BY-NC-SA-4.0",
                                         "CC-BY-ND-4.0",
                                         "CC-BY-SA-2.0",
                                         "CC-BY-SA-2.5",
                                         "CC-BY-SA-3.0",
                                         "CC-BY-SA-4.0",
                                         "CC-PDDC",
                                         "CC0-1.0",
                                         "CDDL-1.0",
                                         "CDDL-1.1",
                                         "CECILL-2.0",
                                         "CECILL-2.1",
                                         "CECILL-B",
                                         "CECILL-C",
                                         "CPAL-1.0",
                                         "CPL-1.0",
                                         "curl",
                                         "ECL-2.0",
                                         "EFL-2.0",
                                         "Elastic-2.0",
                                         "EPL-1.0",
                                         "EPL-2.0",
                                         "EUPL-1.1",
                                         "EUPL-1.2",
                                         "FSL-1.1-ALv2",
                                         "FSL-1.1-MIT",
                                         "FTL",
                                         "GFDL-1.2-only",
                                         "GFDL-1.2-or-later",
                                         "GFDL-1.3-only",
                                         "GFDL-1.3-or-later",
                                         "GPL-1.0-only",
                                         "GPL-1.0-or-later",
                                         "GPL-2.0",
                                         "GPL-2.0+",
                                         "GPL-2.0-only",
                                         "GPL-2.0-or-later",
                                         "GPL-3.0",
                                         "GPL-3.0+",
                                         "GPL-3.0-only",
                                         "GPL-3.0-or-later",
                                         "Hippocratic-2.1",
                                         "HPND",
                                         "ICU",
                                         "IJG",
                                         "ImageMagick",
                                         "Intel",
                                         "IPL-1.0",
                                         "ISC",
                                         "JSON",
                                         "LGPL-2.0-only",
                                         "LGPL-2.0-or-later",
                                         "LGPL-2.1",
                                         "LGPL-2.1+",
                                         "LGPL-2.1-only",
                                         "LGPL-2.1-or-later",
                                         "LGPL-3.0",
                                         "LGPL-3.0+",
                                         "LGPL-3.0-only",
                                         "LGPL-3.0-or-later",
                                         "Libpng",
                                         "LPPL-1.3c",
                                         "MirOS",
                                         "MIT",
                                         "MIT-0",
                                         "MIT-CMU",
                                         "MPL-1.0",
                                         "MPL-1.1",
                                         "MPL-2.0",
                                         "MPL-2.0-no-copyleft-exception",
                                         "MS-PL",
                                         "MS-RL",
                                         "MulanPSL-2.0",
                                         "NASA-1.3",
                                         "NCSA",
                                         "Naumen",
                                         "NPOSL-3.0",
                                         "NTP",
                                         "ODbL-1.0",
                                         "ODC-By-1.0",
                                         "OFL-1.1",
                                         "OLDAP-2.8",
                                         "OpenSSL",
                                         "OSL-2.1",
                                         "OSL-3.0",
                                         "PDDL-1.0",
                                         "PHP-3.0",
                                         "PHP-3.01",
                                         "PostgreSQL",
                                         "PSF-2.0",
                                         "Python-2.0",
                                         "QPL-1.0",
                                         "RPL-1.5",
                                         "Ruby",
                                         "SGI-B-2.0",
                                         "Sleepycat",
                                         "SSPL-1.0",
                                         "TCL",
                                         "Unicode-3.0",
                                         "Unicode-DFS-2016",
                                         "Unlicense",
                                         "UPL-1.0",
                                         "Vim",
                                         "W3C",
                                         "Watcom-1.0",
                                         "WTFPL",
                                         "X11",
                                         "Xnet",
                                         "Zend-2.0",
                                         "Zlib",
                                         "zlib-acknowledgement",
                                         "ZPL-2.0",
                                         "ZPL-2.1"};

bool is_licence(std::string_view text) {
  if (text.starts_with("LicenseRef-")) return text.size() > 11;
  return std::ranges::find(licences, text) != std::end(licences);
}

// An expression of the SPDX specification, annex D: licences joined with AND, OR, WITH and parentheses.
bool is_licence_expression(std::string_view text) {
  bool any = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto begin = text.find_first_not_of(" ()", i);
    if (begin == text.npos) break;
    const auto end = std::min(text.find_first_of(" ()", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    i = end;
    if (word == "AND" || word == "OR" || word == "and" || word == "or") continue;
    if (word == "WITH" || word == "with") {  // the name of an exception follows
      i = std::min(text.find_first_of(" ()", std::min(text.find_first_not_of(' ', i), text.size())), text.size());
      continue;
    }
    if (!is_licence(word)) return false;
    any = true;
  }
  return any;
}

constexpr LabelType types[] = {
    {"text", "", "a text", [](std::string_view) { return true; }},
    {"url", "DL3052", "a URL", is_url},
    {"rfc3339", "DL3053", "a time in RFC 3339 format", is_time},
    {"spdx", "DL3054", "a licence from the SPDX list", is_licence_expression},
    {"hash", "DL3055", "the hash of a Git commit, 7 or 40 hexadecimal digits", is_commit},
    {"semver", "DL3056", "a semantic version", is_semantic_version},
    {"email", "DL3058", "an e-mail address", is_address},
};

}  // namespace

std::span<const LabelType> label_types() { return types; }

const LabelType* find_label_type(std::string_view name) {
  const auto* found = std::ranges::find(types, name, &LabelType::name);
  return found == std::end(types) ? nullptr : found;
}

}  // namespace dockhew::inline lint
