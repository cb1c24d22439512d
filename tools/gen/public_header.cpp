// Copies a header of the library for its users: what it includes of the library is found below dockhew/ there, so that
// no name of a room (`text`, `model`) gets into their own search path.
// Usage: public_header OUTPUT INPUT
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream in(argv[2]);
  std::ofstream out(argv[1]);
  constexpr std::string_view own = "#include \"";
  for (std::string line; std::getline(in, line); out << line << '\n')
    if (line.starts_with(own)) line.insert(own.size(), "dockhew/");
  if (in.eof() && out.flush()) return 0;
  std::cerr << argv[2] << ": cannot be copied\n";
  return 1;
}
