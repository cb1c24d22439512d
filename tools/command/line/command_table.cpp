// The commands; their options are in option_table.cpp.
#include <algorithm>

#include "commands.hpp"
#include "language_server/language_server.hpp"
#include "line/option_table.hpp"

namespace dockhew::cli {
namespace {

constexpr std::string_view paths =
    "A PATH is a Dockerfile, a directory that is searched for them, a Compose file, bake file or workflow for what it "
    "builds, or `-` for standard input; without one, the current directory.";

CommandRow lint() {
  return {.name = "lint",
          .summary = "findings, with the exact place and the fix",
          .operands = "[PATH…]",
          .operand = Word::path,
          .is_about_here = true,
          .text = paths,
          .examples = {{"dockhew lint .", "every Dockerfile below this directory"},
                       {"dockhew lint --fix Dockerfile", "apply the safe fixes"},
                       {"dockhew lint --select default,unpinned-package --ignore DL3006 .",
                        "choose the rules, by any of their names"},
                       {"dockhew lint --format sarif . > dockhew.sarif", "for code scanning"}},
          .status = "0 nothing from --fail-on on, 1 findings, 2 an error",
          .run = run_lint};
}

CommandRow optimize() {
  return {.name = "optimize",
          .summary = "the optimized Dockerfile, as a diff with a reason for every change",
          .operands = "[PATH…]",
          .operand = Word::path,
          .is_about_here = true,
          .text = paths,
          .examples = {{"dockhew optimize Dockerfile", "show what could be better, and change nothing"},
                       {"dockhew optimize --write .", "take what is safe, or conditional under what is named"},
                       {"dockhew optimize --write --unsafe .", "take all, and read what is to be checked"},
                       {"dockhew optimize --builder legacy --unsafe -o Dockerfile.legacy Dockerfile",
                        "a form without BuildKit"}},
          .status = "0 nothing to improve, or it has been written, 1 improvements were shown, 2 an error",
          .run = run_optimize};
}

CommandRow layers() {
  return {
      .name = "layers",
      .summary = "what each kind of change rebuilds, before and after, by a model",
      .operands = "[PATH…]",
      .operand = Word::path,
      .is_about_here = true,
      .text = "Nothing is built: the numbers are relative costs that a model predicts; `dockhew verify` measures them.",
      .examples = {{"dockhew layers --html page.html Dockerfile", "a page to show to others"}},
      .status = "0, 2 an error",
      .run = run_layers};
}

CommandRow verify() {
  return {.name = "verify",
          .summary = "the same, measured on a real builder, and the images compared",
          .operands = "PATH",
          .operand = Word::path,
          .text =
              "Builds the file and its optimized form, compares the two images and times four builds of each: the "
              "first, a second "
              "without changes, one after a change of the source, one after a change of the dependencies. PATH is a "
              "Dockerfile, or a "
              "Compose file for all that its services build.",
          .examples = {{"dockhew verify --run './report hello' Dockerfile", "also compare what this prints"},
                       {"dockhew verify --against Dockerfile.new Dockerfile", "two Dockerfiles that people wrote"}},
          .status = "0 the images are equivalent, 1 they differ, 2 an error",
          .run = run_verify};
}

CommandRow pin() {
  return {
      .name = "pin",
      .summary = "the digest of each image behind its tag, so that builds are repeatable",
      .operands = "[PATH…]",
      .operand = Word::path,
      .is_about_here = true,
      .text =
          "Asks the registries of the images in FROM, COPY --from, RUN --mount=from and `# syntax=`, in `image:` of "
          "Compose files and `uses: docker://` of workflows. A PATH is a Dockerfile, a directory that is searched "
          "for them, a Compose file or a workflow with what it builds, or `-` for standard input; without one, the "
          "current directory.",
      .examples = {{"dockhew pin .", "show what would be written, and change nothing"},
                   {"dockhew pin --write Dockerfile compose.yaml", "write the digests"},
                   {"dockhew pin --update --write .", "move them to what the tags are now"},
                   {"dockhew pin --apt-snapshot 2026-01-31 --write .", "and packages of Debian to what they were then"},
                   {"dockhew pin --check .", "for CI: fails when a tag has moved or an image has vanished"},
                   {"dockhew pin --format json .", "the same for programs"}},
      .status =
          "0 nothing to write, or it has been written, or all digests are as their tags; 1 a change was shown, "
          "or a digest is stale; 2 an error",
      .run = run_pin};
}

CommandRow doctor() {
  return {.name = "doctor",
          .summary = "the builders of this machine and the project, and what each can build",
          .operands = "[PATH…]",
          .operand = Word::path,
          .text = "With a PATH also what builds its Dockerfiles, and the form that this needs.",
          .examples = {{"dockhew doctor .", ""}},
          .status = "0, 2 an error",
          .run = run_doctor};
}

CommandRow explain() {
  return {.name = "explain",
          .summary = "what a rule reports, and why",
          .operands = "RULE…",
          .operand = Word::rule,
          .text = "A RULE is named by its id, or by hadolint's or BuildKit's name for it.",
          .examples = {{"dockhew explain lost-cache-artifact", ""}, {"dockhew explain DL3008", ""}},
          .status = "0, 2 there is no such rule",
          .run = run_explain};
}

CommandRow rules() {
  return {.name = "rules",
          .summary = "the catalogue of rules",
          .most = 0,
          .examples = {{"dockhew rules --select default", "those that run unless others are selected"}},
          .status = "0, 2 an error",
          .run = run_rules};
}

CommandRow dump() {
  return {.name = "dump",
          .summary = "the syntax trees, for programs that need a parser",
          .operands = "PATH…",
          .operand = Word::path,
          .examples = {{"dockhew dump --json Dockerfile", "instructions as JSON"}},
          .status = "0, 2 the file has errors, or could not be read",
          .run = run_dump};
}

CommandRow migrate() {
  return {
      .name = "migrate",
      .summary = "a .dockhew.yaml from hadolint's configuration",
      .operands = "[DIR]",
      .operand = Word::directory,
      .most = 1,
      .text = "Reads .hadolint.yaml in DIR, or here, or the file that is named, and writes .dockhew.yaml next to it.",
      .examples = {{"dockhew migrate --output -", "only show it"}},
      .status = "0, 2 an error",
      .run = run_migrate};
}

CommandRow hadolint() {
  return {.name = "hadolint",
          .summary = "lint with hadolint's rules, options, formats and exit status",
          .operands = "DOCKERFILE…",
          .operand = Word::path,
          .text =
              "Calls of hadolint keep working: put this in its place, or make a link of that name to dockhew. Its "
              "environment "
              "(HADOLINT_…) and its configuration count, from where hadolint looks for it.",
          .examples = {{"dockhew hadolint -f json -t warning --ignore DL3008 Dockerfile", ""},
                       {"ln -s \"$(command -v dockhew)\" /usr/local/bin/hadolint", "the same for who calls hadolint"}},
          .status = "0 nothing from the threshold on, 1 findings or an error",
          .run = run_hadolint};
}

CommandRow lsp() {
  return {.name = "lsp",
          .summary = "the language server for editors",
          .most = 0,
          .text =
              "Speaks the Language Server Protocol over standard input and output; docs/editors.md says how editors "
              "start it.",
          .status = "0 it was shut down, 1 it was not",
          .run = run_language_server};
}

CommandRow completions() {
  return {.name = "completions",
          .summary = "a script that completes what is typed, for bash, zsh or fish",
          .operands = "bash|zsh|fish",
          .operand = Word::shell,
          .most = 1,
          .text = "`meson install` puts them where shells look for them.",
          .examples = {{"source <(dockhew completions bash)", "in ~/.bashrc"},
                       {"dockhew completions fish > ~/.config/fish/completions/dockhew.fish", ""}},
          .status = "0, 2 an error",
          .run = run_completions};
}

CommandRow man() {
  return {.name = "man",
          .summary = "the manual page, for man",
          .most = 0,
          .examples = {{"dockhew man | man -l -", "read it without installing it"}},
          .status = "0",
          .run = run_man};
}

CommandRow help() {
  return {.name = "help",
          .summary = "what a command does, and its options",
          .operands = "[COMMAND]",
          .operand = Word::command,
          .most = 1,
          .status = "0, 2 there is no such command",
          .run = run_help};
}

}  // namespace

const std::vector<CommandRow>& command_rows() {
  static const std::vector<CommandRow> rows = {lint(),     optimize(), layers(),      verify(), pin(),
                                               doctor(),   explain(),  rules(),       dump(),   migrate(),
                                               hadolint(), lsp(),      completions(), man(),    help()};
  return rows;
}

const CommandRow* find_command(std::string_view name) {
  const auto& rows = command_rows();
  const auto found = std::ranges::find(rows, name, &CommandRow::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace dockhew::cli
