// The library's entry point: read, lint and rewrite a Dockerfile in memory. Nothing here reads files, prints or exits;
// bad input results in findings. Everything may be used from several threads at once on different files.
//
//   auto file = dockhew::Dockerfile(text, dockhew::builtin_facts(), {});
//   for (const auto& finding : dockhew::lint(file, dockhew::all_rules())) …
//   auto better = dockhew::rewrite(text, dockhew::builtin_facts(), {}, dockhew::all_rules(),
//   dockhew::Applicability::safe);
#pragma once

#include "facts/facts.hpp"
#include "lint/lint.hpp"
#include "model/build_context.hpp"
#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/rewrite.hpp"
#include "text/position.hpp"
