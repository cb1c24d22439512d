"""The command line: help, options of each command, suggestions, contradictions, completions of shells and the manual page. Prints TAP.
Usage: command_line.py DOCKHEW SOURCE_ROOT"""
import json
import re
import shutil
import subprocess

from command_case import case, dockhew, project, report, root, run

COMMANDS = re.findall(r"^  (\w+)  ", run("help").stdout.decode().split("Commands:")[1].split("\n\n")[0], re.M)


def error(*arguments, **more):
    done = run(*arguments, **more)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2 and len(lines) == 1 and not done.stdout, (arguments, done)
    return lines[0]


def needs(program):
    if not shutil.which(program):
        raise RuntimeError(f"skipped: {program} is not installed")


@case
def every_command_has_help_that_fits_the_screen(directory):
    assert {"lint", "optimize", "layers", "verify", "doctor", "explain", "rules", "dump", "migrate", "completions", "man", "help"} <= set(COMMANDS)
    for command in COMMANDS:
        one = run(command, "-h")
        assert one.returncode == 0 and one.stdout == run("help", command).stdout == run(command, "--help", "x").stdout, command
        text = one.stdout.decode()
        assert text.startswith(f"dockhew {command}: ") and f"\nUsage: dockhew {command} " in text and "\nExit status:\n" in text, text
        assert max(map(len, text.splitlines())) <= 80, text
    for arguments in (["--help"], ["-h"], ["help"]):
        assert run(*arguments).stdout == run("help").stdout and run(*arguments).returncode == 0
    assert max(map(len, run("help").stdout.decode().splitlines())) <= 80
    for arguments in (["--version"], ["-V"], ["lint", "-V"]):
        assert re.fullmatch(r"dockhew \d+\.\d+\.\d+\n", run(*arguments).stdout.decode())
    assert b"--write" not in run("lint", "-h").stdout and b"--fix" not in run("optimize", "-h").stdout


@case
def an_option_of_another_command_is_an_error_that_names_it(directory):
    path = project(directory)
    assert "`--write` is an option of `optimize` and `pin`; lint has `--fix`" in error("lint", "--write", path)
    assert "`--fix` is an option of `lint`; optimize has `--write`" in error("optimize", "--fix", path)
    assert "`--repeat` is an option of `verify`, and not of `lint`" in error("lint", "--repeat", "3", path)
    assert "`-w` is an option of `optimize` and `pin`; lint has `--fix`" in error("lint", "-w", path)
    assert "--format takes text, json, not `sarif`" in error("layers", "--format", "sarif", path)
    assert run("--color", "never", "lint", path).returncode == 1, "options may come first"


@case
def what_is_misspelt_gets_a_suggestion(directory):
    path = project(directory)
    assert "is `lint` meant?" in error("lnit", path) and "is `optimize` meant?" in error("optimise", path)
    assert "`dockhew lint Dockerfile` says" in error("Dockerfile", cwd=directory)
    assert "`dockhew help` lists them" in error("frobnicate")
    assert "is `--fail-on` meant?" in error("lint", "--failon", "error", path)
    assert "is `--select` meant?" in error("lint", "--selct", "all", path)
    assert "`dockhew lint -h` lists them" in error("lint", "--nonsense", path)
    assert "is `sarif` meant?" in error("lint", "--format", "sarrif", path)
    assert "is `verify` meant?" in error("help", "verfy")
    assert "did you mean `stage-name-casing`?" in error("explain", "StageNameCasng")
    assert "; there is `wget-and-curl`" in error("explain", "curl")
    assert "lint has `--format`" in error("lint", "-f", "json", path) and "lint has `--format json`" in error("lint", "--json", path)
    for option, instead in (("--disable", "it has `--ignore`"), ("--only", "it has `--select`"), ("--exit-zero", "`--fail-on never`"),
                            ("--quiet", "`--format concise`"), ("--dry-run", "nothing without `--fix`"), ("--no-fail", "`--fail-on never`")):
        assert instead in error("lint", option, path), option
    assert "--context takes a directory, and `nowhere` is none" in error("lint", "--context", "nowhere", path)
    assert "a diff is what it prints" in error("optimize", "--diff", path)
    for command, instead in (("check", "`dockhew lint` checks"), ("fix", "`dockhew lint --fix` fixes"), ("version", "`dockhew --version`")):
        assert instead in error(command, path), command
    done = run("lint", "--ignore", "DL3025", "DL3016", path)
    assert done.returncode == 2 and b"DL3016 is a rule and not a file; several have commas between them" in done.stderr, done
    assert error("explain", "cache").endswith(" more in `dockhew rules`") and error("explain", "DL309").endswith("`dockhew rules` lists them")


@case
def without_a_path_the_current_directory_is_meant(directory):
    project(directory)
    for command in (["lint"], ["lint", "--format", "json"], ["optimize"], ["layers"]):
        here, named = run(*command, cwd=directory), run(*command, ".", cwd=directory)
        assert here.stdout.split(b"\nTo take this")[0] == named.stdout.split(b"\nTo take this")[0], (command, here, named)
        assert here.returncode == named.returncode < 2, command
    empty = directory / "empty"
    empty.mkdir()
    assert "no Dockerfiles in this directory; name one, or `-` for standard input" in error("lint", cwd=empty)
    assert error("lint", ".", cwd=empty).endswith("no Dockerfiles in this directory")
    other = directory / "b.Dockerfile"
    other.write_text("FROM debian\n")
    for paths in ([".", "."], ["Dockerfile", "."], [".", "b.Dockerfile", directory / "b.Dockerfile"]):
        assert run("lint", "--format", "concise", *paths, cwd=directory).stdout.count(b"b.Dockerfile:1:6") == 1, paths
    for command in ("lint", "optimize", "layers", "pin"):
        assert f"Usage: dockhew {command} [OPTION…] [PATH…]\n" in run(command, "-h").stdout.decode()


@case
def a_mistake_in_the_configuration_is_said_once(directory):
    project(directory)
    (directory / "b.Dockerfile").write_text("FROM debian\n")
    (directory / ".dockhew.yaml").write_text("selct: [all]\n")
    for command in ("lint", "optimize", "layers"):
        assert error(command, cwd=directory) == f"dockhew: {directory}/.dockhew.yaml:1:1: unknown key `selct`; is `select` meant?", command


@case
def the_rules_are_listed_for_programs(directory):
    listed = json.loads(run("rules", "--format", "json").stdout)
    lines = run("rules").stdout.decode().splitlines()
    assert listed["version"] == 1 and [rule["id"] for rule in listed["rules"]] == [line.split()[0] for line in lines]
    one, = json.loads(run("rules", "--format", "json", "--select", "lost-cache-artifact").stdout)["rules"]
    assert one["severity"] == "error" and one["default"] and one["aliases"] == [] and one["url"].endswith("/lost-cache-artifact.md"), one


@case
def what_was_written_is_named(directory):
    path = project(directory)
    done = run("optimize", "--output", directory / "new", path)
    assert f"{directory}/new: written with ".encode() in done.stderr and f"{path}: written".encode() not in done.stderr, done


@case
def what_contradicts_is_an_error(directory):
    path = project(directory)
    for arguments, words in ((["optimize", "--safe", "--conditional", path], "--safe and --conditional"),
                             (["optimize", "--write", "-o", "x", path], "--write and --output"),
                             (["lint", "--config", "x", "--no-config", path], "--config and --no-config"),
                             (["dump", "--json", "--as", "buildkit", path], "--as and --json"),
                             (["verify", "--against", path, "--safe", path], "--against and --safe"),
                             (["lint", "--fix", "-"], "--fix needs a file"),
                             (["optimize", "--write", "-"], "--write needs a file"),
                             (["optimize", "-o", "x", path, directory / "other"], "--output takes one Dockerfile"),
                             (["layers", "--html", "x", path, directory / "other"], "--html takes one Dockerfile"),
                             (["rules", "DL3008"], "`dockhew explain DL3008`"),
                             (["migrate", "a", "b"], "migrate takes one"),
                             (["lint", "--jobs", "many", path], "--jobs takes a number"),
                             (["lint", "--config"], "see `dockhew lint -h`")):
        assert words in error(*arguments), (arguments, error(*arguments))
    assert not (directory / "x").exists()


def completed(directory, *words):
    script = directory / "dockhew.bash"
    script.write_bytes(run("completions", "bash").stdout)
    quoted = " ".join("'%s'" % word for word in words)
    done = subprocess.run(["bash", "--norc", "-c", f'source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _dockhew; printf "%s\\n" "${{COMPREPLY[@]}}"'],
                          capture_output=True, text=True, cwd=directory)
    assert not done.stderr, done.stderr
    return done.stdout.split()


@case
def bash_completes_commands_options_and_their_words(directory):
    needs("bash")
    (directory / "context").mkdir()
    subprocess.run(["bash", "-n"], input=run("completions", "bash").stdout, check=True)
    assert completed(directory, "dockhew", "") == COMMANDS and completed(directory, "dockhew", "op") == ["optimize"]
    assert completed(directory, "dockhew", "lint", "--fo") == ["--format"] and "--write" not in completed(directory, "dockhew", "lint", "--")
    assert "sarif" in completed(directory, "dockhew", "lint", "--format", "") and completed(directory, "dockhew", "layers", "--format", "j") == ["json"]
    assert completed(directory, "dockhew", "lint", "--format", "=", "ju") == ["junit"]
    assert completed(directory, "dockhew", "lint", "--select", "missing-cache-m") == ["missing-cache-mount"]
    assert completed(directory, "dockhew", "lint", "--select", "default,lost-c") == ["default,lost-cache-artifact"]
    assert completed(directory, "dockhew", "optimize", "--context", "c") == ["context"]
    assert completed(directory, "dockhew", "explain", "lost-c") == ["lost-cache-artifact"]
    assert completed(directory, "dockhew", "--color", "never", "completions", "f") == ["fish"]
    # For files bash itself is asked.
    assert "complete -o default -F _dockhew dockhew" in run("completions", "bash").stdout.decode()
    assert completed(directory, "dockhew", "lint", "") == [] and error("completions", "tcsh") and error("completions")


@case
def fish_completes_as_well(directory):
    needs("fish")
    (directory / "dockhew.fish").write_bytes(run("completions", "fish").stdout)
    answer = lambda line: subprocess.run(["fish", "--no-config", "-c", f"source dockhew.fish; complete -C '{line}'"], check=True, capture_output=True, text=True,
                                         cwd=directory, env={"HOME": str(directory), "PATH": "/usr/bin:/bin"}).stdout
    assert "optimize\t" in answer("dockhew op") and "--format\t" in answer("dockhew lint --fo") and "--write" not in answer("dockhew lint --")
    assert "sarif" in answer("dockhew lint --format s") and "lost-cache-artifact" in answer("dockhew explain lost")
    assert "default,lost-cache-artifact" in answer("dockhew lint --select default,lost-c")


@case
def zsh_completes_as_well(directory):
    needs("zsh")
    (directory / "_dockhew").write_bytes(run("completions", "zsh").stdout)
    subprocess.run(["zsh", "-n", directory / "_dockhew"], check=True)
    # What is offered is only seen on a terminal.
    (directory / "type.zsh").write_text("""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; fpath=($PWD \\$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word; echo READY"
until [[ $seen == *READY*READY* ]]; do zpty -r z line || exit; seen+=$line; done
zpty -w -n z $'dockhew lint --fo\\t js\\t'
for (( i = 0; i < 100; i++ )); do sleep 0.1; zpty -r -t z line && typed+=$line; [[ $typed == *json* ]] && break; done
print -r -- $typed
zpty -d z
""")
    shown = subprocess.run(["zsh", "-f", "type.zsh"], capture_output=True, text=True, errors="replace", cwd=directory, timeout=60).stdout
    assert "--format" in shown and "json" in shown, shown


@case
def the_manual_page_is_well_formed_and_complete(directory):
    page = directory / "dockhew.1"
    page.write_bytes(run("man").stdout)
    text = page.read_text()
    for command in COMMANDS:
        assert f'.SS "dockhew {command}' in text, command
        for option in re.findall(r"--([a-z-]+)", run("help", command).stdout.decode().split("Examples:")[0]):
            assert "\\-\\-" + option.replace("-", "\\-") in text, option
    for program, arguments in (("mandoc", ["-T", "lint", "-W", "error"]), ("man", ["--warnings", "-E", "UTF-8", "-Tutf8", "-l"]), ("groff", ["-man", "-ww", "-z", "-K", "utf8"])):
        if shutil.which(program):
            done = subprocess.run([program, *arguments, page], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            assert done.returncode == 0 and not done.stderr, (program, done.stdout[:500], done.stderr)


@case
def the_readme_names_every_command(directory):
    text = (root / "README.md").read_text()
    assert all(f"`dockhew {command}" in text for command in COMMANDS), [c for c in COMMANDS if f"`dockhew {c}" not in text]


report()
