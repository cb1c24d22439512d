// Turns tables of facts (docs/facts.md) into a C++ source file of constants, so that a process has them without reading
// or allocating anything. A table with an error fails the build, because the library's own reader rejects it here.
// Usage: generate_facts OUTPUT INPUT…
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "facts/facts_fields.hpp"
#include "text/json.hpp"

using namespace dockhew;

namespace {

template <typename T>
constexpr const char* type_name = nullptr;
template <>
constexpr const char* type_name<std::string_view> = "std::string_view";
template <>
constexpr const char* type_name<Words> = "Words";
template <>
constexpr const char* type_name<std::pair<std::string_view, std::string_view>> =
    "std::pair<std::string_view, std::string_view>";
template <>
constexpr const char* type_name<std::pair<std::string_view, NameMap<std::string_view>>> =
    "std::pair<std::string_view, NameMap<std::string_view>>";
template <>
constexpr const char* type_name<std::pair<std::string_view, const ImageEntry*>> =
    "std::pair<std::string_view, const ImageEntry*>";
template <>
constexpr const char* type_name<std::pair<std::string_view, UnixCommand>> = "std::pair<std::string_view, UnixCommand>";
template <>
constexpr const char* type_name<CacheAlternative> = "CacheAlternative";
template <>
constexpr const char* type_name<ToolCache> = "ToolCache";
template <>
constexpr const char* type_name<InstalledPlace> = "InstalledPlace";
template <>
constexpr const char* type_name<ToolAction> = "ToolAction";
template <>
constexpr const char* type_name<WorkspaceRoot> = "WorkspaceRoot";
template <>
constexpr const char* type_name<SettingsFile> = "SettingsFile";
template <>
constexpr const char* type_name<SettingLine> = "SettingLine";
template <>
constexpr const char* type_name<Tool> = "Tool";
template <>
constexpr const char* type_name<ToolCommand> = "ToolCommand";
template <>
constexpr const char* type_name<ImageEntry> = "ImageEntry";
template <>
constexpr const char* type_name<AbsentTool> = "AbsentTool";

// Returns values as C++ expressions. What a span points to becomes a separate array, written first.
class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}

  std::string print(std::string_view text) const {
    std::string literal = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') (literal += '\\') += c;
      else if (' ' <= c && c <= '~') literal += c;
      else
        for (const int shift : {6, 3, 0}) literal += (shift == 6 ? "\\" : "") + std::to_string((byte >> shift) & 7);
    }
    return literal + "\"sv";
  }
  std::string print(bool value) const { return value ? "true" : "false"; }
  std::string print(double value) const { return Json(value).dump(); }
  std::string print(ActionKind kind) const {
    return "ActionKind::" + std::string(action_kinds[static_cast<std::size_t>(kind)]);
  }
  std::string print(Operands role) const {
    return "Operands::" + std::string(operand_roles[static_cast<std::size_t>(role)]);
  }
  std::string print(PinForm form) const { return "PinForm::" + std::string(pin_forms[static_cast<std::size_t>(form)]); }
  template <typename T>
  std::string print(const T* element) const {
    return '&' + places_.at(element);
  }
  template <typename A, typename B>
  std::string print(const std::pair<A, B>& pair) {
    const auto first = print(pair.first);
    return '{' + first + ", " + print(pair.second) + '}';
  }
  template <typename T>
  std::string print(NameMap<T> map) {
    return '{' + print(map.entries) + '}';
  }
  std::string print(const ToolCommand& command) {
    return '{' + print(command.name) + ", " + print(command.words) + ", " + print(command.tool) + '}';
  }
  template <HasFields T>
  std::string print(T object) {
    std::string fields;
    visit_fields(
        [&](const char* key, auto& member) { fields += std::string(".") + key + " = " + print(member) + ", "; },
        object);
    return '{' + fields + '}';
  }
  template <typename T>
  std::string print(std::span<const T> values) {
    if (values.empty()) return "{}";
    std::string elements;
    for (const auto& value : values) elements += "    " + print(value) + ",\n";
    const auto [array, is_new] =
        arrays_.try_emplace(type_name<T> + elements, "array_" + std::to_string(arrays_.size()));
    const auto& name = array->second;
    if (is_new) out_ << "constexpr " << type_name<T> << ' ' << name << "[] = {\n" << elements << "};\n";
    for (std::size_t i = 0; i < values.size(); ++i) places_[&values[i]] = name + '[' + std::to_string(i) + ']';
    return name;
  }

 private:
  std::ostream& out_;
  std::map<std::string, std::string> arrays_;  // equal ones are written once
  std::map<const void*, std::string> places_;  // of the elements that were written
};

void print_facts(std::ostream& out, FactTables tables) {
  out << "#include \"facts/facts.hpp\"\n\nnamespace dockhew::inline facts {\nnamespace {\n\nusing namespace "
         "std::string_view_literals;\n\n";
  Printer printer(out);
  std::string fields;
  const auto add = [&](const std::string& key, const auto& value) {
    fields += "    ." + key + " = " + printer.print(value) + ",\n";
  };
  visit_fields(add, tables);
  add("commands", tables.commands);
  add("image_names", tables.image_names);
  out << "constexpr FactTables tables = {\n"
      << fields << "};\n"
      << R"(constinit const Facts facts(tables);

}  // namespace

const Facts& builtin_facts() { return facts; }

}  // namespace dockhew::inline facts
)";
}

// In a user's tables a later entry replaces an earlier one; in ours that would be a mistake.
std::string find_duplicate(const std::vector<std::pair<std::string, std::string_view>>& tables) {
  std::set<std::string> tools, images;
  for (const auto& [name, text] : tables) {
    const auto table = parse_json(text).value;
    for (const auto& tool : table.elements_at("tools"))
      if (!tools.insert(tool.string_at("id")).second) return name + ": a second tool " + tool.string_at("id");
    for (const auto& entry : table.elements_at("images"))
      for (const auto& image : entry.elements_at("names"))
        if (!images.insert(*image.string()).second) return name + ": a second image " + *image.string();
  }
  return "";
}

int fail(const std::string& message) {
  std::cerr << message << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return fail("usage: generate_facts OUTPUT INPUT…");
  std::vector<std::string> texts(argv + 2, argv + argc);
  std::vector<std::pair<std::string, std::string_view>> tables;
  for (auto& text : texts) {
    const auto path = text;
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(path + ": cannot be read");
    text.assign(std::istreambuf_iterator<char>(in), {});
    tables.emplace_back(path, text);
  }
  const auto parsed = parse_facts(tables);
  if (!parsed.error.empty()) return fail(parsed.error);
  if (const auto duplicate = find_duplicate(tables); !duplicate.empty()) return fail(duplicate);
  std::ofstream out(argv[1], std::ios::binary);
  print_facts(out, parsed.facts);
  return out.flush() ? 0 : fail(std::string(argv[1]) + ": cannot be written");
}
