// Fires on credentials written into the file itself: tokens with a known prefix, private keys, passwords in URLs.
// Reports show asterisks in their place.
#include "lint/rule.hpp"
#include "lint/secrets.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& secret : find_secrets(file.source()))
    report.add(secret.span, "this looks like " + std::string(secret.title) +
                                ", which anyone with this file can use; revoke it and pass it as a secret mount");
}

}  // namespace

extern constinit const Rule secret_in_text = {
    .id = "secret-in-text",
    .category = Category::security,
    .severity = Severity::error,
    .summary = "a credential is written into the file",
    .rationale =
        R"(Anyone who can read the Dockerfile, its history, or the resulting image has the credential. Revoke it:
removing the line does not take it back. Pass secrets only to the RUN that needs them:
`RUN --mount=type=secret,id=token,env=TOKEN …`.

The rule recognizes tokens of AWS, GitHub, GitLab, npm, PyPI, Docker Hub, Slack, Google, Stripe, SendGrid, Hugging Face,
Vault and others by their prefixes, the secret half of an AWS key, private keys, and passwords in URLs. Placeholders (`example`, `xxxx`, `your…`) and
variables are not reported. Reports show asterisks in place of the secret.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
