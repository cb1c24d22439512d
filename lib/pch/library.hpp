// Compiled once and used by all units of the library and of the rules: the headers that nearly every one of them needs.
// They take longer to compile than a rule itself. Each unit must still include what it uses; `tools/dev release` builds
// without this file.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
