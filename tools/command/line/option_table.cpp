#include "line/option_table.hpp"

#include <algorithm>

#include "line/option_values.hpp"
#include "report/formats.hpp"
#include "report/hadolint_formats.hpp"

namespace dockhew::cli {
namespace {

// Commands that rewrite a Dockerfile in memory, and those that read one with a configuration.
constexpr std::string_view rewriting = "optimize layers verify";
constexpr std::string_view reading = "lint optimize layers verify lsp";

std::vector<OptionRow> findings() {
  return {
      {.name = "select",
       .word = Word::rule,
       .value = "RULE,…",
       .help = "only these rules; default, all, buildkit and hadolint are groups",
       .topic = Topic::findings,
       .commands = "lint optimize layers verify rules lsp",
       .repeated = true},
      {.name = "ignore",
       .word = Word::rule,
       .value = "RULE,…",
       .help = "leave these rules out",
       .topic = Topic::findings,
       .commands = "lint optimize layers verify rules lsp",
       .repeated = true},
      {.name = "exclude",
       .word = Word::other,
       .value = "GLOB",
       .help = "leave out what a directory has of this name or path",
       .topic = Topic::findings,
       .commands = "lint optimize layers",
       .repeated = true},
      {.name = "stdin-filename",
       .word = Word::file,
       .value = "NAME",
       .help = "what standard input is called, and where its configuration and context are",
       .topic = Topic::findings,
       .commands = "lint optimize"},
      {.name = "fail-on",
       .word = Word::other,
       .value = "SEVERITY",
       .help = "exit with 1 from this severity on",
       .topic = Topic::findings,
       .commands = "lint",
       .choices = names_of(severity_choices()),
       .otherwise = "warning"},
      {.name = "shellcheck",
       .word = Word::other,
       .value = "WHEN",
       .help = "whether ShellCheck reads the scripts, with auto where it is installed",
       .topic = Topic::findings,
       .commands = "lint lsp",
       .choices = names_of(shellcheck_choices()),
       .otherwise = "auto"},
  };
}

std::vector<OptionRow> changes() {
  return {
      {.name = "fix", .help = "apply the safe fixes to the files", .topic = Topic::changes, .commands = "lint"},
      {.name = "write", .letter = 'w', .help = "change the files", .topic = Topic::changes, .commands = "optimize pin"},
      {.name = "update",
       .help = "also move digests that are there to what their tags are now",
       .topic = Topic::changes,
       .commands = "pin"},
      {.name = "check",
       .help = "change nothing, and exit with 1 when a tag has moved or an image has vanished",
       .topic = Topic::changes,
       .commands = "pin"},
      {.name = "apt-snapshot",
       .word = Word::other,
       .value = "TIME",
       .help = "also have APT of Debian install what snapshot.debian.org had at TIME, such as 2026-01-31",
       .topic = Topic::changes,
       .commands = "pin"},
      {.name = "output",
       .letter = 'o',
       .word = Word::file,
       .value = "FILE",
       .help = "write the new Dockerfile to FILE; `-` is standard output",
       .topic = Topic::changes,
       .commands = "optimize"},
      {.name = "safe",
       .help = "only what is safe for any build context",
       .topic = Topic::changes,
       .commands = rewriting},
      {.name = "conditional",
       .help = "also what is safe under the assumptions shown",
       .topic = Topic::changes,
       .commands = rewriting},
      {.name = "unsafe",
       .help = "also what changes the image by design: a builder and a runtime stage",
       .topic = Topic::changes,
       .commands = "optimize"},
      {.name = "cache-export",
       .word = Word::other,
       .value = "PLACE",
       .help = "let Compose files keep the build cache in a registry or a local directory",
       .topic = Topic::changes,
       .commands = "optimize",
       .choices = names_of(cache_export_choices())},
  };
}

std::vector<OptionRow> output() {
  return {
      {.name = "format",
       .word = Word::other,
       .value = "FORMAT[:FILE]",
       .help = "how findings are written, and where to",
       .topic = Topic::output,
       .commands = "lint",
       .choices = report_format_names(),
       .repeated = true,
       .otherwise = "text"},
      {.name = "format",
       .word = Word::other,
       .value = "FORMAT",
       .help = "how the result is written",
       .topic = Topic::output,
       .commands = "optimize",
       .choices = {"text", "json", "sarif"},
       .otherwise = "text"},
      {.name = "format",
       .word = Word::other,
       .value = "FORMAT",
       .help = "how the result is written",
       .topic = Topic::output,
       .commands = "layers verify doctor pin rules",
       .choices = {"text", "json"},
       .otherwise = "text"},
      {.name = "output",
       .letter = 'o',
       .word = Word::file,
       .value = "FILE",
       .help = "write the report to FILE",
       .topic = Topic::output,
       .commands = "lint"},
      {.name = "statistics",
       .help = "how often each rule has something to say, instead of the findings",
       .topic = Topic::output,
       .commands = "lint"},
      {.name = "html",
       .word = Word::file,
       .value = "FILE",
       .help = "also write an HTML page",
       .topic = Topic::output,
       .commands = "layers verify"},
      {.name = "output",
       .letter = 'o',
       .word = Word::file,
       .value = "FILE",
       .help = "write to FILE; `-` is standard output",
       .topic = Topic::output,
       .commands = "migrate",
       .otherwise = ".dockhew.yaml"},
      {.name = "as",
       .word = Word::other,
       .value = "FORM",
       .help = "BuildKit's s-expressions, or instructions as JSON",
       .topic = Topic::output,
       .commands = "dump",
       .choices = {"buildkit", "json"}},
      {.name = "json", .help = "the same as --as json", .topic = Topic::output, .commands = "dump"},
      {.name = "color",
       .word = Word::other,
       .value = "WHEN",
       .help = "whether to use colours, with auto on a terminal unless NO_COLOR is set",
       .topic = Topic::output,
       .commands = "lint optimize layers verify doctor pin",
       .choices = {"auto", "always", "never"},
       .otherwise = "auto"},
  };
}

std::vector<OptionRow> build() {
  return {
      {.name = "context",
       .word = Word::directory,
       .value = "DIR",
       .help = "the build context; without it the one that Compose files, bake files, pipelines and the like name, or "
               "else a guess",
       .topic = Topic::build,
       .commands = reading},
      {.name = "builder",
       .word = Word::other,
       .value = "NAME",
       .help = "the builder that the file must work with",
       .topic = Topic::build,
       .commands = "lint optimize layers lsp",
       .choices = names_of(builder_choices()),
       .otherwise = "buildkit"},
      {.name = "builder",
       .word = Word::other,
       .value = "NAME",
       .help = "the program that builds; without it the first that works",
       .topic = Topic::build,
       .commands = "verify",
       .choices = names_of(program_choices())},
      {.name = "cache",
       .word = Word::other,
       .value = "KIND",
       .help = "whether the builder's cache mounts outlive a build",
       .topic = Topic::build,
       .commands = reading,
       .choices = names_of(cache_choices()),
       .otherwise = "persistent"},
      {.name = "build-arg",
       .word = Word::other,
       .value = "NAME=VALUE",
       .help = "a build argument of both builds",
       .topic = Topic::build,
       .commands = "verify",
       .repeated = true},
      {.name = "builder-option",
       .word = Word::other,
       .value = "OPTION",
       .help = "an option for the builder's own command, passed on as it is",
       .topic = Topic::build,
       .commands = "verify",
       .repeated = true},
  };
}

std::vector<OptionRow> images() {
  return {
      {.name = "resolve",
       .value = "[=files]",
       .help = "ask the registries of the base images what these set and weigh, and with `files` what is in them; "
               "without it nobody is asked",
       .topic = Topic::images,
       .commands = "lint optimize layers",
       .choices = {"configuration", "files"}},
      {.name = "image",
       .word = Word::other,
       .value = "NAME=PLACE",
       .help =
           "a base image of this machine: oci-layout:DIR, docker-archive:FILE, docker-daemon: or containers-storage:",
       .topic = Topic::images,
       .commands = "lint optimize layers",
       .repeated = true},
      {.name = "lock",
       .word = Word::file,
       .value = "FILE",
       .help = "take digests and configurations from FILE, and write there what else was resolved",
       .topic = Topic::images,
       .commands = "lint optimize layers pin"},
      {.name = "offline",
       .help = "ask nobody: only the lock file, and what the cache has from earlier",
       .topic = Topic::images,
       .commands = "lint optimize layers pin"},
      {.name = "timeout",
       .word = Word::other,
       .value = "SECONDS",
       .help = "how long a registry may take for an answer",
       .topic = Topic::images,
       .commands = "lint optimize layers pin",
       .otherwise = "20"},
  };
}

std::vector<OptionRow> measurement() {
  return {
      {.name = "against",
       .word = Word::file,
       .value = "FILE",
       .help = "this Dockerfile, or Compose file, instead of the optimized form",
       .topic = Topic::measurement,
       .commands = "verify"},
      {.name = "run",
       .word = Word::other,
       .value = "COMMAND",
       .help = "run this in both images and compare what it prints",
       .topic = Topic::measurement,
       .commands = "verify"},
      {.name = "repeat",
       .word = Word::other,
       .value = "N",
       .help = "build so many times and take medians",
       .topic = Topic::measurement,
       .commands = "verify",
       .otherwise = "1"},
      {.name = "change-source",
       .word = Word::file,
       .value = "PATH",
       .help = "the source file to edit",
       .topic = Topic::measurement,
       .commands = "verify"},
      {.name = "change-dependencies",
       .word = Word::file,
       .value = "PATH",
       .help = "the list of dependencies to edit",
       .topic = Topic::measurement,
       .commands = "verify"},
  };
}

std::vector<OptionRow> configuration() {
  return {
      {.name = "config",
       .word = Word::file,
       .value = "FILE",
       .help = "this configuration instead of the nearest .dockhew.yaml",
       .topic = Topic::configuration,
       .commands = reading},
      {.name = "no-config", .help = "no configuration file", .topic = Topic::configuration, .commands = reading},
      {.name = "rules",
       .word = Word::file,
       .value = "FILE",
       .help = "rules of your own, in the form of docs/user-rules.md",
       .topic = Topic::configuration,
       .commands = "lint lsp",
       .repeated = true},
      {.name = "data",
       .word = Word::file,
       .value = "FILE",
       .help = "more facts about tools and images, in the form of the built-in tables",
       .topic = Topic::configuration,
       .commands = reading,
       .repeated = true},
  };
}

// What hadolint has: its names, and its letters.
std::vector<OptionRow> hadolint() {
  const auto row = [](OptionRow option, Topic topic) {
    option.topic = topic;
    option.commands = "hadolint";
    return option;
  };
  const auto codes = [&](std::string_view name, std::string_view help) {
    return row({.name = name, .word = Word::other, .value = "CODE", .help = help, .repeated = true}, Topic::findings);
  };
  return {
      codes("ignore", "leave this code out"),
      codes("error", "make it an error"),
      codes("warning", "make it a warning"),
      codes("info", "make it an info"),
      codes("style", "make it a style"),
      row({.name = "trusted-registry",
           .word = Word::other,
           .value = "REGISTRY",
           .help = "images may come from here",
           .repeated = true},
          Topic::findings),
      row({.name = "require-label",
           .word = Word::other,
           .value = "NAME:TYPE",
           .help = "every image must have this label",
           .repeated = true},
          Topic::findings),
      row({.name = "strict-labels", .help = "other labels are findings"}, Topic::findings),
      row({.name = "disable-ignore-pragma", .help = "comments silence nothing"}, Topic::findings),
      row({.name = "failure-threshold",
           .letter = 't',
           .word = Word::other,
           .value = "SEVERITY",
           .help = "exit with 1 from this severity on",
           .choices = names_of(threshold_choices()),
           .otherwise = "info"},
          Topic::findings),
      row({.name = "no-fail", .help = "exit with 0 whatever is found"}, Topic::findings),
      row({.name = "format",
           .letter = 'f',
           .word = Word::other,
           .value = "FORMAT",
           .help = "how findings are written",
           .choices = hadolint_format_names(),
           .repeated = true,
           .otherwise = "tty"},
          Topic::output),
      row({.name = "output",
           .letter = 'o',
           .word = Word::file,
           .value = "FILE",
           .help = "where the format at the same place goes",
           .repeated = true},
          Topic::output),
      row({.name = "file-path-in-report", .word = Word::file, .value = "PATH", .help = "what the file is called"},
          Topic::output),
      row({.name = "no-color", .help = "no colours"}, Topic::output),
      row({.name = "verbose", .letter = 'V', .help = "show what counts"}, Topic::output),
      row({.name = "config",
           .letter = 'c',
           .word = Word::file,
           .value = "FILE",
           .help = "this configuration instead of the one of this directory or of yours"},
          Topic::configuration),
      row({.name = "help", .letter = 'h', .help = "show this help"}, Topic::general),
      row({.name = "version", .letter = 'v', .help = "show the version"}, Topic::general),
  };
}

std::vector<OptionRow> general() {
  return {
      {.name = "jobs",
       .letter = 'j',
       .word = Word::other,
       .value = "N",
       .help = "work on so many files at once; without it one for each core",
       .commands = "lint optimize layers lsp"},
      {.name = "stdio", .help = "over standard input and output, as always; some editors say so", .commands = "lsp"},
      {.name = "help", .letter = 'h', .help = "show this help", .commands = "*"},
      {.name = "version", .letter = 'V', .help = "show the version", .commands = "*"},
  };
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != words.npos; at = words.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

std::string_view title_of(Topic topic) {
  switch (topic) {
    case Topic::findings: return "What is looked for";
    case Topic::changes: return "Changes";
    case Topic::output: return "Output";
    case Topic::build: return "The build";
    case Topic::images: return "Registries";
    case Topic::measurement: return "What is compared";
    case Topic::configuration: return "Configuration";
    case Topic::general: break;
  }
  return "General";
}

bool OptionRow::belongs_to(std::string_view command) const {
  // hadolint's letters mean something else.
  return has_word(commands, command) || (commands == "*" && command != "hadolint");
}

const std::vector<OptionRow>& option_rows() {
  static const auto rows = [] {
    std::vector<OptionRow> all;
    for (const auto part : {findings, changes, output, build, images, measurement, configuration, general, hadolint})
      std::ranges::move(part(), std::back_inserter(all));
    return all;
  }();
  return rows;
}

std::vector<const OptionRow*> options_of(std::string_view command) {
  std::vector<const OptionRow*> rows;
  for (const auto& row : option_rows())
    if (row.belongs_to(command)) rows.push_back(&row);
  return rows;
}

}  // namespace dockhew::cli
