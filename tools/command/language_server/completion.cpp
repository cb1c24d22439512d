#include "language_server/completion.hpp"

#include <algorithm>
#include <set>

#include "caches/cache_directories.hpp"
#include "language_server/instruction_guide.hpp"
#include "language_server/names.hpp"
#include "language_server/written_prefix.hpp"
#include "model/mount_options.hpp"
#include "model/runs.hpp"
#include "syntax/instruction_flags.hpp"

namespace dockhew::cli {
namespace {

enum class ItemKind : int {
  variable = 6,
  module = 9,
  property = 10,
  value = 12,
  keyword = 14,
  folder = 19,
  event = 23
};

class Completion {
 public:
  Completion(const Snapshot& snapshot, std::uint32_t offset)
      : snapshot_(snapshot), file_(*snapshot.file), offset_(offset), prefix_(prefix_before(file_, offset)) {}

  Json collect() && {
    switch (prefix_.kind) {
      case WrittenPrefix::Kind::nothing: break;
      case WrittenPrefix::Kind::comment: rules(); break;
      case WrittenPrefix::Kind::keyword: keywords(); break;
      case WrittenPrefix::Kind::argument: argument(); break;
    }
    return std::move(items_);
  }

 private:
  // What is written replaces this much before the cursor.
  void add(std::string_view label, ItemKind kind, std::string_view detail, std::size_t replaced,
           std::string_view text = {}) {
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(replaced, prefix_.last.size()));
    Json item = {
        {"label", label},
        {"kind", static_cast<int>(kind)},
        {"textEdit",
         {{"range", snapshot_.positions.range({offset_ - size, offset_})}, {"newText", text.empty() ? label : text}}}};
    if (!detail.empty()) item["detail"] = detail;
    items_.push_back(std::move(item));
  }

  void keywords() {
    const auto size = prefix_.words.back().size();
    for (std::size_t i = 0; i < static_cast<std::size_t>(Keyword::unknown); ++i) {
      const auto keyword = static_cast<Keyword>(i);
      if (keyword == Keyword::maintainer) continue;  // nobody should begin to use it
      const auto guide = guide_of(keyword);
      add(keyword_name(keyword), ItemKind::keyword, guide.form, size, std::string(keyword_name(keyword)) + ' ');
    }
  }

  void argument() {
    const auto& word = prefix_.words.back();
    if (variables(word)) return;
    if (prefix_.only_flags() && word.starts_with('-')) return flags(word);
    if (prefix_.keyword == Keyword::from && prefix_.only_flags()) stages(word.size());
    if (prefix_.keyword == Keyword::healthcheck && prefix_.only_flags())
      for (const auto* type : {"CMD", "NONE"}) add(type, ItemKind::keyword, "", word.size());
  }

  void flags(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == word.npos) {
      for (const auto& flag : flags_of(prefix_.keyword)) {
        const auto label = "--" + std::string(flag.name);
        const auto text = flag.kind == FlagKind::boolean ? label + ' ' : label + '=';
        add(label, ItemKind::property, flag_meaning(prefix_.keyword, flag.name), word.size(), text);
      }
      return;
    }
    const auto name = word.substr(2, equals - 2);
    const auto value = word.substr(equals + 1);
    if (name == "from") stages(value.size());
    if (name == "mount") mount(value);
    for (const auto known : flag_values(name)) add(known, ItemKind::value, "", value.size());
  }

  // Those before the one that is being written.
  void stages(std::size_t replaced) {
    for (const auto& stage : file_.stages()) {
      if (!stage.implicit && stage.from->span.end >= stage_begin()) break;
      if (!stage.name.empty()) add(stage.name, ItemKind::module, stage.base.text, replaced);
    }
  }

  // Where the stage of this place begins; for a FROM, that itself.
  std::uint32_t stage_begin() const {
    std::uint32_t begin = prefix_.keyword == Keyword::from ? prefix_.last.begin : 0;
    if (begin == 0)
      for (const auto& stage : file_.stages())
        if (!stage.implicit && stage.from->span.begin <= offset_) begin = stage.from->span.begin;
    return begin;
  }

  void mount(std::string_view value) {
    std::string type;
    for (auto rest = value; !rest.empty();) {
      const auto field = rest.substr(0, rest.find(','));
      if (field.starts_with("type=") && field.size() < rest.size()) type = field.substr(5);
      rest.remove_prefix(std::min(field.size() + 1, rest.size()));
    }
    const auto comma = value.rfind(',');
    const auto field = comma == value.npos ? value : value.substr(comma + 1);
    const auto equals = field.find('=');
    if (equals != field.npos) return mount_value(type, field.substr(0, equals), field.substr(equals + 1));
    if (type.empty())
      for (const auto& each : mount_types())
        add("type=" + std::string(each.name), ItemKind::property, each.meaning, field.size());
    for (const auto& option : mount_options(type)) {
      const auto label = std::string(option.name);
      const bool alone = label == "readonly" || label == "readwrite" || label == "required";
      add(label, ItemKind::property, option.meaning, field.size(), alone ? label : label + '=');
    }
  }

  void mount_value(std::string_view type, std::string_view key, std::string_view value) {
    if (key == "type")
      for (const auto& each : mount_types()) add(each.name, ItemKind::value, each.meaning, value.size());
    if (key == "from") stages(value.size());
    if (key == "sharing")
      for (const auto known : flag_values(key)) add(known, ItemKind::value, "", value.size());
    const bool is_target = key == "target" || key == "dst" || key == "destination";
    if (is_target && type == "cache") cache_targets(value.size());
  }

  // Of what this RUN calls; where that is not written yet, of what the file calls elsewhere.
  void cache_targets(std::size_t replaced) {
    std::set<std::string> seen;
    const auto add_of = [&](const Stage& stage, const Step& step) {
      const Site site{file_, stage, step};
      for (const auto& use : site.uses())
        for (const auto& directory : cache_directories(site, use))
          if (directory.path.is_known() && seen.insert(directory.path.text).second)
            add(directory.path.text, ItemKind::folder,
                std::string(use.tool->title) + ": " + std::string(directory.cache->title), replaced);
    };
    const auto place = place_at(file_, offset_);
    if (place.step != nullptr) add_of(*place.stage, *place.step);
    if (seen.empty()) for_each_script(file_, add_of);
  }

  // `$NA`, `${NA`: false where no variable is being written.
  bool variables(std::string_view word) {
    const auto dollar = word.rfind('$');
    if (dollar == word.npos) return false;
    auto name = word.substr(dollar + 1);
    const bool braces = name.starts_with('{');
    if (braces) name.remove_prefix(1);
    const auto is_part = [](char c) {
      return c == '_' || ('0' <= c && c <= '9') || ('a' <= (c | 32) && (c | 32) <= 'z');
    };
    if (!std::ranges::all_of(name, is_part)) return false;
    std::set<std::string> seen;
    const auto add_all = [&](const Bindings& bindings, std::size_t count) {
      for (auto i = std::min(count, bindings.size()); i-- > 0;)
        if (const auto& binding = bindings[i]; seen.insert(binding.name).second)
          add(binding.name, ItemKind::variable, binding.value.text, name.size());
    };
    const auto place = place_at(file_, offset_);
    if (prefix_.keyword == Keyword::from || place.stage == nullptr) {
      add_all(file_.global_arguments(), file_.global_arguments().size());
      for (const auto* own : {"BUILDPLATFORM", "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT"})
        add(own, ItemKind::variable, "set by the builder", name.size());
    } else {
      add_all(place.stage->environment, place.step != nullptr ? place.step->bindings : place.stage->environment.size());
    }
    return true;
  }

  // `# dockhew ignore=ru`
  void rules() {
    const std::string_view comment = prefix_.words.front();
    const auto equals = comment.rfind("ignore=");
    if (equals == comment.npos || comment.find("dockhew") == comment.npos) return;
    const auto names = comment.substr(equals + 7);
    if (names.find_first_of(": \t") != names.npos) return;
    const auto comma = names.rfind(',');
    const auto written = comma == names.npos ? names : names.substr(comma + 1);
    const auto size = static_cast<std::uint32_t>(written.size());
    prefix_.last = {offset_ - size, offset_};
    for (const auto* rule : all_rules()) add(rule->id, ItemKind::value, rule->summary, size);
  }

  const Snapshot& snapshot_;
  const Dockerfile& file_;
  std::uint32_t offset_;
  WrittenPrefix prefix_;
  Json items_ = Json::array();
};

}  // namespace

Json completion_triggers() { return Json::array("-", "=", ",", "$", "{"); }

Json completions_at(const Snapshot& snapshot, std::uint32_t offset) { return Completion(snapshot, offset).collect(); }

}  // namespace dockhew::cli
