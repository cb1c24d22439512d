// What the user's files and programs know about registries: credentials, where `docker login` and `podman login` keep
// them, and certificates, where Docker and Podman look for them. Read when a registry asks for it, and not before.
#pragma once

#include "model/outcome.hpp"
#include "registry/credentials.hpp"
#include "registry/http.hpp"

namespace dockhew::cli {

// An empty credential where nothing is known of this registry; a reason where something is and cannot be used.
Outcome<Credential> user_credential(const ImageReference& image);

// Certificates for a host with its port. Several authorities are put into one file in `directory`.
TlsFiles tls_files(const std::string& host, const std::string& directory);

}  // namespace dockhew::cli
