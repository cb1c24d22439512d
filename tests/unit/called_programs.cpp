#include "ecosystems/called_programs.hpp"

#include <doctest/doctest.h>

#include "ecosystems/ecosystem.hpp"

using namespace dockhew;

TEST_CASE("programs that a source starts") {
  const auto of = [](const std::string& base, std::string_view source) {
    CalledPrograms called;
    const Dockerfile file("FROM " + base + '\n', builtin_facts(), {});
    add_called_programs(source, *ecosystem_of(file.final_stage())->runtime, called);
    std::string text;
    for (const auto& program : called.names) text += (text.empty() ? "" : " ") + program;
    return text;
  };
  const auto python = [&](std::string_view source) { return of("python:3.12", source); };
  CHECK(python("subprocess.run(['git', 'log'])") == "git");
  CHECK(python("subprocess.run(\n    f\"git -C {place} log\", shell=True)") == "git");
  CHECK(python("os.system('cd a && /usr/bin/curl x | tar x; exit')") == "cd curl exit tar");
  CHECK(python("import subprocess as sp\nsp.run(('ssh', 'x'))") == "ssh");
  CHECK(python("from subprocess import (\n  PIPE, run as r)\nr('git')") == "git");
  CHECK(python("from subprocess import call\ncall('git')") == "git");
  CHECK(python("app.run('git')") == "");
  CHECK(python("await asyncio.create_subprocess_exec('git', 'log')") == "git");
  CHECK(python("cmd = 'git log'\nsubprocess.run(cmd.split())") == "git");
  CHECK(python("cmd: list[str] = [\n  'git']\nsubprocess.run(cmd + ['log'])") == "git");
  CHECK(python("subprocess.run([program, 'git'])") == "");
  CHECK(python("subprocess.run(['bash', '-c', 'LANG=C git log'])") == "bash git");
  CHECK(python("subprocess.run(\"\"\"git log\"\"\")") == "git");
  CHECK(python("import sh\nsh.git('log')\nmesh.curl()") == "git");
  CHECK(python("import sh as shell\nshell.apt_get('x')") == "apt-get apt_get");
  CHECK(python("  from sh import (\n  git,\n  curl as fetch)") == "curl git");
  CHECK(python("from fresh import git") == "");
  CHECK(python("from plumbum.cmd import git  # curl") == "git");
  CHECK(python("local['git']('log')") == "git");
  CHECK(python("os.execvp('git', ['git'])\nos.spawnlp(os.P_WAIT, 'curl', 'curl')") == "curl git");
  CHECK(python("pexpect.spawn('ssh host')") == "ssh");
  CHECK(python("subprocess.run(shlex.split('hg log'))") == "hg");
  CHECK(python("import invoke\nc.run('git pull')") == "git");
  CHECK(python("TOOL = '/usr/bin/git'\n# see /usr/bin/curl") == "git");
  const auto node = [&](std::string_view source) { return of("node:20", source); };
  CHECK(node("require('child_process').execSync('git log')") == "git");
  CHECK(node("require('node:child_process').exec('git log')") == "git");
  CHECK(node("/x/.exec('git')") == "");
  CHECK(node("const cp = require(\"child_process\");\ncp.spawn('git')") == "git");
  CHECK(node("import * as own from 'child_process'\nown.spawn('git')") == "git");
  CHECK(node("import { exec as start } from 'child_process'\nstart('git')") == "git");
  CHECK(node("const { exec: start } = require('child_process')\nstart('git')") == "git");
  CHECK(node("const start = util.promisify(exec)\nstart('git')") == "git");
  CHECK(node("await $`git log`") == "git");
  CHECK(node("const shell = require('shelljs')\nshell.exec('git log')") == "git");
  CHECK(node("Bun.spawn(['git', 'log'])") == "git");
  CHECK(node("const args = ['git', 'log']\nspawn(args[0], args.slice(1))") == "git");
  const auto go = [&](std::string_view source) { return of("golang:1.22-bookworm", source); };
  CHECK(go("exec.Command(\"git\", \"log\")") == "git");
  CHECK(go("exec.CommandContext(context.Background(), `git`)") == "git");
  CHECK(go("args := []string{\"git\", \"log\"}\nexec.Command(args[0], args[1:]...)") == "git");
  CHECK(go("exec.LookPath(\"git\")") == "git");
  const auto rust = [&](std::string_view source) { return of("rust:1.79-bookworm", source); };
  CHECK(rust("Command::new(\"git\").arg(\"log\")") == "git");
  CHECK(rust("tokio::process::Command::new(\"sh\").arg(\"-c\").arg(\"git log\")") == "git sh");
  CHECK(rust("let program = \"git\";\nCommand::new(program)") == "git");
  const auto java = [&](std::string_view source) { return of("maven:3.9-eclipse-temurin-17", source); };
  CHECK(java("new ProcessBuilder(\"git\", \"log\")") == "git");
  CHECK(java("Runtime.getRuntime().exec(new String[] {\"git\"})") == "git");
  CHECK(java("String[] command = {\"git\", \"log\"};\nnew ProcessBuilder(command)") == "git");
}

TEST_CASE("scripts that a source starts") {
  const auto of = [](const std::string& base, std::string_view source) {
    CalledPrograms called;
    const Dockerfile file("FROM " + base + '\n', builtin_facts(), {});
    add_called_programs(source, *ecosystem_of(file.final_stage())->runtime, called);
    std::string text;
    for (const auto& script : called.scripts) text += (text.empty() ? "" : " ") + script;
    return text;
  };
  CHECK(of("golang:1.25", "exec.Command(\"./scripts/run.sh\", \"-v\")") == "./scripts/run.sh");
  CHECK(of("golang:1.25", "exec.CommandContext(ctx, \"/bin/sh\", \"scripts/run.sh\")") == "scripts/run.sh");
  CHECK(of("golang:1.25", "exec.Command(\"sh\", \"-c\", \"./a && b.sh\")") == "./a b.sh");
  CHECK(of("golang:1.25", "exec.Command(\"git\", \"log\")") == "");
  CHECK(of("python:3.12", "subprocess.run(['bash', f'{base}/run.sh'])") == "");
  CHECK(of("python:3.12", "os.system('bin/backup.sh now')") == "bin/backup.sh");
}
