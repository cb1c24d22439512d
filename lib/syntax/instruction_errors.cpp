#include "syntax/instruction_errors.hpp"

#include <algorithm>
#include <array>

#include "syntax/arguments.hpp"
#include "syntax/csv.hpp"
#include "syntax/duration.hpp"
#include "syntax/heredoc.hpp"
#include "syntax/instruction_flags.hpp"
#include "syntax/word_lexer.hpp"
#include "text/edit_distance.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

std::string did_you_mean(const std::string& suggestion) {
  return suggestion.empty() ? "" : " (did you mean " + suggestion + "?)";
}

class Checker {
 public:
  explicit Checker(const Instruction& instruction)
      : instruction_(instruction), name_(keyword_name(instruction.keyword)) {}

  std::optional<SyntaxError> check() {
    switch (instruction_.keyword) {
      case Keyword::unknown: unknown(); break;
      case Keyword::from: from(); break;
      case Keyword::add:
      case Keyword::copy: copy(); break;
      case Keyword::maintainer:
      case Keyword::user:
      case Keyword::workdir: exactly_one() && check_flags(); break;
      case Keyword::stopsignal: exactly_one(); break;
      case Keyword::env:
      case Keyword::label: check_flags() && at_least_one(instruction_.pairs.empty()) && pair_names(); break;
      case Keyword::arg: at_least_one(instruction_.arguments.empty()) && argument_names(); break;
      case Keyword::expose: at_least_one(instruction_.arguments.empty()) && check_flags(); break;
      case Keyword::volume: at_least_one(instruction_.arguments.empty()) && check_flags() && volumes(); break;
      case Keyword::shell: shell(); break;
      case Keyword::onbuild: onbuild(); break;
      case Keyword::run: check_flags() && run(); break;
      case Keyword::cmd:
      case Keyword::entrypoint: check_flags(); break;
      case Keyword::healthcheck: healthcheck(); break;
    }
    return std::move(error_);
  }

 private:
  bool fail(Span span, std::string message, ErrorKind kind = ErrorKind::other) {
    error_ = SyntaxError{span, std::move(message), kind};
    return false;
  }
  bool fail(std::string message) { return fail(instruction_.keyword_span, std::move(message)); }

  void unknown() {
    std::vector<std::string_view> names;
    std::vector<std::string> lower;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Keyword::unknown); ++i)
      lower.push_back(to_lower_ascii(keyword_name(static_cast<Keyword>(i))));
    names.assign(lower.begin(), lower.end());
    auto suggestion = suggest(to_lower_ascii(instruction_.word), names);
    const bool upper = std::ranges::none_of(instruction_.word, [](char c) { return 'a' <= c && c <= 'z'; });
    if (upper)
      std::ranges::transform(suggestion, suggestion.begin(), [](char c) { return static_cast<char>(c - ('a' - 'A')); });
    fail("unknown instruction: " + instruction_.word + did_you_mean(suggestion));
  }

  bool exactly_one() { return instruction_.arguments.size() == 1 || fail(name_ + " requires exactly one argument"); }
  bool at_least_one(bool none) { return !none || fail(name_ + " requires at least one argument"); }

  bool check_flags() {
    const auto rules = flags_of(instruction_.keyword);
    for (auto flag = instruction_.flags.begin(); flag != instruction_.flags.end(); ++flag) {
      const auto rule = std::ranges::find(rules, flag->name, &InstructionFlag::name);
      if (rule == rules.end()) {
        std::vector<std::string_view> names;
        for (const auto& known : rules) names.push_back(known.name);
        return fail(flag->span, "unknown flag: --" + flag->name + did_you_mean(suggest(flag->name, names)));
      }
      if (rule->kind != FlagKind::list && instruction_.flag(flag->name) != &*flag)
        return fail(flag->span, "duplicate flag specified: --" + flag->name);
      const bool needs_value =
          rule->kind == FlagKind::boolean ? flag->has_value && flag->value.empty() : !flag->has_value;
      if (needs_value) return fail(flag->span, "missing a value on flag: --" + flag->name);
      const auto value = to_lower_ascii(flag->value);
      if (rule->kind == FlagKind::boolean && value != "true" && value != "false" && !value.empty())
        return fail(flag->span, "expecting boolean value for flag --" + flag->name + ", not: " + flag->value);
    }
    return true;
  }

  void from() {
    const auto& arguments = instruction_.arguments;
    if (arguments.size() == 3 && equals_ignoring_case(arguments[1].text, "as")) {
      const auto name = to_lower_ascii(arguments[2].text);
      const bool starts = !name.empty() && 'a' <= name[0] && name[0] <= 'z';
      if (!starts || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos) {
        fail(arguments[2].span, "invalid name for build stage: " + go_quote(arguments[2].text) +
                                    ", name can't start with a number or contain symbols");
        return;
      }
    } else if (arguments.size() != 1) {
      fail("FROM requires either one or three arguments");
      return;
    }
    check_flags();
  }

  void copy() {
    const auto& arguments = instruction_.arguments;
    if (arguments.size() < 2) {
      fail(name_ + " requires at least two arguments, but only one was provided. Destination could not be determined");
      return;
    }
    if (!check_flags()) return;
    if (!instruction_.heredocs.empty() && arguments.back().text.find("<<") != std::string::npos &&
        !find_heredocs(name_ + " " + arguments.back().text, '\\').empty())
      fail(arguments.back().span, name_ + " cannot accept a heredoc as a destination");
  }

  bool pair_names() {
    for (const auto& pair : instruction_.pairs)
      if (pair.name.empty()) return fail(pair.span, name_ + " names can not be blank");
    return true;
  }

  bool argument_names() {
    for (const auto& argument : instruction_.arguments)
      if (argument.text.starts_with('=')) return fail(argument.span, "ARG names can not be blank");
    return true;
  }

  bool volumes() {
    for (const auto& argument : instruction_.arguments)
      if (trim_unicode(argument.text).empty())
        return fail(argument.span, "VOLUME specified can not be an empty string");
    return true;
  }

  void shell() {
    if (!check_flags() || !at_least_one(instruction_.arguments.empty())) return;
    if (!instruction_.json) fail("SHELL requires the arguments to be in JSON form");
  }

  void onbuild() {
    if (!at_least_one(instruction_.trigger.empty()) || !check_flags()) return;
    const auto& trigger = instruction_.trigger[0];
    if (trigger.keyword == Keyword::onbuild)
      fail(trigger.keyword_span, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", ErrorKind::chained_onbuild);
    else if (trigger.keyword == Keyword::from || trigger.keyword == Keyword::maintainer)
      fail(trigger.keyword_span, std::string(keyword_name(trigger.keyword)) + " isn't allowed as an ONBUILD trigger",
           ErrorKind::forbidden_trigger);
  }

  bool run() {
    for (const auto& flag : instruction_.flags) {
      if (flag.name == "network" && flag.value != "default" && flag.value != "none" && flag.value != "host")
        return fail(flag.span, "invalid network mode " + go_quote(flag.value));
      if (flag.name == "security" && flag.value != "sandbox" && flag.value != "insecure")
        return fail(flag.span, "security " + go_quote(flag.value) + " is not valid");
    }
    for (const auto& flag : instruction_.flags)
      if (flag.name == "mount" && !mount(flag)) return false;
    for (const auto& flag : instruction_.flags)
      if (flag.name == "device" && !device(flag)) return false;
    return true;
  }

  // Only what must be known before variables are expanded; the rest of a mount is checked when the stage is converted.
  bool mount(const Flag& flag) {
    const auto record = split_csv(flag.value);
    if (!record.error.empty()) return fail(flag.span, "failed to parse csv mounts: " + record.error);
    for (const auto& field : record.fields) {
      const auto dollar = field.find('$');
      if (to_lower_ascii(field.substr(0, field.find('='))) == "from" && dollar != field.npos &&
          dollar + 1 < field.size())
        return fail(flag.span, "'from' doesn't support variable expansion, define alias stage instead");
    }
    return true;
  }

  bool device(const Flag& flag) {
    const auto record = split_csv(flag.value);
    if (!record.error.empty()) return fail(flag.span, "failed to parse csv devices: " + record.error);
    std::string name;
    for (const auto& field : record.fields) {
      const auto equals = field.find('=');
      const auto key = to_lower_ascii(field.substr(0, equals));
      if (key == "required") {
        const auto value = equals == field.npos ? "true" : field.substr(equals + 1);
        if (!is_go_boolean(value)) return fail(flag.span, "invalid value for required: " + value);
        continue;
      }
      const bool named = equals != field.npos && key == "name";
      if (!name.empty() && (named || equals == field.npos))
        return fail(flag.span, "device name already set to " + name);
      if (!name.empty()) return fail(flag.span, "unexpected key '" + key + "' in '" + field + "'");
      name = named ? field.substr(equals + 1) : field;
    }
    return true;
  }

  void healthcheck() {
    const auto& arguments = instruction_.arguments;
    if (!at_least_one(arguments.empty())) return;
    auto type = arguments[0].text;
    std::ranges::transform(type, type.begin(),
                           [](char c) { return 'a' <= c && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (type == "NONE") {
      if (arguments.size() > 1) fail(arguments[1].span, "HEALTHCHECK NONE takes no arguments");
      return;
    }
    if (!check_flags()) return;
    if (type != "CMD") {
      fail(arguments[0].span, "Unknown type " + go_quote(type) + " in HEALTHCHECK (try CMD)");
      return;
    }
    if (arguments.size() < 2) {
      fail("Missing command after HEALTHCHECK CMD");
      return;
    }
    for (const auto* name : {"interval", "timeout", "start-period", "start-interval"})
      if (const auto* flag = instruction_.flag(name); flag != nullptr && !interval(*flag)) return;
    if (const auto* flag = instruction_.flag("retries"); flag != nullptr && !flag->value.empty()) retries(*flag);
  }

  bool interval(const Flag& flag) {
    if (flag.value.empty()) return true;
    const auto duration = parse_duration(flag.value);
    if (!duration.error.empty()) return fail(flag.span, duration.error);
    if (duration.nanoseconds != 0 && duration.nanoseconds < 1e6)
      return fail(flag.span, "Interval " + go_quote(flag.name) + " cannot be less than 1ms");
    return true;
  }

  void retries(const Flag& flag) {
    auto digits = std::string_view(flag.value);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) {
      fail(flag.span, "strconv.ParseInt: parsing " + go_quote(flag.value) + ": invalid syntax");
    } else if (digits.size() > 10 || std::stoll(std::string(digits)) > 2147483647) {
      fail(flag.span, "strconv.ParseInt: parsing " + go_quote(flag.value) + ": value out of range");
    } else if (negative && std::stoll(std::string(digits)) != 0) {
      fail(flag.span, "--retries cannot be negative (" + std::to_string(-std::stoll(std::string(digits))) + ")");
    }
  }

  const Instruction& instruction_;
  std::string name_;
  std::optional<SyntaxError> error_;
};

}  // namespace

std::string suggest(std::string_view word, const std::vector<std::string_view>& options) {
  constexpr std::size_t longest = 64;  // bytes
  if (options.size() > most_suggested || word.size() > longest) return {};
  std::string best;
  std::size_t least = 3;
  for (const auto option : options) {
    if (option == word) return {};
    if (option.size() >= word.size() + least || word.size() >= option.size() + least) continue;
    const auto edits = edit_distance(word, option);
    if (edits < least) least = edits, best = option;
  }
  return best;
}

bool is_go_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 12> words = {"1", "t", "T", "true",  "TRUE",  "True",
                                                      "0", "f", "F", "false", "FALSE", "False"};
  return std::ranges::find(words, text) != words.end();
}

std::vector<SyntaxError> find_instruction_errors(const Document& document) {
  std::vector<SyntaxError> errors;
  bool has_stage = false, unknown_before = false, told = false;
  for (const auto& instruction : document.instructions()) {
    auto error = Checker(instruction).check();
    // Whatever follows an unknown instruction on the next lines is part of the same accident: a broken heredoc, a
    // template, a continuation.
    const bool unknown = instruction.keyword == Keyword::unknown;
    const bool goes_on = unknown && unknown_before;
    unknown_before = unknown;
    if (error && !goes_on) errors.push_back(std::move(*error));
    has_stage |= instruction.keyword == Keyword::from;
    if (!has_stage && !told && !unknown && instruction.keyword != Keyword::arg && !error) {
      errors.push_back({instruction.keyword_span, "no build stage in current context", ErrorKind::no_build_stage});
      told = true;  // the same is true of the instructions after it
    }
  }
  return errors;
}

}  // namespace dockhew::inline syntax
