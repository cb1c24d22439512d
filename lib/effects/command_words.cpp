#include "effects/command_words.hpp"

#include <algorithm>

namespace dockhew::inline effects {
namespace {

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

enum class Role { flag, value, read, written, into, mode, owner, archive };

Role role_of(const UnixCommand& row, std::string_view option) {
  if (row.operands == Operands::archived && (option == "-f" || option == "--file")) return Role::archive;
  if (contains(row.read_options, option)) return Role::read;
  if (contains(row.written_options, option)) return Role::written;
  if (contains(row.into_options, option)) return Role::into;
  if (contains(row.mode_options, option)) return Role::mode;
  if (contains(row.owner_options, option)) return Role::owner;
  return contains(row.value_options, option) ? Role::value : Role::flag;
}

// `chmod -x file` takes a right away, and so is its mode.
bool is_mode(const UnixCommand& row, std::string_view raw) {
  return row.operands == Operands::moded && raw.size() > 1 && raw.find_first_not_of("rwxXst", 1) == raw.npos;
}

class WordReader {
 public:
  WordReader(const UnixCommand& row, const ShellCommand& command) : row_(row), words_(command.words) {}

  CommandWords read() && {
    // `tar xzf archive`
    if (row_.operands == Operands::archived && words_.size() > 1 && !words_[1].raw.starts_with('-'))
      next_ = 2, read_letters(words_[1], 0);
    for (bool only_operands = false; next_ < words_.size();) {
      const auto& word = words_[next_++];
      const std::string_view raw = word.raw;
      if (only_operands || !raw.starts_with('-') || raw == "-" || is_mode(row_, raw)) result_.operands.push_back(word);
      else if (raw == "--") only_operands = true;
      else if (raw.starts_with("--")) read_long(word);
      else read_letters(word, 1);
    }
    return std::move(result_);
  }

 private:
  void read_long(const ShellWord& word) {
    const auto equals = word.raw.find('=');
    const auto option = word.raw.substr(0, equals);
    const auto role = role_of(row_, option);
    result_.options.push_back(option);
    if (equals != word.raw.npos) take(role, without_prefix(word, equals + 1), option);
    else if (role != Role::flag && next_ < words_.size()) take(role, words_[next_++], option);
  }

  // `-fsSLo file`, `-C/opt`; without a dash the values of all letters follow them.
  void read_letters(const ShellWord& word, std::size_t begin) {
    for (auto i = begin; i < word.raw.size(); ++i) {
      const auto option = std::string("-") + word.raw[i];
      const auto role = role_of(row_, option);
      result_.options.push_back(option);
      if (contains(row_.in_place_options, option)) return;  // what is left is a suffix for copies
      if (role == Role::flag) continue;
      const bool attached = begin > 0 && i + 1 < word.raw.size();
      if (attached) return take(role, without_prefix(word, i + 1), option);
      if (next_ < words_.size()) take(role, words_[next_++], option);
    }
  }

  void take(Role role, const ShellWord& value, std::string_view option) {
    if (role == Role::read) result_.read.push_back(value);
    else if (role == Role::written) result_.written.push_back(value);
    else if (role == Role::into) result_.into.push_back(value);
    else if (role == Role::archive) result_.archives.push_back(value);
    else if (role == Role::mode) result_.mode = value.raw;
    else if (role == Role::owner) take_owner(value.raw, option == "-g" || option == "--group");
  }

  void take_owner(const std::string& name, bool is_group) {
    auto& owner = result_.owner;
    const auto colon = owner.find(':');
    owner = is_group ? owner.substr(0, colon) + ':' + name : name + (colon == owner.npos ? "" : owner.substr(colon));
  }

  const UnixCommand& row_;
  const std::vector<ShellWord>& words_;
  CommandWords result_;
  std::size_t next_ = 1;
};

}  // namespace

bool CommandWords::has(std::string_view option) const { return std::ranges::find(options, option) != options.end(); }

bool CommandWords::has_any(Words any_of) const {
  return std::ranges::any_of(any_of, [&](std::string_view option) { return has(option); });
}

CommandWords read_words(const UnixCommand& row, const ShellCommand& command) { return WordReader(row, command).read(); }

ShellWord without_prefix(const ShellWord& word, std::size_t characters) {
  ShellWord rest = word;
  rest.raw.erase(0, characters);
  if (rest.value.is_known() && rest.value.text.size() >= characters) rest.value.text.erase(0, characters);
  else rest.value = Value::unknown();
  return rest;
}

bool makes_parents(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  if (row == nullptr) return false;
  const auto words = read_words(*row, command);
  return words.has("-p") || words.has("--parents");
}

}  // namespace dockhew::inline effects
