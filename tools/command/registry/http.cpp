#include "registry/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "process.hpp"
#include "text/utf8.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t largest_headers = std::size_t{256} << 10U;
constexpr std::chrono::seconds connect_limit{10};

// A line of curl's configuration. Control characters never come this far: they would begin another line.
void add_setting(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(" = \"");
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') out += c;
  }
  out += "\"\n";
}

// curl takes what follows a colon for a password, and a directory is called like the host with its port.
std::string escaped_certificate(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// Redirects are not followed: who may get which header is decided by the caller.
std::string settings_of(const HttpRequest& request) {
  std::string out = "silent\ninclude\nsuppress-connect-headers\ngloboff\nhttp1.1\ndisallow-username-in-url\n";
  add_setting(out, "url", request.address.text());
  add_setting(out, "proto", request.address.secure ? "=https" : "=http");
  // As Docker does it: nobody else can ask this machine in its own name.
  if (is_loopback(request.address.host)) add_setting(out, "noproxy", "*");
  add_setting(out, "user-agent", "dockhew/" + std::string(version));
  add_setting(out, "connect-timeout", std::to_string(std::min(connect_limit, request.limit).count()));
  add_setting(out, "max-time", std::to_string(request.limit.count()));
  add_setting(out, "max-filesize", std::to_string(request.largest));
  if (request.method == Method::head) out += "head\n";
  if (request.method == Method::post) add_setting(out, "data-raw", request.body);
  for (const auto& header : request.headers) add_setting(out, "header", header);
  if (!request.tls.authorities.empty()) add_setting(out, "cacert", request.tls.authorities);
  if (!request.tls.certificate.empty()) add_setting(out, "cert", escaped_certificate(request.tls.certificate));
  if (!request.tls.key.empty()) add_setting(out, "key", request.tls.key);
  return out;
}

// Whether curl may ask somebody else to connect it; which hosts are left out only curl knows.
bool may_have_proxy(const Address& address) {
  if (!address.secure || is_loopback(address.host)) return false;
  constexpr const char* variables[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  return std::ranges::any_of(variables, [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

// What curl's exit status says.
HttpAnswer failure_of(int status, const HttpRequest& request) {
  const auto failed = [](HttpFailure failure, std::string reason) { return HttpAnswer{failure, std::move(reason)}; };
  switch (status) {
    case 5: return failed(HttpFailure::unreachable, "cannot be reached: the name of the proxy is not known");
    case 6: return failed(HttpFailure::unreachable, "cannot be reached: its name is not known");
    case 7:
    case 97:
      return failed(HttpFailure::unreachable,
                    may_have_proxy(request.address) ? "cannot be reached, or the proxy cannot" : "cannot be reached");
    case 18: return failed(HttpFailure::cut_short, "broke off in the middle of its answer");
    case 56:
      // So a proxy refuses a connection, and a service of TLS 1.3 one that does not say who asks.
      if (may_have_proxy(request.address))
        return failed(HttpFailure::cut_short, "closed the connection, or the proxy refuses it");
      return failed(HttpFailure::cut_short, request.address.secure && request.tls.certificate.empty()
                                                ? "closed the connection: it may want a certificate of who asks"
                                                : "broke off in the middle of its answer");
    case 28:
      return failed(HttpFailure::late, fmt::format("did not answer within {} second{}", request.limit.count(),
                                                   request.limit.count() == 1 ? "" : "s"));
    case 35: return failed(HttpFailure::not_secure, "does not speak TLS, or none that is accepted here");
    case 52: return failed(HttpFailure::cut_short, "closed the connection without an answer");
    case 58: return failed(HttpFailure::other, "was not asked: the certificate for it cannot be used");
    case 60: return failed(HttpFailure::not_trusted, "has a certificate that is not trusted here");
    case 63:
      return failed(HttpFailure::other,
                    fmt::format("sent more than {} KiB, which is too much", request.largest >> 10U));
    case 77: return failed(HttpFailure::other, "was not asked: the file of trusted certificates cannot be read");
    default: return failed(HttpFailure::other, fmt::format("could not be asked: curl failed with status {}", status));
  }
}

// Takes the header of an answer from the output. False where it is none.
bool take_header(std::string_view& output, HttpAnswer& answer) {
  answer.headers.clear();
  for (bool first = true;; first = false) {
    const auto end = output.find('\n');
    if (end == output.npos) return false;
    auto line = output.substr(0, end);
    output.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return !first;
    if (first) {
      const auto blank = line.find(' ');
      if (!line.starts_with("HTTP/") || blank == line.npos) return false;
      line.remove_prefix(blank + 1);
      std::from_chars(line.data(), line.data() + line.size(), answer.status);
    } else if (const auto colon = line.find(':'); colon != line.npos) {
      answer.headers.emplace_back(to_lower_ascii(line.substr(0, colon)), trim_unicode(line.substr(colon + 1)));
    }
  }
}

// The output of curl: headers, which are small, and a body, which goes into memory or into a file.
class Output {
 public:
  explicit Output(const HttpRequest& request) : request_(request) {}

  // False where there is more than may come, or it cannot be written.
  bool add(std::string_view bytes) {
    if (!file_) {
      text_ += bytes;
      if (!request_.into.empty()) divert();
      return !too_much() && !unwritten_;
    }
    return write(bytes);
  }

  const std::string& text() const { return text_; }  // without what is in the file
  bool too_much() const { return too_much_ || text_.size() > request_.largest + largest_headers; }
  bool unwritten() const { return unwritten_; }
  // Everything is in the file.
  bool close() {
    if (file_) file_->close();
    return !file_ || !file_->fail();
  }

 private:
  // From the end of the headers of the answer that was asked for.
  void divert() {
    HttpAnswer answer;
    std::string_view rest = text_;
    do {
      if (!take_header(rest, answer)) return;
    } while (answer.status / 100 == 1);
    if (answer.status != 200) return;
    file_.emplace(request_.into, std::ios::binary | std::ios::trunc);
    const std::string begin(rest);
    text_.erase(text_.size() - begin.size());
    write(begin);
  }

  bool write(std::string_view bytes) {
    written_ += bytes.size();
    too_much_ = written_ > request_.largest;
    if (too_much_) return false;
    file_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    unwritten_ = file_->fail();
    return !unwritten_;
  }

  const HttpRequest& request_;
  std::string text_;
  std::optional<std::ofstream> file_;
  std::size_t written_ = 0;
  bool too_much_ = false, unwritten_ = false;
};

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? std::string() : found->second;
}

HttpAnswer request(const HttpRequest& request) {
  const auto program = find_program("curl");
  if (program.empty()) return {HttpFailure::other, "was not asked: the program `curl` is not installed"};
  // The first option keeps it from reading the user's own settings.
  Process process{{program, "-q", "-K", "-"}, {}, request.limit + std::chrono::seconds(5), settings_of(request)};
  Output received(request);
  const auto result = stream_process(process, [&](std::string_view bytes) { return received.add(bytes); });
  if (result.late) return failure_of(28, request);
  if (received.too_much()) return failure_of(63, request);
  if (received.unwritten() || !received.close())
    return {HttpFailure::other, "was asked, but what it sent cannot be written into the temporary directory"};
  if (!result.error.empty()) return {HttpFailure::other, "could not be asked: " + result.error};
  if (result.status != 0) return failure_of(result.status, request);
  HttpAnswer answer;
  std::string_view output = received.text();
  do {
    if (!take_header(output, answer)) return {HttpFailure::other, "did not answer as HTTP has it"};
  } while (answer.status / 100 == 1);
  if (output.size() > request.largest) return failure_of(63, request);
  answer.body = output;
  return answer;
}

}  // namespace dockhew::cli
