#include "model/dockerfile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/base_files.hpp"
#include "model/platform.hpp"
#include "syntax/arguments.hpp"
#include "syntax/heredoc.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline model {
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

template <typename Lookup>
Value expand_word(std::string_view word, const LexOptions& options, const Lookup& lookup) {
  const char special[] = {'$', '\'', '"', options.escape};
  if (word.find_first_of(std::string_view(special, std::size(special))) == word.npos)
    return Value::known(std::string(word));
  bool unknown = false;
  auto result = lex_word(
      word,
      [&](std::string_view name) -> std::optional<std::string> {
        Value value = lookup(name);
        if (value.is_unknown()) unknown = true;
        if (!value.is_known()) return std::nullopt;
        return std::move(value.text);
      },
      options);
  if (unknown || !result.error.empty()) return Value::unknown();
  return Value::known(std::move(result.text));
}

Bindings plain_environment() {
  Bindings bindings;
  bindings.push_back({"PATH", Value::known(std::string(default_path)), true});
  return bindings;
}

Bindings base_environment(const ImageEntry& image) {
  auto bindings = plain_environment();
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
  longest_value_ = limits::longest_value_in(document_.source());
  for (std::uint32_t i = 0; i < instructions.size(); ++i) {
    if (instructions[i].keyword == Keyword::from) begin_stage(instructions[i], i);
    else if (!stages_.empty()) add_step(instructions[i], i);
    else if (instructions[i].keyword == Keyword::arg) read_global_argument(instructions[i]);
    else if (instructions[i].keyword != Keyword::unknown) {
      // Fragments, and files whose FROM comes too late, are linted anyway.
      no_from_ = std::make_unique<Instruction>();
      no_from_->keyword = Keyword::from;
      begin_stage(*no_from_, i);
      stages_.back().implicit = true;
      add_step(instructions[i], i);
    }
  }
  order_stages();
  find_shipped();
}

std::shared_ptr<const Dockerfile> Dockerfile::read(std::string source, const Facts& facts,
                                                   const FindContext& find_context, Unsaid unsaid) {
  auto file = std::make_shared<Dockerfile>(std::move(source), facts, BuildContext(), unsaid);
  file->context_ = find_context(*file);
  file->find_shipped();  // which knows the targets of builds only now
  return file;
}

void Dockerfile::ask_in(BuildContext context, const std::function<void()>& ask) const {
  auto answers = std::exchange(answers_, {});  // some are about the context
  auto remembered = std::exchange(remembered_, {});
  std::swap(context_, context);
  ask();
  std::swap(context_, context);
  answers_ = std::move(answers);
  remembered_ = std::move(remembered);
}

void Dockerfile::order_stages() {
  std::vector<std::uint32_t> sizes(stages_.size(), 1), free(stages_.size());  // a parent comes before its children
  for (auto i = stages_.size(); i-- > 0;)
    if (stages_[i].parent) sizes[*stages_[i].parent] += sizes[i];
  std::uint32_t roots = 0;
  for (auto& stage : stages_) {
    auto& next = stage.parent ? free[*stage.parent] : roots;
    stage.place = next;
    next += sizes[stage.index];
    stage.places_end = next;
    free[stage.index] = stage.place + 1;
  }
}

LexOptions Dockerfile::lex_options() const {
  LexOptions options;
  options.escape = document_.escape();
  options.longest_value = longest_value_;
  return options;
}

// A value that later steps read again, which is no longer than what a variable may be.
Value Dockerfile::bounded(Value value) const {
  if (value.text.size() > longest_value_) return Value::unknown();
  return value;
}

void Dockerfile::read_global_argument(const Instruction& instruction) {
  for (const auto& argument : instruction.arguments) {
    const auto equals = argument.text.find('=');
    Binding binding{argument.text.substr(0, equals), {}, false};
    if (equals != std::string::npos) {
      binding.value = expand_word(std::string_view(argument.text).substr(equals + 1), lex_options(),
                                  [&](std::string_view name) { return lookup_global(name, global_arguments_.size()); });
    } else {
      // It comes from the platform or from the command line.
      binding.value = lookup_global(binding.name, 0);
      if (binding.value.state == Value::State::undefined && unsaid_ == Unsaid::unknown)
        binding.value = Value::unknown();
    }
    binding.value = bounded(std::move(binding.value));
    global_arguments_.push_back(std::move(binding));
  }
}

Value Dockerfile::platform_argument(std::string_view name) const {
  const auto found = std::ranges::find(platform_arguments, name, &PlatformArgument::name);
  if (found == platform_arguments.end()) return {};
  return unsaid_ == Unsaid::plain_build ? Value::known(std::string(found->plain_value)) : Value::unknown();
}

Value Dockerfile::lookup_global(std::string_view name, std::size_t arguments) const {
  if (const auto* binding = global_arguments_.find(name, arguments)) return binding->value;
  return platform_argument(name);
}

void Dockerfile::begin_stage(const Instruction& instruction, std::uint32_t index) {
  if (!stages_.empty()) stage_shells_.push_back(named_shell(stages_.back(), instruction.span.begin));
  last_shell_ = nullptr;
  Stage stage;
  stage.index = static_cast<std::uint32_t>(stages_.size());
  stage.from = &instruction;
  stage.from_index = index;
  if (instruction.arguments.size() >= 3 && equals_ignoring_case(instruction.arguments[1].text, "as"))
    stage.name = to_lower_ascii(instruction.arguments[2].text);
  if (!instruction.arguments.empty()) {
    stage.base = expand_word(instruction.arguments[0].text, lex_options(),
                             [&](std::string_view name) { return lookup_global(name, global_arguments_.size()); });
  }
  stage.base_from_argument =
      !instruction.arguments.empty() && instruction.arguments[0].text.find('$') != std::string::npos;
  if (stage.base.is_known()) {
    // The base is compared exactly with earlier stage names, which are in lower case.
    stage.parent = find_stage(stage.base.text, stage.index);
    stage.scratch = !stage.parent && stage.base.text == "scratch";
    if (!stage.parent && !stage.scratch) {
      stage.reference = parse_image_reference(stage.base.text);
      stage.platform = platform_of(instruction);
      stage.image = facts_->image(stage.reference, stage.platform);
    }
  }
  if (stage.parent) {
    const auto& parent = stages_[*stage.parent];
    stage.image = parent.image;
    stage.platform = parent.platform;
    stage.reference = parent.reference;
    stage.scratch = parent.scratch;
    stage.base_from_argument |= parent.base_from_argument;
    stage.environment = parent.environment;
    stage.workdir = parent.workdir;
    stage.user = parent.user;
  } else if (stage.scratch) {
    stage.environment = plain_environment();
    stage.workdir = Value::known("/");
    stage.user = Value::known("root");
  } else if (stage.image) {
    const auto& workdir = stage.image->entry->workdir;
    stage.environment = base_environment(*stage.image->entry);
    stage.workdir = workdir.empty() ? Value::unknown() : Value::known(clean_path(workdir));
    stage.user = Value::known(std::string(stage.image->entry->user));
  } else {
    stage.workdir = Value::unknown();
    stage.user = Value::unknown();
  }
  const bool asked = stage.image && stage.image->resolved != nullptr;
  if (unsaid_ == Unsaid::plain_build && !stage.parent && !asked) {
    stage.environment = plain_environment();
    stage.workdir = Value::known("/");
    stage.user = Value::known("root");
  }
  if (!stage.name.empty()) named_stages_[stage.name].push_back(stage.index);
  stages_.push_back(std::move(stage));
}

// The platforms of the builder and of the result are those that are usual, unless the file names one.
std::string Dockerfile::platform_of(const Instruction& from) const {
  const auto* flag = from.flag("platform");
  if (flag == nullptr) return std::string(usual_platform);
  const auto value = expand_word(flag->value, lex_options(), [&](std::string_view name) {
    if (name == "BUILDPLATFORM" || name == "TARGETPLATFORM") return Value::known(std::string(usual_platform));
    return lookup_global(name, global_arguments_.size());
  });
  const auto platform = parse_platform(value.text);
  return value.is_known() && platform.error.empty() ? platform.text() : std::string();
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
        stage.user = bounded(std::move(stage.user));
      }
      break;
    case Keyword::workdir:
      if (!instruction.arguments.empty()) {
        const auto path = expand(stage, step, instruction.arguments[0].text);
        if (!path.is_known()) stage.workdir = Value::unknown();
        else if (path.text.starts_with('/')) stage.workdir = Value::known(clean_path(path.text));
        else if (stage.workdir.is_known())
          stage.workdir = Value::known(resolve_in_clean(stage.workdir.text, path.text));
        stage.workdir = bounded(std::move(stage.workdir));
        if (stage.workdir.text.size() > limits::longest_path) stage.workdir = Value::unknown();
      }
      break;
    case Keyword::shell: last_shell_ = &instruction; break;
    default: break;
  }
  stage.steps.push_back(std::move(step));
}

void Dockerfile::bind(Stage& stage, const Step& step) {
  const auto& instruction = *step.instruction;
  if (instruction.keyword == Keyword::arg) {
    // One binding per argument, each of which sees the previous ones.
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
      binding.value = bounded(std::move(binding.value));
      stage.environment.push_back(std::move(binding));
    }
    return;
  }
  // All values of ENV see the environment before the instruction.
  std::vector<Binding> added;
  for (const auto& pair : instruction.pairs) {
    const auto name = expand(stage, step, pair.name);
    added.push_back({name.is_known() ? name.text : pair.name, bounded(expand(stage, step, pair.value)), true});
  }
  for (auto& binding : added) stage.environment.push_back(std::move(binding));
}

// The last SHELL or comment of the stage decides, then those of the stages it is built on, then a comment at the top of
// the file. Windows images use cmd, and so do most unknown images in files whose escape character is a backquote.
void Dockerfile::read_shell(const Stage& stage, Step& step) const {
  step.posix = stage.image ? !stage.image->windows : document_.escape() != '`';
  auto name = named_shell(stage, step.instruction->span.begin);
  if (!name) {
    const auto first = stages_.front().implicit ? 0 : stages_.front().from->span.begin;
    const auto after = std::ranges::lower_bound(shell_comments_, first, {}, &ShellComment::position);
    if (after != shell_comments_.begin()) name = std::prev(after)->shell;
  }
  if (!name && stage.image && stage.image->resolved != nullptr && !stage.image->resolved->image.shell.empty())
    name = to_lower_ascii(path_basename(stage.image->resolved->image.shell[0]));
  if (!name) return;
  step.posix = is_posix_shell(*name);
  step.shell = name->substr(0, limits::longest_name);
}

// What SHELL or a comment of the stage, or of those it continues, says before a place in it.
std::optional<std::string> Dockerfile::named_shell(const Stage& stage, std::uint32_t end) const {
  const auto begin = stage.implicit ? 0 : stage.from->span.begin;
  const auto after = std::ranges::lower_bound(shell_comments_, end, {}, &ShellComment::position);
  const auto* comment = after == shell_comments_.begin() ? nullptr : &*std::prev(after);
  if (comment != nullptr && comment->position <= begin) comment = nullptr;
  if (comment != nullptr && (last_shell_ == nullptr || last_shell_->span.begin < comment->position))
    return comment->shell;
  if (last_shell_ != nullptr) {
    const auto& words = last_shell_->arguments;
    return words.empty() ? "" : to_lower_ascii(path_basename(words[0].text));
  }
  return stage.parent ? stage_shells_[*stage.parent] : std::nullopt;
}

void Dockerfile::read_run(Stage& stage, Step& step) {
  const auto& instruction = *step.instruction;
  for (const auto& flag : instruction.flags)
    if (flag.name == "mount")
      step.mounts.push_back(
          read_mount(flag, step.workdir, [&](std::string_view word) { return expand(stage, step, word); }));
  const ValueLookup look = [&](std::string_view name) { return lookup(stage, step, name); };
  if (instruction.json) {
    step.script = exec_script(instruction, document_.source(), step.workdir, look, longest_value_);
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
  step.script = parse_script(std::move(text), look, step.workdir, longest_value_);
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
    auto expanded = expand(stage, step, argument.text);
    const bool pattern = copy.from_context() && expanded.text.find_first_of("*?[") != std::string::npos;
    if (pattern && ++context_patterns_ > limits::patterns_expanded) expanded = Value::unknown();
    source.known = expanded.is_known();
    source.text = std::move(expanded.text);
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
  if (const auto* binding = stage.environment.find(name, bindings)) return binding->value;
  const bool base_is_known = stage.image || stage.scratch || unsaid_ == Unsaid::plain_build;
  return base_is_known ? Value{} : Value::unknown();
}

Value Dockerfile::lookup(const Stage& stage, const Step& step, std::string_view name) const {
  const auto value = lookup(stage, step.bindings, name);
  if (name == "HOME" && value.state == Value::State::undefined) return home(stage, step);
  return value;
}

Value Dockerfile::home(const Stage& stage, const Step& step) const {
  if (const auto* set = stage.environment.find("HOME", step.bindings)) return set->value;
  if (!step.user.is_known()) return Value::unknown();
  if (const auto* files = base_files(stage)) {
    const auto user = step.user.text.empty() ? "root" : step.user.text;
    if (const auto known = files->homes.find(user); known != files->homes.end()) return Value::known(known->second);
  }
  if (step.user.text == "root" || step.user.text == "0" || step.user.text.empty()) return Value::known("/root");
  if (!stage.image) return Value::unknown();
  const auto& entry = *stage.image->entry;
  if (entry.users.contains(step.user.text)) return Value::known("/home/" + step.user.text);
  for (const auto& [user, uid] : entry.users)
    if (uid == step.user.text) return Value::known("/home/" + std::string(user));
  return Value::unknown();
}

Value Dockerfile::expand_value(const Stage& stage, std::size_t bindings, std::string_view word) const {
  return expand_word(word, lex_options(), [&](std::string_view name) { return lookup(stage, bindings, name); });
}

Value Dockerfile::expand(const Stage& stage, const Step& step, std::string_view word) const {
  return expand_value(stage, step.bindings, word);
}

bool Dockerfile::ships(const Stage& stage) const { return stage.shipped; }

const StepAnswers& Dockerfile::answers(StepAnswers::Name question, const StepAnswers::Question& holds) const {
  std::string name;
  for (const auto part : question) name += part;
  const auto known = answers_.find(name);
  if (known != answers_.end()) return known->second;
  StepAnswers answers(*this, holds);  // which may ask another question
  return answers_.emplace(std::move(name), std::move(answers)).first->second;
}

std::optional<std::uint32_t> Dockerfile::find_stage(std::string_view name, std::uint32_t before) const {
  const auto named = named_stages_.find(name);
  if (named == named_stages_.end()) return std::nullopt;
  const auto after = std::ranges::lower_bound(named->second, before);
  return after == named->second.begin() ? std::nullopt : std::optional(*std::prev(after));
}

}  // namespace dockhew::inline model
