// Which files a final stage leaves out by design, so that their absence is no difference: packages that only
// development needs, the source of what was compiled, what only an installation reads. Whatever the started program
// names stays needed.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "facts/facts.hpp"
#include "image/image.hpp"
#include "model/build_context.hpp"
#include "verify/started_program.hpp"

namespace dockhew::inline verify {

class LeftOut {
 public:
  // `places`: directories and files of the application in the original image. All must outlive this object.
  LeftOut(const Facts& facts, const Image& original, const BuildContext& context, const StartedProgram& program,
          std::set<std::string> places);

  // Of a file that only the original has: what kind of file it is that may be absent; empty when its absence counts.
  std::string_view operator()(const std::string& path) const;

 private:
  std::string_view kind_in_project(const std::string& path, std::string_view relative) const;
  bool is_named(const std::string& path, std::string_view relative) const;
  bool is_named_by_compiled(std::string_view name) const;

  const Facts& facts_;
  const Image& original_;
  const BuildContext& context_;
  const StartedProgram& program_;
  std::set<std::string> places_, development_;
};

}  // namespace dockhew::inline verify
