// One request over HTTP. The program `curl` makes it, because the static executable of the packages cannot have a TLS
// library that every system keeps up to date; it knows the system's certificates and proxies. What is secret is written
// to its standard input, never on its command line, where other users of the machine would see it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "registry/address.hpp"

namespace dockhew::cli {

// Files for one host, in PEM; empty where there are none.
struct TlsFiles {
  std::string authorities, certificate, key;
};

enum class Method : std::uint8_t { get, head, post };

struct HttpRequest {
  Method method = Method::get;
  Address address;
  std::vector<std::string> headers;  // "Accept: text/plain"
  std::string body = {};             // of a POST: a form
  std::size_t largest = 0;           // bytes of the answer's body
  std::chrono::seconds limit{20};
  TlsFiles tls = {};
  std::string into = {};  // a file for the body of an answer with status 200; empty: it is kept in memory
};

enum class HttpFailure : std::uint8_t {
  none,
  unreachable,  // no connection
  late,         // the limit of time
  not_secure,   // it does not speak TLS
  not_trusted,  // its certificate
  cut_short,    // the answer ended early
  other,
};

struct HttpAnswer {
  HttpFailure failure = HttpFailure::none;
  std::string reason = {};  // of a failure: "did not answer within 20 seconds", for after the name of who was asked
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  std::string body = {};

  // The first of this name; empty where there is none.
  std::string header(const std::string& name) const;
};

HttpAnswer request(const HttpRequest& request);

}  // namespace dockhew::cli
