// One port of EXPOSE: [ip:][host:]port[-end][/protocol]. BuildKit accepts more than the manual says: the form of
// `docker run --publish`, whose address and host port an image cannot store.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline model {

struct Port {
  std::string address;   // without brackets; empty when not given
  std::string host;      // host port or range; empty when not given
  std::string protocol;  // as written; "tcp" when not given
  unsigned first = 0, last = 0;
  bool out_of_range = false;  // the error is that its number is not one
  std::string error;          // BuildKit's wording; empty when the text is a port
};

Port parse_port(std::string_view text);

}  // namespace dockhew::inline model
