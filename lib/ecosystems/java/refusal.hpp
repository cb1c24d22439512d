// Projects of Maven that the compiler of an image certainly refuses, because they ask for a later Java.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against it. Sources:
// https://maven.apache.org/plugins/maven-compiler-plugin/compile-mojo.html (`maven.compiler.release`), and
// https://docs.spring.io/spring-boot/maven-plugin/using.html for `java.version`.
Refusal java_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
