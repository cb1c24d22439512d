// What a command of a RUN sees of a variable.
#include <doctest/doctest.h>

#include "effects/environment.hpp"

using namespace dockhew;

namespace {

// The value of X for the last command that is called `tool`: the text, "?" where it is not known, "-" where the command
// does not see it.
std::string value_of_x(const std::string& instructions) {
  const Dockerfile file(instructions, builtin_facts(), {});
  const auto& stage = file.final_stage();
  const Site site{file, stage, stage.steps.back()};
  const ShellCommand* tool = nullptr;
  for (const auto& command : site.step.script->commands)
    if (command.name() == "tool") tool = &command;
  REQUIRE(tool != nullptr);
  const auto value = environment(site, *tool, "X");
  return value.is_known() ? value.text : value.is_unknown() ? "?" : "-";
}

std::string in_script(const std::string& script) { return value_of_x("FROM debian:12\nRUN " + script + "\n"); }

Setter setter_of_x(const std::string& instructions) {
  const Dockerfile file(instructions, builtin_facts(), {});
  const auto& stage = file.final_stage();
  const Site site{file, stage, stage.steps.back()};
  return find_variable(site, site.step.script->commands.back(), "X").setter;
}

}  // namespace

TEST_CASE("a variable of the file") {
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN tool\n") == "1");
  CHECK(value_of_x("FROM debian:12\nARG X=1\nRUN tool\n") == "1");
  CHECK(value_of_x("FROM debian:12\nARG X\nRUN tool\n") == "?");
  CHECK(value_of_x("FROM debian:12\nRUN tool\n") == "-");
  CHECK(value_of_x("FROM unknown/base\nRUN tool\n") == "?");
  CHECK(value_of_x("FROM unknown/base\nENV X=1\nRUN tool\n") == "1");
  CHECK(value_of_x("FROM debian:12 AS a\nENV X=1\nFROM a\nRUN tool\n") == "1");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN [\"tool\"]\n") == "1");
}

TEST_CASE("a variable that is set for the command alone") {
  CHECK(in_script("X=1 tool") == "1");
  CHECK(in_script("env X=1 tool") == "1");
  CHECK(in_script("X=1 env X=2 tool") == "2");
  CHECK(in_script("X=\"$(cat x)\" tool") == "?");
  CHECK(in_script("X=1 other && tool") == "-");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN X=2 tool\n") == "2");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN env -u X tool\n") == "-");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN env -i X=2 tool\n") == "2");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN env -i tool\n") == "-");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN nice -n 5 env -u Y tool\n") == "1");
}

TEST_CASE("a variable that the script exports") {
  CHECK(in_script("export X=1 && tool") == "1");
  CHECK(in_script("export X='a b' && tool") == "a b");
  CHECK(in_script("export Y=0 X=1; tool") == "1");
  CHECK(in_script("declare -x X=1; tool") == "1");
  CHECK(in_script("typeset -rx X=1; tool") == "1");
  CHECK(in_script("X=1; export X; tool") == "1");
  CHECK(in_script("export X; X=1; tool") == "1");
  CHECK(in_script("set -ea; X=1; tool") == "1");
  CHECK(in_script("export X=1 && export X=2 && tool") == "2");
  CHECK(in_script("tool && export X=1") == "-");
  CHECK(in_script("export X=$(cat x) && tool") == "?");
  CHECK(in_script("export X=1 && read X && tool") == "?");
  CHECK(in_script("export X=1 && unset X && tool") == "-");
  CHECK(in_script("export X=1 && export -n X && tool") == "-");
  CHECK(in_script("export X=1 && unset -f X && tool") == "1");
}

TEST_CASE("a variable that the script only assigns") {
  CHECK(in_script("X=1; tool") == "-");
  CHECK(in_script("declare X=1; tool") == "-");
  CHECK(in_script("export X=1; X=2; tool") == "2");
  CHECK(value_of_x("FROM debian:12\nENV X=1\nRUN X=2; tool\n") == "2");
  CHECK(value_of_x("FROM unknown/base\nRUN X=2; tool\n") == "?");
  CHECK(value_of_x("FROM unknown/base\nRUN X=2; export X; tool\n") == "2");
}

TEST_CASE("a variable that is exported in a part of the script") {
  CHECK(in_script("if a; then export X=1; fi; tool") == "?");
  CHECK(in_script("if a; then export X=1; tool; fi") == "1");
  CHECK(in_script("if a; then export X=1; else tool; fi") == "-");
  CHECK(in_script("if a; then export X=1; else tool; fi; tool") == "?");
  CHECK(in_script("for i in a b; do export X=1; tool; done") == "1");
  CHECK(in_script("while a; do export X=1; done; tool") == "?");
  CHECK(in_script("case $a in b) export X=1;; esac; tool") == "?");
  CHECK(in_script("f() { export X=1; }; tool") == "?");
  CHECK(in_script("(export X=1); tool") == "-");
  CHECK(in_script("(export X=1; tool)") == "1");
  CHECK(in_script("export X=1; (tool)") == "1");
  CHECK(in_script("{ export X=1; }; tool") == "1");
  CHECK(in_script("a=$(export X=1; b); tool") == "-");
  CHECK(in_script("export X=1 | a; tool") == "-");
  CHECK(in_script("a && export X=1 && tool") == "1");
  CHECK(in_script("a && export X=1; tool") == "?");
  CHECK(in_script("a || export X=1; tool") == "?");
  CHECK(in_script("a || export X=1 && tool") == "?");
  CHECK(in_script("a && export X=1 || tool") == "?");
  CHECK(in_script("{ a; export X=1; } & tool") == "-");
}

TEST_CASE("a variable in a quoted script") {
  CHECK(in_script("sh -c 'export X=1 && tool'") == "1");
  CHECK(in_script("sh -c 'export X=1'; tool") == "-");
  CHECK(in_script("export X=1; sh -c 'tool'") == "1");
  CHECK(in_script("X=1 sh -c 'tool'") == "1");
  CHECK(in_script("X=1 sh -c 'export X=2; tool'") == "2");
  CHECK(in_script("X=1 sh -c 'other'; sh -c 'tool'") == "-");
  CHECK(in_script("sh -c 'if a; then export X=1; fi; tool'") == "?");
  CHECK(value_of_x("FROM debian:12\nRUN [\"sh\", \"-c\", \"export X=1 && tool\"]\n") == "1");
}

TEST_CASE("who sets a variable") {
  CHECK(setter_of_x("FROM unknown/base\nRUN tool\n") == Setter::nobody);
  CHECK(setter_of_x("FROM debian:12\nARG X\nRUN tool\n") == Setter::file);
  CHECK(setter_of_x("FROM debian:12\nENV X=1\nRUN export X=2; tool\n") == Setter::script);
  CHECK(setter_of_x("FROM debian:12\nENV X=1\nRUN X=2 tool\n") == Setter::command);
}

TEST_CASE("settings and switches") {
  const Dockerfile file("FROM debian:12\nRUN export X=1; tool\n", builtin_facts(), {});
  const Site site{file, file.final_stage(), file.final_stage().steps.back()};
  const auto& tool = site.step.script->commands.back();
  CHECK(has_setting(site, tool, "X=1"));
  CHECK_FALSE(has_setting(site, tool, "X=true"));
  CHECK_FALSE(has_setting(site, tool, "Y="));
  for (const auto* on : {"1", "true", "True", "YES", "on"}) CHECK(is_switched_on(Value::known(on)));
  for (const auto* off : {"", "0", "false", "No", "OFF"}) CHECK(is_switched_off(Value::known(off)));
  CHECK_FALSE(is_switched_on(Value::known("maybe")));
  CHECK_FALSE(is_switched_off(Value::known("maybe")));
  CHECK_FALSE(is_switched_on(Value::unknown()));
  CHECK_FALSE(is_switched_off(Value()));
}
