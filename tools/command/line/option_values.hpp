// The words that options take, and what each stands for. The configuration and the environment take the same words.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "options.hpp"

namespace dockhew::cli {

template <typename Value>
struct Choice {
  std::string_view name;
  Value value;
};

std::span<const Choice<Severity>> severity_choices();   // off: "never"
std::span<const Choice<Severity>> threshold_choices();  // hadolint's
std::span<const Choice<Builder>> builder_choices();     // that a file is written for
std::span<const Choice<Builder>> program_choices();     // that `verify` runs, and what each builds like
std::span<const Choice<BuilderCache>> cache_choices();
std::span<const Choice<CacheExport>> cache_export_choices();
std::span<const Choice<Shellcheck>> shellcheck_choices();

template <typename Value>
std::vector<std::string_view> names_of(std::span<const Choice<Value>> choices) {
  std::vector<std::string_view> names;
  for (const auto& choice : choices) names.push_back(choice.name);
  return names;
}

// Why a word is none of these, for the user: "--cache takes persistent or ephemeral, not `x`".
std::string wrong_choice(std::string_view option, std::string_view word, const std::vector<std::string_view>& names);

// Sets `out`, or returns an error message for the user.
template <typename Value>
std::string choose(std::string_view option, std::string_view word, std::span<const Choice<Value>> choices, Value& out) {
  for (const auto& choice : choices)
    if (choice.name == word) return out = choice.value, std::string();
  return wrong_choice(option, word, names_of(choices));
}

// Values of options that are lists: "a,b" is two values.
std::vector<std::string> split_commas(const std::vector<std::string>& values);

}  // namespace dockhew::cli
