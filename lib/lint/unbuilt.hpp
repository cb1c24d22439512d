// What is not worth saying of a file that nobody builds, or that cannot be built: nothing is gained by a faster step
// that no build gets to.
#pragma once

#include <span>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

// Whether something in the project says how the file is built, so that the stages which these builds do not make are
// made by nobody, as far as is known.
bool all_builds_known(const Dockerfile& file);

// Says of what fails in a RUN whether the build goes on, because a `;`, a pipe or a condition hides the failure.
void mark_going_on(const Dockerfile& file, std::span<Finding> findings);

// Leaves errors, and what is about security, in a file that is left over beside the one that is built.
void quiet_left_over(const Dockerfile& file, std::span<Finding> findings);

// Turns off what is about time, size, good form and versions in a stage that nothing uses, but for the finding that
// says so. One with a name may be built by hand where nothing in the project builds the file.
void quiet_unused(const Dockerfile& file, std::span<Finding> findings);

// Turns off what a failing build makes pointless: findings about time, size and good form where the failing stage is
// part of the image, or else in the rest of that stage; and there also those about what a later build may install.
void quiet_unreached(const Dockerfile& file, std::span<Finding> findings);

}  // namespace dockhew::inline lint
