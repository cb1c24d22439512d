#include "effects/outputs.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "text/path.hpp"

namespace dockhew {
namespace {

constexpr std::array<std::string_view, 14> readers = {"cat", "chmod", "chown",   "cp",    "file",  "install", "ldd",
                                                      "ln",  "mv",    "objcopy", "rsync", "strip", "tar",     "upx"};

constexpr std::array<std::string_view, 5> writes_last_operand = {"cp", "install", "ln", "mv", "rsync"};
// Plain commands that bring no new file into being.
constexpr std::array<std::string_view, 20> changes_in_place = {
    "nm", "objdump", "readelf", ":",  "[",     "cd",  "chmod", "chown", "echo", "export",
    "ls", "printf",  "pwd",     "rm", "rmdir", "set", "strip", "test",  "true", "addgroup"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// The first value of an option; undefined without it.
Value option_value(const ShellCommand& command, std::string_view option) {
  const auto values = option_values(command, option);
  return values.empty() ? Value() : values.front();
}

void add_path(Outputs& outputs, const ShellCommand& command, const Value& value) {
  if (!value.is_known() || (!value.text.starts_with('/') && !command.directory.is_known())) outputs.anything = true;
  else outputs.paths.push_back(resolve_path(command.directory.is_known() ? command.directory.text : "/", value.text));
}

void cargo_outputs(Outputs& outputs, const Dockerfile& file, const Stage& stage, const Step& step, const ToolUse& use) {
  const auto& command = *use.command;
  auto target = option_value(command, "--target-dir");
  if (target.state == Value::State::undefined) {
    for (const auto& assignment : command.assignments)
      if (assignment.name == "CARGO_TARGET_DIR") target = assignment.value.value;
  }
  if (target.state == Value::State::undefined && stage.image) target = file.lookup(stage, step, "CARGO_TARGET_DIR");
  if (target.state == Value::State::undefined) {
    const auto manifest = option_value(command, "--manifest-path");
    if (manifest.state == Value::State::undefined) target = Value::known("target");
    // A workspace puts its target directory at its root, which the manifest alone does not tell.
    else return void(outputs.anything = true);
  }
  add_path(outputs, command, target);
  for (const auto* option : {"--artifact-dir", "--out-dir"})
    if (const auto copies = option_value(command, option); copies.state != Value::State::undefined)
      add_path(outputs, command, copies);
  if (command.has_word("install")) {
    const auto root = option_value(command, "--root");
    if (root.state != Value::State::undefined) add_path(outputs, command, root);
    else if (const auto home = file.lookup(stage, step, "CARGO_HOME"); home.is_known())
      outputs.paths.push_back(clean_path(home.text + "/bin"));
    else outputs.anything = true;
  }
}

// Gems go below the path that Bundler was told of: by `bundle config set path`, by an option or by the environment.
void bundler_outputs(Outputs& outputs, const Dockerfile& file, const Stage& stage, const Step& step,
                     const ToolUse& use) {
  if (use.action->kind != ActionKind::install) return;
  auto path = option_value(*use.command, "--path");
  for (const auto& earlier : step.script->commands) {
    if (&earlier == use.command) break;
    if (earlier.name() != "bundle" || !earlier.has_word("config") || !earlier.has_word("path")) continue;
    path = earlier.words.back().value;
  }
  for (const auto* variable : {"BUNDLE_PATH", "GEM_HOME"})
    if (path.state == Value::State::undefined) path = file.lookup(stage, step, variable);
  add_path(outputs, *use.command, path);
}

// Options of build tools that say where their results go, and those with which they work in another directory.
constexpr std::array<std::string_view, 9> output_options = {
    "-o", "--output", "--out", "--outdir", "--outDir", "--outFile", "--out-dir", "--dist-dir", "--output-path"};
constexpr std::array<std::string_view, 5> place_options = {"-C", "--directory", "--dir", "--cwd", "--prefix"};

// The directory that a build works in, and where it is told to put its results.
void build_outputs(Outputs& outputs, const ShellCommand& command) {
  auto place = Value::known(".");
  for (const auto option : place_options)
    for (auto& value : option_values(command, option)) place = std::move(value);
  add_path(outputs, command, place);
  for (const auto option : output_options)
    for (const auto& value : option_values(command, option)) add_path(outputs, command, value);
}

// Packages go into the directories of Python, or where an option says.
void pip_outputs(Outputs& outputs, const ShellCommand& command) {
  outputs.paths.insert(outputs.paths.end(), {"/usr/local", "/usr/lib", "/root/.cache"});
  for (const auto* option : {"-t", "--target", "--prefix", "--root"})
    for (const auto& value : option_values(command, option)) add_path(outputs, command, value);
}

void go_outputs(Outputs& outputs, const Dockerfile& file, const Stage& stage, const Step& step, const ToolUse& use) {
  const auto& command = *use.command;
  const auto output = option_value(command, "-o");
  if (output.state != Value::State::undefined) return add_path(outputs, command, output);
  if (command.has_word("install")) {
    const auto bin = file.lookup(stage, step, "GOBIN"), path = file.lookup(stage, step, "GOPATH");
    if (bin.is_known() || path.is_known())
      outputs.paths.push_back(clean_path(bin.is_known() ? bin.text : path.text + "/bin"));
    else outputs.anything = true;
    return;
  }
  if (command.has_word("build")) add_path(outputs, command, Value::known("."));
  if (command.has_word("generate") || command.has_word("vendor")) add_path(outputs, command, Value::known("."));
}

// `find` makes no file, unless it writes its list into one or starts something that does.
bool find_makes_files(const ShellCommand& command) {
  constexpr std::array<std::string_view, 3> harmless = {"touch", "grep", "cat"};
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i].raw;
    if (word == "-fprint" || word == "-fprint0" || word == "-fprintf" || word == "-fls") return true;
    if (word != "-exec" && word != "-execdir" && word != "-ok" && word != "-okdir") continue;
    if (i + 1 == command.words.size()) return true;
    const auto& started = command.words[i + 1].raw;
    if (!is_one_of(started, changes_in_place) && !is_one_of(started, harmless)) return true;
  }
  return false;
}

}  // namespace

bool Outputs::may_contain(std::string_view path) const {
  return anything || std::ranges::any_of(paths, [&](const std::string& output) {
           return path_is_under(path, output) || path_is_under(output, path);
         });
}

Outputs command_outputs(const Site& site, const ShellCommand& command) {
  Outputs outputs;
  for (const auto& redirect : command.redirects) {
    if (!redirect.operation.starts_with('>') && !redirect.operation.starts_with("&>")) continue;
    if (const auto path = path_of(command, redirect.target)) outputs.paths.push_back(*path);
    else if (redirect.operation != ">&") outputs.anything = true;
  }
  if (command.words.empty()) return outputs;
  if (const auto* use = command.use) {
    const auto& id = use->tool->id;
    if (id == "cargo") cargo_outputs(outputs, site.file, site.stage, site.step, *use);
    else if (id == "go") go_outputs(outputs, site.file, site.stage, site.step, *use);
    else if (id == "bundler") bundler_outputs(outputs, site.file, site.stage, site.step, *use);
    else if (id == "apt")
      outputs.paths.insert(outputs.paths.end(), {"/usr", "/etc", "/var", "/lib", "/bin", "/sbin", "/opt"});
    else if (use->action->reads_source) build_outputs(outputs, command);
    else if (id == "pip") pip_outputs(outputs, command);
    else if (id == "npm") {
      add_path(outputs, command, Value::known("node_modules"));
      if (use->has_option("-g") || use->has_option("--global")) outputs.paths.emplace_back("/usr/local");
    } else {
      outputs.anything = true;
    }
    return outputs;
  }
  const auto name = command.name();
  if (site.file.facts().is_printing(name)) return outputs;
  if (name == "find") {
    outputs.anything = find_makes_files(command);
    return outputs;
  }
  if (!site.file.facts().is_plain(name)) {
    outputs.anything = true;
    return outputs;
  }
  if (is_one_of(name, changes_in_place)) return outputs;
  std::vector<const ShellWord*> operands;
  for (std::size_t i = 1; i < command.words.size(); ++i)
    if (!command.words[i].raw.starts_with('-')) operands.push_back(&command.words[i]);
  if (is_one_of(name, writes_last_operand) && operands.size() > 1) operands.erase(operands.begin(), operands.end() - 1);
  for (const auto* operand : operands) {
    if (const auto path = path_of(command, *operand)) outputs.paths.push_back(*path);
    else outputs.anything = true;
  }
  return outputs;
}

std::vector<ReadPath> command_reads(const ShellCommand& command) {
  std::vector<ReadPath> reads;
  if (command.words.empty()) return reads;
  const auto add = [&](const ShellWord& word) {
    if (auto path = path_of(command, word)) reads.push_back({std::move(*path), word.span});
  };
  if (command.words[0].value.is_known() && command.words[0].text().find('/') != std::string::npos)
    add(command.words[0]);
  const auto name = command.name();
  if (!is_one_of(name, readers)) return reads;
  std::vector<const ShellWord*> operands;
  for (std::size_t i = 1; i < command.words.size(); ++i)
    if (!command.words[i].raw.starts_with('-')) operands.push_back(&command.words[i]);
  if (is_one_of(name, writes_last_operand) && !operands.empty()) operands.pop_back();
  // `chmod -R 755 file`, `tar xf archive`: the first is no file.
  const bool letters = name == "tar" && !operands.empty() && operands[0] == &command.words[1];
  if ((name == "chmod" || name == "chown" || letters) && !operands.empty()) operands.erase(operands.begin());
  for (const auto* operand : operands) add(*operand);
  return reads;
}

}  // namespace dockhew
