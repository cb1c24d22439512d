#include "language_server/symbols.hpp"

#include "text/words.hpp"

namespace dockhew::cli {
namespace {

enum class SymbolKind : int {
  file = 1,
  module = 2,
  name_space = 3,
  property = 7,
  function = 12,
  variable = 13,
  event = 24
};

SymbolKind kind_of(Keyword keyword) {
  switch (keyword) {
    case Keyword::add:
    case Keyword::copy: return SymbolKind::file;
    case Keyword::arg:
    case Keyword::env: return SymbolKind::variable;
    case Keyword::run: return SymbolKind::function;
    case Keyword::workdir: return SymbolKind::name_space;
    case Keyword::cmd:
    case Keyword::entrypoint:
    case Keyword::healthcheck: return SymbolKind::event;
    default: return SymbolKind::property;
  }
}

constexpr std::size_t longest_title = 60;  // bytes

// What an instruction says, on one line that fits an outline.
std::string title_of(const Instruction& instruction) { return first_words(instruction.text.view(), longest_title); }

class Outline {
 public:
  Outline(const Snapshot& snapshot, const Client& client) : snapshot_(snapshot), nested_(client.hierarchical_symbols) {}

  Json collect() && {
    const auto& file = *snapshot_.file;
    for (std::size_t i = 0; i < file.instructions_before_stages(); ++i)
      symbols_.push_back(of_instruction(file.instructions()[i], ""));
    for (const auto& stage : file.stages()) add(stage);
    return std::move(symbols_);
  }

 private:
  Json symbol(std::string name, SymbolKind kind, Span whole, Span selected, std::string_view container) const {
    const auto& positions = snapshot_.positions;
    Json made = {{"name", name.empty() ? "?" : std::move(name)}, {"kind", static_cast<int>(kind)}};
    if (nested_) {
      made["range"] = positions.range(whole);
      made["selectionRange"] = positions.range(selected);
    } else {
      made["location"] = {{"uri", snapshot_.uri}, {"range", positions.range(whole)}};
      if (!container.empty()) made["containerName"] = container;
    }
    return made;
  }

  Json of_instruction(const Instruction& instruction, std::string_view container) const {
    return symbol(title_of(instruction), kind_of(instruction.keyword), instruction.span, instruction.keyword_span,
                  container);
  }

  void add(const Stage& stage) {
    if (stage.implicit) {
      for (const auto& step : stage.steps) symbols_.push_back(of_instruction(*step.instruction, ""));
      return;
    }
    const auto& from = *stage.from;
    const auto& arguments = from.arguments;
    const auto base = arguments.empty() ? std::string() : arguments[0].text;
    const auto name = stage.name.empty() ? base : arguments.size() == 3 ? arguments[2].text : stage.name;
    const auto end = stage.steps.empty() ? from.span.end : stage.steps.back().instruction->span.end;
    auto made = symbol(name, SymbolKind::module, {from.span.begin, end}, from.head_span(), "");
    if (nested_) {
      made["detail"] = title_of(from);
      auto children = Json::array();
      for (const auto& step : stage.steps) children.push_back(of_instruction(*step.instruction, ""));
      made["children"] = std::move(children);
    }
    symbols_.push_back(std::move(made));
    if (!nested_)
      for (const auto& step : stage.steps) symbols_.push_back(of_instruction(*step.instruction, name));
  }

  const Snapshot& snapshot_;
  bool nested_;
  Json symbols_ = Json::array();
};

}  // namespace

Json document_symbols(const Snapshot& snapshot, const Client& client) { return Outline(snapshot, client).collect(); }

}  // namespace dockhew::cli
