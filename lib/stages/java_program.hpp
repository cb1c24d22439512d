// What the runtime stage of a Java program takes from the builder: the archive that `java -jar` starts, which Maven or
// Gradle have put into the project's output directory, or that whole directory where the archive names others beside
// it.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "stages/interpreted_program.hpp"

namespace dockhew {

// Whether Maven or Gradle build in this stage, and the container then starts `java` and none of them.
bool builds_and_starts_java(const Stage& stage);

// `builder_steps`: the RUNs of the builder. An archive that one of them copies to its place is no artifact of its own.
InterpretedProgram find_java_program(const Dockerfile& file, const Stage& stage,
                                     const std::vector<const Step*>& builder_steps);

}  // namespace dockhew
