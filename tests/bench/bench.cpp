// Throughput of each layer over a folder of Dockerfiles, medians of several runs. Timings are no tests: nothing here
// fails. Usage: bench DIRECTORY
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

#include "lint/lint.hpp"
#include "rewrite/rewrite.hpp"
#include "syntax/lines.hpp"
#include "syntax/shell.hpp"

namespace fs = std::filesystem;
using namespace dockhew;

int main(int, char** argv) {
  std::vector<std::string> files, scripts;
  std::size_t bytes = 0, script_bytes = 0, instructions = 0;
  for (const auto& entry : fs::recursive_directory_iterator(argv[1])) {
    if (!entry.is_regular_file() || entry.path().filename().string().find("Dockerfile") == std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    bytes += files.back().size();
  }
  for (const auto& text : files) {
    const auto document = parse_document(text);
    instructions += document.instructions().size();
    for (const auto& instruction : document.instructions()) {
      if (instruction.keyword != Keyword::run || instruction.json) continue;
      scripts.emplace_back(instruction.arguments_text.view());
      script_bytes += scripts.back().size();
    }
  }
  std::cout << files.size() << " files, " << bytes << " bytes, " << instructions << " instructions\n";
  const auto measure = [&](const char* name, std::size_t size, const std::function<void()>& work) {
    std::vector<double> seconds;
    for (int i = 0; i < 7; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      work();
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    std::ranges::sort(seconds);
    const double median = seconds[seconds.size() / 2];
    std::cout << name << "  " << static_cast<double>(size) / median / 1e6 << " MB/s, "
              << median * 1e9 / static_cast<double>(std::max<std::size_t>(instructions, 1)) << " ns per instruction\n";
  };
  measure("reading  ", bytes, [&] {
    for (const auto& entry : fs::recursive_directory_iterator(argv[1])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(in), {});
    }
  });
  measure("lines    ", bytes, [&] {
    for (const auto& text : files) parse_lines(text);
  });
  measure("document ", bytes, [&] {
    for (const auto& text : files) parse_document(text);
  });
  measure("shell    ", script_bytes, [&] {
    for (const auto& text : scripts) parse_shell(text);
  });
  measure("model    ", bytes, [&] {
    for (const auto& text : files) Dockerfile(text, builtin_facts(), {});
  });
  measure("lint     ", bytes, [&] {
    for (const auto& text : files) lint(Dockerfile(text, builtin_facts(), {}), default_rules());
  });
  measure("rewrite  ", bytes, [&] {
    for (const auto& text : files) rewrite(text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe);
  });
}
