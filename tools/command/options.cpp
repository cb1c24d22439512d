#include "options.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>

#include "ecosystems/system/apt_snapshot.hpp"
#include "line/contradictions.hpp"
#include "line/given.hpp"
#include "line/hadolint_line.hpp"
#include "line/option_table.hpp"
#include "line/option_values.hpp"
#include "line/unknown_words.hpp"
#include "lint_reports.hpp"
#include "report/formats.hpp"
#include "rule_selection.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace po = boost::program_options;
namespace {

bool wants_colour(std::string_view when) {
  if (!when.empty() && when != "auto") return when == "always";
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::string(terminal) != "dumb");
}

// Whether standard output is a terminal, or a pipe in a job of a CI service, which most likely leads into its log.
bool is_shown() {
  if (::isatty(STDOUT_FILENO) == 1) return true;
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' && std::string_view(value) != "false";
  };
  struct ::stat output {};
  const bool pipe = ::fstat(STDOUT_FILENO, &output) == 0 && (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode));
  return pipe && std::ranges::any_of(std::array{"CI", "GITHUB_ACTIONS", "TF_BUILD"}, is_set);
}

// Where the command stands among the words: options may come before it, and those have values. 0 where there is none.
int place_of_command(int argc, char** argv) {
  const auto takes_next = [](std::string_view word) {
    return std::ranges::any_of(option_rows(), [&](const OptionRow& row) {
      return row.takes_value() && (word == "--" + std::string(row.name) || word == std::string("-") + row.letter);
    });
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with('-') || word == "-") return i;
    if (takes_next(word)) ++i;
  }
  return 0;
}

po::options_description description_of(const CommandRow& command) {
  po::options_description description;
  for (const auto* row : options_of(command.name)) {
    const auto names = std::string(row->name) + (row->letter == 0 ? "" : std::string(",") + row->letter);
    if (!row->takes_value() && !row->may_take_value()) description.add_options()(names.c_str(), "");
    else if (row->repeated)
      description.add_options()(names.c_str(), po::value<std::vector<std::string>>()->composing(), "");
    else description.add_options()(names.c_str(), po::value<std::string>(), "");
  }
  description.add_options()("operands", po::value<std::vector<std::string>>(), "");
  return description;
}

std::string check_words(const CommandRow& command, const Given& given) {
  for (const auto* row : options_of(command.name)) {
    const std::string name(row->name);
    if (row->choices.empty() || row->repeated || !given.has(name.c_str())) continue;
    const auto word = given.text(name.c_str());
    if (std::ranges::find(row->choices, word) == row->choices.end()) return wrong_choice(name, word, row->choices);
  }
  return {};
}

std::string read_number(const Given& given, const char* name, int most, int& out) {
  if (!given.has(name)) return {};
  const auto text = given.text(name);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && 1 <= out && out <= most;
  return is_number
             ? ""
             : std::string("--") + name + " takes a number from 1 to " + std::to_string(most) + ", not `" + text + "`";
}

// For `verify`, a program that builds here; for the others, the builder that the file must work with.
void read_builder(const Given& given, Options& options) {
  const auto name = given.text("builder");
  if (name.empty()) return;
  if (options.command == "verify") options.builder_name = name;
  choose("builder", name, options.command == "verify" ? program_choices() : builder_choices(),
         options.builder.emplace());
}

// "sarif:out.sarif": a format, and where its report goes. Returns an error message for the user.
std::string read_reports(const Given& given, Options& options) {
  for (const auto& text : given.list("format")) {
    const auto colon = text.find(':');
    ReportTarget target{text.substr(0, colon), colon == text.npos ? "" : text.substr(colon + 1)};
    const auto* format = report_format(options, target.format);
    if (format == nullptr) return wrong_choice("format", target.format, report_format_names());
    if (colon != text.npos && target.file.empty()) return "--format " + text + " names no file behind the colon";
    target.format = format->name;
    options.reports.push_back(std::move(target));
  }
  if (given.has("statistics")) options.reports.push_back({"statistics", ""});
  if (options.reports.empty()) options.reports.push_back({"text", ""});
  if (given.has("output") && options.reports.size() == 1 && options.reports[0].file.empty())
    options.reports[0].file = options.output;
  for (auto& report : options.reports)
    if (report.file == "-") report.file.clear();
  return {};
}

// The words have been checked.
void read_choices(const Given& given, Options& options) {
  if (given.has("format") && options.command != "lint" && options.command != "hadolint")
    options.format = given.text("format");
  if (given.has("fail-on")) choose("fail-on", given.text("fail-on"), severity_choices(), options.fail_on);
  options.fail_on_given = given.has("fail-on");
  read_builder(given, options);
  if (given.has("cache")) choose("cache", given.text("cache"), cache_choices(), options.builder_cache.emplace());
  if (given.has("cache-export"))
    choose("cache-export", given.text("cache-export"), cache_export_choices(), options.cache_export);
  if (given.has("shellcheck"))
    choose("shellcheck", given.text("shellcheck"), shellcheck_choices(), options.shellcheck.emplace());
  options.colour = wants_colour(given.text("color"));
  options.terminal = options.colour || is_shown();
  options.dump_as = given.has("json") ? "json" : given.text("as");
  if (given.has("unsafe")) options.least = Applicability::unsafe;
  if (given.has("conditional")) options.least = Applicability::conditional;
  if (given.has("safe")) options.least = Applicability::safe;
}

void read_texts(const Given& given, Options& options) {
  options.select_given = given.has("select");
  options.select = split_commas(given.list("select"));
  options.ignore = split_commas(given.list("ignore"));
  options.fix = given.has("fix");
  options.write = given.has("write");
  options.output = given.text("output");
  options.configuration = given.text("config");
  options.no_configuration = given.has("no-config");
  options.context = given.text("context");
  options.exclude = given.list("exclude");
  options.stdin_name = given.text("stdin-filename");
  options.data = given.list("data");
  options.rules = given.list("rules");
  options.html = given.text("html");
  options.against = given.text("against");
  options.run = given.text("run");
  options.change_source = given.text("change-source");
  options.change_dependencies = given.text("change-dependencies");
  options.build_arguments = given.list("build-arg");
  options.builder_options = given.list("builder-option");
  options.resolve = given.has("resolve");
  options.resolve_files = given.text("resolve") == "files";
  options.offline = given.has("offline");
  options.lock = given.text("lock");
  options.images = given.list("image");
  options.update = given.has("update");
  options.check = given.has("check");
}

// An error message for the user.
std::string read_snapshot(const Given& given, Options& options) {
  if (!given.has("apt-snapshot")) return {};
  auto snapshot = snapshot_of(given.text("apt-snapshot"));
  if (!snapshot) return "--apt-snapshot: " + snapshot.reason();
  options.apt_snapshot = *std::move(snapshot);
  return {};
}

std::string read_numbers(const Given& given, Options& options) {
  auto error = read_number(given, "repeat", 100, options.repetitions);
  if (error.empty()) error = read_number(given, "timeout", 3600, options.registry_timeout);
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  if (error.empty()) error = read_number(given, "jobs", 1000, jobs);
  options.jobs = static_cast<std::size_t>(std::max(jobs, 1));
  return error;
}

ParsedOptions failure(std::string message) { return {{}, "dockhew: " + std::move(message), exit_failed}; }
ParsedOptions version_text(std::string_view command) {
  return {{},
          "dockhew " + std::string(version) + (command == "hadolint" ? ", in place of hadolint 2.15.0" : ""),
          exit_clean};
}

ParsedOptions help_about(const std::string& command) {
  ParsedOptions result;
  result.options.command = "help";
  if (!command.empty()) result.options.operands = {command};
  return result;
}

// Without a command only what is asked of all of them together makes sense.
ParsedOptions parse_without_command(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "-h" || word == "--help") return help_about("");
    if (word == "-V" || word == "--version") return version_text("");
  }
  std::string names;
  for (const auto& command : command_rows()) names.append(names.empty() ? "" : ", ").append(command.name);
  return failure("no command given; they are " + names + "; `dockhew help` says what each does");
}

// A switch that may have a value has its first one where it has none: Boost would take the next word.
std::vector<std::string> with_usual_values(const CommandRow& command, std::vector<std::string> words) {
  for (const auto* row : options_of(command.name)) {
    if (!row->may_take_value()) continue;
    const auto end = std::ranges::find(words, "--");
    std::replace(words.begin(), end, "--" + std::string(row->name),
                 "--" + std::string(row->name) + '=' + std::string(row->choices.front()));
  }
  return words;
}

// Throws what Boost throws.
Given read_line(const CommandRow& command, const std::vector<std::string>& words) {
  po::positional_options_description positional;
  positional.add("operands", -1);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  const auto description = description_of(command);
  po::variables_map values;
  po::store(po::command_line_parser(with_usual_values(command, words))
                .options(description)
                .positional(positional)
                .style(style)
                .run(),
            values);
  Given given;
  for (const auto& [name, value] : values) {
    const auto* list = boost::any_cast<std::vector<std::string>>(&value.value());
    const auto* text = boost::any_cast<std::string>(&value.value());
    given.add(name, list != nullptr ? *list : std::vector<std::string>{text != nullptr ? *text : ""});
  }
  return given;
}

ParsedOptions parse_words(const CommandRow& command, const std::vector<std::string>& words) {
  ParsedOptions result;
  auto& options = result.options;
  options.command = command.name;
  options.words = words;
  std::string error;
  try {
    const auto given = read_line(command, words);
    options.operands = given.list("operands");
    if (options.operands.empty() && command.is_about_here) options.operands = {"."};
    if (given.has("version")) return version_text(options.command);
    if (given.has("help")) return help_about(options.command);
    error = check_words(command, given);
    if (!error.empty()) return failure(error);
    read_choices(given, options);
    read_texts(given, options);
    if (options.command == "hadolint") error = read_hadolint_line(given, options);
    if (!error.empty()) return failure(error);
    std::error_code unknown;
    if (!options.context.empty() && !std::filesystem::is_directory(options.context, unknown))
      return failure("--context takes a directory, and `" + options.context + "` is none");
    error = read_numbers(given, options);
    if (error.empty()) error = read_snapshot(given, options);
    if (error.empty() && options.command == "lint") error = read_reports(given, options);
    if (error.empty()) error = contradiction(command, options, [&](const char* name) { return given.has(name); });
  } catch (const po::unknown_option& unknown) {
    return failure(unknown_option(command, unknown.get_option_name()));
  } catch (const po::error& problem) {
    return failure(std::string(problem.what()) + "; see `dockhew " + options.command + " -h`");
  }
  if (error.empty()) error = select_rules(&options.select, options.ignore).error;
  return error.empty() ? result : failure(error);
}

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  const bool as_hadolint = is_called_hadolint(argv[0]);
  const int place = as_hadolint ? 0 : place_of_command(argc, argv);
  if (place == 0 && !as_hadolint) return parse_without_command(argc, argv);
  const auto* command = find_command(as_hadolint ? "hadolint" : argv[place]);
  if (command == nullptr) return failure(unknown_command(argv[place]));
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!as_hadolint) words.erase(words.begin() + (place - 1));
  auto result = parse_words(*command, words);
  // hadolint has one status for everything that is wrong.
  if (command->name == "hadolint" && result.status == exit_failed) result.status = exit_found;
  return result;
}

}  // namespace dockhew::cli
