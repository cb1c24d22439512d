#include "syntax/instruction_flags.hpp"

#include <array>

namespace dockhew::inline syntax {
namespace {

using enum FlagKind;
constexpr std::array<InstructionFlag, 1> from_flags = {{{"platform", text}}};
constexpr std::array<InstructionFlag, 4> run_flags = {
    {{"mount", list}, {"network", text}, {"security", text}, {"device", list}}};
constexpr std::array<InstructionFlag, 6> copy_flags = {
    {{"from", text}, {"chown", text}, {"chmod", text}, {"link", boolean}, {"parents", boolean}, {"exclude", list}}};
constexpr std::array<InstructionFlag, 7> add_flags = {{{"chown", text},
                                                       {"chmod", text},
                                                       {"link", boolean},
                                                       {"keep-git-dir", boolean},
                                                       {"checksum", text},
                                                       {"unpack", boolean},
                                                       {"exclude", list}}};
constexpr std::array<InstructionFlag, 5> healthcheck_flags = {
    {{"interval", text}, {"timeout", text}, {"start-period", text}, {"start-interval", text}, {"retries", text}}};

}  // namespace

std::span<const InstructionFlag> flags_of(Keyword keyword) {
  switch (keyword) {
    case Keyword::from: return from_flags;
    case Keyword::run: return run_flags;
    case Keyword::copy: return copy_flags;
    case Keyword::add: return add_flags;
    case Keyword::healthcheck: return healthcheck_flags;
    default: return {};
  }
}

}  // namespace dockhew::inline syntax
