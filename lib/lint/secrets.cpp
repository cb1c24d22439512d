#include "lint/secrets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

bool is_upper_or_digit(char c) { return ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9'); }
bool is_alphanumeric(char c) { return is_upper_or_digit(c) || ('a' <= c && c <= 'z'); }
bool is_token(char c) { return is_alphanumeric(c) || c == '_' || c == '-'; }
bool is_dotted_token(char c) { return is_token(c) || c == '.'; }

// Prefixes that issuers give to their tokens so that scanners can find them, with the minimum length of what follows.
struct Token {
  std::string_view prefix;
  std::size_t least;
  bool (*allowed)(char);
  std::string_view title;
};
constexpr Token tokens[] = {
    {"AKIA", 16, is_upper_or_digit, "an AWS access key"},
    {"ASIA", 16, is_upper_or_digit, "an AWS access key"},
    {"ghp_", 36, is_alphanumeric, "a GitHub access token"},
    {"gho_", 36, is_alphanumeric, "a GitHub access token"},
    {"ghu_", 36, is_alphanumeric, "a GitHub access token"},
    {"ghs_", 36, is_alphanumeric, "a GitHub access token"},
    {"ghr_", 36, is_alphanumeric, "a GitHub access token"},
    {"github_pat_", 22, is_token, "a GitHub access token"},
    {"glpat-", 20, is_token, "a GitLab access token"},
    {"npm_", 36, is_alphanumeric, "an npm access token"},
    {"pypi-AgE", 50, is_token, "a PyPI access token"},
    {"dckr_pat_", 20, is_token, "a Docker Hub access token"},
    {"xoxb-", 20, is_token, "a Slack token"},
    {"xoxp-", 20, is_token, "a Slack token"},
    {"xapp-", 20, is_token, "a Slack token"},
    {"AIza", 35, is_token, "a Google API key"},
    {"ya29.", 20, is_token, "a Google access token"},
    {"sk_live_", 20, is_alphanumeric, "a Stripe secret key"},
    {"rk_live_", 20, is_alphanumeric, "a Stripe secret key"},
    {"SG.", 50, is_dotted_token, "a SendGrid API key"},
    {"sk-ant-", 30, is_token, "an Anthropic API key"},
    {"sk-proj-", 30, is_token, "an OpenAI API key"},
    {"hf_", 34, is_alphanumeric, "a Hugging Face access token"},
    {"hvs.", 24, is_token, "a Vault token"},
    {"dop_v1_", 60, is_alphanumeric, "a DigitalOcean access token"},
};

// "AKIAIOSFODNN7EXAMPLE", "ghp_xxxxxxxx…": what documentation puts there.
bool is_placeholder(std::string_view text) {
  const auto lower = to_lower_ascii(text);
  for (const auto word :
       {"example", "xxxx", "your", "changeme", "placeholder", "dummy", "1234567890123", "abcdefghijkl"})
    if (lower.find(word) != lower.npos) return true;
  return std::ranges::count(text, text.back()) > static_cast<std::ptrdiff_t>(text.size() / 2);
}

// By so many of its characters it is seen whether a token is a placeholder; none of the issuers above has longer ones.
constexpr std::size_t most_judged = 256;

// Nearly all characters begin no token, no "://" and no "-----BEGIN".
constexpr auto begins_secret = [] {
  std::array<bool, 256> begins{};
  for (const auto& token : tokens) begins[static_cast<unsigned char>(token.prefix[0])] = true;
  begins[':'] = begins['-'] = true;
  return begins;
}();

const Token* token_at(std::string_view text, std::size_t at, std::size_t& end) {
  for (const auto& token : tokens) {
    if (token.prefix[0] != text[at] || text.compare(at, token.prefix.size(), token.prefix) != 0) continue;
    end = at + token.prefix.size();
    const auto judged = std::min(text.size(), end + most_judged);
    while (end < judged && token.allowed(text[end])) ++end;
    if (end - at - token.prefix.size() < token.least || is_placeholder(text.substr(at, end - at))) continue;
    while (end < text.size() && token.allowed(text[end])) ++end;
    return &token;
  }
  return nullptr;
}

// Nobody but the container itself, or its neighbours, is there.
bool is_local(std::string_view host) {
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host == "host.docker.internal" || host == "0.0.0.0" || host.starts_with("127.");
}

// What people write where any word would do: "user:password@db".
bool is_dummy_password(std::string_view user, std::string_view password) {
  return is_dummy_value(password) || password == user;
}

// The password of "https://user:password@host", which begins at the "://".
Span password_at(std::string_view text, std::size_t at) {
  const auto end = std::min(text.find_first_of("/?# \t\r\n\"'`<>", at + 3), text.size());
  const auto host = text.substr(at + 3, end - at - 3);
  const auto sign = host.rfind('@');
  if (sign == host.npos) return {};
  const auto colon = host.find(':');
  if (colon == host.npos || colon > sign) return {};
  const auto password = host.substr(colon + 1, sign - colon - 1);
  if (password.size() < 4 || password.find_first_of("${}%*") != password.npos) return {};
  if (is_local(host.substr(sign + 1)) || is_dummy_password(host.substr(0, colon), password)) return {};
  const auto begin = static_cast<std::uint32_t>(at + 3 + colon + 1);
  return {begin, begin + static_cast<std::uint32_t>(password.size())};
}

// Where a text occurs next, for places that only increase: nothing is searched twice.
class Next {
 public:
  Next(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted), found_(text.find(wanted)) {}

  std::size_t at(std::size_t position) {
    if (found_ < position) found_ = text_.find(wanted_, position);
    return found_;
  }

 private:
  std::string_view text_, wanted_;
  std::size_t found_;
};

// ---- the secret half of an AWS key, which has no prefix -------------------------------------------------------------

constexpr std::size_t aws_secret_length = 40, aws_window = 400;

bool is_aws_secret_character(char c) { return is_alphanumeric(c) || c == '/' || c == '+'; }

// Not a hash, a path or a word: of all kinds of letters.
bool looks_random(std::string_view text) {
  const auto has = [&](bool (*kind)(char)) { return std::ranges::any_of(text, kind); };
  return has([](char c) { return 'a' <= c && c <= 'z'; }) && has([](char c) { return 'A' <= c && c <= 'Z'; }) &&
         has([](char c) { return '0' <= c && c <= '9'; });
}

// Those in a part of the text.
void add_aws_secrets(std::string_view text, Span part, std::vector<Secret>& secrets) {
  for (std::size_t at = part.begin; at < part.end;) {
    auto end = at;
    while (end < text.size() && end < at + aws_window && is_aws_secret_character(text[end])) ++end;
    const auto run = text.substr(at, end - at);
    if (run.size() == aws_secret_length && looks_random(run) && !is_placeholder(run))
      secrets.push_back(
          {{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}, "an AWS secret access key"});
    at = end + 1;
  }
}

// Where one may be: on the line of a key's id and those beside it.
Span around(std::string_view text, Span id) {
  const auto before = text.substr(0, id.begin).substr(id.begin - std::min<std::size_t>(id.begin, aws_window));
  auto begin = before.rfind('\n');
  if (begin != before.npos && begin > 0) begin = before.rfind('\n', begin - 1);
  const auto from = begin == before.npos ? id.begin - before.size() : id.begin - before.size() + begin + 1;
  const auto after = text.substr(id.end, aws_window);
  auto end = after.find('\n');
  if (end != after.npos) end = after.find('\n', end + 1);
  return {static_cast<std::uint32_t>(from), id.end + static_cast<std::uint32_t>(std::min(end, after.size()))};
}

// `AWS_SECRET_ACCESS_KEY=…` says so itself.
void add_named_aws_secrets(std::string_view text, std::vector<Secret>& secrets) {
  for (const std::string_view name : {"SECRET_ACCESS_KEY", "secret_access_key", "SecretAccessKey", "secretAccessKey"})
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
      const auto begin = at + name.size();
      const auto rest = text.substr(begin, aws_window);
      const auto end = begin + std::min(rest.find('\n'), rest.size());
      add_aws_secrets(text, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, secrets);
    }
}

void add_all_aws_secrets(std::string_view text, std::vector<Secret>& secrets) {
  std::vector<Secret> more;
  for (const auto& secret : secrets)
    if (secret.title == "an AWS access key") add_aws_secrets(text, around(text, secret.span), more);
  add_named_aws_secrets(text, more);
  if (more.empty()) return;
  secrets.insert(secrets.end(), more.begin(), more.end());
  std::ranges::stable_sort(secrets, {}, [](const Secret& secret) { return secret.span.begin; });
  std::uint32_t end = 0;
  std::erase_if(secrets, [&](const Secret& secret) {
    const bool overlaps = secret.span.begin < end;
    if (!overlaps) end = secret.span.end;
    return overlaps;
  });
}

}  // namespace

bool is_dummy_value(std::string_view value) {
  constexpr std::string_view words[] = {"admin", "build",  "changeit", "ci",       "default", "development", "fake",
                                        "foo",   "foobar", "guest",    "mysql",    "nil",     "none",        "null",
                                        "pass",  "passwd", "password", "postgres", "redis",   "root",        "secret",
                                        "some",  "test",   "testing",  "token",    "unused",  "user",        "xxx"};
  const auto lower = to_lower_ascii(value);
  // "********": somebody has taken it out.
  if (lower.size() >= 4 && lower.find_first_not_of(lower[0]) == lower.npos &&
      std::string_view("*x.-_#").find(lower[0]) != lower.npos)
    return true;
  if (std::ranges::find(words, lower) != std::end(words)) return true;
  constexpr std::string_view parts[] = {"change_me", "change-me", "changeme",     "dummy",       "example",
                                        "fake_",     "insecure",  "not-a-secret", "placeholder", "precompile",
                                        "replace",   "temporary", "todo"};
  return std::ranges::any_of(parts, [&](std::string_view part) { return lower.find(part) != lower.npos; });
}

std::vector<Secret> find_secrets(std::string_view text) {
  std::vector<Secret> secrets;
  Next newline(text, "\n"), key_words(text, "PRIVATE KEY"), key_end(text, "-----END");
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins_secret[static_cast<unsigned char>(text[i])]) continue;
    const bool word_begins = i == 0 || !is_alphanumeric(text[i - 1]);
    std::size_t end = 0;
    if (word_begins && is_alphanumeric(text[i])) {
      const auto* token = token_at(text, i, end);
      if (token == nullptr) continue;
      secrets.push_back({{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)}, token->title});
      i = end - 1;
    } else if (text[i] == ':' && text.compare(i, 3, "://") == 0) {
      const auto span = password_at(text, i);
      if (span.empty() || is_placeholder(slice(text, span))) continue;
      secrets.push_back({span, "a password in a URL"});
      i = span.end - 1;
    } else if (text[i] == '-' && text.compare(i, 11, "-----BEGIN ") == 0) {
      const auto line_end = std::min(newline.at(i), text.size());
      if (key_words.at(i) >= line_end) continue;
      const auto close = key_end.at(i);
      end = close == text.npos ? line_end : close;
      secrets.push_back({{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)}, "a private key"});
      i = end - 1;
    }
  }
  add_all_aws_secrets(text, secrets);
  return secrets;
}

std::string without_secrets(std::string_view text) {
  std::string result(text);
  for (const auto& secret : find_secrets(text))
    std::ranges::fill(result.begin() + secret.span.begin, result.begin() + secret.span.end, '*');
  return result;
}

}  // namespace dockhew::inline lint
