#include "effects/bare_images.hpp"

#include <algorithm>

#include "effects/plain_add.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {

bool begins_bare(const Stage& base) {
  // The last is Google's image for programs that need the libraries of C.
  constexpr std::string_view kinds[] = {"base", "static", "cc"};
  const auto name = base.reference.distroless();
  return base.scratch || std::ranges::find(kinds, name.substr(0, name.find('-'))) != std::end(kinds);
}

bool begins_without_shell(const Stage& base) {
  return base.scratch ||
         (!base.reference.distroless().empty() && base.reference.tag.find("debug") == std::string::npos);
}

namespace {

// Of files of the context it is known what a COPY calls them in a directory of the image: `COPY app.js /`.
bool may_bring_path(const Dockerfile& file, const Copy& copy, std::string_view path) {
  if (!copy.destination.is_known()) return true;
  const auto& to = copy.destination.text;
  if (!path_is_under(path, to)) return false;
  return path == to || !copy.from_context() || std::ranges::any_of(copy.sources, [&](const CopySource& source) {
           const auto in_context = clean_path(source.text);
           const bool known = source.known && !source.heredoc && file.context().kind(in_context) == PathKind::file;
           return !known || resolve_path(to, path_basename(in_context)) == path;
         });
}

}  // namespace

bool may_have_path(const Dockerfile& file, const Stage& stage, std::string_view path) {
  return std::ranges::any_of(steps_of_chain(file, stage), [&](const StageStep& each) {
    const auto& step = *each.step;
    if (step.instruction->keyword == Keyword::run || !step.triggered.empty()) return true;
    if (!step.copy) return step.instruction->keyword == Keyword::add || step.instruction->keyword == Keyword::copy;
    if (!only_copies(*step.instruction, *step.copy)) return true;
    return may_bring_path(file, *step.copy, path);
  });
}

}  // namespace dockhew::inline effects
