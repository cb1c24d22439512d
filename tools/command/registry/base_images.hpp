// What registries say of the base images of the files that a command reads: asked once for all of them, before any is
// read for what is said of it. Then which findings and fixes rest on that, so that each of them says so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "commands.hpp"
#include "lint/finding.hpp"
#include "registry/images.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::cli {

struct BaseImages {
  std::shared_ptr<const Facts> facts;  // the tables, completed; the tables alone without --resolve
  std::vector<std::string> notes;      // for standard error: which images nothing is known of, and why
  bool failed = false;                 // the lock file could not be used
};

// How one of the files is read, with the facts that are there so far; null where it cannot be.
using ReadWith = std::function<std::shared_ptr<const Dockerfile>(const Facts& facts)>;
using AskAll = std::function<std::vector<ResolvedImage>(const std::vector<ImageQuestion>& questions)>;

// All that is asked about some files, and the tables with the answers: their bases, and then, where the base of what is
// shipped is known, the smaller image that could take its place.
struct AskedImages {
  std::shared_ptr<const Facts> facts;
  std::vector<ImageQuestion> questions;
  std::vector<ResolvedImage> answers;  // in the same order
  std::size_t needed = 0;              // the first of them; what follows are other forms, which nobody misses
};
// Whether other forms of what is shipped are asked about too, for people who want to choose.
enum class OtherForms : std::uint8_t { ignored, asked };
// `local`: canonical names that are known here, although no registry can have them.
AskedImages ask_about_bases(const Facts& facts, const std::vector<ReadWith>& files, const AskAll& ask,
                            const std::set<std::string>& local = {}, OtherForms others = OtherForms::ignored);

BaseImages resolve_base_images(const Options& options, const Inputs& inputs, const Facts& facts,
                               OtherForms others = OtherForms::ignored);

// Adds to each finding that is not made without what registries said, and to each whose fixes are others, by which
// image it is known. `without` finds all that is found without it.
using FindAll = std::function<std::vector<Finding>(const Dockerfile& file)>;
void say_what_rests_on_registries(const Dockerfile& file, Unsaid unsaid, const FindAll& without,
                                  std::vector<Finding>& findings);

// The same of a rewrite.
using RewriteAll = std::function<Rewrite(const std::shared_ptr<const Dockerfile>& file)>;
void say_what_rests_on_registries(const Dockerfile& file, const RewriteAll& without, Rewrite& rewrite);

}  // namespace dockhew::cli
