// Images that have a JDK, and which one of the same build of Java has only the JRE.
#pragma once

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// By the name and the tag.
bool has_jdk(const Stage& stage);

// The release of Java that an image has, by its tag: 17 of `maven:3.9-eclipse-temurin-17`; 0 where that does not say.
int java_release(const Stage& stage);

// Declined where there is no such image, or none is known to fit.
Outcome<RuntimeImage> jre_image(const Stage& stage);

}  // namespace dockhew::inline ecosystems
