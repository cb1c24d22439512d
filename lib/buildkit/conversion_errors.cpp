#include "buildkit/conversion_errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "buildkit/expanded_words.hpp"
#include "model/added_source.hpp"
#include "model/platform.hpp"
#include "model/port.hpp"
#include "syntax/parser_directive.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline buildkit {
namespace {

// moby/sys/signal for Linux, without "SIG". RTMIN and RTMAX take offsets, which are checked separately.
constexpr std::array<std::string_view, 38> signals = {
    "ABRT", "ALRM", "BUS",  "CHLD", "CLD",    "CONT",  "FPE",    "HUP",  "ILL",   "INT",   "IO",     "IOT",  "KILL",
    "PIPE", "POLL", "PROF", "PWR",  "QUIT",   "SEGV",  "STKFLT", "STOP", "SYS",   "TERM",  "TRAP",   "TSTP", "TTIN",
    "TTOU", "URG",  "USR1", "USR2", "VTALRM", "WINCH", "XCPU",   "XFSZ", "RTMIN", "RTMAX", "UNUSED", "EMT"};

bool is_signal(std::string_view text) {
  int number = 0;
  const auto digits = text.starts_with('+') ? text.substr(1) : text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc() && end == digits.data() + digits.size()) return number != 0;
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return 'a' <= c && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string_view name = upper;
  if (name.starts_with("SIG")) name.remove_prefix(3);
  if (std::ranges::find(signals, name) != signals.end()) return true;
  const bool from_minimum = name.starts_with("RTMIN+"), from_maximum = name.starts_with("RTMAX-");
  if (!from_minimum && !from_maximum) return false;
  name.remove_prefix(6);
  const auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
  return wrong == std::errc() && rest == name.data() + name.size() && 1 <= number && number <= (from_minimum ? 15 : 14);
}

// "u=rwX,go=rX"
bool is_symbolic_mode(std::string_view text) {
  for (;;) {
    auto clause = text.substr(0, text.find(','));
    const auto rest = clause.size();
    clause.remove_prefix(std::min(clause.find_first_not_of("ugoa"), clause.size()));
    if (clause.empty() || std::string_view("+-=").find(clause[0]) == std::string_view::npos) return false;
    if (clause.find_first_not_of("+-=rwxXstugo") != clause.npos) return false;
    if (rest == text.size()) return true;
    text.remove_prefix(rest + 1);
  }
}

bool is_octal_mode(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  return error == std::errc() && end == text.data() + text.size() && value <= 07777;
}

class Converter {
 public:
  explicit Converter(const Dockerfile& file) : file_(file) {
    for (const auto& stage : file.stages())
      if (!stage.name.empty()) named_[stage.name] = stage.index;  // the last one of a name counts
  }

  std::vector<ConversionError> run() {
    global_arguments();
    for (const auto& stage : file_.stages()) from(stage);
    for (const auto& stage : file_.stages())
      for (const auto& step : stage.steps) link(stage, step);
    for (const auto& stage : file_.stages()) resolve(stage);
    for (const auto& stage : file_.stages())
      for (const auto& step : stage.steps) convert(stage, step);
    const auto place = [](const ConversionError& e) { return std::pair(e.phase, e.instruction); };
    std::ranges::stable_sort(errors_, {}, place);
    const auto same_place = [&](const ConversionError& a, const ConversionError& b) { return place(a) == place(b); };
    errors_.erase(std::unique(errors_.begin(), errors_.end(), same_place), errors_.end());
    return std::move(errors_);
  }

 private:
  bool fail(ConversionPhase phase, std::uint32_t instruction, Span span, std::string message,
            ErrorKind kind = ErrorKind::other) {
    errors_.push_back({{span, std::move(message), kind}, phase, instruction});
    return false;
  }

  void global_arguments() {
    std::size_t before = 0;
    const auto& instructions = file_.instructions();
    for (std::uint32_t i = 0; i < file_.instructions_before_stages(); ++i) {
      if (instructions[i].keyword != Keyword::arg) continue;
      for (const auto& word : expanded_words_of_global(file_, instructions[i], before))
        if (!word.error.empty()) {
          fail(ConversionPhase::global_arguments, i, word.span, word.error, ErrorKind::expansion);
          break;
        }
      before += instructions[i].arguments.size();
    }
  }

  // A name with variables may be completed by arguments of the build.
  bool may_be_given(const std::string& word) const {
    return file_.unsaid() == Unsaid::unknown && word.find('$') != std::string::npos;
  }

  void from(const Stage& stage) {
    const auto words = expanded_words_of_from(file_, stage);
    const auto fail_here = [&](Span span, std::string message, ErrorKind kind = ErrorKind::other) {
      return fail(ConversionPhase::from, stage.from_index, span, std::move(message), kind);
    };
    if (words.empty()) return;
    const auto& base = words[0];
    if (may_be_given(base.text)) return;
    if (!base.error.empty()) fail_here(base.span, base.error, ErrorKind::expansion);
    else if (base.value.is("")) fail_here(base.span, "base name (" + base.text + ") should not be blank");
    else if (words.size() > 1) platform(words[1], fail_here);
  }

  template <typename Fail>
  void platform(const ExpandedWord& word, const Fail& fail_here) {
    if (word.text.empty() || may_be_given(word.text)) return;
    if (!word.error.empty())
      fail_here(word.span, "failed to process arguments for platform : " + word.error, ErrorKind::expansion);
    else if (word.value.is("")) fail_here(word.span, "empty platform value from expression " + word.text);
    else if (word.value.is_known())
      if (const auto platform = parse_platform(word.value.text); !platform.error.empty())
        fail_here(word.span, "failed to parse platform " + word.text + ": " + platform.error);
  }

  // Stages that a COPY or a mount names; nothing when it is an image.
  std::optional<std::uint32_t> named(std::string_view name) const {
    const auto found = named_.find(to_lower_ascii(name));
    return found == named_.end() ? std::nullopt : std::optional(found->second);
  }

  static std::optional<long> stage_number(std::string_view text) {
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
  }

  static std::string label(const Stage& stage) {
    return stage.name.empty() ? "stage-" + std::to_string(stage.index) : stage.name;
  }

  void link(const Stage& stage, const Step& step) {
    if (step.instruction->keyword == Keyword::copy) link_copy(stage, step);
    else if (step.instruction->keyword == Keyword::run) link_mounts(stage, step);
  }

  void link_copy(const Stage& stage, const Step& step) {
    const auto* from = step.instruction->flag("from");
    if (from == nullptr || from->value.empty()) return;
    auto source = named(from->value);
    if (const auto number = stage_number(from->value)) {
      if (*number < 0 || static_cast<std::size_t>(*number) >= file_.stages().size()) {
        fail(ConversionPhase::link, step.index, from->span, "invalid stage index " + from->value);
        return;
      }
      source = static_cast<std::uint32_t>(*number);
    }
    if (!source) {
      if (from->value.find('$') != std::string::npos)
        fail(ConversionPhase::link, step.index, from->span,
             "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope "
             "as "
             "a workaround");
      else image(step.index, from->span, from->value);
    } else if (*source == stage.index) {
      fail(ConversionPhase::cycle, step.index, from->span, "circular dependency detected on stage: " + label(stage),
           ErrorKind::circular_dependency);
    } else if (*source > stage.index) {
      fail(ConversionPhase::step, step.index, from->span,
           "cannot copy from stage " + go_quote(from->value) + ", it needs to be defined before current stage " +
               go_quote(label(stage)),
           ErrorKind::later_stage);
    }
  }

  void link_mounts(const Stage& stage, const Step& step) {
    for (const auto& mount : step.mounts) {
      if (mount.from.empty() || mount.from == "scratch" || !mount.error.empty()) continue;
      const auto source = named(mount.from);
      if (!source) {
        image(step.index, mount.span, mount.from);
      } else if (*source == stage.index) {
        fail(ConversionPhase::cycle, step.index, mount.span, "circular dependency detected on stage: " + label(stage),
             ErrorKind::circular_dependency);
      } else if (*source > stage.index && mount.target.is_known()) {
        fail(ConversionPhase::step, step.index, mount.span,
             "cannot mount from stage " + go_quote(mount.from) + " to " + go_quote(mount.target.text) +
                 ", stage needs to be defined before current command");
      }
    }
  }

  void resolve(const Stage& stage) {
    if (stage.parent || stage.scratch || !stage.base.is_known() || stage.base.text.empty()) return;
    if (may_be_given(stage.from->arguments[0].text)) return;
    image(stage.from_index, stage.from->arguments[0].span, stage.base.text);
  }

  void image(std::uint32_t instruction, Span span, const std::string& name) {
    if (name == "scratch") return;
    if (const auto error = image_reference_error(name); !error.empty())
      fail(ConversionPhase::resolve, instruction, span, "failed to parse stage name " + go_quote(name) + ": " + error);
  }

  bool convert(const Stage& stage, const Step& step) {
    const auto words = expanded_words({file_, stage, step});
    for (const auto& word : words)
      if (!word.error.empty())
        return fail(ConversionPhase::step, step.index, word.span, word.error, ErrorKind::expansion);
    const auto refuse = [&](Span span, std::string message, ErrorKind kind = ErrorKind::other) {
      return fail(ConversionPhase::step, step.index, span, std::move(message), kind);
    };
    switch (step.instruction->keyword) {
      case Keyword::run: return run(step);
      case Keyword::add:
      case Keyword::copy: return copy(step, words);
      case Keyword::expose:
        for (const auto& word : words)
          for (const auto& text : word.values)
            if (const auto port = parse_port(text); !port.error.empty())
              return refuse(word.span, port.error, port.out_of_range ? ErrorKind::invalid_port : ErrorKind::other);
        return true;
      case Keyword::volume:
        for (const auto& word : words)
          if (word.value.is("")) return refuse(word.span, "VOLUME specified can not be an empty string");
        return true;
      case Keyword::stopsignal:
        for (const auto& word : words)
          if (word.value.is_known() && !is_signal(word.value.text))
            return refuse(word.span, "invalid signal: " + word.value.text);
        return true;
      default: return true;
    }
  }

  // Devices need a frontend of the channel `labs`. What a frontend of somebody else knows is not known.
  bool may_have_devices() const {
    const auto syntax = find_parser_directive(file_.source(), "syntax");
    if (!syntax) return false;
    const auto image = parse_image_reference(syntax->value);
    return image.tag.find("labs") != std::string::npos || !image.name().ends_with("docker/dockerfile");
  }

  bool run(const Step& step) {
    for (const auto& mount : step.mounts)
      if (!mount.error.empty()) return fail(ConversionPhase::step, step.index, mount.span, mount.error);
    const auto& instruction = *step.instruction;
    if (const auto* device = instruction.flag("device"); device != nullptr && !may_have_devices())
      return fail(ConversionPhase::step, step.index, device->span,
                  "device feature is only supported in Dockerfile frontend 1.14.0-labs or later");
    if (instruction.json && instruction.arguments.empty())
      return fail(ConversionPhase::marshal, step.index, instruction.keyword_span,
                  "failed to marshal LLB definition: arguments are required");
    return true;
  }

  bool copy(const Step& step, const std::vector<ExpandedWord>& words) {
    const auto& instruction = *step.instruction;
    const bool adds = instruction.keyword == Keyword::add;
    const auto refuse = [&](Span span, std::string message) {
      return fail(ConversionPhase::step, step.index, span, std::move(message));
    };
    const auto value_of = [&](const Flag* flag) -> const ExpandedWord* {
      if (flag == nullptr) return nullptr;
      const auto found = std::ranges::find(words, flag->span, &ExpandedWord::span);
      return found != words.end() && found->value.is_known() && !found->value.text.empty() ? &*found : nullptr;
    };
    if (const auto* mode = value_of(instruction.flag("chmod"));
        mode != nullptr && !is_octal_mode(mode->value.text) && !is_symbolic_mode(mode->value.text))
      return refuse(mode->span, "invalid chmod parameter: '" + mode->value.text +
                                    "'. it should be octal string and between 0 and 07777");
    if (!step.copy) return true;
    const auto* checksum = value_of(instruction.flag("checksum"));
    if (checksum != nullptr && step.copy->sources.size() != 1)
      return refuse(checksum->span, "checksum can't be specified for multiple sources");
    for (const auto& source : step.copy->sources) {
      if (source.heredoc || !source.known) continue;
      const bool git = is_git_source(source.text), url = is_url(source.text);
      if (!adds && git) return refuse(source.span, "source can't be a git ref for COPY");
      if (!adds && url) return refuse(source.span, "source can't be a URL for COPY");
      if (checksum == nullptr || git) continue;  // of a repository it is a commit
      if (!url) return refuse(checksum->span, "checksum requires HTTP(S) or Git sources");
      if (const auto error = checksum_error(checksum->value.text); !error.empty()) return refuse(checksum->span, error);
    }
    return true;
  }

  const Dockerfile& file_;
  std::map<std::string, std::uint32_t> named_;
  std::vector<ConversionError> errors_;
};

}  // namespace

std::vector<ConversionError> find_conversion_errors(const Dockerfile& file) { return Converter(file).run(); }

}  // namespace dockhew::inline buildkit
