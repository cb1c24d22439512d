"""cases.py DOCKHEW: files that hung, crashed or ate the memory once, each read by every command within 512 MB.

Nothing here measures time; the guard is only there so that a hang ends.
"""
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

DOCKHEW = sys.argv[1]
MEMORY = 512 << 20
GUARD = 300  # seconds


def run(text):
    return "FROM debian:12\nRUN " + text + "\n"


def random_nesting(seed):
    chooser = random.Random(seed)
    return "".join(chooser.choice(["$(case x in ", "<( ", "E ", "> ", ">>", "$(", "${a:-", "\"", "((", "{ ", "[[ "])
                   for _ in range(120))


def doubling(then):
    return "FROM debian:12\nENV A=x\n" + "ENV A=$A$A\n" * 20 + then


CASES = {
    "case in case, 26 deep": run("case x in $(" * 26 + "x"),
    "case in case, 40 deep": run("case x in $(" * 40 + "x"),
    "case in case, 80 deep and closed": run("case x in $(" * 80 + "x" + ") a;; esac" * 80),
    **{f"random nesting {seed}": run(random_nesting(seed)) for seed in range(20)},
    "a value that doubles in a shell": run("A=xx; \\\n" + "A=$A$A; \\\n" * 30 + " echo $A"),
    "a value that doubles in ENV, and copies": doubling("".join(f"ENV B{i}=$A\n" for i in range(1000))),
    "a value that doubles in ENV, and COPY": doubling("COPY $A /x\n" * 12),
    "a value that doubles in ENV, and RUN": doubling("RUN echo $A $A\n" * 200),
    "a value that doubles in ARG": "ARG A=x\n" + "ARG A=$A$A\n" * 40 + "FROM $A\nRUN a\n",
    "a value that doubles in WORKDIR": doubling("WORKDIR $A\n" * 100),
    "defaults in defaults": "FROM debian:12\nCOPY " + "${a:-" * 9000 + "x" + "}" * 9000 + " /x\n",
    "replacements in replacements": "FROM debian:12\nARG a=1\nENV X=" + "${a/" * 9000 + "\n",
    "defaults in a shell": run("echo " + "${a:-" * 9000),
    "triggers of triggers": "FROM debian:12\n" + "ONBUILD " * 20000 + "RUN a\n",
    "brackets": run("(" * 9000),
    "quoted substitutions": run('"$(' * 9000),
    "JSON": "FROM debian:12\nCMD [" + "[" * 9000 + "]" * 9001 + "\n",
    "JSON objects": "FROM debian:12\nCMD [" + '{"a":' * 9000 + "\n",
    "a suffix to trim": "ARG V=" + "a" * 4000 + "\nARG W=${V%" + "*a" * 2000 + "b}\nFROM debian:12\n",
    "a pattern to replace": "ARG V=" + "a" * 4000 + "\nARG W=${V//" + "*a" * 2000 + "b/c}\nFROM debian:12\n",
    "a chain of stages": "FROM debian:12 AS s0\n" + "".join(
        f"FROM s{i} AS s{i + 1}\nENV E{i}=1\n" for i in range(2000)),
    "subscripts that do not end": run("a[b; " * 4000),
}
# Files of a project, beside a Dockerfile that builds it.
RUST = "FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/app\"]\n"
PROJECTS = {
    "a dotted key": (RUST, {"Cargo.toml": "a." * 131_000 + "a = 1\n"}),
    "a dotted key with quotes": (RUST, {"Cargo.toml": "x = {b = '''a'b''', " + "\"!\\\"\"." * 131_000 + "a = 1}\n"}),
    "a dotted table": (RUST, {"Cargo.toml": "[package]\nname = \"a\"\n[" + "a . " * 131_000 + "a]\n"}),
    "tables in tables": (RUST, {"Cargo.toml": "a = " + "{b = " * 100_000 + "\n"}),
    "arrays in arrays": (RUST, {"Cargo.toml": "a = " + "[" * 100_000 + "\n"}),
}
IGNORED = "FROM debian:12\nCOPY " + "a" * 200 + " a/b /x/\n"
# A pattern of a megabyte, in .dockerignore.
PATTERNS = ["*a" * 500_000, "**/" * 300_000 + "z", "**/**" * 200_000 + "z", "[" + "b" * 1_000_000 + "]", "?" * 1_000_000]
# Makefiles whose variables or targets grow without bound, for a file with many uses of make.
MADE = "FROM golang:1.22\nWORKDIR /x\nCOPY . .\n" + "RUN make all\n" * 900
MAKEFILES = {"variables of nothing in each other": "".join(f"V{i} = {f'$(V{i + 1})' * 90}\n" for i in range(60)) + "all: ; go build $(V0)\n",
             "brackets of make": "all:\n\tgo build " + "$(" * 30000 + "\n",
             "targets that need all others": "".join(f"{' '.join(f't{i}-{j}' for j in range(300))}: {' '.join(f't{i + 1}-{j}' for j in range(300))}\n" for i in range(16)) + "all: t0-0\n",
             "a target with many lines": "all:\n" + "\tgo build\n" * 6000,
             "a variable that uses itself": "A = $(A)$(A)\nall: $(A)\n\tgo build $(A)\n"}
# A line that is repeated for each of its findings once made a hundred megabytes of output.
LONG_LINE = run("; ".join(["sudo wget x"] * 2500))


# A sanitizer reserves terabytes of addresses.
SANITIZED = b"__asan_init" in pathlib.Path(DOCKHEW).read_bytes()


def limited():
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def problem_of(arguments):
    try:
        done = subprocess.run([DOCKHEW, *arguments], capture_output=True, timeout=GUARD, preexec_fn=limited)
    except subprocess.TimeoutExpired:
        return "it hangs", b""
    if done.returncode not in (0, 1, 2):
        return f"it ended with {done.returncode}: {done.stderr[-300:]!r}", b""
    if b"bad_alloc" in done.stderr or b"rror: " in done.stderr:
        return f"it said {done.stderr[-300:]!r}", b""
    return None, done.stdout


def main():
    print(f"TAP version 13\n1..{len(CASES) + len(PROJECTS) + len(PATTERNS) + len(MAKEFILES) + 1}")
    number = 0

    def tell(name, problem):
        nonlocal number
        number += 1
        print(f"{'not ok' if problem else 'ok'} {number} - {name}", flush=True)
        if problem:
            print(f"# {problem}", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "Dockerfile"
        for name, text in CASES.items():
            path.write_text(text)
            problems = [problem_of([*command, "--no-config", path])[0] for command in (
                ["lint", "--shellcheck", "off"], ["optimize"], ["layers"])]
            tell(name, next((problem for problem in problems if problem), None))
        for name, (text, files) in PROJECTS.items():
            path.write_text(text)
            for file, content in files.items():
                (path.parent / file).write_text(content)
            problems = [problem_of([command, "--no-config", "--context", path.parent, path])[0] for command in ("optimize", "layers")]
            tell(name, next((problem for problem in problems if problem), None))
            for file in files:
                (path.parent / file).unlink()
        path.write_text(LONG_LINE)
        problem, output = problem_of(["lint", "--select", "all", "--shellcheck", "off", "--no-config", path])
        if not problem and len(output) > 8 << 20:
            problem = f"{len(LONG_LINE)} bytes of source made {len(output)} bytes of output"
        tell("a long line with many findings", problem)
        path.write_text(MADE)
        for name, text in MAKEFILES.items():
            (path.parent / "Makefile").write_text(text)
            problems = [problem_of([*command, "--no-config", "--context", path.parent, path])[0] for command in (
                ["lint", "--shellcheck", "off"], ["optimize"])]
            tell(name, next((problem for problem in problems if problem), None))
        (path.parent / "Makefile").unlink()
        path.write_text(IGNORED)
        (path.parent / ("a" * 200)).write_text("")
        (path.parent / "a").mkdir()
        (path.parent / "a" / "b").write_text("")
        for pattern in PATTERNS:
            (path.parent / ".dockerignore").write_text(pattern + "\n")
            tell(f".dockerignore with {pattern[:10]}…", problem_of(
                ["lint", "--shellcheck", "off", "--no-config", "--context", path.parent, path])[0])


main()
