#include "line/contradictions.hpp"

#include <algorithm>
#include <set>

namespace dockhew::cli {
namespace {

struct Pair {
  const char *one, *other, *reason;
};

constexpr Pair pairs[] = {
    {"safe", "conditional", "each says how much is taken"},
    {"safe", "unsafe", "each says how much is taken"},
    {"conditional", "unsafe", "each says how much is taken"},
    {"write", "output", "the one changes the file, the other leaves it as it is"},
    {"config", "no-config", "the one names a configuration, the other wants none"},
    {"as", "json", "each says what is printed"},
    {"check", "write", "the one changes nothing"},
    {"check", "update", "the one changes nothing"},
    {"check", "apt-snapshot", "the one changes nothing"},
    {"check", "offline", "whether an image is still there only its registry knows"},
    {"check", "lock", "whether an image is still there only its registry knows"},
    {"update", "offline", "what a tag is now only its registry knows"},
    {"against", "safe", "with a file to compare with, nothing is optimized"},
    {"against", "conditional", "with a file to compare with, nothing is optimized"},
    {"against", "select", "with a file to compare with, nothing is optimized"},
    {"against", "ignore", "with a file to compare with, nothing is optimized"},
    {"against", "cache", "with a file to compare with, nothing is optimized"},
};

std::string check_operands(const CommandRow& command, const Options& options) {
  const auto count = options.operands.size();
  const std::string name(command.name);
  if (count <= command.most) return {};
  if (command.most == 0)
    return name + " takes no operand, so `" + options.operands.front() + "` means nothing" +
           (name == "rules" ? "; `dockhew explain " + options.operands.front() + "` explains one rule" : "");
  return name + " takes one " + std::string(command.operands) + ", and there are " + std::to_string(count);
}

// `pin` always asks; the others only when they are told to.
std::string check_registries(const CommandRow& command, const std::function<bool(const char*)>& given) {
  if (command.name == "pin" || given("resolve")) return {};
  for (const char* name : {"image", "lock", "offline", "timeout"})
    if (given(name)) return "--" + std::string(name) + " is about what --resolve asks, which is not given";
  return {};
}

std::string check_reports(const Options& options, const std::function<bool(const char*)>& given) {
  if (given("output") && options.reports.size() > 1 && !options.hadolint)
    return "--output takes one report; name the file of each: `--format sarif:FILE --format text`";
  std::set<std::string> files;
  for (const auto& report : options.reports)
    if (!files.insert(report.file).second)
      return report.file.empty()
                 ? "two reports cannot both be printed; name a file for one: `--format " + report.format + ":FILE`"
                 : "two reports cannot both be written to `" + report.file + "`";
  return {};
}

}  // namespace

std::string contradiction(const CommandRow& command, const Options& options,
                          const std::function<bool(const char*)>& given) {
  for (const auto& pair : pairs)
    if (given(pair.one) && given(pair.other))
      return "--" + std::string(pair.one) + " and --" + pair.other + " cannot be used together: " + pair.reason;
  const bool reads_input = std::ranges::find(options.operands, "-") != options.operands.end();
  if (options.fix && reads_input)
    return "--fix needs a file; `dockhew optimize --safe --output - -` prints what standard input becomes";
  if (options.write && reads_input)
    return command.name == "pin" ? "--write needs a file"
                                 : "--write needs a file; `--output -` prints what standard input becomes";
  if (command.name == "optimize" && !options.output.empty() && options.operands.size() > 1)
    return "--output takes one Dockerfile, and there are " + std::to_string(options.operands.size()) +
           "; `--write` changes each of them";
  if (options.output == "-" && options.format != "text" && command.name == "optimize")
    return "--output - and --format " + options.format + " cannot be used together: both are printed";
  if (options.resolve && reads_input)
    return "--resolve needs a file, because it is read twice, and standard input can be read once";
  if (!options.stdin_name.empty() && !reads_input)
    return "--stdin-filename is the name of standard input, which is not read; `-` stands for it";
  if (auto problem = check_reports(options, given); !problem.empty()) return problem;
  if (auto problem = check_registries(command, given); !problem.empty()) return problem;
  if (!options.html.empty() && options.operands.size() > 1) return "--html takes one Dockerfile";
  return check_operands(command, options);
}

}  // namespace dockhew::cli
