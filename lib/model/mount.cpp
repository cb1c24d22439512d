#include "model/mount.hpp"

#include <array>
#include <utility>

#include "syntax/csv.hpp"
#include "syntax/instruction_errors.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline model {
namespace {

using enum Mount::Type;

constexpr std::array<std::pair<std::string_view, Mount::Type>, 5> types = {
    {{"bind", bind}, {"cache", cache}, {"tmpfs", tmpfs}, {"secret", secret}, {"ssh", ssh}}};

constexpr std::array<std::string_view, 18> keys = {
    "type", "from", "source", "target", "readonly", "id",          "sharing", "required", "size",
    "mode", "uid",  "gid",    "src",    "dst",      "destination", "ro",      "rw",       "readwrite"};

std::string_view type_name(Mount::Type type) {
  for (const auto& [name, value] : types)
    if (value == type) return name;
  return "";
}

// Go's strconv.ParseUint with 32 bits.
bool is_number(std::string_view text, unsigned base) {
  unsigned long long value = 0;
  for (const char c : text) {
    if (c < '0' || c >= static_cast<char>('0' + base)) return false;
    value = value * base + static_cast<unsigned>(c - '0');
    if (value > 0xFFFFFFFFu) return false;
  }
  return !text.empty();
}

// docker/go-units: a number, perhaps with a fraction, and a unit.
bool is_size(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789.");
  if (digits == 0 || text.empty()) return false;
  auto unit = to_lower_ascii(digits == text.npos ? "" : text.substr(digits));
  if (unit.starts_with(' ')) unit.erase(0, 1);
  if (unit.ends_with('b')) unit.pop_back();
  if (unit.ends_with('i')) unit.pop_back();
  return unit.empty() || (unit.size() == 1 && std::string_view("kmgtp").find(unit[0]) != std::string_view::npos);
}

class Reader {
 public:
  explicit Reader(Mount& mount) : mount_(mount) {}

  bool ok() const { return mount_.error.empty(); }

  void bare_key(const std::string& key, const std::string& field) {
    if (key == "readonly" || key == "ro" || key == "readwrite" || key == "rw") return;
    if (key == "required") {
      if (!takes_required())
        fail("unexpected key 'required' for mount type '" + std::string(type_name(mount_.type)) + "'");
    } else {
      fail("invalid field '" + field + "' must be a key=value pair");
    }
  }

  // `written` is the value before its variables are expanded.
  void key(const std::string& key, const Value& value, const std::string& written, const std::string& field) {
    if (key == "type") return type(value);
    if (key == "target" || key == "dst" || key == "destination") {
      target_ = value;
      written_target_ = written;
    } else if (key == "id") {
      mount_.id = written;
    } else if (key == "from") {
      mount_.from = written;
    } else if (key == "source" || key == "src") {
      mount_.source = written;
    } else if (key == "sharing") {
      mount_.sharing = value.is_known() ? to_lower_ascii(value.text) : written;
      const bool valid = mount_.sharing == "shared" || mount_.sharing == "private" || mount_.sharing == "locked";
      if (value.is_known() && !valid) fail("unsupported sharing value " + go_quote(value.text));
    } else if (key == "uid" || key == "gid" || key == "mode") {
      (key == "uid" ? mount_.uid : key == "gid" ? mount_.gid : mount_.mode) = written;
      if (value.is_known() && !is_number(value.text, key == "mode" ? 8 : 10))
        fail("invalid value " + value.text + " for " + key);
    } else if (key == "size") {
      if (mount_.type != tmpfs && mount_.type != other) unexpected(key);
      else if (value.is_known() && !is_size(value.text)) fail("invalid value for size: " + value.text);
    } else if (key == "required") {
      if (!takes_required()) unexpected(key);
      else boolean(key, value);
    } else if (key == "readonly" || key == "ro" || key == "readwrite" || key == "rw") {
      boolean(key, value);
    } else if (key != "env") {
      const auto suggestion = suggest(key, {keys.begin(), keys.end()});
      fail("unexpected key '" + key + "' in '" + field + "'" +
           (suggestion.empty() ? "" : " (did you mean " + suggestion + "?)"));
    }
  }

  // Checks of the mount as a whole.
  void finish(const Value& workdir) {
    const bool has_owner = mount_.type == secret || mount_.type == ssh || mount_.type == cache || mount_.type == other;
    for (const auto& [name, value] :
         {std::pair("mode", &mount_.mode), std::pair("uid", &mount_.uid), std::pair("gid", &mount_.gid)})
      if (!has_owner && !value->empty())
        fail(std::string(name) + " not allowed for " + go_quote(type_name(mount_.type)) + " type mounts");
    if (!mount_.sharing.empty() && mount_.type != cache && mount_.type != other)
      fail("invalid cache sharing set for " + std::string(type_name(mount_.type)) + " mount");
    if (mount_.type == secret) finish_secret();
    if (mount_.type == ssh && !mount_.source.empty()) fail("ssh does not support source");
    if (mount_.id.empty()) mount_.id = clean_path(written_target_);
    if (mount_.sharing.empty()) mount_.sharing = "shared";
    const auto target = target_.is_known() || target_.is_unknown() ? target_ : Value::known("");
    if (target.is_known() && target.text.starts_with('/')) mount_.target = Value::known(clean_path(target.text));
    else if (target.is_known() && workdir.is_known())
      mount_.target = Value::known(resolve_path(workdir.text, target.text));
    else mount_.target = Value::unknown();
    // Without a target, the working directory is used.
    const bool mounted = mount_.type == bind || mount_.type == cache || mount_.type == tmpfs;
    if (mounted && mount_.target.is("/")) fail("invalid mount target \"/\"");
  }

 private:
  bool takes_required() const { return mount_.type == secret || mount_.type == ssh || mount_.type == other; }

  void type(const Value& value) {
    mount_.type = other;
    if (!value.is_known()) return;
    for (const auto& [name, meaning] : types)
      if (to_lower_ascii(value.text) == name) mount_.type = meaning;
    if (mount_.type == other) fail("unsupported mount type " + go_quote(value.text));
  }

  void boolean(const std::string& key, const Value& value) {
    if (value.is_known() && !is_go_boolean(value.text)) fail("invalid value for " + key + ": " + value.text);
  }

  void unexpected(const std::string& key) {
    fail("unexpected key '" + key + "' for mount type '" + std::string(type_name(mount_.type)) + "'");
  }

  void finish_secret() {
    const bool has_target = target_.is_unknown() || !target_.text.empty();
    if (!mount_.from.empty()) fail("secret mount should not have a from");
    else if (mount_.source.empty() && !has_target && mount_.id.empty())
      fail("invalid secret mount. one of source, target required");
    else if (!mount_.source.empty() && !mount_.id.empty()) fail("both source and id can't be set");
  }

  void fail(std::string message) {
    if (mount_.error.empty()) mount_.error = std::move(message);
  }

  Mount& mount_;
  Value target_;
  std::string written_target_;
};

}  // namespace

Mount read_mount(const Flag& flag, const Value& workdir, const WordExpander& expand) {
  Mount mount;
  mount.span = flag.span;
  Reader reader(mount);
  for (const auto& field : split_csv(flag.value).fields) {
    const auto equals = field.find('=');
    const auto key = to_lower_ascii(field.substr(0, equals));
    if (equals == std::string::npos) {
      reader.bare_key(key, field);
    } else {
      const auto written = field.substr(equals + 1);
      reader.key(key, expand(written), written, field);
    }
  }
  reader.finish(workdir);
  return mount;
}

}  // namespace dockhew::inline model
