#include "registry/registry_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <thread>

#include "process.hpp"
#include "registry/layer_files.hpp"
#include "registry/user_credentials.hpp"
#include "text/base64.hpp"
#include "text/json.hpp"
#include "text/uri.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

constexpr int most_redirects = 5;
constexpr int most_attempts = 3;
constexpr std::chrono::seconds longest_pause{30};
constexpr std::size_t largest_token = std::size_t{256} << 10U;
constexpr std::size_t longest_message = 200;
constexpr int longer_for_layers = 15;  // than for what is small

// Seconds, as every registry says it; a date is waited for as little as nothing at all.
std::chrono::seconds pause_of(const HttpAnswer& answer, int attempt) {
  const auto text = answer.header("retry-after");
  int seconds = attempt;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(0), longest_pause);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_authorization(const std::string& header) { return header.starts_with("Authorization:"); }

// What the registry itself says of an error, if that can be read: `{"errors": [{"message": …}]}`.
std::string message_of(const HttpAnswer& answer) {
  const auto json = parse_json(answer.body).value;
  for (const auto& error : json.elements_at("errors")) {
    auto message = error.string_at("message");
    if (message.size() > longest_message) message.resize(longest_message);
    if (!message.empty()) return ": \"" + message + '"';
  }
  return {};
}

// A portal that asks for a login answers everything with a page. Every manifest says of which schema it is:
// https://github.com/opencontainers/image-spec/blob/main/manifest.md
std::optional<std::string> fault_of_manifest(const Fetched& fetched, Method method) {
  const std::string what = "answered with what is no manifest of an image";
  if (method == Method::head) return fetched.media_type.starts_with("text/") ? std::optional(what) : std::nullopt;
  const auto json = parse_json(fetched.bytes);
  if (!json.error.empty()) return what + ": " + json.error;
  return json.value.contains("schemaVersion") ? std::nullopt : std::optional(what);
}

std::string form_field(std::string_view name, std::string_view value) {
  auto encoded = percent_encoded(value);
  for (auto at = encoded.find('/'); at != std::string::npos; at = encoded.find('/', at)) encoded.replace(at, 1, "%2F");
  return std::string(name) + '=' + encoded;
}

std::string basic(const Credential& credential) {
  return "Basic " + base64_encoded(credential.user + ':' + credential.password);
}

}  // namespace

// What is asked for, of one repository.
struct RegistryClient::Target {
  ImageReference image;
  Method method = Method::get;
  std::string path;  // after the repository: "/manifests/12"
  std::string accept;
  std::size_t largest = 0;
  std::string digest = {};  // that it must have; empty: the one that the registry says, if it does
  std::string into = {};    // a file for what comes

  std::string repository() const { return image.host() + '/' + image.path(); }
};

RegistryClient::RegistryClient(std::chrono::seconds limit) : limit_(limit) {}

Fetched RegistryClient::manifest_digest(const ImageReference& image) {
  auto result = fetch({image, Method::head, "/manifests/" + image.tag_or_digest(), std::string(accepted_manifests), 0});
  if (result.state == FetchState::found && !is_verifiable(result.digest)) {
    // Not every registry says it.
    result = manifest(image);
    result.bytes.clear();
  }
  return result;
}

Fetched RegistryClient::manifest(const ImageReference& image) {
  return fetch({image, Method::get, "/manifests/" + image.tag_or_digest(), std::string(accepted_manifests),
                largest_manifest, image.digest});
}

Fetched RegistryClient::configuration(const ImageReference& image, const Descriptor& descriptor) {
  if (descriptor.size > static_cast<std::int64_t>(largest_configuration))
    return {FetchState::failed, fmt::format("its configuration has {} MiB, which is too much", descriptor.size >> 20)};
  return fetch({image, Method::get, "/blobs/" + descriptor.digest, "*/*", largest_configuration, descriptor.digest});
}

Fetched RegistryClient::layer(const ImageReference& image, const Descriptor& descriptor, const std::string& path) {
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(descriptor.size, 0));
  return fetch({image, Method::get, "/blobs/" + descriptor.digest, "*/*", size, descriptor.digest, path});
}

// A mirror need not have everything, nor be right or there at all: the registry itself is asked then.
Fetched RegistryClient::fetch(Target target) {
  const auto image = target.image;
  std::string reasons;
  for (auto& mirror : mirrors_.of(image)) {
    target.image = std::move(mirror);
    auto result = fetch_from(target, "mirror");
    if (result.state == FetchState::found) return result;
    reasons += result.reason + ", and ";
  }
  target.image = image;
  auto result = fetch_from(target, "registry");
  if (result.state != FetchState::found) result.reason.insert(0, reasons);
  return result;
}

// `who`: for a person.
Fetched RegistryClient::fetch_from(const Target& target, std::string_view who) {
  auto answer = ask_registry(target);
  Fetched result{FetchState::failed, "", std::move(answer.body), answer.header("content-type"),
                 answer.header("docker-content-digest")};
  result.media_type = result.media_type.substr(0, result.media_type.find(';'));
  answer.body = result.bytes;
  const auto name = fmt::format("the {} `{}`", who, target.image.host());
  if (answer.failure != HttpFailure::none) result.reason = name + ' ' + answer.reason;
  else if (answer.status == 200) result.state = FetchState::found;
  else if (answer.status == 404) {
    result.state = FetchState::missing;
    result.reason = name + " has no such image";
  } else if (answer.status == 401 || answer.status == 403) {
    result.reason = name + " does not show it: there is no such image, or it needs a login" + message_of(answer);
  } else if (answer.status == 429) {
    result.reason =
        name + " gets too many requests, and answered none of " + std::to_string(most_attempts) + message_of(answer);
  } else {
    result.reason = fmt::format("{} answered with status {}{}", name, answer.status, message_of(answer));
  }
  if (result.state == FetchState::found && target.method == Method::get) verify(target, result);
  if (result.state == FetchState::found && target.path.starts_with("/manifests/"))
    if (const auto fault = fault_of_manifest(result, target.method)) {
      result.state = FetchState::failed;
      result.reason = name + ' ' + *fault;
    }
  return result;
}

void RegistryClient::verify(const Target& target, Fetched& result) {
  const auto wanted = target.digest.empty() ? result.digest : target.digest;
  result.digest = target.into.empty() ? digest_of(result.bytes) : digest_of_file(target.into);
  if (wanted.empty() || wanted == result.digest) return;
  result.state = FetchState::failed;
  result.reason = fmt::format("what `{}` sent is not what was asked for: it has the digest {}, and not {}",
                              target.image.host(), short_digest(result.digest), short_digest(wanted));
}

HttpAnswer RegistryClient::ask_registry(const Target& target) {
  std::string known, challenge;
  {
    const std::scoped_lock lock(mutex_);
    known = authorizations_[target.repository()];
    challenge = challenges_[target.image.host()];
  }
  // A registry that has refused one image without a token refuses the next one as well.
  if (known.empty() && !challenge.empty())
    if (auto authorization = authorization_for(target, challenge)) known = *std::move(authorization);
  auto answer = ask(target, known);
  if (answer.failure != HttpFailure::none || answer.status != 401) return answer;
  // Without any, or with a token that has expired.
  auto authorization = authorization_for(target, answer.header("www-authenticate"));
  if (!authorization) return {HttpFailure::other, "wants to know who asks, but " + authorization.reason()};
  return authorization->empty() || *authorization == known ? answer : ask(target, *authorization);
}

Outcome<std::string> RegistryClient::authorization_for(const Target& target, const std::string& challenge) {
  auto authorization = authorize(target, challenge);
  if (!authorization || authorization->empty()) return authorization;
  const std::scoped_lock lock(mutex_);
  authorizations_[target.repository()] = *authorization;
  challenges_[target.image.host()] = challenge;
  return authorization;
}

HttpAnswer RegistryClient::ask(const Target& target, const std::string& authorization) {
  auto address = registry_of(target.image);
  address.secure = !speaks_plain_http(address.host);
  address.path += target.image.path() + target.path;
  HttpRequest request{target.method, address, {"Accept: " + target.accept}, {}, target.largest, limit_, {},
                      target.into};
  if (!target.into.empty()) request.limit = limit_ * longer_for_layers;
  if (!authorization.empty()) request.headers.push_back("Authorization: " + authorization);
  auto answer = ask_again_if_busy(request);
  // As Docker does it, only on this machine: whoever could listen there could do everything else as well.
  if (answer.failure != HttpFailure::not_secure || !address.secure || !is_loopback(address.host)) return answer;
  request.address.secure = false;
  answer = ask_again_if_busy(request);
  if (answer.failure == HttpFailure::none) {
    const std::scoped_lock lock(mutex_);
    plain_http_[address.host] = true;
  }
  return answer;
}

bool RegistryClient::speaks_plain_http(const std::string& host) {
  const std::scoped_lock lock(mutex_);
  return plain_http_[host];
}

HttpAnswer RegistryClient::ask_again_if_busy(HttpRequest request) {
  for (int attempt = 1;; ++attempt) {
    auto answer = follow(request);
    const bool busy = answer.status == 429 || answer.status == 503;
    const bool broken = answer.failure == HttpFailure::cut_short;
    if ((!busy && !broken) || attempt == most_attempts || interrupted()) return answer;
    std::this_thread::sleep_for(busy ? pause_of(answer, attempt) : std::chrono::seconds(0));
  }
}

HttpAnswer RegistryClient::follow(HttpRequest request) {
  const auto first = request.address;
  for (int redirects = 0;; ++redirects) {
    request.tls = tls_of(request.address.host);
    auto answer = send(request);
    if (answer.failure != HttpFailure::none || !is_redirect(answer.status)) return answer;
    if (redirects == most_redirects)
      return {HttpFailure::other, fmt::format("redirects more than {} times", most_redirects)};
    auto next = redirected(request.address, answer.header("location"));
    if (!next) return {HttpFailure::other, "was not followed: " + next.reason()};
    request.address = *std::move(next);
    // What another service keeps for the registry it gives to who knows the address.
    if (!request.address.same_service(first)) std::erase_if(request.headers, is_authorization);
  }
}

// A service that cannot be reached would be waited for once for each of its images.
HttpAnswer RegistryClient::send(const HttpRequest& request) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = silent_.find(request.address.host); known != silent_.end()) return known->second;
  }
  ++requests_;
  auto answer = cli::request(request);
  if (answer.failure == HttpFailure::unreachable || answer.failure == HttpFailure::late) {
    const std::scoped_lock lock(mutex_);
    silent_.emplace(request.address.host, answer);
  }
  return answer;
}

Outcome<std::string> RegistryClient::authorize(const Target& target, const std::string& challenge) {
  const auto challenges = read_challenges(challenge);
  const auto find = [&](std::string_view scheme) {
    const auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
    return found == challenges.end() ? nullptr : &*found;
  };
  const auto *bearer = find("bearer"), *plain = find("basic");
  if (bearer == nullptr && plain == nullptr) return Declined{"it does not say how, in a way that is known here"};
  const auto credential = user_credential(target.image);
  if (!credential) return credential.declined();
  if (bearer != nullptr) return fetch_token(target, *bearer, *credential);
  return credential->user.empty() ? std::string() : basic(*credential);
}

Outcome<std::string> RegistryClient::fetch_token(const Target& target, const Challenge& challenge,
                                                 const Credential& credential) {
  auto service = read_address(challenge.parameter("realm"));
  if (!service) return Declined{"the service that it names cannot be asked: " + service.reason()};
  if (!service->secure && !(is_loopback(service->host) && is_loopback(target.image.host())))
    return Declined{"the service that it names, `" + service->host + "`, would be asked without encryption"};
  const auto query = token_query(challenge, target.image.path());
  HttpRequest request{Method::get, *service, {}, {}, largest_token, limit_, {}};
  if (!credential.identity_token.empty()) {
    request.method = Method::post;
    request.body =
        query + "&grant_type=refresh_token&client_id=dockhew&" + form_field("refresh_token", credential.identity_token);
  } else {
    request.address.path += (request.address.path.find('?') == std::string::npos ? '?' : '&') + query;
    if (!credential.user.empty()) request.headers.push_back("Authorization: " + basic(credential));
  }
  const auto answer = ask_again_if_busy(std::move(request));
  if (answer.failure != HttpFailure::none) return Declined{"`" + service->host + "` " + answer.reason};
  if (answer.status == 401 || answer.status == 403)
    return Declined{"`" + service->host + "` refuses " +
                    (credential.empty() ? "who has not logged in" : "the user and the password that are known")};
  if (answer.status != 200) return Declined{fmt::format("`{}` answered with status {}", service->host, answer.status)};
  auto token = read_token(answer.body);
  if (!token) return token.declined();
  return "Bearer " + *token;
}

TlsFiles RegistryClient::tls_of(const std::string& host) {
  const std::scoped_lock lock(mutex_);
  const auto known = tls_.find(host);
  if (known != tls_.end()) return known->second;
  if (!directory_) {
    std::error_code error;
    directory_ = std::make_unique<TemporaryDirectory>(std::filesystem::temp_directory_path(error).string());
  }
  return tls_.emplace(host, tls_files(host, directory_->path())).first->second;
}

}  // namespace dockhew::cli
