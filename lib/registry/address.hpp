// Addresses of registries, and where one of them may send a request on to. What is decided here keeps credentials with
// their registry and encrypted connections encrypted. Facts: RFC 3986; the distribution specification.
#pragma once

#include <string>
#include <string_view>

#include "facts/image_reference.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline registry {

struct Address {
  bool secure = true;  // https
  std::string host;    // with its port, where it has one: "[::1]:5000"
  std::string path;    // from the slash on, with its query

  std::string text() const { return (secure ? "https://" : "http://") + host + path; }
  // Whether both belong to the same service, which then gets the same credentials.
  bool same_service(const Address& other) const { return secure == other.secure && host == other.host; }
};

// Of http and https only, and without a user.
Outcome<Address> read_address(std::string_view text);

// Whether this machine itself is meant, to which connections need no encryption.
bool is_loopback(std::string_view host);

// Where the registry of an image answers. Docker Hub's registry has another name than its images.
Address registry_of(const ImageReference& image);

// What a redirect leads to: never from https to http, and without encryption only to this machine.
Outcome<Address> redirected(const Address& from, std::string_view location);

}  // namespace dockhew::inline registry
