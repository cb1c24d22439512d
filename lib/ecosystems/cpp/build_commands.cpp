#include "ecosystems/cpp/build_commands.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "ecosystems/build_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Words = std::span<const std::string_view>;

bool is_one_of(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }

// `g++-12` is `g++`.
std::string_view without_version(std::string_view name) {
  const auto dash = name.rfind('-');
  const bool versioned =
      dash != name.npos && dash + 1 < name.size() && name.find_first_not_of("0123456789.", dash + 1) == name.npos;
  return versioned ? name.substr(0, dash) : name;
}

// A directory or a file that a word names, from where the command runs.
Value place(const ShellCommand& command, const Value& word) {
  if (!word.is_known()) return Value::unknown();
  if (word.text.starts_with('/')) return Value::known(clean_path(word.text));
  if (!command.directory.is_known()) return Value::unknown();
  return Value::known(resolve_path(command.directory.text, word.text));
}

// The words of a command: options with their values, and what else there is.
struct Options {
  // `short_values`: options of one letter whose value may follow at once, as `-Bbuild`.
  Options(const ShellCommand& command, Words with_value, std::string_view short_values) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const auto& word = command.words[i];
      const auto& raw = word.value.is_known() ? word.text() : word.raw;
      if (is_one_of(raw, with_value)) {
        if (i + 1 == command.words.size()) break;
        options_.push_back({raw, command.words[++i].value});
      } else if (const auto equals = raw.find('='); raw.starts_with("--") && equals != raw.npos) {
        options_.push_back({raw.substr(0, equals), rest_of(word, equals + 1)});
      } else if (raw.size() > 2 && raw[0] == '-' && short_values.find(raw[1]) != short_values.npos) {
        options_.push_back({raw.substr(0, 2), rest_of(word, 2)});
      } else if (raw.starts_with('-')) {
        options_.push_back({raw, Value()});
      } else {
        operands.push_back(word.value);
      }
    }
  }

  bool has(std::string_view option) const {
    return std::ranges::any_of(options_, [&](const auto& each) { return each.first == option; });
  }
  bool has_any(Words options) const {
    return std::ranges::any_of(options, [&](std::string_view option) { return has(option); });
  }
  // The last one counts; undefined without any.
  Value of(std::string_view option) const {
    Value value;
    for (const auto& [name, given] : options_)
      if (name == option) value = given;
    return value;
  }
  // The value of a variable that `-D NAME=value` sets, or that an operand does.
  Value variable(std::string_view name, std::string_view option = "-D") const {
    Value value;
    const auto look = [&](const Value& given) {
      if (!given.is_known()) return;
      const auto equals = given.text.find('=');
      const auto typed = given.text.substr(0, std::min(equals, given.text.find(':')));
      if (equals != std::string::npos && typed == name) value = Value::known(given.text.substr(equals + 1));
    };
    for (const auto& [option_name, given] : options_)
      if (option_name == option) look(given);
    if (option.empty())
      for (const auto& operand : operands) look(operand);
    return value;
  }
  bool has_operand(std::string_view text) const {
    return std::ranges::any_of(operands, [&](const Value& operand) { return operand.is(text); });
  }
  template <typename Visit>
  void for_each(const Visit& visit) const {
    for (const auto& [name, value] : options_) visit(name, value);
  }

  std::vector<Value> operands;

 private:
  static Value rest_of(const ShellWord& word, std::size_t begin) {
    return word.value.is_known() ? Value::known(word.text().substr(begin)) : Value::unknown();
  }
  std::vector<std::pair<std::string, Value>> options_;
};

// ---- one tool each --------------------------------------------------------------------------------------------------

constexpr std::string_view install_goals[] = {"install", "install-strip", "install/strip", "install-exec"};

bool installs(const Options& options) {
  return std::ranges::any_of(install_goals, [&](std::string_view goal) { return options.has_operand(goal); });
}

constexpr std::string_view compilers[] = {"c++", "cc", "clang", "clang++", "g++", "gcc"};
constexpr std::string_view compiler_values[] = {
    "-I",       "-L",       "-MF", "-MT", "-T", "-U", "-Xlinker", "-Xpreprocessor", "-arch", "-iquote",
    "-include", "-isystem", "-o",  "-x",  "-z", "-D", "-l"};
constexpr std::string_view only_asks[] = {"--help", "--version", "-dumpmachine", "-dumpversion", "-v"};
constexpr std::string_view stops_early[] = {"-E", "-M", "-MM", "-S", "-c", "-fsyntax-only"};

std::optional<CppCommand> read_compiler(const ShellCommand& command) {
  const Options options(command, compiler_values, "ILDUlo");
  CppCommand result{.work = CppWork::makes_file, .tool = "compiler"};
  result.source = place(command, Value::known("."));
  if (options.operands.empty() && options.has_any(only_asks)) {
    result.work = CppWork::prepares;
    return result;
  }
  options.for_each([&](const std::string& name, const Value& value) {
    if (name == "-l") result.libraries.push_back(value.is_known() ? value.text : "");
    result.shared |= name == "-shared";
    if (name == "-pthread") result.libraries.emplace_back("pthread");
    if (name == "-fopenmp") result.libraries.emplace_back("gomp");
    if (name.starts_with("-fsanitize") || name.starts_with("-stdlib")) result.libraries.emplace_back(name);
  });
  if (options.has_any(stops_early)) {
    result.work = CppWork::builds;
    result.output = result.source;
    return result;
  }
  const auto output = options.of("-o");
  result.output = place(command, output.state == Value::State::undefined ? Value::known("a.out") : output);
  return result;
}

constexpr std::string_view cmake_values[] = {"-A",
                                             "-B",
                                             "-C",
                                             "-D",
                                             "-G",
                                             "-S",
                                             "-T",
                                             "-U",
                                             "--build",
                                             "--component",
                                             "--config",
                                             "--install",
                                             "--install-prefix",
                                             "--parallel",
                                             "--prefix",
                                             "--preset",
                                             "--target",
                                             "--toolchain",
                                             "-j",
                                             "-t"};
constexpr std::string_view cmake_scripts[] = {"--find-package", "--open", "--workflow", "-E", "-P"};

std::optional<CppCommand> read_cmake(const ShellCommand& command) {
  const Options options(command, cmake_values, "ABCDGSTUjt");
  CppCommand result{.work = CppWork::prepares, .tool = "cmake"};
  if (options.has("--help") || options.has("--version")) return result;
  if (options.has_any(cmake_scripts)) return std::nullopt;
  if (options.has("--install")) {
    result.work = CppWork::installs;
    result.output = place(command, options.of("--install"));
    if (const auto prefix = options.of("--prefix"); prefix.state != Value::State::undefined)
      result.prefix = place(command, prefix);
    return result;
  }
  if (options.has("--build")) {
    const auto target = options.of("--target"), short_target = options.of("-t");
    const bool to_install = is_one_of(target.text, install_goals) || is_one_of(short_target.text, install_goals);
    result.work = to_install ? CppWork::installs : CppWork::builds;
    // `cmake --build --preset NAME`
    result.output =
        options.of("--build").text.starts_with('-') ? Value::unknown() : place(command, options.of("--build"));
    return result;
  }
  const auto here = Value::known(".");
  const auto given = [&](std::string_view option) { return options.of(option).state != Value::State::undefined; };
  const auto source = given("-S") ? options.of("-S") : options.operands.empty() ? here : options.operands.front();
  result.source = place(command, source);
  if (path_basename(result.source.text) == "CMakeLists.txt") result.source.text = path_parent(result.source.text);
  result.output =
      given("--preset") && !given("-B") ? Value::unknown() : place(command, given("-B") ? options.of("-B") : here);
  for (const auto& prefix : {options.of("--install-prefix"), options.variable("CMAKE_INSTALL_PREFIX")})
    if (prefix.state != Value::State::undefined) result.prefix = place(command, prefix);
  return result;
}

constexpr std::string_view make_values[] = {"--directory", "--file", "--include-dir", "--makefile", "-C", "-I", "-W",
                                            "-f",          "-o"};
constexpr std::string_view make_cleans[] = {"clean", "distclean", "mrproper"};

std::optional<CppCommand> read_make(const ShellCommand& command) {
  const Options options(command, make_values, "CIfjl");
  CppCommand result{.work = CppWork::builds, .tool = "make"};
  const auto directory =
      options.of("-C").state != Value::State::undefined ? options.of("-C") : options.of("--directory");
  result.output = place(command, directory.state == Value::State::undefined ? Value::known(".") : directory);
  result.source = result.output;
  const bool cleans = options.operands.size() == 1 && is_one_of(options.operands[0].text, make_cleans);
  if (options.has("--version") || cleans) result.work = CppWork::prepares;
  if (installs(options)) result.work = CppWork::installs;
  for (const auto* name : {"prefix", "PREFIX"})
    if (auto prefix = options.variable(name, ""); prefix.state != Value::State::undefined) result.prefix = prefix;
  result.elsewhere = options.variable("DESTDIR", "").state != Value::State::undefined ||
                     std::ranges::any_of(command.assignments, [](const auto& each) { return each.name == "DESTDIR"; });
  return result;
}

constexpr std::string_view ninja_values[] = {"-C", "-d", "-f", "-j", "-k", "-l", "-t", "-w"};

std::optional<CppCommand> read_ninja(const ShellCommand& command) {
  const Options options(command, ninja_values, "Cjkl");
  CppCommand result{.work = installs(options) ? CppWork::installs : CppWork::builds, .tool = "ninja"};
  const auto directory = options.of("-C");
  result.output = place(command, directory.state == Value::State::undefined ? Value::known(".") : directory);
  if (options.has("--version")) result.work = CppWork::prepares;
  return result;
}

constexpr std::string_view meson_values[] = {"--backend", "--buildtype", "--cross-file", "--destdir", "--native-file",
                                             "--prefix",  "--wrap-mode", "-C",           "-D",        "-j"};

std::optional<CppCommand> read_meson(const ShellCommand& command) {
  const Options options(command, meson_values, "CDj");
  CppCommand result{.work = CppWork::prepares, .tool = "meson"};
  if (options.has("--version") || options.operands.empty()) return result;
  const auto& verb = options.operands.front();
  const auto directory = options.of("-C");
  const auto here = directory.state == Value::State::undefined ? Value::known(".") : directory;
  if (verb.is("compile") || verb.is("test")) {
    result.work = CppWork::builds;
    result.output = place(command, here);
  } else if (verb.is("install")) {
    result.work = CppWork::installs;
    result.output = place(command, here);
    result.elsewhere = options.has("--destdir");
  } else {
    const std::size_t first = verb.is("setup") ? 1 : 0;
    if (first >= options.operands.size()) return std::nullopt;
    result.output = place(command, options.operands[first]);
    result.source =
        place(command, first + 1 < options.operands.size() ? options.operands[first + 1] : Value::known("."));
    auto prefix = options.of("--prefix");
    if (prefix.state == Value::State::undefined) prefix = options.variable("prefix");
    if (prefix.state != Value::State::undefined) result.prefix = place(command, prefix);
  }
  return result;
}

constexpr std::string_view autotools[] = {"aclocal",    "autoconf",     "autoheader", "autogen.sh", "automake",
                                          "autoreconf", "bootstrap.sh", "buildconf",  "configure",  "libtoolize"};

std::optional<CppCommand> read_autotools(const ShellCommand& command) {
  constexpr std::string_view values[] = {"--prefix"};
  const Options options(command, values, "");
  CppCommand result{.work = CppWork::prepares, .tool = "autotools"};
  result.output = place(command, Value::known("."));
  result.source = place(command, Value::known(std::string(path_parent(command.words[0].text()))));
  if (const auto prefix = options.of("--prefix"); prefix.state != Value::State::undefined) result.prefix = prefix;
  return result;
}

}  // namespace

std::optional<CppCommand> read_cpp_command(const ShellCommand& command) {
  if (command.use != nullptr || command.words.empty()) return std::nullopt;
  const auto name = without_version(command.name());
  if (is_one_of(name, compilers)) return read_compiler(command);
  if (name == "cmake") return read_cmake(command);
  if (name == "make" || name == "gmake") return read_make(command);
  if (name == "ninja" || name == "samu") return read_ninja(command);
  if (name == "meson") return read_meson(command);
  if (is_one_of(name, autotools)) return read_autotools(command);
  constexpr std::string_view others[] = {"ar", "ranlib", "pkg-config", "pkgconf"};
  if (is_one_of(name, others)) return CppCommand{.work = CppWork::prepares, .tool = "compiler"};
  if (name == "ctest") return CppCommand{.work = CppWork::builds, .tool = "cmake"};
  return std::nullopt;
}

std::optional<BuildPart> cpp_part(const ShellCommand& command) {
  const auto read = read_cpp_command(command);
  if (!read) return std::nullopt;
  return read->work == CppWork::prepares ? BuildPart::nothing : BuildPart::builds;
}

std::optional<Effects> cpp_other_effects(const Script&, const ShellCommand& command) {
  const auto read = read_cpp_command(command);
  // What else is read and written there is for the project to say: a Makefile may run anything.
  if (!read || read->tool != "compiler") return std::nullopt;
  Effects effects;
  effects.reads.anything = true;
  if (read->output.is_known()) add_path(effects.writes, command, read->output.text);
  else if (read->work == CppWork::makes_file) effects.writes.anything = true;
  else add_value(effects.writes, command, Value::known("."));
  return effects;
}

bool is_built_with_cpp(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return cpp_part(command) == BuildPart::builds;
           });
  });
}

Value cpp_project(const Stage& stage, const Step& build) {
  Value configured, built;
  for (const auto& step : stage.steps) {
    if (step.index > build.index) break;
    if (!step.script) continue;
    for (const auto& command : step.script->commands) {
      const auto read = read_cpp_command(command);
      if (!read) continue;
      if (read->work == CppWork::prepares && read->source.is_known()) configured = read->source;
      if (&step == &build && !built.is_known() && read->work != CppWork::prepares && read->source.is_known())
        built = read->source;
    }
  }
  return configured.is_known() ? configured : built.is_known() ? built : build.workdir;
}

}  // namespace dockhew::inline ecosystems
