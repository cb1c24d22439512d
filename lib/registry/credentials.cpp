#include "registry/credentials.hpp"

#include <algorithm>
#include <vector>

#include "text/base64.hpp"
#include "text/json.hpp"

namespace dockhew::inline registry {
namespace {

constexpr std::string_view hub_server = "https://index.docker.io/v1/";

// Docker writes "https://index.docker.io/v1/" for its own registry, and older releases wrote others as addresses too.
std::string_view plain_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) {
      key.remove_prefix(scheme.size());
      for (const std::string_view version : {"/v1/", "/v1", "/v2/", "/v2"})
        if (key.ends_with(version)) {
          key.remove_suffix(version.size());
          break;
        }
    }
  while (key.ends_with('/')) key.remove_suffix(1);
  return key == "index.docker.io" || key == "registry-1.docker.io" ? "docker.io" : key;
}

// From the most exact on: "host/a/b", "host/a", "host".
std::vector<std::string> keys_of(const ImageReference& image) {
  std::vector<std::string> keys = {image.host() + '/' + image.path()};
  while (keys.back() != image.host()) keys.push_back(keys.back().substr(0, keys.back().rfind('/')));
  return keys;
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && name.size() < 100 && std::ranges::all_of(name, [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

Outcome<CredentialEntry> ask(const std::string& helper, std::string server) {
  if (!is_helper_name(helper)) return Declined{"a name of a credential helper in it is not one"};
  return CredentialEntry{std::nullopt, helper, std::move(server)};
}

Outcome<Credential> read_entry(const Json& entry) {
  Credential result{entry.string_at("username"), entry.string_at("password"), entry.string_at("identitytoken")};
  const auto encoded = entry.string_at("auth");
  if (encoded.empty()) return result;
  const auto decoded = base64_decoded(encoded);
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) return Declined{"the entry of this registry is not a user and a password"};
  result.user = decoded->substr(0, colon);
  result.password = decoded->substr(colon + 1);
  while (result.password.ends_with('\0')) result.password.pop_back();
  return result;
}

}  // namespace

Outcome<CredentialEntry> find_credential(std::string_view json, const ImageReference& image) {
  const auto parsed = parse_json(json);
  if (!parsed.error.empty()) return Declined{"it cannot be read: " + parsed.error};
  const auto server = image.registry.empty() ? std::string(hub_server) : image.registry;
  const auto keys = keys_of(image);
  if (const auto* helpers = parsed.value.find("credHelpers"))
    for (const auto& key : keys)
      for (const auto& [name, helper] : helpers->members())
        if (plain_key(name) == key && helper.is_string())
          return ask(*helper.string(), image.registry.empty() ? server : name);
  if (const auto store = parsed.value.string_at("credsStore"); !store.empty()) return ask(store, server);
  if (const auto* entries = parsed.value.find("auths"))
    for (const auto& key : keys)
      for (const auto& [name, entry] : entries->members()) {
        if (plain_key(name) != key) continue;
        auto credential = read_entry(entry);
        if (!credential) return credential.declined();
        // `docker login` with a helper leaves an empty entry.
        if (!credential->empty()) return CredentialEntry{*std::move(credential), {}, {}};
      }
  return CredentialEntry{};
}

Outcome<Credential> read_helper_answer(std::string_view json) {
  const auto parsed = parse_json(json);
  if (!parsed.error.empty()) return Declined{"its answer cannot be read"};
  const auto user = parsed.value.string_at("Username"), secret = parsed.value.string_at("Secret");
  if (user == "<token>") return Credential{{}, {}, secret};
  return Credential{user, secret, {}};
}

}  // namespace dockhew::inline registry
