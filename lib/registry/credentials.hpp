// Credentials for a registry, from what `docker login` and `podman login` have written: the entry of a file, or the
// name of a program that knows it. Facts: containers-auth.json(5); docker/cli's cli/config; the protocol of
// docker-credential-helpers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "facts/image_reference.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline registry {

struct Credential {
  std::string user, password;
  std::string identity_token;  // instead: is exchanged for tokens

  bool empty() const { return user.empty() && password.empty() && identity_token.empty(); }
};

// What one file says about a registry: nothing, a credential, or which program to ask under which name.
struct CredentialEntry {
  std::optional<Credential> credential;
  std::string helper;  // of docker-credential-HELPER
  std::string server;  // that it is asked for
};

Outcome<CredentialEntry> find_credential(std::string_view json, const ImageReference& image);

// What such a program answers.
Outcome<Credential> read_helper_answer(std::string_view json);

}  // namespace dockhew::inline registry
