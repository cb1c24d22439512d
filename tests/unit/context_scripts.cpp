// What a script of the build context does that a RUN starts, by the effects of its commands. Every RUN works in /app,
// where the whole context is copied.
#include "ecosystems/context_scripts.hpp"

#include <doctest/doctest.h>

#include "ecosystems/command_effects.hpp"
#include "example.hpp"

using namespace dockhew;

namespace {

void describe(std::string& text, const char* what, const AffectedPaths& affected) {
  if (affected.paths.empty() && !affected.anything) return;
  text += (text.empty() ? "" : ", ") + std::string(what);
  for (const auto& path : affected.paths) text += ' ' + path.path;
  if (affected.anything) text += " ?";
}

// Of the last command of a RUN: "not read" where it starts no script that can be read.
std::string effects_of(const Files& files, const std::string& run, const std::string& lines = "COPY . .\n") {
  const Example example(run, files, lines);
  const auto& command = example.site().step.script->commands.back();
  if (!context_script(example.site(), command)) return "not read";
  const auto effects = command_effects(example.site(), command);
  std::string text;
  describe(text, "reads", effects.reads);
  describe(text, "writes", effects.writes);
  describe(text, "changes", effects.changes);
  describe(text, "removes", effects.removes);
  if (effects.changes_shell) text += ", shell";
  return text;
}

std::string of_script(const std::string& script, const std::string& run = "sh x.sh") {
  return effects_of({{"x.sh", script}, {"y.sh", "touch /y\n"}, {"Makefile", "all:\n\ttouch /made\n"}}, run);
}

// The places of its commands, with their first words.
std::string places_of(const Files& files, const std::string& run) {
  const Example example(run, files, "COPY . .\n");
  const auto script = context_script(example.site(), example.site().step.script->commands.back());
  std::string text;
  if (script)
    for (const auto& each : script->commands)
      if (!each.command->words.empty()) text += (text.empty() ? "" : ", ") + each.command->name() + ' ' + each.place;
  return text;
}

}  // namespace

TEST_CASE("a script does what its commands do, and reads itself") {
  CHECK(of_script("touch /a\n") == "reads /app/x.sh, writes /a");
  CHECK(of_script("touch /a\n", "./x.sh") == "reads /app/x.sh /app/x.sh, writes /a");
  CHECK(of_script("#!/bin/bash\nset -e\ntouch /a\n", "bash -eux ./x.sh > /log") == "reads /app/x.sh, writes /a /log");
  CHECK(of_script("#!/usr/bin/env bash\ntouch /a\n", "./x.sh one") == "reads /app/x.sh /app/x.sh, writes /a");
  CHECK(of_script("cd /opt\ntouch a\n", "cd / && sh app/x.sh") == "reads /opt /app/x.sh, writes /opt/a");
  CHECK(of_script("rm -rf /a /b\ncp c /c\n") == "reads /app/c /app/x.sh, writes /c, removes /a /b");
  CHECK(of_script("frobnicate\n").find('?') != std::string::npos);
  CHECK(of_script("cat <<EOF > /a\nfrobnicate\nEOF\n") == "reads /app/x.sh, writes /a");
  CHECK(places_of({{"x.sh", "#!/bin/sh\n# a\ntouch a\n\nif true; then\n  rm b\nfi\n"}}, "sh x.sh") ==
        "touch x.sh:3, true x.sh:5, rm x.sh:6");
}

TEST_CASE("a script that starts others, and make") {
  CHECK(of_script("./y.sh > /log\n") == "reads /app/y.sh /app/x.sh /app/y.sh, writes /y /log");
  CHECK(of_script("sh -c 'touch /a'\n") == "reads /app/x.sh, writes /a");
  CHECK(of_script("./x.sh\n").find('?') != std::string::npos);
  CHECK(of_script("make\n") == "reads /app/x.sh /app/Makefile, writes /made");
  CHECK(effects_of({{"Makefile", "all:\n\t@sh x.sh\n"}, {"x.sh", "touch /a\n"}}, "make") ==
        "reads /app/Makefile /app/x.sh, writes /a");
  CHECK(places_of({{"Makefile", "a: b\n\ttouch a\nb:\n\ttouch b\n"}}, "make a") ==
        "touch Makefile:2, touch Makefile:4");
  CHECK(of_script("f() {\n  touch /a\n}\nf\n") == "reads /app/x.sh, writes /a");
  CHECK(of_script("touch() {\n  rm /a\n}\ntouch b\n") == "not read");
  CHECK(of_script("touch /a\nexec \"$@\"\n") == "reads /app/x.sh, writes /a");
  CHECK(of_script("touch /a\nexec \"$@\"\n", "sh x.sh frobnicate").find('?') != std::string::npos);
}

TEST_CASE("values and directories that may be others are not known") {
  CHECK(of_script("D=/opt\ntouch $D/a\n") == "reads /app/x.sh, writes /opt/a");
  CHECK(of_script("touch $D/a\n", "D=/opt sh x.sh") == "reads /app/x.sh, writes /opt/a");
  CHECK(of_script("touch $D/a\n", "export D=/opt && sh x.sh") == "reads /app/x.sh, writes /opt/a");
  for (const auto* script :
       {"touch $D/a\n", "touch $1\n", "touch \"$(dirname \"$1\")/a\"\n", "D=/a\nif true; then D=/b; fi\ntouch $D/a\n",
        "for D in /a /b; do\n  touch $D/a\ndone\n", "read D\ntouch $D/a\n", "D=/a\nD=/b\ntouch $D/a\n",
        "f() {\n  touch $D/a\n}\nD=/opt\nf\n", "A=$1\nD=$A\ntouch $D/a\n", ": ${D:=/opt}\ntouch $D/a\n",
        "cd \"$(dirname \"$1\")\"\ntouch a\n", "cd build || mkdir build && cd build\ntouch a\n",
        "f() {\n  cd /opt\n}\nf\ntouch a\n", "f() {\n  touch a\n}\ncd /opt\nf\n", "cd -\ntouch a\n",
        ". ./env\ntouch a\n", "D=/a\neval D=/b\ntouch $D/a\n"}) {
    CAPTURE(script);
    CHECK(of_script(script).find(" ?") != std::string::npos);
  }
}

TEST_CASE("a script says where it lies itself") {
  for (const auto* script :
       {"cd \"$(dirname \"$0\")\"\ntouch a\n", "cd $(dirname $0)\ntouch a\n",
        "touch \"$(dirname -- \"${BASH_SOURCE[0]}\")/a\"\n",
        "D=\"$( cd \"$( dirname \"${BASH_SOURCE[0]}\" )\" >/dev/null 2>&1 && pwd )\"\ntouch \"$D/a\"\n",
        "D=$(cd \"$(dirname \"$0\")/..\" && pwd -P)\ntouch \"$D/d/a\"\n", "cd \"${0%/*}\" || exit 1\ntouch a\n"}) {
    CAPTURE(script);
    CHECK(effects_of({{"d/x.sh", script}}, "bash d/x.sh").find("writes /app/d/a") != std::string::npos);
    CHECK(effects_of({{"d/x.sh", script}}, "bash d/x.sh").find("writes /app/d/a ?") == std::string::npos);
  }
  CHECK(effects_of({{"d/x.sh", "cd \"$(dirname \"$1\")\"\ntouch a\n"}}, "bash d/x.sh").find('?') != std::string::npos);
}

TEST_CASE("a script that cannot be read, or may be another by then") {
  const Files files = {{"x.sh", "touch /a\n"},
                       {"p.sh", "#!/usr/bin/python3\n"},
                       {"plain", "touch /a\n"},
                       {"crlf.sh", "touch /a\r\n"},
                       {"other/x.sh", "touch /b\n"}};
  CHECK(effects_of(files, "./p.sh") == "not read");
  CHECK(effects_of(files, "./plain") == "not read");
  CHECK(effects_of(files, "./crlf.sh") == "not read");
  CHECK(effects_of(files, "sh absent.sh") == "not read");
  CHECK(effects_of(files, "sh -s x.sh") == "not read");
  CHECK(effects_of(files, "sudo -u app ./x.sh") == "not read");
  CHECK(effects_of(files, "sh x.sh", "") == "not read");
  CHECK(effects_of(files, "sed -i s/a/b/ x.sh && sh x.sh") == "not read");
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nRUN sed -i s/a/b/ *.sh\n") == "not read");
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nRUN frobnicate\n") == "not read");
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nRUN sh x.sh && rm -rf /app\n") == "not read");
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nCOPY --from=other /app .\n") == "not read");
  // Of the last COPY that brings it.
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nCOPY other .\n") == "reads /app/x.sh, writes /b");
  CHECK(effects_of(files, "sh x.sh", "COPY . .\nRUN chmod +x x.sh && npm ci && sh x.sh\n") ==
        "reads /app/x.sh, writes /a");
  CHECK(effects_of(files, "--mount=type=bind,target=/src sh /src/x.sh", "") == "reads /src/x.sh, writes /a");
  CHECK(effects_of(files, "--mount=type=bind,source=other,target=/src sh /src/x.sh", "") ==
        "reads /src/x.sh, writes /b");
  CHECK(effects_of(files, "--mount=type=bind,from=other,target=/app sh x.sh") == "not read");
  CHECK(effects_of(files, "--mount=type=cache,target=/app sh x.sh") == "not read");
}

TEST_CASE("what a script reads and writes besides what its commands do") {
  for (const auto* script :
       {"while true; do\n  touch /a\ndone < list\n", "{ touch /a; } < list\n",
        "for a in $(cat list); do\n  touch /a\ndone\n", "for a in *.txt; do\n  touch /a\ndone\n",
        "case $(cat list) in\n  a) touch /a ;;\nesac\n", "if [[ -f list ]]; then\n  touch /a\nfi\n",
        "X=$((1 + $(cat list)))\ntouch /a\n", "X=`cat list`\ntouch /a\n", "cat <<EOF > /a\n$(cat list)\nEOF\n"}) {
    CAPTURE(script);
    CHECK(of_script(script).find(" ?, writes /a") != std::string::npos);
  }
  CHECK(of_script("{ touch /a; } > log\n") == "reads /app/x.sh, writes /a ?, changes ?");
  for (const auto* script :
       {"for a in 1 2; do\n  touch /a\ndone 2>&1\n", "{ touch /a; } > /dev/null\n", "[[ -n $A ]] && touch /a\n",
        "A=$((1 + 2))\ntouch /a\n", "case $A in\n  a) touch /a ;;\nesac\n"}) {
    CAPTURE(script);
    CHECK(of_script(script) == "reads /app/x.sh, writes /a");
  }
}
