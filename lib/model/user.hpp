// Who USER refers to. A user that neither the file nor a known base image names is assumed to be root only where a
// wrong guess is harmless.
#pragma once

#include "model/value.hpp"

namespace dockhew::inline model {

// Known to be root: `USER root`, `USER 0`, or a base image that is known to have no other user.
inline bool is_root(const Value& user) { return user.is("root") || user.is("0"); }

// Nothing suggests that it is another user.
inline bool may_be_root(const Value& user) { return !user.is_known() || user.text.empty() || is_root(user); }

}  // namespace dockhew::inline model
