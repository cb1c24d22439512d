// A client of the OCI distribution API, as far as reading manifests and configurations takes it: who is asked, with
// which credentials, how often again, and where a redirect may lead. Mirrors are asked before the registry itself.
// Every answer is verified before it is passed on.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "registry/challenge.hpp"
#include "registry/credentials.hpp"
#include "registry/http.hpp"
#include "registry/manifest.hpp"
#include "registry/user_mirrors.hpp"
#include "temporary_directory.hpp"

namespace dockhew::cli {

enum class FetchState : std::uint8_t { found, missing, failed };

struct Fetched {
  FetchState state = FetchState::failed;
  std::string reason = {};      // of what is not found: a sentence for people, in lower case and without a full stop
  std::string bytes = {};       // not of `manifest_digest`
  std::string media_type = {};  // that the registry names
  std::string digest = {};      // of a manifest
};

class RegistryClient {
 public:
  // `limit`: of each request.
  explicit RegistryClient(std::chrono::seconds limit);

  // Only whether there is one, and its digest, which is what the registry says and cannot be verified without it.
  Fetched manifest_digest(const ImageReference& image);
  // By tag or by digest.
  Fetched manifest(const ImageReference& image);
  Fetched configuration(const ImageReference& image, const Descriptor& descriptor);
  // Into a file, which has the bytes of the layer where it is found.
  Fetched layer(const ImageReference& image, const Descriptor& descriptor, const std::string& path);

  std::size_t requests() const { return requests_; }

 private:
  struct Target;

  Fetched fetch(Target target);
  Fetched fetch_from(const Target& target, std::string_view who);
  static void verify(const Target& target, Fetched& result);
  HttpAnswer ask_registry(const Target& target);
  HttpAnswer ask(const Target& target, const std::string& authorization);
  HttpAnswer ask_again_if_busy(HttpRequest request);
  HttpAnswer follow(HttpRequest request);
  HttpAnswer send(const HttpRequest& request);
  bool speaks_plain_http(const std::string& host);
  Outcome<std::string> authorization_for(const Target& target, const std::string& challenge);
  Outcome<std::string> authorize(const Target& target, const std::string& challenge);
  Outcome<std::string> fetch_token(const Target& target, const Challenge& challenge, const Credential& credential);
  TlsFiles tls_of(const std::string& host);

  std::chrono::seconds limit_;
  const UserMirrors mirrors_;
  std::atomic<std::size_t> requests_ = 0;
  std::mutex mutex_;  // of what follows
  std::map<std::string, bool> plain_http_;
  std::map<std::string, HttpAnswer> silent_;           // services that gave no answer, which nobody waits for again
  std::map<std::string, std::string> authorizations_;  // by repository
  std::map<std::string, std::string> challenges_;      // by host, of those that want to know who asks
  std::map<std::string, TlsFiles> tls_;
  std::unique_ptr<TemporaryDirectory> directory_;
};

}  // namespace dockhew::cli
