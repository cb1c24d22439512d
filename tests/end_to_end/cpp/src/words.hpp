#pragma once
#include <string>
#include <vector>

std::vector<std::string> words(const std::string& text);
