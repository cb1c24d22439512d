#include <iostream>

#include "table.hpp"
#include "words.hpp"

int main() {
  for (const auto& [word, number] : count(words("to be or not to be"))) std::cout << word << ' ' << number << '\n';
}
