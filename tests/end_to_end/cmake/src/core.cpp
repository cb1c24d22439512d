#include "core.hpp"
#include <sqlite3.h>
std::string version() { return sqlite3_libversion(); }
