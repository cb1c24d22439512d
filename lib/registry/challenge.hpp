// How a registry says that it wants to know who asks: the header WWW-Authenticate, and the token that an authorization
// service gives for it. Facts: RFC 9110, section 11; distribution's specification of token authentication.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"

namespace dockhew::inline registry {

struct Challenge {
  std::string scheme;                             // in lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  // names in lower case

  // Empty where there is none.
  std::string parameter(const std::string& name) const;
};

// Of one header, which may hold several. What cannot be read ends the list.
std::vector<Challenge> read_challenges(std::string_view header);

// The part of a request that asks for a token to read one repository: "service=…&scope=repository%3Aa%2Fb%3Apull".
std::string token_query(const Challenge& challenge, std::string_view repository);

// The answer of the authorization service.
Outcome<std::string> read_token(std::string_view json);

}  // namespace dockhew::inline registry
