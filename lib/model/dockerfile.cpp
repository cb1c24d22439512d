#include "model/dockerfile.hpp"

#include <algorithm>
#include <array>

#include "syntax/arguments.hpp"
#include "syntax/heredoc.hpp"
#include "syntax/word_lexer.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew {
namespace {

struct PlatformArgument {
  std::string_view name;
  std::string_view plain_value;  // in a plain build
};
constexpr std::array<PlatformArgument, 11> platform_arguments = {{{"BUILDPLATFORM", "linux/amd64"},
                                                                  {"BUILDOS", "linux"},
                                                                  {"BUILDOSVERSION", ""},
                                                                  {"BUILDARCH", "amd64"},
                                                                  {"BUILDVARIANT", ""},
                                                                  {"TARGETPLATFORM", "linux/amd64"},
                                                                  {"TARGETOS", "linux"},
                                                                  {"TARGETOSVERSION", ""},
                                                                  {"TARGETARCH", "amd64"},
                                                                  {"TARGETVARIANT", ""},
                                                                  {"TARGETSTAGE", "default"}}};

constexpr std::string_view default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Names later in the list win.
const Binding* find_binding(const std::vector<Binding>& bindings, std::size_t count, std::string_view name) {
  for (auto i = count; i-- > 0;)
    if (bindings[i].name == name) return &bindings[i];
  return nullptr;
}

template <typename Lookup>
Value expand_word(std::string_view word, char escape, const Lookup& lookup) {
  bool unknown = false;
  LexOptions options;
  options.escape = escape;
  const auto result = lex_word(
      word,
      [&](std::string_view name) -> std::optional<std::string> {
        const Value value = lookup(name);
        if (value.is_unknown()) unknown = true;
        if (!value.is_known()) return std::nullopt;
        return value.text;
      },
      options);
  if (unknown || !result.error.empty()) return Value::unknown();
  return Value::known(result.text);
}

std::vector<Binding> base_environment(const ImageEntry& image) {
  std::vector<Binding> bindings = {{"PATH", Value::known(std::string(default_path)), true}};
  for (const auto& [name, value] : image.environment)
    bindings.push_back({std::string(name), Value::known(std::string(value)), true});
  for (const auto& name : image.variables) bindings.push_back({std::string(name), Value::unknown(), true});
  return bindings;
}

bool is_posix_shell(std::string_view name) {
  return name == "sh" || name == "bash" || name == "ash" || name == "dash" || name == "zsh" || name == "ksh" ||
         name == "busybox";
}

}  // namespace

Dockerfile::Dockerfile(std::string source, const Facts& facts, BuildContext context, Unsaid unsaid)
    : document_(parse_document(std::move(source))), facts_(&facts), context_(std::move(context)), unsaid_(unsaid) {
  const auto& instructions = document_.instructions();
  shell_comments_ = find_shell_comments(document_);
  for (std::uint32_t i = 0; i < instructions.size(); ++i) {
    if (instructions[i].keyword == Keyword::from) begin_stage(instructions[i], i);
    else if (!stages_.empty()) add_step(instructions[i], i);
    else if (instructions[i].keyword == Keyword::arg) read_global_argument(instructions[i]);
    else if (instructions[i].keyword != Keyword::unknown) {
      // Fragments, and files whose FROM comes too late, are linted all the same.
      no_from_ = std::make_unique<Instruction>();
      no_from_->keyword = Keyword::from;
      begin_stage(*no_from_, i);
      stages_.back().implicit = true;
      add_step(instructions[i], i);
    }
  }
}

void Dockerfile::read_global_argument(const Instruction& instruction) {
  for (const auto& argument : instruction.arguments) {
    const auto equals = argument.text.find('=');
    Binding binding{argument.text.substr(0, equals), {}, false};
    if (equals != std::string::npos) {
      binding.value = expand_word(std::string_view(argument.text).substr(equals + 1), document_.escape(),
                                  [&](std::string_view name) { return lookup_global(name, global_arguments_.size()); });
    } else {
      // It comes from the platform or from the command line.
      binding.value = lookup_global(binding.name, 0);
      if (binding.value.state == Value::State::undefined && unsaid_ == Unsaid::unknown)
        binding.value = Value::unknown();
    }
    global_arguments_.push_back(std::move(binding));
  }
}

Value Dockerfile::platform_argument(std::string_view name) const {
  const auto found = std::ranges::find(platform_arguments, name, &PlatformArgument::name);
  if (found == platform_arguments.end()) return {};
  return unsaid_ == Unsaid::plain_build ? Value::known(std::string(found->plain_value)) : Value::unknown();
}

Value Dockerfile::lookup_global(std::string_view name, std::size_t arguments) const {
  if (const auto* binding = find_binding(global_arguments_, std::min(arguments, global_arguments_.size()), name))
    return binding->value;
  return platform_argument(name);
}

void Dockerfile::begin_stage(const Instruction& instruction, std::uint32_t index) {
  Stage stage;
  stage.index = static_cast<std::uint32_t>(stages_.size());
  stage.from = &instruction;
  stage.from_index = index;
  if (instruction.arguments.size() >= 3 && equals_ignoring_case(instruction.arguments[1].text, "as"))
    stage.name = to_lower_ascii(instruction.arguments[2].text);
  if (!instruction.arguments.empty()) {
    stage.base = expand_word(instruction.arguments[0].text, document_.escape(),
                             [&](std::string_view name) { return lookup_global(name, global_arguments_.size()); });
  }
  stage.base_from_argument =
      !instruction.arguments.empty() && instruction.arguments[0].text.find('$') != std::string::npos;
  if (stage.base.is_known()) {
    // The base is matched exactly against earlier stage names, which are lower case.
    for (const auto& earlier : stages_)
      if (!earlier.name.empty() && earlier.name == stage.base.text) stage.parent = earlier.index;
    stage.scratch = !stage.parent && stage.base.text == "scratch";
    if (!stage.parent && !stage.scratch) {
      stage.reference = parse_image_reference(stage.base.text);
      stage.image = facts_->image(stage.reference);
    }
  }
  if (stage.parent) {
    const auto& parent = stages_[*stage.parent];
    stage.image = parent.image;
    stage.reference = parent.reference;
    stage.scratch = parent.scratch;
    stage.base_from_argument |= parent.base_from_argument;
    stage.environment = parent.environment;
    stage.workdir = parent.workdir;
    stage.user = parent.user;
  } else if (stage.scratch) {
    stage.environment.push_back({"PATH", Value::known(std::string(default_path)), true});
    stage.workdir = Value::known("/");
    stage.user = Value::known("root");
  } else if (stage.image) {
    const auto& workdir = stage.image->entry->workdir;
    stage.environment = base_environment(*stage.image->entry);
    stage.workdir = workdir.empty() ? Value::unknown() : Value::known(std::string(workdir));
    stage.user = Value::known(std::string(stage.image->entry->user));
  } else {
    stage.workdir = Value::unknown();
    stage.user = Value::unknown();
  }
  if (unsaid_ == Unsaid::plain_build && !stage.parent) {
    stage.environment = {{"PATH", Value::known(std::string(default_path)), true}};
    stage.workdir = Value::known("/");
    stage.user = Value::known("root");
  }
  stage.inherited = stage.environment.size();
  stages_.push_back(std::move(stage));
}

void Dockerfile::add_step(const Instruction& instruction, std::uint32_t index) {
  auto& stage = stages_.back();
  Step step;
  step.instruction = &instruction;
  step.index = index;
  step.bindings = stage.environment.size();
  step.workdir = stage.workdir;
  step.user = stage.user;
  read_shell(stage, step);

  switch (instruction.keyword) {
    case Keyword::run: read_run(stage, step); break;
    case Keyword::copy:
    case Keyword::add: read_copy(stage, step); break;
    case Keyword::onbuild: read_trigger(stage, step); break;
    case Keyword::env:
    case Keyword::arg: bind(stage, step); break;
    case Keyword::user:
      if (!instruction.arguments.empty()) {
        stage.user = expand(stage, step, instruction.arguments[0].text);
        if (const auto colon = stage.user.text.find(':'); colon != std::string::npos) stage.user.text.resize(colon);
      }
      break;
    case Keyword::workdir:
      if (!instruction.arguments.empty()) {
        const auto path = expand(stage, step, instruction.arguments[0].text);
        if (!path.is_known()) stage.workdir = Value::unknown();
        else if (path.text.starts_with('/')) stage.workdir = Value::known(clean_path(path.text));
        else if (stage.workdir.is_known()) stage.workdir = Value::known(resolve_path(stage.workdir.text, path.text));
      }
      break;
    default: break;
  }
  stage.steps.push_back(std::move(step));
}

void Dockerfile::bind(Stage& stage, const Step& step) {
  const auto& instruction = *step.instruction;
  if (instruction.keyword == Keyword::arg) {
    // One binding an argument, and each sees those before it.
    for (const auto& argument : instruction.arguments) {
      const auto equals = argument.text.find('=');
      Binding binding{argument.text.substr(0, equals), {}, false};
      const auto count = stage.environment.size();
      if (equals != std::string::npos) {
        binding.value = expand_value(stage, count, std::string_view(argument.text).substr(equals + 1));
      } else {
        binding.value = lookup_global(binding.name, global_arguments_.size());
        if (binding.value.state == Value::State::undefined) binding.value = lookup(stage, count, binding.name);
        // Without a default the value can only come from the command line.
        if (binding.value.state == Value::State::undefined && unsaid_ == Unsaid::unknown)
          binding.value = Value::unknown();
      }
      stage.environment.push_back(std::move(binding));
    }
    return;
  }
  // All values of ENV see the environment before the instruction.
  std::vector<Binding> added;
  for (const auto& pair : instruction.pairs) {
    const auto name = expand(stage, step, pair.name);
    added.push_back({name.is_known() ? name.text : pair.name, expand(stage, step, pair.value), true});
  }
  std::ranges::move(added, std::back_inserter(stage.environment));
}

// The last SHELL or comment of the stage decides, then those of the stages it continues, then a comment at the top of
// the file. Windows images use cmd, and so do most that are not known in files whose escape character is a backquote.
void Dockerfile::read_shell(const Stage& stage, Step& step) const {
  step.posix = stage.image ? !stage.image->windows : document_.escape() != '`';
  const auto use = [&](const std::string& name) {
    step.shell = name;
    step.posix = is_posix_shell(name);
  };
  auto end = step.instruction->span.begin;
  for (const Stage* s = &stage; s != nullptr; s = s->parent ? &stages_[*s->parent] : nullptr) {
    const Instruction* shell = nullptr;
    for (auto i = s->steps.size(); i-- > 0 && shell == nullptr;)
      if (s->steps[i].instruction->keyword == Keyword::shell) shell = s->steps[i].instruction;
    const auto begin = s->implicit ? 0 : s->from->span.begin;
    const ShellComment* comment = nullptr;
    for (const auto& c : shell_comments_)
      if (begin < c.position && c.position < end) comment = &c;
    if (comment != nullptr && (shell == nullptr || shell->span.begin < comment->position)) return use(comment->shell);
    if (shell != nullptr)
      return use(shell->arguments.empty() ? "" : to_lower_ascii(path_basename(shell->arguments[0].text)));
    if (s->parent) {
      const auto next = *s->parent + 1;
      end = stages_[next].from->span.begin;
    }
  }
  const auto first = stages_.front().implicit ? 0 : stages_.front().from->span.begin;
  for (const auto& c : shell_comments_)
    if (c.position < first) use(c.shell);
}

void Dockerfile::read_run(Stage& stage, Step& step) {
  const auto& instruction = *step.instruction;
  for (const auto& flag : instruction.flags)
    if (flag.name == "mount")
      step.mounts.push_back(
          read_mount(flag, step.workdir, [&](std::string_view word) { return expand(stage, step, word); }));
  const ValueLookup look = [&](std::string_view name) { return lookup(stage, step, name); };
  if (instruction.json) {
    step.script = exec_script(instruction, document_.source(), step.workdir, look);
    find_tool_uses(*facts_, *step.script);
    return;
  }
  if (!step.posix) return;
  auto text = instruction.arguments_text;
  bool from_heredoc = false;
  if (instruction.heredocs.size() == 1 && text.view().starts_with("<<") && split_blanks(text.view()).size() == 1) {
    const auto& body = instruction.heredocs[0].body;
    const auto script = slice(document_.source(), body);
    if (script.starts_with("#!")) {
      const auto interpreter = script.substr(0, script.find('\n'));
      if (interpreter.find("sh") == interpreter.npos) return;
    }
    text = LogicalText(script, body.begin);
    from_heredoc = true;
  }
  step.script = parse_script(std::move(text), look, step.workdir);
  step.script->from_heredoc = from_heredoc;
  if (!from_heredoc && !instruction.heredocs.empty()) step.script->opaque = true;  // programs fed through heredocs
  find_tool_uses(*facts_, *step.script);
}

void Dockerfile::read_trigger(Stage& stage, Step& step) {
  if (step.instruction->trigger.empty()) return;
  Step triggered;
  triggered.instruction = &step.instruction->trigger[0];
  triggered.index = step.index;
  triggered.bindings = step.bindings;
  triggered.workdir = step.workdir;
  triggered.user = step.user;
  triggered.posix = step.posix;
  triggered.shell = step.shell;
  triggered.in_child = true;
  const auto keyword = triggered.instruction->keyword;
  if (keyword == Keyword::run) read_run(stage, triggered);
  else if (keyword == Keyword::copy || keyword == Keyword::add) read_copy(stage, triggered);
  else return;
  step.triggered.push_back(std::move(triggered));
}

void Dockerfile::read_copy(const Stage& stage, Step& step) {
  const auto& instruction = *step.instruction;
  Copy copy;
  if (const auto* from = instruction.flag("from")) copy.from = from->value;
  if (!copy.from.empty()) {
    const bool number = copy.from.find_first_not_of("0123456789") == std::string::npos && copy.from.size() < 6;
    if (number && static_cast<std::size_t>(std::stoul(copy.from)) < stages_.size() - 1)
      copy.stage = static_cast<std::uint32_t>(std::stoul(copy.from));
    else copy.stage = find_stage(to_lower_ascii(copy.from), stage.index);
  }
  if (instruction.arguments.size() < 2) return;
  for (std::size_t i = 0; i + 1 < instruction.arguments.size(); ++i) {
    const auto& argument = instruction.arguments[i];
    CopySource source;
    source.span = argument.span;
    source.heredoc = !instruction.heredocs.empty() && !find_heredocs("COPY " + argument.text, '\\').empty();
    const auto expanded = expand(stage, step, argument.text);
    source.known = expanded.is_known();
    source.text = expanded.text;
    copy.sources.push_back(std::move(source));
  }
  const auto& last = instruction.arguments.back();
  copy.destination_span = last.span;
  const auto destination = expand(stage, step, last.text);
  copy.destination_text = destination.text;
  if (!destination.is_known() || (!destination.text.starts_with('/') && !step.workdir.is_known())) {
    copy.destination = Value::unknown();
  } else {
    copy.destination = Value::known(resolve_path(step.workdir.is_known() ? step.workdir.text : "/", destination.text));
    copy.directory = copy.sources.size() > 1 || destination.text.ends_with('/') || destination.text == "." ||
                     destination.text.ends_with("/.") || destination.text.ends_with("..");
  }
  step.copy = std::move(copy);
}

Value Dockerfile::lookup(const Stage& stage, std::size_t bindings, std::string_view name) const {
  if (const auto* binding = find_binding(stage.environment, bindings, name)) return binding->value;
  const bool base_is_known = stage.image || stage.scratch || unsaid_ == Unsaid::plain_build;
  return base_is_known ? Value{} : Value::unknown();
}

Value Dockerfile::lookup(const Stage& stage, const Step& step, std::string_view name) const {
  const auto value = lookup(stage, step.bindings, name);
  if (name == "HOME" && value.state == Value::State::undefined) return home(stage, step);
  return value;
}

Value Dockerfile::home(const Stage& stage, const Step& step) const {
  if (const auto* set = find_binding(stage.environment, step.bindings, "HOME")) return set->value;
  if (!step.user.is_known()) return Value::unknown();
  if (step.user.text == "root" || step.user.text == "0" || step.user.text.empty()) return Value::known("/root");
  if (!stage.image) return Value::unknown();
  const auto& entry = *stage.image->entry;
  if (entry.users.contains(step.user.text)) return Value::known("/home/" + step.user.text);
  for (const auto& [user, uid] : entry.users)
    if (uid == step.user.text) return Value::known("/home/" + std::string(user));
  return Value::unknown();
}

Value Dockerfile::expand_value(const Stage& stage, std::size_t bindings, std::string_view word) const {
  return expand_word(word, document_.escape(), [&](std::string_view name) { return lookup(stage, bindings, name); });
}

Value Dockerfile::expand(const Stage& stage, const Step& step, std::string_view word) const {
  return expand_value(stage, step.bindings, word);
}

bool Dockerfile::ships(const Stage& stage) const {
  for (const Stage* s = &stages_.back();; s = &stages_[*s->parent]) {
    if (s->index == stage.index) return true;
    if (!s->parent) return false;
  }
}

std::optional<std::uint32_t> Dockerfile::find_stage(std::string_view name, std::uint32_t before) const {
  for (auto i = before; i-- > 0;)
    if (!stages_[i].name.empty() && stages_[i].name == name) return i;
  return std::nullopt;
}

}  // namespace dockhew
