// The promise, checked: after every round each rewritten file is compared with the one before it. What the gate cannot show to
// hold is not emitted, and the reason is kept.
#pragma once

#include <span>
#include <string>

#include "lint/rule.hpp"
#include "model/dockerfile.hpp"

namespace dockhew {

// Why `after` must not replace `before`; empty when it may. `fix` is what was applied for a finding of `rule`.
// Checked: no new syntax errors; every RUN's shell still parses; the final stage's configuration is unchanged unless the fix
// declares the change; nothing that a later step reads is lost in a mount; every COPY --from names a stage; comments survive;
// no scenario costs more; the rule has less to say and no other rule has more.
std::string check_gate(const Dockerfile& before, const Dockerfile& after, const Rule& rule, const Fix& fix,
                       std::span<const Rule* const> rules);

}  // namespace dockhew
