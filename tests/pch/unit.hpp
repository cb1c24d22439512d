// Compiled once and used by all unit tests; see lib/pch/library.hpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/rewrite.hpp"
