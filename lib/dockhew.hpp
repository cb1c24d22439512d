// The library's entry point: read, lint and rewrite a Dockerfile in memory. Nothing here reads files, prints or exits;
// bad input results in findings. Everything may be used from several threads at once on different files.
//
//   #include <dockhew/dockhew.hpp>
//
//   const dockhew::Dockerfile file(text, dockhew::builtin_facts(), {});
//   const dockhew::LineIndex lines(file.source());
//   for (const auto& finding : dockhew::lint_file(file, dockhew::default_rules()))
//     report(lines.position(finding.span.begin), finding.message);
//   const auto better = dockhew::rewrite_file(text, dockhew::builtin_facts(), {}, dockhew::optimizing_rules(),
//                                        dockhew::Applicability::safe);
//
// Lifetimes: a Dockerfile owns its text; findings point to rules, which live as long as the program; a LineIndex and
// every string_view look into the Dockerfile, which must outlive them; facts must outlive the Dockerfiles read with
// them.
#pragma once

#if __cplusplus < 202002L
#error "dockhew needs C++20: -std=c++20"
#endif

#include "facts/facts.hpp"
#include "lint/lint.hpp"
#include "model/build_context.hpp"
#include "model/builder.hpp"
#include "model/dockerfile.hpp"
#include "rewrite/rewrite.hpp"
#include "text/position.hpp"
