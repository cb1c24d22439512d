// What the container of a Java project starts: an archive, or a build tool that compiles the project first.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// The archive after `java -jar`, as it is written.
Outcome<std::string> find_started_archive(const Stage& stage);

// Whether the container starts `java`, with something that was compiled before.
bool starts_java(const Stage& stage);

// The directory in which Gradle's `installDist` has put the program with its libraries, if the container starts the
// script in its `bin`: `/app/build/install/shop`. Empty where it starts something else.
std::string started_distribution(const Stage& stage);

// `mvn spring-boot:run`: the words of a build tool that compiles the project whenever the container starts. Empty where
// it starts something else, or tests.
std::string started_build(const Stage& stage);

}  // namespace dockhew::inline ecosystems
