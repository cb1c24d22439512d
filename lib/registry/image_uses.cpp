#include "registry/image_uses.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "facts/official_images.hpp"
#include "model/runs.hpp"
#include "syntax/parser_directive.hpp"

namespace dockhew::inline registry {
namespace {

Span part_of(Span whole, std::size_t begin, std::size_t size) {
  return {whole.begin + static_cast<std::uint32_t>(begin), whole.begin + static_cast<std::uint32_t>(begin + size)};
}

ImageUse use_of(UseKind kind, Span place, std::string text) {
  ImageUse use{place, std::move(text), {}, place, {}, kind};
  use.reference = parse_image_reference(use.text);
  if (const auto error = image_reference_error(use.text); !error.empty()) use.obstacle = "it is no name of an image";
  return use;
}

// `name` stands once in what is written, and there alone.
void find_written(std::string_view source, Span whole, std::string_view before, ImageUse& use) {
  const auto text = slice(source, whole);
  const auto name = std::string(before) + use.text;
  const auto at = text.find(name);
  if (at == text.npos || text.find(name, at + 1) != text.npos) {
    if (use.obstacle.empty()) use.obstacle = "it is written with quotes, or over several lines";
    return;
  }
  use.written = part_of(whole, at + before.size(), use.text.size());
}

bool is_name_character(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
}

// The variable at the end of a word, if that is the only one: "VERSION" of "debian:${VERSION}".
std::optional<std::string> last_variable(std::string_view word) {
  const auto at = word.find('$');
  if (at == word.npos || word.find('$', at + 1) != word.npos) return std::nullopt;
  auto name = word.substr(at + 1);
  if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
  if (name.empty() || !std::ranges::all_of(name, is_name_character)) return std::nullopt;
  return std::string(name);
}

// What a file does with its arguments, found once.
class Arguments {
 public:
  explicit Arguments(const Dockerfile& file) {
    const auto source = file.source();
    for (auto at = source.find('$'); at != source.npos; at = source.find('$', at + 1)) {
      auto rest = source.substr(at + 1);
      if (rest.starts_with('{')) rest.remove_prefix(1);
      const auto end = std::ranges::find_if_not(rest, is_name_character);
      ++references_[rest.substr(0, static_cast<std::size_t>(end - rest.begin()))];
    }
    for (const auto& instruction : file.instructions())
      if (instruction.keyword == Keyword::arg)
        for (const auto& argument : instruction.arguments)
          declared_[std::string_view(argument.text).substr(0, argument.text.find('='))].push_back(&argument);
    for (const auto& stage : file.stages())
      if (!stage.from->arguments.empty()) ++bases_[stage.from->arguments[0].text];
  }

  // The only ARG of this name, if all that refers to it are bases that are written like this one.
  const Argument* declared_for(const std::string& name, const std::string& word) const {
    const auto found = declared_.find(name);
    if (found == declared_.end() || found->second.size() > 1) return nullptr;
    return references_.at(name) == bases_.at(word) ? found->second[0] : nullptr;
  }

  bool has_default(const std::string& name) const {
    const auto found = declared_.find(name);
    return found != declared_.end() && found->second[0]->text.find('=') != std::string::npos;
  }

 private:
  std::map<std::string_view, std::size_t> references_, bases_;
  std::map<std::string_view, std::vector<const Argument*>> declared_;
};

// The default of an argument which is there for this word alone gets the digest.
void find_default(const Dockerfile& file, const Arguments& arguments, const std::string& word, ImageUse& use) {
  const auto name = last_variable(word);
  if (!name) {
    use.obstacle = "its name is put together of arguments";
    return;
  }
  const auto quoted = '`' + *name + '`';
  const auto* argument = arguments.declared_for(*name, word);
  if (!arguments.has_default(*name)) {
    use.obstacle = "the argument " + quoted + " has no default";
  } else if (argument == nullptr) {
    use.obstacle = "the argument " + quoted + " is used for something else as well";
  } else {
    std::string_view value = std::string_view(argument->text).substr(name->size() + 1);
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
      value.remove_prefix(1);
      value.remove_suffix(1);
    }
    const std::string_view text = use.text, before = std::string_view(word).substr(0, word.find('$'));
    const bool whole = text.starts_with(before) && text.substr(before.size()) == value;
    if (!whole || slice(file.source(), argument->span) != std::string_view(argument->text)) {
      use.obstacle = "the default of the argument " + quoted + " is not a plain text";
      return;
    }
    use.written = part_of(argument->span, static_cast<std::size_t>(value.data() - argument->text.data()), value.size());
  }
}

void add_base(const Dockerfile& file, const Arguments& arguments, const Stage& stage, std::vector<ImageUse>& uses) {
  if (stage.parent || stage.scratch || stage.implicit || stage.from->arguments.empty()) return;
  const auto& word = stage.from->arguments[0];
  if (!stage.base.is_known()) {
    uses.push_back(
        {word.span, word.text, {}, word.span, "the value of an argument in its name is not known", UseKind::from});
    return;
  }
  auto use = use_of(UseKind::from, word.span, stage.base.text);
  if (use.obstacle.empty() && is_local_name(file.facts(), use.reference))
    use.obstacle = "no registry has it, so whoever builds has made it";
  if (use.obstacle.empty()) {
    if (word.text.find('$') != std::string::npos) find_default(file, arguments, word.text, use);
    else find_written(file.source(), word.span, "", use);
  }
  uses.push_back(std::move(use));
}

// A plain name may be that of a build context, unless everybody knows it as an image.
bool may_be_context(const Dockerfile& file, const std::string& name) {
  return name.find_first_of("/:@") == std::string::npos && !is_official_image(file.facts(), name);
}

void add_copy(const Dockerfile& file, const Step& step, std::vector<ImageUse>& uses) {
  if (!step.copy || step.copy->from.empty() || step.copy->stage) return;
  const auto& from = step.copy->from;
  const auto* flag = step.instruction->flag("from");
  const bool number = from.find_first_not_of("0123456789") == std::string::npos;
  if (flag == nullptr || number || from == "scratch" || may_be_context(file, from)) return;
  auto use = use_of(UseKind::copy, flag->span, from);
  if (from.find('$') != std::string::npos) use.obstacle = "its name is put together of arguments";
  find_written(file.source(), flag->span, "--from=", use);
  uses.push_back(std::move(use));
}

void add_mounts(const Dockerfile& file, const Stage& stage, const Step& step, std::vector<ImageUse>& uses) {
  for (const auto& mount : step.mounts) {
    if (mount.from.empty() || mount.from == "scratch" || file.find_stage(mount.from, stage.index)) continue;
    if (mount.from.find_first_not_of("0123456789") == std::string::npos || may_be_context(file, mount.from)) continue;
    auto use = use_of(UseKind::mount, mount.span, mount.from);
    if (mount.from.find('$') != std::string::npos) use.obstacle = "its name is put together of arguments";
    find_written(file.source(), mount.span, "from=", use);
    uses.push_back(std::move(use));
  }
}

}  // namespace

std::string_view to_string(UseKind kind) {
  switch (kind) {
    case UseKind::from: return "from";
    case UseKind::copy: return "copy";
    case UseKind::mount: return "mount";
    case UseKind::syntax: return "syntax";
    case UseKind::service: return "service";
    case UseKind::action: return "action";
  }
  return {};
}

std::vector<ImageUse> image_uses(const Dockerfile& file) {
  std::vector<ImageUse> uses;
  if (const auto directive = find_parser_directive(file.source(), "syntax")) {
    auto use = use_of(UseKind::syntax, directive->span, directive->value);
    find_written(file.source(), directive->span, "", use);
    uses.push_back(std::move(use));
  }
  const Arguments arguments(file);
  for (const auto& stage : file.stages()) {
    add_base(file, arguments, stage, uses);
    for (const auto& step : stage.steps) {
      add_copy(file, step, uses);
      add_mounts(file, stage, step, uses);
    }
  }
  return uses;
}

TextEdit with_digest(std::string_view source, const ImageUse& use, std::string_view digest) {
  const auto text = slice(source, use.written);
  const auto at = std::min(text.find('@'), text.size());
  const auto tag = use.reference.tag.empty() ? ":latest" : "";
  return {part_of(use.written, at, text.size() - at), tag + ('@' + std::string(digest))};
}

}  // namespace dockhew::inline registry
