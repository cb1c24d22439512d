#include "flow/secret_files.hpp"

#include <algorithm>
#include <string>

#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::string_view settings = "settings of one environment, usually with passwords";
constexpr SecretFile secret_files[] = {
    {".npmrc", "npm's configuration, usually with a token", "npmrc", " npm yarn ", true},
    {".yarnrc.yml", "Yarn's configuration, often with a token", "", "", true},
    {".pypirc", "credentials for PyPI", "pypirc", " pip "},
    {".netrc", "passwords for hosts", "netrc", " pip go npm ", false, false, "password "},
    {"pip.conf", "pip's configuration, often with a password", "pip-conf", " pip ", true},
    {".git-credentials", "passwords for Git", "", "", false, false, "://"},
    {".aws/credentials", "credentials for AWS", "", "", false, false, "aws_secret_access_key"},
    {".docker/config.json", "credentials for registries", "", "", false, false, "\"auth\""},
    {"id_rsa", "an SSH private key", "", ""},
    {"id_dsa", "an SSH private key", "", ""},
    {"id_ecdsa", "an SSH private key", "", ""},
    {"id_ed25519", "an SSH private key", "", ""},
    {".ssh", "SSH keys", "", ""},
    {".env", settings, "", "", false, true},
    {".env.production", settings, "", "", false, true},
    {".vault-token", "a Vault token", "", ""},
    {"kubeconfig", "credentials for Kubernetes", "", "", false, true, "client-key-data"},
    {".kube/config", "credentials for Kubernetes", "", "", false, false, "client-key-data"},
    {"*.p12", "a private key", "", "", false, true},
    {"*.pfx", "a private key", "", "", false, true},
};

// What stands in place of a value, or is one for a machine of which everybody knows it.
bool is_no_credential(std::string_view value) {
  constexpr std::string_view parts[] = {"<",        "${",          "change", "dummy", "example", "here",
                                        "password", "placeholder", "secret", "test",  "xxx",     "your"};
  const auto text = to_lower_ascii(value);
  const auto is_part = [&](std::string_view part) { return text.find(part) != text.npos; };
  constexpr std::size_t least = 6;
  return text.size() < least || std::ranges::any_of(parts, is_part);
}

// Whether a key follows its first line, in a file or in JSON, where `\n` ends a line: more than a placeholder would be.
// A key of OpenSSH without a passphrase begins with a fixed text (PROTOCOL.key in its source).
bool has_body(std::string_view rest, bool of_openssh) {
  constexpr std::size_t least = 40;
  while (rest.starts_with("\\r") || rest.starts_with("\\n")) rest.remove_prefix(2);
  while (rest.starts_with('\r') || rest.starts_with('\n')) rest.remove_prefix(1);
  if (of_openssh) return rest.starts_with("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU");
  const auto is_base64 = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '+' || c == '/';
  };
  return rest.size() >= least && std::ranges::all_of(rest.substr(0, least), is_base64);
}

}  // namespace

bool gives_credentials(std::string_view text) {
  constexpr std::string_view names[] = {"ACCESS_KEY", "API_KEY",     "APIKEY", "PASSWD",
                                        "PASSWORD",   "PRIVATE_KEY", "SECRET", "TOKEN"};
  return std::ranges::any_of(split_lines(text), [&](std::string_view line) {
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == line.npos) return false;
    const auto name = to_upper_ascii(line.substr(0, equals));
    auto value = line.substr(equals + 1);
    while (!value.empty() && std::string_view(" \t\r\"'").find(value.front()) != std::string_view::npos)
      value.remove_prefix(1);
    while (!value.empty() && std::string_view(" \t\r\"'").find(value.back()) != std::string_view::npos)
      value.remove_suffix(1);
    return !is_no_credential(value) &&
           std::ranges::any_of(names, [&](std::string_view part) { return name.find(part) != std::string::npos; });
  });
}

// A value follows the mark: `"auth": "dXNlcjpwYXNz"`, and neither `"auth": ""` nor `password ${TOKEN}`.
bool has_mark(const SecretFile& file, std::string_view text) {
  if (file.mark.empty()) return false;
  for (auto at = text.find(file.mark); at != text.npos; at = text.find(file.mark, at + 1)) {
    const auto value = text.find_first_not_of(" \t:=\"'", at + file.mark.size());
    if (value != text.npos && std::string_view("\r\n${<,}").find(text[value]) == std::string_view::npos) return true;
  }
  return false;
}

bool may_hold_key(std::string_view path) {
  constexpr std::string_view names[] = {
      "*.key",       "*.pem",          "id_rsa*",         "id_dsa*",           "id_ecdsa*",
      "id_ed25519*", "*account*.json", "*adminsdk*.json", "*credential*.json", "*firebase*.json",
      "*gcp*.json",  "*google*.json",  "*key*.json",      "*secret*.json"};
  const auto name = to_lower_ascii(path_basename(path));
  return std::ranges::any_of(names, [&](std::string_view each) { return glob_match(each, name); });
}

std::string_view held_key(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ", end = "PRIVATE KEY-----";
  const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
  const auto at = text.find(begin);
  for (auto key = at; key != text.npos; key = text.find(begin, key + 1)) {
    constexpr std::size_t longest = 60;
    const auto title = text.substr(key, longest);
    const auto stop = title.find(end);
    if (stop == title.npos || title.substr(0, stop).find('\n') != title.npos) continue;
    if (!has_body(text.substr(key + stop + end.size()), title.find("OPENSSH") != title.npos)) continue;
    const auto protection = text.substr(key, 2 * longest);
    if (title.find("ENCRYPTED") != title.npos || protection.find("ENCRYPTED") != protection.npos) continue;
    if (has("\"service_account\"")) return "the private key of a service account";
    return title.find("OPENSSH") != title.npos ? "an SSH private key" : "a private key";
  }
  return {};
}

bool is_for_trials(std::string_view path) {
  constexpr std::string_view words[] = {"acceptance",  "benchmark", "benchmarks", "dist",  "demo",     "dev",
                                        "development", "doc",       "docs",       "e2e",   "fake",     "local",
                                        "mock",        "mocks",     "seed",       "seeds", "snakeoil", "spec",
                                        "specs",       "stub",      "stubs",      "vendor"};
  constexpr std::string_view beginnings[] = {"dummy",  "example",    "fixture", "localhost",
                                             "sample", "selfsigned", "test"};
  const auto small = to_lower_ascii(path);
  for (const std::string_view part : {"self-signed", "snake-oil", "template"})
    if (small.find(part) != small.npos) return true;
  for (std::string_view rest = small; !rest.empty();) {
    const auto end = std::min(rest.find_first_of("/.-_"), rest.size());
    const auto word = rest.substr(0, end);
    if (std::ranges::find(words, word) != std::end(words) ||
        std::ranges::any_of(beginnings, [&](std::string_view each) { return word.starts_with(each); }))
      return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

const SecretFile* secret_file(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  for (const auto& file : secret_files) {
    const bool two = file.name.find('/') != std::string_view::npos;
    const auto tail = two ? (path.ends_with(file.name) ? file.name : std::string_view()) : path_basename(path);
    if (!tail.empty() && glob_match(file.name, tail)) return &file;
  }
  return nullptr;
}

}  // namespace dockhew::inline flow
