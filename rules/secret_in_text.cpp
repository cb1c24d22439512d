// Fires on credentials that are written into the file itself: tokens that their issuers mark, private keys, passwords
// in URLs. Reports show stars in their place.
#include "lint/rule.hpp"
#include "lint/secrets.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& secret : find_secrets(file.source()))
    report.add(secret.span,
               "this looks like " + std::string(secret.title) + ", for everybody who has this file to use");
}

}  // namespace

extern constinit const Rule secret_in_text = {
    .id = "secret-in-text",
    .category = Category::security,
    .severity = Severity::error,
    .summary = "a credential is written into the file",
    .rationale =
        R"(Whoever can read the Dockerfile, its history, or the image it makes has the credential. Revoke it: removing the line
does not take it back. Give secrets to the one RUN that needs them: `RUN --mount=type=secret,id=token,env=TOKEN …`.

Known are the marked tokens of AWS, GitHub, GitLab, npm, PyPI, Docker Hub, Slack, Google, Stripe, SendGrid, Hugging Face, Vault and
others, private keys, and passwords in URLs. Placeholders (`example`, `xxxx`, `your…`) and variables are let through. Reports show
stars in place of the secret.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
