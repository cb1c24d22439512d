// Turns rules/data/*.json into a C++ source file after validating that each parses; a broken table fails the build.
// Usage: embed_data OUTPUT INPUT…
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

int main(int argc, char** argv) {
  std::ofstream out(argv[1]);
  out << "#include \"facts/embedded_data.hpp\"\n\nnamespace dockhew {\n\nconst EmbeddedData embedded_data[] = {\n";
  for (int i = 2; i < argc; ++i) {
    const std::string path = argv[i];
    std::ifstream in(path);
    try {
      const auto table = nlohmann::json::parse(in);
      out << "    {\"" << path.substr(path.rfind('/') + 1) << "\", R\"json(" << table.dump() << ")json\"},\n";
    } catch (const nlohmann::json::exception& error) {
      std::cerr << path << ": " << error.what() << '\n';
      return 1;
    }
  }
  out << "};\nconst unsigned embedded_data_count = " << argc - 2 << ";\n\n}  // namespace dockhew\n";
  return out ? 0 : 1;
}
