#include <string>
std::string version();
