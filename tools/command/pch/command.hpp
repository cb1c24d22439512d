// Compiled once and used by all units of the command; see lib/pch/library.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "rewrite/rewrite.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
