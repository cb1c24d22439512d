// Reads tables from JSON and adds them to others. The command does this with a user's --data, and the generator of the
// built-in tables with its .json files when the library is built, so both reject the same mistakes with the same
// messages.
#include <memory_resource>
#include <stdexcept>

#include "facts/facts_fields.hpp"
#include "text/json.hpp"

namespace dockhew::inline facts {
namespace {

// Memory for what tables point to. Nothing in it needs to be destroyed.
class Arena {
 public:
  explicit Arena(std::shared_ptr<const void> base) : base_(std::move(base)) {}

  std::string_view keep(const std::string& text) {
    auto* copy = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    std::ranges::copy(text, copy);
    return {copy, text.size()};
  }
  template <typename T>
  std::span<const T> keep(const std::vector<T>& values) {
    static_assert(std::is_trivially_destructible_v<T>);
    auto* copy = static_cast<T*>(memory_.allocate(values.size() * sizeof(T) + 1, alignof(T)));
    std::ranges::uninitialized_copy(values, std::span(copy, values.size()));
    return {copy, values.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_;
  std::shared_ptr<const void> base_;  // keeps the tables to which these are added alive
};

// One file. Unknown keys are rejected, so that a misspelt one is an error rather than being ignored.
class Reader {
 public:
  Reader(Arena& arena, std::string file) : arena_(arena), file_(std::move(file)) {}

  FactTables read(const Json& root) const {
    FactTables tables;
    read(root, "", tables);
    return tables;
  }

 private:
  [[noreturn]] void refuse(const std::string& where, const std::string& why) const {
    throw std::runtime_error(file_ + ": " + (where.empty() ? "" : where + ": ") + why);
  }
  void expect(bool right, const std::string& where) const {
    if (!right) refuse(where, "unexpected type");
  }

  void read(const Json& value, const std::string& where, std::string_view& out) const {
    expect(value.is_string(), where);
    out = arena_.keep(*value.string());
  }
  void read(const Json& value, const std::string& where, bool& out) const {
    expect(value.boolean() != nullptr, where);
    out = *value.boolean();
  }
  void read(const Json& value, const std::string& where, double& out) const {
    expect(value.number().has_value(), where);
    out = *value.number();
  }
  // One of an enumeration, by its name.
  template <typename T, std::size_t N>
  void read(const Json& value, const std::string& where, const std::array<std::string_view, N>& names, T& out) const {
    std::string_view name;
    read(value, where, name);
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) refuse(where, "unknown kind \"" + std::string(name) + '"');
    out = static_cast<T>(found - names.begin());
  }
  void read(const Json& value, const std::string& where, ActionKind& out) const {
    read(value, where, action_kinds, out);
  }
  void read(const Json& value, const std::string& where, Operands& out) const {
    read(value, where, operand_roles, out);
  }
  void read(const Json& value, const std::string& where, PinForm& out) const { read(value, where, pin_forms, out); }
  // A command: "python -m pip" is three words.
  void read_command(const Json& value, const std::string& where, Words& out) const {
    std::string_view rest;
    read(value, where, rest);
    std::vector<std::string_view> words;
    for (auto blank = rest.find(' '); blank != rest.npos; blank = rest.find(' ')) {
      words.push_back(rest.substr(0, blank));
      rest.remove_prefix(blank + 1);
    }
    words.push_back(rest);
    out = arena_.keep(words);
  }
  void read(const Json& value, const std::string& where, std::pair<std::string_view, std::string_view>& out) const {
    const auto& values = value.elements();
    expect(values.size() == 2, where);
    read(values[0], where, out.first);
    read(values[1], where, out.second);
  }
  template <typename T>
  void read(const Json& value, const std::string& where, std::span<const T>& out) const {
    expect(value.is_array(), where);
    const auto& values = value.elements();
    std::vector<T> items(values.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto place = where + '[' + std::to_string(i) + ']';
      if constexpr (std::is_same_v<T, Words>) read_command(values[i], place, items[i]);
      else read(values[i], place, items[i]);
    }
    out = arena_.keep(items);
  }
  template <typename T>
  void read(const Json& value, const std::string& where, NameMap<T>& out) const {
    expect(value.is_object(), where);
    std::vector<std::pair<std::string_view, T>> entries;
    for (const auto& [key, item] : value.members()) {
      auto& entry = entries.emplace_back(arena_.keep(key), T());
      read(item, where + '.' + key, entry.second);
    }
    std::ranges::sort(entries, {}, &std::pair<std::string_view, T>::first);
    out.entries = arena_.keep(entries);
  }
  template <HasFields T>
  void read(const Json& value, const std::string& where, T& out) const {
    if (!value.is_object()) refuse(where, "expected an object");
    std::vector<std::string_view> known;
    visit_fields(
        [&](const char* key, auto& member) {
          known.emplace_back(key);
          if (const auto* found = value.find(key)) read(*found, where.empty() ? key : where + '.' + key, member);
        },
        out);
    for (const auto& [key, item] : value.members())
      if (std::ranges::find(known, key) == known.end()) refuse(where, "unknown key \"" + key + '"');
    complete(value, where, out);
  }

  // What must be there.
  template <typename T>
  void complete(const Json&, const std::string&, T&) const {}
  void complete(const Json&, const std::string& where, Tool& tool) const {
    if (tool.id.empty() || tool.commands.empty()) refuse(where, "needs an id and commands");
  }
  void complete(const Json&, const std::string& where, ImageEntry& image) const {
    if (image.names.empty()) refuse(where, "needs names");
  }
  void complete(const Json&, const std::string& where, AbsentTool& tool) const {
    if (tool.programs.empty() || tool.images.empty() || tool.advice.empty())
      refuse(where, "needs programs, images and advice");
  }
  void complete(const Json& value, const std::string& where, ToolAction& action) const {
    if (!value.contains("kind")) refuse(where, "needs a kind");
    if (action.kind == ActionKind::clean || action.kind == ActionKind::remove || action.kind == ActionKind::other)
      action.uses_cache = false;
  }

  Arena& arena_;
  std::string file_;
};

template <typename T>
std::vector<T> copy_of(std::span<const T> values) {
  return {values.begin(), values.end()};
}

// Adds tables to others.
class Merger {
 public:
  explicit Merger(Arena& arena) : arena_(arena) {}

  void merge(FactTables& base, const FactTables& added) const {
    base.tools = tools(base.tools, added.tools);
    auto images = copy_of(added.images);
    std::ranges::reverse(images);  // the last one is looked up first
    images.insert(images.end(), base.images.begin(), base.images.end());
    base.images = arena_.keep(images);
    append(base.mirrors, added.mirrors);
    append(base.official_images, added.official_images);
    append(base.build_packages, added.build_packages);
    merge(base.unix_commands, added.unix_commands);
    append(base.full_image_packages, added.full_image_packages);
    append(base.plain_packages, added.plain_packages);
    append(base.build_files, added.build_files);
    append(base.plain_commands, added.plain_commands);
    append(base.bystander_commands, added.bystander_commands);
    append(base.bystander_scripts, added.bystander_scripts);
    append(base.vendor_scripts, added.vendor_scripts);
    append(base.printing_commands, added.printing_commands);
    merge(base.runtime_packages, added.runtime_packages);
    merge(base.needed_packages, added.needed_packages);
    merge(base.absent_programs, added.absent_programs);
    append(base.absent_tools, added.absent_tools);
    merge(base.full_image_programs, added.full_image_programs);
  }

 private:
  std::span<const Tool> tools(std::span<const Tool> base, std::span<const Tool> added) const {
    auto all = copy_of(base);
    for (const auto& tool : added) {
      const auto same = std::ranges::find(all, tool.id, &Tool::id);
      if (same != all.end()) *same = tool;
      else all.push_back(tool);
    }
    return arena_.keep(all);
  }
  template <typename T>
  void append(std::span<const T>& list, std::span<const T> added) const {
    auto all = copy_of(list);
    all.insert(all.end(), added.begin(), added.end());
    list = arena_.keep(all);
  }
  static void merge(std::string_view& value, std::string_view added) { value = added; }
  static void merge(UnixCommand& value, const UnixCommand& added) { value = added; }
  template <typename T>
  void merge(NameMap<T>& map, const NameMap<T>& added) const {
    auto all = copy_of(map.entries);
    for (const auto& [name, value] : added) {
      auto place = std::ranges::lower_bound(all, name, {}, &std::pair<std::string_view, T>::first);
      if (place == all.end() || place->first != name) place = all.insert(place, {name, T()});
      merge(place->second, value);
    }
    map.entries = arena_.keep(all);
  }

  Arena& arena_;
};

// Indexes for fast lookup by name.
void add_index(Arena& arena, FactTables& tables) {
  std::vector<ToolCommand> commands;
  for (const auto& tool : tables.tools)
    for (const auto& words : tool.commands) commands.push_back({words[0], words, &tool});
  std::ranges::stable_sort(commands, {}, &ToolCommand::name);
  tables.commands = arena.keep(commands);
  std::vector<std::pair<std::string_view, const ImageEntry*>> names;
  for (const auto& image : tables.images)
    for (const auto& name : image.names) names.emplace_back(name, &image);
  std::ranges::stable_sort(names, {}, &std::pair<std::string_view, const ImageEntry*>::first);
  tables.image_names.entries = arena.keep(names);
}

}  // namespace

FactsResult parse_facts(const std::vector<std::pair<std::string, std::string_view>>& named_json, const Facts& base) {
  const auto arena = std::make_shared<Arena>(base.storage);
  FactsResult result{base, {}};
  result.facts.storage = arena;
  for (const auto& [name, text] : named_json) {
    const auto read = parse_json(text, JsonComments::refused, JsonRepeats::refused);
    if (!read.error.empty()) {
      result.error = name + ": " + read.error;
      break;
    }
    try {
      Merger(*arena).merge(result.facts, Reader(*arena, name).read(read.value));
    } catch (const std::runtime_error& error) {
      result.error = error.what();
      break;
    }
  }
  add_index(*arena, result.facts);
  return result;
}

}  // namespace dockhew::inline facts
