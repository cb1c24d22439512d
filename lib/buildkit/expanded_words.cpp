#include "buildkit/expanded_words.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "syntax/csv.hpp"
#include "syntax/word_lexer.hpp"

namespace dockhew::inline buildkit {
namespace {

struct Lookup {
  const Dockerfile& file;
  const Bindings& bindings;
  std::size_t in_force;  // how many of them
  std::function<Value(std::string_view)> value;

  const Binding* find(std::string_view name) const { return bindings.find(name, in_force); }
};

// Whether a word is always read. The default of an argument is not: the builder needs it only where it is given none.
enum class Needed { always, without_argument };

ExpandedWord expand(std::string text, Span span, const Lookup& lookup, LexOptions options,
                    Needed needed = Needed::always) {
  ExpandedWord word;
  bool unknown = false, overridable = false;
  std::set<std::string, std::less<>> undefined;
  auto result = lex_word(
      text,
      [&](std::string_view name) -> std::optional<std::string> {
        auto value = lookup.value(name);
        const auto* binding = lookup.find(name);
        unknown |= value.is_unknown();
        overridable |= binding != nullptr && !binding->persists;
        if (value.is_known()) return std::move(value.text);
        if (!value.is_unknown() && binding == nullptr && undefined.emplace(name).second)
          word.undefined.emplace_back(name);
        return std::nullopt;
      },
      options);
  word.text = std::move(text);
  word.span = span;
  // What is unknown, or may be given to the build, can be set to something else, and then there is no error; and what
  // goes beyond our limits is none of BuildKit's.
  const bool avoidable = overridable || (result.missing_value && needed == Needed::without_argument);
  const bool certain = !unknown && !result.beyond_limits && !(avoidable && lookup.file.unsaid() == Unsaid::unknown);
  word.value = unknown || !result.error.empty() ? Value::unknown() : Value::known(std::move(result.text));
  if (certain) word.error = std::move(result.error);
  if (word.value.is_known()) word.values = std::move(result.words);
  return word;
}

class StepWords {
 public:
  StepWords(const Site& site)
      : file_(site.file), stage_(site.stage), step_(site.step), options_(site.file.lex_options()) {}

  std::vector<ExpandedWord> read() {
    const auto& instruction = *step_.instruction;
    switch (instruction.keyword) {
      case Keyword::env:
      case Keyword::label:
        for (const auto& pair : instruction.pairs) {
          add(pair.name, pair.name_span);
          add(pair.value, pair.value_span);
        }
        break;
      case Keyword::add:
      case Keyword::copy: copy(); break;
      case Keyword::run: mounts(); break;
      case Keyword::arg: arguments(); break;
      case Keyword::expose: ports(); break;
      case Keyword::user:
      case Keyword::workdir:
      case Keyword::volume:
      case Keyword::stopsignal:
        for (const auto& argument : instruction.arguments) add(argument.text, argument.span);
        break;
      default: break;
    }
    return std::move(words_);
  }

 private:
  Lookup lookup(std::size_t bindings) const {
    return {file_, stage_.environment, bindings,
            [this, bindings](std::string_view name) { return file_.lookup(stage_, bindings, name); }};
  }

  void add(const std::string& text, Span span) { add(text, span, options_, step_.bindings); }
  void add(const std::string& text, Span span, const LexOptions& options, std::size_t bindings,
           Needed needed = Needed::always) {
    words_.push_back(expand(text, span, lookup(bindings), options, needed));
  }

  void copy() {
    const auto& instruction = *step_.instruction;
    for (const auto* name : {"chown", "chmod", "checksum"})
      if (const auto* flag = instruction.flag(name)) add(flag->value, flag->span);
    for (std::size_t i = 0; i < instruction.arguments.size(); ++i) {
      const bool source = i + 1 < instruction.arguments.size();
      if (source && step_.copy && i < step_.copy->sources.size() && step_.copy->sources[i].heredoc) continue;
      add(instruction.arguments[i].text, instruction.arguments[i].span);
    }
    auto body = options_;  // the escape directive does not reach into a heredoc
    body.escape = LexOptions{}.escape;
    body.quotes_are_text = true;
    for (const auto& heredoc : instruction.heredocs)
      if (heredoc.expand) add(std::string(slice(file_.source(), heredoc.body)), heredoc.body, body, step_.bindings);
  }

  void mounts() {
    for (const auto& flag : step_.instruction->flags) {
      if (flag.name != "mount") continue;
      for (const auto& field : split_csv(flag.value).fields)
        if (const auto equals = field.find('='); equals != std::string::npos) add(field.substr(equals + 1), flag.span);
    }
  }

  void arguments() {
    auto bindings = step_.bindings;
    for (const auto& argument : step_.instruction->arguments) {
      if (const auto equals = argument.text.find('='); equals != std::string::npos)
        add(argument.text.substr(equals + 1), argument.span, options_, bindings, Needed::without_argument);
      ++bindings;
    }
  }

  void ports() {
    auto options = options_;
    options.split = true;
    for (const auto& argument : step_.instruction->arguments)
      add(argument.text, argument.span, options, step_.bindings);
    std::ranges::stable_sort(words_, {}, &ExpandedWord::text);  // as BuildKit does, before it checks them
    for (auto& word : words_) word.undefined.clear();           // and it does not ask there
  }

  const Dockerfile& file_;
  const Stage& stage_;
  const Step& step_;
  LexOptions options_;
  std::vector<ExpandedWord> words_;
};

Lookup global_lookup(const Dockerfile& file, std::size_t arguments) {
  return {file, file.global_arguments(), arguments,
          [&file, arguments](std::string_view name) { return file.lookup_global(name, arguments); }};
}

}  // namespace

std::vector<ExpandedWord> expanded_words(const Site& site) { return StepWords(site).read(); }

std::vector<ExpandedWord> expanded_words_of_from(const Dockerfile& file, const Stage& stage) {
  std::vector<ExpandedWord> words;
  if (stage.from->arguments.empty()) return words;
  const auto lookup = global_lookup(file, file.global_arguments().size());
  const auto& base = stage.from->arguments[0];
  words.push_back(expand(base.text, base.span, lookup, file.lex_options()));
  if (const auto* platform = stage.from->flag("platform"))
    words.push_back(expand(platform->value, platform->span, lookup, file.lex_options()));
  return words;
}

std::vector<ExpandedWord> expanded_words_of_global(const Dockerfile& file, const Instruction& instruction,
                                                   std::size_t arguments_before) {
  std::vector<ExpandedWord> words;
  for (const auto& argument : instruction.arguments) {
    if (const auto equals = argument.text.find('='); equals != std::string::npos)
      words.push_back(expand(argument.text.substr(equals + 1), argument.span, global_lookup(file, arguments_before),
                             file.lex_options(), Needed::without_argument));
    ++arguments_before;
  }
  return words;
}

}  // namespace dockhew::inline buildkit
