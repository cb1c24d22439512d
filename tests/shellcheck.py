"""ShellCheck's findings at their places in the Dockerfile, through the command as a user runs it. The real program is used where
it is installed; how its failures are met is shown with a program of the same name. Prints TAP.
Usage: shellcheck.py DOCKHEW"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

dockhew = os.path.abspath(sys.argv[1])
installed = shutil.which("shellcheck") is not None
results = []


def lint(text, *arguments, directory, path=None, select="shellcheck,shellcheck-remark"):
    file = directory / "Dockerfile"
    file.write_text(text, newline="")
    env = {**os.environ, "XDG_CACHE_HOME": str(directory / "cache")}
    if path is not None:
        env["PATH"] = str(path)
    return subprocess.run([dockhew, "lint", "--no-config", "--select", select, "--format", "json", *arguments, file],
                          capture_output=True, text=True, env=env, timeout=60)


def found(text, *arguments, **options):
    answer = json.loads(lint(text, *arguments, **options).stdout)
    return [f for f in answer["files"][0]["findings"] if f["rule"].startswith("shellcheck")]


def places(findings):
    return [(f["aliases"][0], f["range"]["start"]["line"], f["range"]["start"]["column"]) for f in findings]


def case(function=None, needs_program=True):
    def run(function):
        name = function.__name__
        if needs_program and not installed:
            results.append((True, name + " # SKIP shellcheck is not installed"))
            return
        with tempfile.TemporaryDirectory() as directory:
            try:
                function(pathlib.Path(directory))
                results.append((True, name))
            except Exception as error:
                results.append((False, f"{name}\n# {error!r}"))
    return run(function) if function else run


@case
def all_findings_of_a_run_have_their_places(directory):
    text = "FROM debian:12\r\nRUN rm -rf $FOO/* && \\\r\n    # a comment\r\n    echo `date` && \\\r\n  cd /x\r\n"
    assert {("SC2086", 2, 12), ("SC2046", 4, 10), ("SC2006", 4, 10), ("SC2164", 5, 3)} <= set(places(found(text, directory=directory)))


@case
def heredocs_commands_and_checks_are_read(directory):
    text = ("FROM debian:12\nRUN <<EOF\nset -e\necho é $A\nEOF\nCMD echo $B\nENTRYPOINT exec run $C\n"
            "HEALTHCHECK --interval=1s CMD curl $D\nONBUILD RUN echo $E\nRUN [\"echo\", \"$F\"]\nCMD [\"$G\"]\n")
    got = [place for place in places(found(text, directory=directory)) if place[0] == "SC2086"]
    assert got == [("SC2086", 4, 8), ("SC2086", 6, 10), ("SC2086", 7, 21), ("SC2086", 8, 36), ("SC2086", 9, 18)], got


@case
def the_shell_decides_and_variables_of_the_build_are_known(directory):
    run = "RUN echo $RANDOM\n"
    bash = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'
    def codes(text):
        return {f["aliases"][0] for f in found(text, directory=directory)}
    assert "SC3028" in codes("FROM debian:12\n" + run)
    assert "SC3028" not in codes("FROM debian:12\n" + bash + run)
    assert "SC3028" in codes("FROM debian:12 AS a\n" + bash + "FROM debian:11\n" + run)
    assert "SC3028" not in codes("FROM debian:12 AS a\n" + bash + "FROM a\n" + run)
    assert "SC3028" not in codes("# dockhew shell=bash\nFROM debian:12\n" + run)
    assert not codes("# hadolint shell=powershell\nFROM private\n" + run)
    assert "SC3028" not in codes("FROM private\n" + run) and "SC3028" in codes("# dockhew shell=dash\nFROM private\n" + run)
    assert "SC3028" not in codes("FROM debian:12\nARG UID=1000\nRUN useradd -u $UID dev\n")
    assert "SC2154" not in codes('FROM debian:12\nARG lower\nENV other=1\nRUN echo "$lower$other$http_proxy"\n')
    assert "SC2154" in codes('FROM debian:12\nRUN echo "$lower"\n')


@case
def the_shell_of_alpine_is_busybox(directory):
    def codes(*commands, base="alpine:3.20"):
        text = f"FROM {base}\n" + "".join(f"RUN {command}\n" for command in commands)
        return {f["aliases"][0] for f in found(text, directory=directory, select="shellcheck")}
    can = ("echo -e 'a\\tb'", "[[ -f /a ]] && true", "source /a", 'x=abc; echo "${x//b/} ${x:1:2}"', "read -s x; echo \"$x\"",
           "true &>/b", "[ \"$(cat /a)\" == b ]", "set -o pipefail; true", "cat <(true)", "f() { echo $RANDOM; }; f")
    assert not codes(*can), codes(*can)
    assert codes(*can, base="debian:12") >= {"SC3036", "SC3010", "SC3046", "SC3057", "SC3045", "SC3020", "SC3014", "SC3001"}
    assert codes("cat <<<x", "echo a{b,c}", "a=(1 2)", "echo $UID") == {"SC3011", "SC3009", "SC3030", "SC3028"}
    message, = (f["message"] for f in found("FROM alpine:3.20\nRUN cat <<<x\n", directory=directory, select="shellcheck"))
    assert message == "In BusyBox's shell, here-strings are not supported", message


@case
def programs_that_know_the_tilde(directory):
    def codes(command):
        return {f["aliases"][0] for f in found(f"FROM debian:12\nRUN {command}\n", directory=directory, select="shellcheck")}
    assert "SC2088" not in codes("git config --global core.excludesFile '~/.gitignore'")
    assert "SC2088" not in codes("mkdir /a && npm config set prefix '~/.npm-global'")
    assert "SC2088" in codes("git config --global user.name a && touch '~/.gitignore'")
    assert "SC2088" in codes("git config --global core.excludesFile '~/.gitignore' && touch '~/.gitignore'")


@case
def remarks_are_shown_on_request(directory):
    text = "FROM debian:12\nRUN echo $A $(cat /x) && for f in $(ls /src); do echo $f; done\nRUN ls | xargs rm; cd /x; make\n"
    by_default = places(found(text, directory=directory, select="default"))
    assert by_default == [("SC2164", 3, 20)], by_default
    assert {code for code, *_ in places(found(text, directory=directory))} >= {"SC2086", "SC2046", "SC2045"}
    assert {f["rule"] for f in found(text, directory=directory, select="SC2086")} == {"shellcheck-remark"}


@case
def a_variable_that_is_known_to_be_one_word_needs_no_quotes(directory):
    def names(text):
        lines = text.splitlines()
        return [lines[l - 1][c - 1:].split()[0].rstrip(";") for code, l, c in places(found(text, directory=directory)) if code == "SC2086"]
    start = 'FROM alpine:3.20\nARG TARGETARCH\nARG V=1.2 UNSET EMPTY=\nENV OPTIONS="-a -b" GLOB=*.c HOME2=/h\n'
    assert names(start + "RUN wget $V $UNSET $EMPTY $OPTIONS $GLOB $HOME2 a-${V}.tgz $TARGETARCH ${V%.*}\n") == [
        "$UNSET", "$EMPTY", "$OPTIONS", "$GLOB"]
    assert names(start + "RUN read -r V; echo $V\n") == ["$V"]
    assert names(start + "RUN for V in $(cat x); do echo $V; done\n") == ["$V"]
    assert names(start + "CMD run $HOME2 $OTHER\n") == ["$OTHER"]


@case
def templates_are_no_scripts(directory):
    assert not found("FROM debian:12\nRUN x={{ .x | @sh }}; cd $x; make\n", directory=directory)
    assert not found("FROM debian:12\nRUN {% if a %}cd /x; make{% endif %}\n", directory=directory)
    assert found("FROM debian:12\nRUN docker inspect --format '{{.Id}}' a; cd /x; make\n", directory=directory)


@case
def heredocs_after_onbuild_are_read(directory):
    text = "FROM debian:12\nONBUILD RUN <<EOF\ncd /x\nmake\nEOF\nONBUILD RUN <<'EOF' bash\ncd /x\nEOF\nONBUILD RUN cat <<EOF >/x\na\nEOF\n"
    assert places(found(text, directory=directory)) == [("SC2164", 3, 1)]


@case
def hadolint_has_its_own_idea_of_a_script(directory):
    def codes(text):
        return [f["aliases"][0] for f in found(text, directory=directory, select="hadolint")]
    assert codes("FROM alpine:3.20\nRUN echo -e 'a\\tb'\n") == ["SC3037"]
    assert codes("FROM private\nARG A\nENV B=1\nRUN echo $A $B $C\n") == ["SC2086"]
    assert codes("FROM debian:12\nCMD run $C\nONBUILD RUN echo $C\n") == ["SC2086"]


@case
def comments_and_options_silence_them(directory):
    text = "FROM debian:12\nRUN true && \\\n  # shellcheck disable=SC2086 # meant\n  echo $A && \\\n  echo $B\n"
    assert places(found(text, directory=directory)) == [("SC2086", 5, 8)]
    assert not found(text, "--ignore", "SC2086", directory=directory)
    assert not found("FROM debian:12\n# hadolint ignore=SC2086\nRUN echo $A\n", directory=directory)
    assert not found(text, "--shellcheck", "off", directory=directory)
    assert places(found(text, directory=directory, select="SC2086")) == [("SC2086", 5, 8)]
    assert not found(text, directory=directory, select="SC2046")


@case
def its_proposals_are_fixes_that_can_be_applied(directory):
    text = "FROM debian:12\nRUN true && \\\n  echo $A\n"
    finding, = found(text, directory=directory)
    fix, = finding["fixes"]
    data = text.encode()
    for edit in sorted(fix["edits"], key=lambda e: -e["bytes"][0]):
        data = data[:edit["bytes"][0]] + edit["text"].encode() + data[edit["bytes"][1]:]
    assert data.decode() == text.replace("$A", '"$A"') and fix["applicability"] == "unsafe", data


@case(needs_program=False)
def without_the_program_there_is_one_note_and_no_failure(directory):
    empty = directory / "bin"
    empty.mkdir()
    text = "FROM debian:12\nRUN echo $A\n"
    done = lint(text, directory=directory, path=empty)
    assert done.returncode == 0 and done.stderr == "", done
    done = lint(text, "--shellcheck", "on", directory=directory, path=empty)
    assert done.returncode == 0 and done.stderr.count("\n") == 1 and "not installed" in done.stderr, done


@case(needs_program=False)
def a_program_that_fails_is_a_note_and_its_answer_is_kept(directory):
    program = directory / "shellcheck"
    text = "FROM debian:12\nRUN echo $A\n"
    for body, hint in (("exit 3", "status 3"), ("kill -9 $$", "signal 9")):
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        done = lint(text, "--shellcheck", "on", directory=directory, path=f"{directory}:/usr/bin:/bin")
        assert done.returncode == 0 and hint in done.stderr, done
    program.write_text("#!/bin/sh\necho nonsense\n")
    assert not found(text, directory=directory, path=f"{directory}:/usr/bin:/bin")
    answer = '{"comments":[{"file":"0","line":2,"endLine":2,"column":1,"endColumn":5,"level":"error","code":1,"message":"m."}]}'
    program.write_text(f"#!/bin/sh\necho run >>{directory}/log\necho '{answer}'\n")
    for _ in range(2):
        assert places(found(text, directory=directory, path=f"{directory}:/usr/bin:/bin")) == [("SC1", 2, 5)]
    assert (directory / "log").read_text() == "run\n"
    assert places(found(text + "RUN true\n", directory=directory, path=f"{directory}:/usr/bin:/bin"))
    assert (directory / "log").read_text() == "run\nrun\n"


# What plain ShellCheck 0.9 does not report; hadolint gives it more to read, or is linked with another version.
DEVIATIONS = {
    1084: "ShellCheck 0.9 does not report `echo $RANDOM` in Bash",
}
folder = os.environ.get("DOCKHEW_CONFORMANCE", "")
cases = pathlib.Path(folder, "hadolint", "cases.jsonl")
if not folder or not cases.exists():
    results.append((True, "hadolint's cases of ShellCheck # SKIP DOCKHEW_CONFORMANCE names no data"))
elif not installed:
    results.append((True, "hadolint's cases of ShellCheck # SKIP shellcheck is not installed"))
else:
    for row in map(json.loads, cases.read_text().splitlines()):
        if row["rule"] != "SC*" or row["id"] in DEVIATIONS:
            continue
        with tempfile.TemporaryDirectory() as directory:
            got = found(row["dockerfile"], directory=pathlib.Path(directory), select="hadolint")
        results.append((bool(got) == row["expect"], f"hadolint case {row['id']}\n# {places(got)}"))

print("TAP version 13")
print(f"1..{len(results)}")
for number, (passed, text) in enumerate(results, 1):
    print("ok" if passed else "not ok", number, "-", text.split("\n# ")[0] if passed else text)
