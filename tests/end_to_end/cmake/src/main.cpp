#include <fstream>
#include <iostream>
#include <thread>
#include "core.hpp"
int main() {
  std::ifstream page("assets/page.txt");
  std::string line; std::getline(page, line);
  std::thread([&]{ std::cout << line << (version().empty() ? "" : " with sqlite") << "\n"; }).join();
  return line.empty();
}
