// Compares how Dockerfiles are read with facts gathered from BuildKit itself, given as a folder of data: trees, line
// ranges, errors of the parser and of the instructions, heredocs, word expansion, .dockerignore. Prints a count for
// each file and the cases that differ; a difference counts as a failure unless it is listed in deviations.txt with a
// reason. Usage: conformance DATA-FOLDER DEVIATIONS-FILE
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"
#include "model/dockerignore.hpp"
#include "model/port.hpp"
#include "syntax/arguments.hpp"
#include "syntax/document.hpp"
#include "syntax/instruction_errors.hpp"
#include "syntax/parser_directive.hpp"
#include "syntax/word_lexer.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

using namespace dockhew;
using nlohmann::json;

namespace {

std::string folder;
std::map<std::string, std::string> deviations;  // "file case" to reason
std::set<std::string> used;
int failures = 0;

struct Tally {
  std::string name;
  std::size_t cases = 0, same = 0, listed = 0;
};

void differ(Tally& tally, const std::string& what, const std::string& got, const std::string& want) {
  const auto key = tally.name + ' ' + what;
  if (deviations.contains(key)) {
    used.insert(key);
    ++tally.listed;
    return;
  }
  ++failures;
  std::cout << "# " << key << "\n#   got  "
            << json(got.substr(0, 300)).dump(-1, ' ', false, json::error_handler_t::replace) << "\n#   want "
            << json(want.substr(0, 300)).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

void compare(Tally& tally, const std::string& what, const std::string& got, const std::string& want) {
  ++tally.cases;
  if (got == want) ++tally.same;
  else differ(tally, what, got, want);
}

void each_line(const std::string& name, const std::function<void(Tally&, const json&)>& visit) {
  std::ifstream in(folder + '/' + name);
  if (!in) return;
  Tally tally{name};
  for (std::string line; std::getline(in, line);) visit(tally, json::parse(line));
  std::cout << "# " << name << ": " << tally.same << " of " << tally.cases << " the same, " << tally.listed
            << " listed deviations\n";
}

// A "did you mean" among several equally close words is not deterministic in BuildKit.
std::string without_suggestion(std::string message) { return message.substr(0, message.find(" (did you mean ")); }

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

struct Lines {
  const Document& document;
  LineIndex index{document.source()};

  std::string of(const Instruction& instruction) const {
    const auto span = document.lines().tree.nodes[instruction.node].span();
    return std::to_string(index.line(span.begin)) + '-' +
           std::to_string(index.line(span.end > span.begin ? span.end - 1 : span.end));
  }
};

std::string parser_error(const Document& document) {
  return document.errors().empty() ? "" : document.errors().front().message;
}

// With BuildKit's prefix: the first line of the instruction.
std::string instruction_error(const Document& document) {
  const auto errors = find_instruction_errors(document);
  if (errors.empty()) return {};
  if (errors[0].message == "no build stage in current context") return errors[0].message;
  const LineIndex index(document.source());
  for (const auto& instruction : document.instructions()) {
    const auto span = document.lines().tree.nodes[instruction.node].span();
    if (span.begin <= errors[0].span.begin && errors[0].span.begin < std::max(span.end, span.begin + 1))
      return "dockerfile parse error on line " + std::to_string(index.line(span.begin)) + ": " + errors[0].message;
  }
  return errors[0].message;
}

std::string message_of(const json& error) { return error.is_object() ? error["msg"].get<std::string>() : ""; }

// `docker build --check`: warnings in any order, as "rule lines detail", and the error that ended it.
struct Answer {
  std::multiset<std::string> warnings;
  std::string error, error_lines;
};

std::string line_range(std::uint32_t first, std::uint32_t last) {
  return std::to_string(first) + '-' + std::to_string(last);
}

Answer our_answer(std::string text, const std::string& dockerignore) {
  auto files = std::make_shared<MemoryFiles>(std::map<std::string, std::string>{});
  const Dockerfile file(std::move(text), builtin_facts(), {files, IgnorePatterns::parse(dockerignore)},
                        Unsaid::plain_build);
  const LineIndex index(file.source());
  Answer answer;
  for (const auto& finding : lint_as_buildkit(file, buildkit_rules(), std::nullopt)) {
    const auto last = finding.span.end > finding.span.begin ? finding.span.end - 1 : finding.span.end;
    const auto lines = line_range(index.line(finding.span.begin), index.line(last));
    if (const auto check = buildkit_check(finding); !check.empty()) {
      answer.warnings.insert(std::string(check) + ' ' + lines + ' ' + without_suggestion(finding.message));
    } else {
      answer.error = without_suggestion(finding.message);
      answer.error_lines = lines;
    }
  }
  return answer;
}

std::string joined(const std::multiset<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "; ";
  return text;
}

// `wanted_error` as BuildKit's data has it: a message, and lines when the error has a place.
void compare_answers(Tally& tally, const std::string& name, const Answer& got,
                     const std::multiset<std::string>& warnings, const json& wanted_error) {
  compare(tally, name + " warnings", joined(got.warnings), joined(warnings));
  compare(tally, name + " error", got.error, without_suggestion(message_of(wanted_error)));
  if (!wanted_error.is_object() || !wanted_error.contains("lines") || wanted_error["lines"].empty()) return;
  compare(tally, name + " error lines", got.error_lines,
          line_range(wanted_error["lines"].front(), wanted_error["lines"].back()));
}

std::multiset<std::string> wanted_warnings(const json& rows) {
  std::multiset<std::string> warnings;
  for (const auto& row : rows) {
    const auto lines = row.contains("line") ? line_range(row["line"], row["end"])
                                            : line_range(row["lines"][0][0], row["lines"].back().back());
    warnings.insert(row["rule"].get<std::string>() + ' ' + lines + ' ' + without_suggestion(row["detail"]));
  }
  return warnings;
}

void check_document(Tally& tally, const json& row, const std::string& name) {
  const auto document = parse_document(row["dockerfile"].get<std::string>());
  const auto wanted_error = row.contains("parse_error") ? message_of(row["parse_error"]) : "";
  compare(tally, name + " parse_error", parser_error(document), wanted_error);
  if (!wanted_error.empty()) return;
  if (row.contains("ast") && row["ast"].is_string())
    compare(tally, name + " ast", trimmed(dump_buildkit(document)), trimmed(row["ast"]));
  if (row.contains("nodes") && row["nodes"].is_array()) {
    const Lines lines{document};
    std::string got, want;
    for (const auto& node : row["nodes"])
      want += std::to_string(node["start"].get<int>()) + '-' + std::to_string(node["end"].get<int>()) + ' ';
    for (const auto& instruction : document.instructions()) got += lines.of(instruction) + ' ';
    compare(tally, name + " lines", got, want);
  }
  if (row.contains("instr_error"))
    compare(tally, name + " instr_error", without_suggestion(instruction_error(document)),
            without_suggestion(message_of(row["instr_error"])));
  if (row.contains("escape") && row["escape"].is_string())
    compare(tally, name + " escape", std::string(1, document.escape()), row["escape"]);
  if (row.contains("directives")) {
    for (const auto* key : {"syntax", "check"}) {
      const auto found = std::string_view(key) == "syntax" ? find_syntax(document.source())
                                                           : find_parser_directive(document.source(), key);
      const auto want = row["directives"].is_object() && row["directives"].contains(key)
                            ? row["directives"][key][1].get<std::string>()
                            : "";
      compare(tally, name + ' ' + key, found ? found->whole : "", want);
    }
  }
  if (row.contains("parse_warnings")) {
    std::size_t empty = 0;
    for (const auto& instruction : document.instructions()) empty += instruction.empty_continuation;
    compare(tally, name + " empty continuations", std::to_string(empty),
            std::to_string(row["parse_warnings"].is_array() ? row["parse_warnings"].size() : 0));
  }
}

void check_expansion(Tally& tally, const json& row) {
  LexOptions options;
  options.escape = row["escape"].get<std::string>()[0];
  options.split = true;
  const auto result = lex_word(
      row["word"].get<std::string>(),
      [&](std::string_view name) -> std::optional<std::string> {
        const auto found = row["env"].find(std::string(name));
        if (found == row["env"].end()) return std::nullopt;
        return found->get<std::string>();
      },
      options);
  const auto name = row["src"].get<std::string>();
  if (row["bk_error"].is_string()) compare(tally, name, result.error, row["bk_error"]);
  else if (row["error"] == true) compare(tally, name, result.error.empty() ? "no error" : "error", "error");
  else if (row["expect"].is_array()) compare(tally, name, json(result.words).dump(), row["expect"].dump());
  else compare(tally, name, result.error + result.text, row["expect"]);
}

void check_parser_case(Tally& tally, const json& row) {
  const auto document = parse_document(row["dockerfile"].get<std::string>());
  const auto name = row["name"].get<std::string>();
  if (row["negative"] == true) {
    const bool rejected = !document.errors().empty() || !find_instruction_errors(document).empty();
    compare(tally, name, rejected ? "rejected" : "taken", "rejected");
    return;
  }
  compare(tally, name + " ast", trimmed(dump_buildkit(document)), trimmed(row["result"]));
  const Lines lines{document};
  std::string got, want;
  for (const auto& node : row["node_lines"])
    want += std::to_string(node[0].get<int>()) + '-' + std::to_string(node[1].get<int>()) + ' ';
  for (const auto& instruction : document.instructions()) got += lines.of(instruction) + ' ';
  compare(tally, name + " lines", got, want);
}

// misc.json is one document: small facts about the parts of a line.
void check_parts(Tally& tally, const json& facts) {
  for (const auto& [text, elements] : facts["json_valid"].items()) {
    const auto array = parse_json_array(trim_unicode(text));
    json got = json::array();
    if (array)
      for (const auto& element : array->elements) got.push_back(element.text);
    compare(tally, "json " + text, got.dump(), (elements.empty() ? json::array() : elements).dump());
  }
  for (const auto& text : facts["json_invalid_not_string"]) {
    const auto array = parse_json_array(text.get<std::string>());
    compare(tally, "json " + text.get<std::string>(), array && !array->only_strings ? "not strings" : "",
            "not strings");
  }
  for (const auto& row : facts["parseWords"]) {
    const auto text = row["input"].get<std::string>();
    json got = json::array();
    for (const auto& word : split_words(text, '\\')) got.push_back(slice(text, word));
    compare(tally, "words " + text, got.dump(), row["expect"].dump());
  }
  for (const auto& row : facts["expose_ports"]) {
    json ports = json::array();
    std::string error;
    for (const auto& spec : row["specs"]) {
      const auto port = parse_port(spec.get<std::string>());
      if (error.empty()) error = port.error;
      for (auto number = port.first; number <= port.last; ++number)
        ports.push_back(std::to_string(number) + '/' + port.protocol);
    }
    const auto name = "ports " + row["specs"].dump();
    if (row["error"].is_string()) compare(tally, name, error, row["error"]);
    else if (row["error"] == true) compare(tally, name, error.empty() ? "" : "error", "error");
    else compare(tally, name, error + ports.dump(), row["expect"].dump());
  }
  for (const auto& row : facts["devices"]) {
    const auto document = parse_document("FROM a\nRUN --device=" + row["input"].get<std::string>() + " b\n");
    const auto want = row["expectedErr"].is_string()
                          ? "dockerfile parse error on line 2: " + row["expectedErr"].get<std::string>()
                          : "";
    compare(tally, "device " + row["input"].get<std::string>(), instruction_error(document), want);
  }
  for (const auto& row : facts["directives"]) {
    const auto text = row["text"].get<std::string>();
    const auto name = row["call"].get<std::string>() + ' ' + text;
    if (row["call"] == "ParseAll") {
      const auto document = parse_document(text);
      for (const auto& directive : document.lines().directives)
        compare(tally, name, directive.value, row["directives"][directive.name][0]);
      continue;
    }
    const bool syntax = row["call"] == "DetectSyntax";
    const auto found = syntax ? find_syntax(text) : find_parser_directive(text, "check");
    const auto want = row["directives"].is_object() ? row["directives"][syntax ? "syntax" : "check"] : json();
    compare(tally, name, found ? found->value + '|' + found->whole : "",
            want.is_array() ? want[0].get<std::string>() + '|' + want[1].get<std::string>() : "");
  }
}

void check_real(Tally& tally, const json& row) {
  const auto file = row["file"].get<std::string>();
  std::ifstream in(folder + "/real/files/" + file, std::ios::binary);
  const auto text = std::string(std::istreambuf_iterator<char>(in), {});
  compare_answers(tally, file, our_answer(text, ""), wanted_warnings(row["warnings"]), row["check_error"]);
  const auto document = parse_document(text);
  const auto error = message_of(row["parse_error"]);
  compare(tally, file + " parse_error", parser_error(document), error);
  if (!error.empty()) return;
  compare(tally, file + " ast", trimmed(dump_buildkit(document)), trimmed(row["ast"]));
  const Lines lines{document};
  std::string got, want;
  for (const auto& node : row["lines"])
    want += std::to_string(node[0].get<int>()) + '-' + std::to_string(node[1].get<int>()) + ' ';
  for (const auto& instruction : document.instructions()) got += lines.of(instruction) + ' ';
  compare(tally, file + " lines", got, want);
}

// One rule of hadolint over one file: whether it fires. Snippets without FROM are linted anyway.
void check_hadolint(Tally& tally, const json& row) {
  const auto rule = row["rule"].get<std::string>();
  if (rule.starts_with("SC")) return;  // tests/shellcheck.py runs those
  LintSettings settings;
  settings.with_off = true;  // hadolint's severities decide
  settings.rules = hadolint_rules();
  if (const auto& config = row["config"]; config.is_object()) {
    if (config.contains("labelSchema"))
      settings.options.label_schema = config["labelSchema"].get<std::map<std::string, std::string>>();
    settings.options.strict_labels = config.contains("strictLabels") && config["strictLabels"] == true;
    if (config.contains("allowedRegistries"))
      settings.options.trusted_registries = config["allowedRegistries"].get<std::vector<std::string>>();
  }
  const auto findings = lint_file(Dockerfile(row["dockerfile"].get<std::string>(), builtin_facts(), {}), settings);
  const bool fires = std::ranges::any_of(findings, [&](const Finding& finding) {
    return std::ranges::find(finding.aliases, rule) != finding.aliases.end();
  });
  compare(tally, rule + ' ' + std::to_string(row["id"].get<int>()), fires ? "fires" : "silent",
          row["expect"] == true ? "fires" : "silent");
}

}  // namespace

int main(int, char** argv) {
  folder = argv[1];
  std::ifstream listed(argv[2]);
  for (std::string line; std::getline(listed, line);) {
    const auto bar = line.find(" | ");
    if (!line.starts_with('#') && bar != std::string::npos) deviations[line.substr(0, bar)] = line.substr(bar + 3);
  }
  each_line("buildkit/parser.jsonl", check_parser_case);
  each_line("buildkit/language.jsonl", [](Tally& tally, const json& row) {
    check_document(tally, row, row["name"]);
    compare_answers(tally, row["name"], our_answer(row["dockerfile"], ""), wanted_warnings(row["lint"]),
                    row["lint_error"]);
  });
  each_line("buildkit/heredoc.jsonl", [](Tally& tally, const json& row) {
    if (row.contains("dockerfile")) check_document(tally, row, row["name"]);
    if (row.contains("line")) {
      json names = json::array();
      for (const auto& heredoc : find_heredocs(row["line"].get<std::string>(), '\\')) names.push_back(heredoc.name);
      compare(tally, row["line"], names.dump(), (row["names"].is_array() ? row["names"] : json::array()).dump());
    }
    // A heredoc's word, as COPY sees its sources; one with a blank never gets there.
    if (row.contains("word") && row["word"].get<std::string>().find(' ') == std::string::npos) {
      const auto found = find_heredocs("COPY " + row["word"].get<std::string>(), '\\').size();
      compare(tally, "word " + row["word"].get<std::string>(), found == 1 ? "heredoc" : "none",
              row["expect"] == "validHeredocs" ? "heredoc" : "none");
    }
  });
  each_line("buildkit/instruction_errors.jsonl", [](Tally& tally, const json& row) {
    const auto document = parse_document(row["dockerfile"].get<std::string>());
    const auto got = parser_error(document).empty() ? instruction_error(document) : parser_error(document);
    // Cases that fail only while the build runs have no error here; neither does a missing FROM.
    const auto want = message_of(row["bk"]);
    if (!want.empty())
      compare(tally, row["name"].get<std::string>() + ' ' + row["dockerfile"].get<std::string>().substr(0, 20),
              without_suggestion(got), without_suggestion(want));
  });
  each_line("lint/buildkit_checks.jsonl", [](Tally& tally, const json& row) {
    const auto ignore = row.contains("dockerignore") && row["dockerignore"].is_string()
                            ? row["dockerignore"].get<std::string>()
                            : std::string();
    compare_answers(tally, row["name"], our_answer(row["dockerfile"], ignore), wanted_warnings(row["warnings"]),
                    row["error"]);
  });
  each_line("buildkit/expansion.jsonl", check_expansion);
  each_line("buildkit/dockerignore.jsonl", [](Tally& tally, const json& row) {
    const auto patterns = IgnorePatterns::parse(row["dockerignore"].get<std::string>());
    if (!row.contains("excluded") || !row["excluded"].is_object()) return;  // patterns that BuildKit rejects
    for (const auto& [path, excluded] : row["excluded"].items())
      compare(tally, row["dockerignore"].get<std::string>() + ' ' + path, patterns.excludes(path) ? "excluded" : "kept",
              excluded == true ? "excluded" : "kept");
  });
  if (std::ifstream in(folder + "/buildkit/misc.json"); in) {
    Tally tally{"buildkit/misc.json"};
    check_parts(tally, json::parse(in));
    std::cout << "# " << tally.name << ": " << tally.same << " of " << tally.cases << " the same, " << tally.listed
              << " listed deviations\n";
  }
  each_line("hadolint/modern_syntax.jsonl", [](Tally& tally, const json& row) {
    const auto document = parse_document(row["dockerfile"].get<std::string>());
    compare(tally, row["name"], parser_error(document) + instruction_error(document), "");
  });
  each_line("hadolint/cases.jsonl", check_hadolint);
  each_line("real/expected.jsonl", check_real);
  for (const auto& [key, reason] : deviations)
    if (!used.contains(key)) std::cout << "# listed, but the same: " << key << '\n';
  std::cout << "# " << failures << " differences that are not listed\n";
  return failures == 0 ? 0 : 1;
}
