#include "verify/run_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "text/diff.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline verify {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <typename Test>
std::size_t run_of(std::string_view text, const Test& test) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, test) - text.begin());
}

// "00:00" as a pattern: `0` is any digit, everything else itself. 0 when the text does not begin so.
std::size_t length_of(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return 0;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i]) return 0;
  return pattern.size();
}

std::size_t first_of(std::string_view text, std::initializer_list<std::string_view> patterns) {
  for (const auto pattern : patterns)
    if (const auto length = length_of(text, pattern); length > 0) return length;
  return 0;
}

std::size_t fraction(std::string_view text) {
  if (text.empty() || (text[0] != '.' && text[0] != ',')) return 0;
  const auto digits = run_of(text.substr(1), is_digit);
  return digits == 0 ? 0 : digits + 1;
}

std::size_t zone(std::string_view text) {
  if (text.starts_with('Z')) return 1;
  const auto blank = text.starts_with(' ') ? 1U : 0U;
  const auto length = first_of(text.substr(blank), {"+00:00", "-00:00", "+0000", "-0000"});
  return length == 0 ? 0 : length + blank;
}

std::size_t clock_time(std::string_view text) {
  auto length = first_of(text, {"00:00:00", "0:00:00"});
  if (length == 0) return 0;
  length += fraction(text.substr(length));
  for (const std::string_view half : {" AM", " PM"})
    if (text.substr(length).starts_with(half)) return length + half.size();
  return length + zone(text.substr(length));
}

bool begins_with_one(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return text.starts_with(name); });
}

bool is_month(std::string_view text) {
  return begins_with_one(text, {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
}

std::size_t date(std::string_view text) {
  std::size_t length = first_of(text, {"0000-00-00", "0000/00/00", "00/00/0000"});
  if (length == 0 && begins_with_one(text, {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})) {
    const auto rest = text.substr(3);
    const auto blanks = run_of(rest, [](char c) { return c == ',' || c == ' '; });
    if (blanks > 0)
      if (const auto more = date(rest.substr(blanks)); more > 0) return 3 + blanks + more;
  }
  if (length == 0 && is_month(text)) {  // "Nov  3 2026", "Nov 28"
    length = first_of(text.substr(3), {" 00", "  0", " 0"});
    if (length > 0) length += 3 + length_of(text.substr(3 + length), " 0000");
  }
  if (length == 0) {  // "28/Nov/2026", "3 Nov 2026"
    const auto day = first_of(text, {"00", "0"});
    if (day > 0 && text.size() > day + 4 && is_month(text.substr(day + 1)))
      length = first_of(text.substr(day + 4), {"/0000", " 0000", "-0000"});
    if (length > 0) length += day + 4;
  }
  return length;
}

// "2026-11-28T06:15:33.123Z", "28/Nov/2026:06:15:33 +0000", "06:15:33"
std::size_t date_and_time(std::string_view text) {
  const auto day = date(text);
  if (day == 0) return clock_time(text);
  const auto rest = text.substr(day);
  for (const std::string_view between : {"T", " ", ":", ", "})
    if (rest.starts_with(between))
      if (const auto time = clock_time(rest.substr(between.size())); time > 0) return day + between.size() + time;
  return day;
}

// Seconds or milliseconds since 1970.
std::size_t seconds(std::string_view text) {
  const auto digits = run_of(text, is_digit);
  if ((digits != 10 && digits != 13) || text[0] != '1') return 0;
  return digits + fraction(text.substr(digits));
}

std::size_t duration(std::string_view text) {
  auto length = run_of(text, is_digit);
  if (length == 0) return 0;
  length += fraction(text.substr(length));
  if (text.substr(length).starts_with(' ')) ++length;
  const auto unit = run_of(text.substr(length), [](char c) { return is_letter(c) || (c & '\x80') != 0; });
  constexpr std::string_view units[] = {"ms", "s", "us", "µs", "μs", "ns", "sec", "secs", "second", "seconds", "msec"};
  return std::ranges::find(units, text.substr(length, unit)) == std::end(units) ? 0 : length + unit;
}

// The name of a container, a digest, a UUID.
std::size_t identifier(std::string_view text) {
  std::size_t length = 0, digits = 0;
  for (; length < text.size() && (is_hexadecimal(text[length]) || text[length] == '-'); ++length)
    digits += is_digit(text[length]) ? 1 : 0;
  while (length > 0 && text[length - 1] == '-') --length;
  const bool ends = length == text.size() || !(is_letter(text[length]) || is_digit(text[length]));
  return length >= 12 && digits > 0 && ends ? length : 0;
}

std::size_t address(std::string_view text) {
  if (!text.starts_with("0x")) return 0;
  const auto digits = run_of(text.substr(2), is_hexadecimal);
  return digits >= 6 ? digits + 2 : 0;
}

// The digits of "pid 12", "PID: 12", "process [12]"; `before` is the line up to here.
std::size_t process(std::string_view before, std::string_view text, bool timed) {
  const auto digits = run_of(text, is_digit);
  if (digits == 0 || digits > 7) return 0;
  const bool bracketed = before.ends_with('[') && text.substr(digits).starts_with(']');
  if (bracketed && (timed || (before.size() > 1 && is_letter(before[before.size() - 2])))) return digits;
  const auto word = before.substr(0, before.find_last_not_of(" :=([#") + 1);
  if (word.size() == before.size()) return 0;
  const auto lower = to_lower_ascii(word.substr(word.size() - std::min<std::size_t>(word.size(), 7)));
  return lower.ends_with("pid") || lower.ends_with("process") ? digits : 0;
}

// Without the colours of a terminal: `ESC [ 31 m`.
std::string without_colours(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    if (line.starts_with("\x1b[")) {
      const auto length = 2 + run_of(line.substr(2), [](char c) { return is_digit(c) || c == ';'; });
      line.remove_prefix(std::min(length + 1, line.size()));
    } else {
      out += line[0];
      line.remove_prefix(1);
    }
  }
  return out;
}

// `[Nest] 42  - <time>`: a number between the program's name and the time.
void replace_process_before_time(std::string& line) {
  const auto time = line.find("<time>");
  if (time == line.npos) return;
  const auto last = line.find_last_not_of(" -:", time == 0 ? 0 : time - 1);
  if (time == 0 || last == line.npos || last + 1 == time || !is_digit(line[last])) return;
  auto begin = last;
  while (begin > 0 && is_digit(line[begin - 1])) --begin;
  if (begin > 0 && line[begin - 1] != ' ') return;
  line.replace(begin, last + 1 - begin, "<process>");
}

// A column of numbers is as wide as ever, so the blanks before one are not: "|   12 ms |".
void narrow_durations(std::string& line) {
  constexpr std::string_view duration = "<duration>";
  for (auto at = line.find(duration); at != line.npos; at = line.find(duration, at + 1)) {
    const auto last = at == 0 ? line.npos : line.find_last_not_of(' ', at - 1);
    const auto begin = last == line.npos ? 0 : last + 1;
    if (at - begin < 2) continue;
    line.erase(begin, at - begin - 1);
    at = begin + 1;
  }
}

std::string plain_line(std::string_view line) {
  std::string out;
  bool timed = false;
  for (std::size_t at = 0; at < line.size();) {
    const auto rest = line.substr(at);
    const bool inside = at > 0 && (is_letter(line[at - 1]) || is_digit(line[at - 1]) || line[at - 1] == '_');
    const auto replace = [&](std::size_t length, const char* name) {
      if (length == 0 || inside) return false;
      out += name;
      at += length;
      return true;
    };
    if (replace(date_and_time(rest), "<time>") || replace(seconds(rest), "<time>")) {
      timed = true;
      continue;
    }
    if (replace(identifier(rest), "<id>") || replace(address(rest), "<address>") ||
        replace(duration(rest), "<duration>") || replace(process(line.substr(0, at), rest, timed), "<process>"))
      continue;
    // A whole word at once, of which nothing more can be told.
    const auto word = std::max<std::size_t>(1, run_of(rest, [](char c) { return is_letter(c) || is_digit(c); }));
    out += rest.substr(0, word);
    at += word;
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < line.size();) {
    const bool word = is_letter(line[begin]) || is_digit(line[begin]);
    const auto end =
        word ? begin + run_of(line.substr(begin), [](char c) { return is_letter(c) || is_digit(c); }) : begin + 1;
    words.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

using Parts = std::vector<std::string_view>;

// Whether a text has the lines that two runs have in common, in their order. Whatever else there is was made up.
bool has_common_lines(const Parts& lines, const Parts& first, const Parts& second) {
  auto at = lines.begin();
  auto other = second.begin();
  for (const auto line : first) {
    const auto found = std::find(other, second.end(), line);
    if (found == second.end()) continue;
    other = found + 1;
    at = std::find(at, lines.end(), line);
    if (at == lines.end()) return false;
    ++at;
  }
  return true;
}

// How many words two lines begin with alike. A word at the end of these may be alike by chance.
template <typename Words>
std::size_t common_length(const Words& a, const Words& b) {
  const auto ends = std::ranges::mismatch(a, b);
  auto length = static_cast<std::size_t>(ends.in1 - a.begin());
  if (length > 0 && length < a.size() && (is_letter(a[length - 1][0]) || is_digit(a[length - 1][0]))) --length;
  return length;
}

// Whether a line begins and ends with what two runs have in common there.
bool has_common_ends(std::string_view line, std::string_view first, std::string_view second) {
  auto words = words_of(line), a = words_of(first), b = words_of(second);
  const auto begin = common_length(a, b);
  if (common_length(a, words) < begin) return false;
  for (auto* each : {&words, &a, &b}) std::ranges::reverse(*each);
  return common_length(a, words) >= common_length(a, b);
}

// Whether there are about as many lines as in two runs that have different numbers of them.
bool is_as_long(const Parts& lines, const Parts& first, const Parts& second) {
  const auto fewest = std::min(first.size(), second.size()), most = std::max(first.size(), second.size());
  return lines.size() + (most - fewest) >= fewest && lines.size() <= most + (most - fewest);
}

// The order of what is printed at the same time, or comes out of a table without an order, is made up.
bool has_same_lines(std::string_view a, std::string_view b) {
  auto lines = lines_of(a), others = lines_of(b);
  std::ranges::sort(lines);
  std::ranges::sort(others);
  return lines == others;
}

// Whether a text differs from a run only where a second run of the same differs too.
bool differs_by_itself(std::string_view text, std::string_view run, std::string_view again) {
  const auto lines = lines_of(text), first = lines_of(run), second = lines_of(again);
  if (first.size() != second.size()) return is_as_long(lines, first, second) && has_common_lines(lines, first, second);
  if (lines.size() != first.size()) return false;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i] != first[i] && (first[i] == second[i] || !has_common_ends(lines[i], first[i], second[i])))
      return false;
  return true;
}

// Cut at a whole character.
std::string shortened(std::string_view line) {
  constexpr std::size_t longest = 300;
  if (line.size() <= longest) return std::string(line);
  auto end = longest;
  while (end > 0 && (line[end] & '\xc0') == '\x80') --end;
  return std::string(line.substr(0, end)) + " …";
}

std::string readable_diff(std::string_view before, std::string_view after) {
  constexpr std::size_t most_lines = 40;
  std::string out = "--- original\n+++ optimized\n";
  std::size_t shown = 0;
  for (const auto& hunk : diff_lines(before, after)) {
    for (const auto& line : hunk.lines) {
      if (++shown > most_lines) return out + "…\n";
      const char sign = line.kind == DiffLine::Kind::removed ? '-' : line.kind == DiffLine::Kind::added ? '+' : ' ';
      out += sign;
      out += shortened(line.text.substr(0, line.text.find('\n')));
      out += '\n';
    }
  }
  return out;
}

}  // namespace

std::string without_passing_values(std::string_view output) {
  std::string out;
  for (const auto line : lines_of(output)) {
    auto plain = plain_line(without_colours(line));
    replace_process_before_time(plain);
    narrow_durations(plain);
    out += plain;
  }
  return out;
}

std::string find_run_difference(const RunOutcome& original, const RunOutcome& optimized,
                                const std::optional<RunOutcome>& again) {
  const auto before = without_passing_values(original.output);
  const auto after = without_passing_values(optimized.output);
  const bool same = has_same_lines(before, after) ||
                    (again && differs_by_itself(after, before, without_passing_values(again->output)));
  std::string difference;
  if (original.status != optimized.status)
    difference =
        fmt::format("exit status {} in the original, {} in the optimized image\n", original.status, optimized.status);
  if (!same) difference += readable_diff(before, after);
  return difference;
}

}  // namespace dockhew::inline verify
