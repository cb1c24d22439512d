#include "registry/challenge.hpp"

#include <algorithm>

#include "text/json.hpp"
#include "text/uri.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline registry {
namespace {

constexpr std::size_t longest_header = std::size_t{16} << 10U;
constexpr std::size_t longest_token = std::size_t{64} << 10U;

bool is_token_letter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// A cursor over the header.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text.substr(0, longest_header)) {}

  bool at_end() const { return rest_.empty(); }

  void skip(std::string_view letters) { rest_.remove_prefix(std::min(rest_.find_first_not_of(letters), rest_.size())); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string word() {
    const auto end = std::ranges::find_if_not(rest_, is_token_letter);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    std::string result(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return result;
  }

  // Nothing where a quote is not closed.
  std::optional<std::string> value() {
    if (!take('"')) return word();
    std::string result;
    while (!rest_.empty()) {
      if (take('"')) return result;
      if (rest_.starts_with('\\') && rest_.size() > 1) rest_.remove_prefix(1);
      result += rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

  // Whether the next thing is a parameter, and not the scheme of another challenge.
  bool at_parameter() const {
    HeaderReader ahead(rest_);
    const bool named = !ahead.word().empty();
    ahead.skip(" \t");
    return named && ahead.take('=');
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string Challenge::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::vector<Challenge> read_challenges(std::string_view header) {
  std::vector<Challenge> result;
  HeaderReader reader(header);
  for (;;) {
    reader.skip(" \t,");
    if (reader.at_end()) return result;
    auto scheme = to_lower_ascii(reader.word());
    if (scheme.empty()) return result;
    Challenge challenge{std::move(scheme), {}};
    for (reader.skip(" \t,"); reader.at_parameter(); reader.skip(" \t,")) {
      auto name = to_lower_ascii(reader.word());
      reader.skip(" \t");
      reader.take('=');
      reader.skip(" \t");
      auto value = reader.value();
      if (!value) return result;
      challenge.parameters.emplace(std::move(name), *std::move(value));  // the first of equal names counts
    }
    result.push_back(std::move(challenge));
  }
}

std::string token_query(const Challenge& challenge, std::string_view repository) {
  // Only this is needed, whatever scope the challenge proposes.
  const auto encoded = [](std::string_view text) {
    auto result = percent_encoded(text);
    for (auto at = result.find('/'); at != std::string::npos; at = result.find('/', at)) result.replace(at, 1, "%2F");
    return result;
  };
  std::string query;
  if (const auto service = challenge.parameter("service"); !service.empty())
    query = "service=" + encoded(service) + '&';
  return query + "scope=" + encoded("repository:" + std::string(repository) + ":pull");
}

Outcome<std::string> read_token(std::string_view json) {
  const auto parsed = parse_json(json);
  auto token = parsed.value.string_at("token");
  if (token.empty()) token = parsed.value.string_at("access_token");
  if (token.empty()) return Declined{"the authorization service gave no token"};
  // It becomes a line of a request, which must not become two.
  const bool clean = std::ranges::all_of(token, [](char c) { return '!' <= c && c <= '~'; });
  if (token.size() > longest_token || !clean) return Declined{"what the authorization service gave is no token"};
  return token;
}

}  // namespace dockhew::inline registry
