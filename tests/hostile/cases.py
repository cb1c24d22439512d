"""cases.py DOCKHEW: files that hung, crashed or ate the memory once, each read by every command within 512 MB.

Nothing here measures time; the guard is only there so that a hang ends.
"""
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from sanitized import is_sanitized  # noqa: E402

DOCKHEW = sys.argv[1]
SANITIZED = is_sanitized(DOCKHEW)
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
    "too large once it has its mounts": "FROM python:3.12\nCOPY requirements.txt .\n" + "RUN pip install -r requirements.txt\n" * 14_000,
    "copies of the whole context": "FROM debian:12\n" + "".join(f"ADD . /x{i}\n" for i in range(20_000)),
}
# Files of a project, beside a Dockerfile that builds it.
RUST = "FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/app\"]\n"
PROJECTS = {
    "a dotted key": (RUST, {"Cargo.toml": "a." * 131_000 + "a = 1\n"}),
    "a dotted key with quotes": (RUST, {"Cargo.toml": "x = {b = '''a'b''', " + "\"!\\\"\"." * 131_000 + "a = 1}\n"}),
    "a table without a name": (RUST, {"Cargo.toml": "[~\n"}),
    "a comma without a value": (RUST, {"Cargo.toml": "[package]\nname = ['c', }\n"}),
    "a letter that is no key": (RUST, {"Cargo.toml": "a\u01fc a = 1\n"}),
    "a dotted table": (RUST, {"Cargo.toml": "[package]\nname = \"a\"\n[" + "a . " * 131_000 + "a]\n"}),
    "tables in tables": (RUST, {"Cargo.toml": "a = " + "{b = " * 100_000 + "\n"}),
    "arrays in arrays": (RUST, {"Cargo.toml": "a = " + "[" * 100_000 + "\n"}),
}
IGNORED = "FROM debian:12\nCOPY " + "a" * 200 + " a/b /x/\n"

# Build files and configuration, with what lies beside them; the first is named. Each is a megabyte or less.
MANY = 20_000
FILES = {
    "services that add to others": {
        "compose.prod.yaml": "services:\n" + "".join(f"  s{i}: {{build: {{args: [A]}}}}\n" for i in range(MANY)),
        **{f"compose.{i}.yaml": "services:\n" + "".join(f"  t{i}: {{build: .}}\n" for i in range(MANY)) for i in range(12)}},
    "an alias for many keys": {"compose.yaml": "x: &x\n" + "".join(f"  k{i}: 1\n" for i in range(MANY)) +
                               "services:\n" + "".join(f"  s{i}: *x\n" for i in range(MANY))},
    "an alias for a long text": {"compose.yaml": "x: &x " + "a" * 500_000 + "\nservices:\n" +
                                 "".join(f"  s{i}: {{build: {{context: *x}}}}\n" for i in range(MANY))},
    "aliases of aliases": {"compose.yaml": "a0: &a0 [x, x]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]\n" for i in range(60)) +
                           "services: {a: {build: {args: *a60}}}\n"},
    "an alias of itself": {"compose.yaml": "services: &a {a: *a, b: {build: *a}}\n"},
    "deep YAML": {"compose.yaml": "services: " + "[" * 400_000 + "\n"},
    "a long name of a job": {".github/workflows/a.yml": "jobs:\n  ? " + "a" * 400_000 + "\n  : steps:\n" +
                             "    - {uses: docker/build-push-action@v6}\n" * 10_000},
    "many expressions": {".github/workflows/a.yml": "jobs: {a: {steps: [{run: \"docker build . " + "${{}}" * 180_000 + "\"}]}}\n"},
    "quotes before an equals sign": {".github/workflows/a.yml": "jobs: {a: {steps: [{run: docker build --fi\"\"\"\"\"\"le=a --build-arg''''=b .}]}}\n"},
    "targets that inherit from many": {"docker-bake.hcl": "".join(
        f'target "t{i}" {{\n inherits = [' + ", ".join(f'"t{(i * 7 + j) % 5000}"' for j in range(12)) + "]\n}\n" for i in range(5000))},
    "a .dockerignore of many patterns": {"Dockerfile": "FROM a\nCOPY . .\nRUN npm ci\n", ".dockerignore": "*a*b*c\n" * 140_000,
                                         **{f"d/f{i}": "" for i in range(3000)}},
    "brackets in HCL": {"docker-bake.hcl": 'target "a" {\n args = ' + "{" * 500_000},
    "comments in JSON": {"devcontainer.json": "{" + "/*" * 200_000 + "//" * 200_000},
    "a configuration of many names": {"Dockerfile": "FROM a\n", ".dockhew.yaml": "ignore: [" + "DL3008, " * 100_000 + "DL3008]\n"},
    "many patterns of COPY": {"Dockerfile": "FROM a\nWORKDIR /b\n" + "".join(f"COPY *.x{i} ./\n" for i in range(3000)) + "RUN make\n",
                              **{f"f{i}.x{i}": "" for i in range(10_000)}},
    "many overrides": {"Dockerfile": "FROM a\n", ".dockhew.yaml": "overrides:\n" + "- {files: ['" + "*a" * 20 + "b']}\n" * 15_000},
    "many user rules": {"Dockerfile": "FROM a\nRUN " + "a; " * 2000 + "a\n", ".dockhew.yaml": "rules: [r.yaml]\n", "r.yaml": "rules:\n" + "".join(
        f"- {{id: r{i}, message: m, command: 'a *'}}\n" for i in range(100))},
}


# What each of many takes over from one, or looks for in all others, beside a Dockerfile. The file itself may be refused.
def of_each(count, line):
    return "".join(line.replace("@", str(i)) for i in range(count))


BUILT = {"Dockerfile": "FROM debian:12\nCOPY . /app\nRUN echo a\nCMD [\"/app/x\"]\n"}
TAKING = of_each(900, "  s@: {build: ., extends: b}\n")
BASE = "services:\n  b:\n    image: a\n"
WORKFLOW = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
# A job that runs 256 times.
MATRIX = WORKFLOW.replace("    steps:\n", "    strategy:\n      matrix:\n        x: [" + ", ".join(map(str, range(256))) + "]\n    steps:\n")
LOCKED = "FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\nCOPY . .\nCMD [\"node\", \"a.js\"]\n"
PUSHED = WORKFLOW + "    - uses: docker/build-push-action@v6\n      with:\n        tags: " + "${{env.A}}" * 20_000 + "\n"
SHARED = {
    "names of Git's index that share a beginning": {".git/index": "DIRC\0\0\0\4\0\0\x4e\x20" + "\0" * 63 + "a" * 4000 + "\0" + ("\0" * 63 + "b" * 40 + "\0") * 19_999},
    "a base of many keys": {"compose.yaml": BASE + of_each(MANY, "    x-@: 1\n") + TAKING},
    "a base of many variables": {"compose.yaml": BASE + "    environment:\n" + of_each(MANY, "      A@: 1\n") + TAKING},
    "a base of many words": {"compose.yaml": BASE + "    command:\n" + "    - a\n" * MANY + TAKING},
    "a base of long texts": {"compose.yaml": BASE + of_each(5, "    k@: &k@ " + "a" * 100_000 + "\n") + "    build: {context: *k0, args: [*k1]}\n" + TAKING},
    "a base of many starts": {"compose.yaml": BASE + "    post_start:\n" + "    - command: $A$A$A\n" * 5000 + TAKING, ".env": "A=" + "a" * 1000},
    "a base of many volumes": {"compose.yaml": BASE + "    volumes:\n" + "    - ./$A:/$A\n" * 5000 + TAKING, ".env": "A=" + "a" * 1000},
    "a file of variables for each": {"compose.yaml": "services:\n" + of_each(900, "  s@: {build: ., env_file: e}\n"), "e": of_each(MANY, "A@=1\n")},
    "a file of variables many times": {"compose.yaml": "services:\n  a:\n    build: .\n    env_file:\n" + "    - e\n" * 100_000, "e": of_each(100, "A@=1\n")},
    "services of one image": {"compose.yaml": "services:\n" + of_each(400, "  s@: {build: ., image: a}\n") + "".join(
        f"  n{i}:\n    image: a\n    environment: [" + of_each(100, f"A{i}_@=1, ") + "]\n" for i in range(500))},
    "merges of merges": {"compose.yaml": "x-a: &a {q: 1}\nx-b: &b {<<: [" + "*a, " * 500 + "]}\nx-c: &c {<<: [" + "*b, " * 200 + "]}\n" +
                         BASE + "    <<: *c\n" + TAKING},
    "braces that do not close": {"compose.yaml": BASE + "    command:\n" + ("    - " + "${a" * 1300 + "\n") * 10 + TAKING},
    "Compose files of one directory": {f"compose.{i}.yaml": "services:\n" + of_each(50, "  s@: {build: ., command: a@}\n") for i in range(200)},
    "Dockerfiles and builds": {**{f"e{i}/Dockerfile": BUILT["Dockerfile"] for i in range(20)},
                               **{f"d{i}/compose.yaml": "services:\n" + of_each(900, "  s@: {build: ../x}\n") for i in range(5)}},
    "carriage returns": {"compose.yaml": "services:\n" + of_each(900, "  s@:\n    build:\n      context: .\n") + "\r" * 900_000},
    "names that are silenced": {"compose.yaml": "services: {" + of_each(900, "s@: {build: {context: ., target: x}}, ") + "} # dockhew ignore=" + of_each(50_000, "a@,") + "\n"},
    "a long variable of a workflow": {".github/workflows/a.yml": "env:\n  A: " + "x" * 300_000 + "\n" + PUSHED},
    "many variables of a workflow": {".github/workflows/a.yml": "env:\n" + of_each(MANY, "  B@: 1\n") + "  A: 1\n" + PUSHED},
    "images of many builds": {".github/workflows/a.yml": WORKFLOW + "    - {uses: docker/build-push-action@v6}\n" * 900 +
                              "    - uses: docker/metadata-action@v5\n      with:\n        images: |\n" + of_each(MANY, "          a/b@\n")},
    "targets that inherit from none": {"docker-bake.hcl": 'target "b" {\n inherits = [' + of_each(MANY, '"n@",') + "]\n}\n" +
                                       of_each(900, 'target "t@" {\n inherits = ["b"]\n}\n')},
    "arguments of many images": {"heroku.yml": "build:\n  config:\n" + of_each(MANY, "    A@: 1\n") + "  docker:\n" + of_each(MANY, "    w@: Dockerfile\n")},
    "jobs that extend": {".gitlab-ci.yml": "docker: 1\n.a: &a\n" + of_each(MANY, "  x@: 1\n") + of_each(MANY, "j@:\n  <<: *a\n  extends: q\n  script: docker run a b\n")},
    "commands in a script": {"a.sh": "docker run a $(docker run b `docker run c`)\n" * 20_000},
    "variables of a workflow that double": {".github/workflows/a.yml": "on: push\nenv:\n  A0: xxxxxxxxxxxxxxxx\n" + "".join(
        f"  A{i}: {'${{env.A%d}}' % (i - 1) * 2}\n" for i in range(1, 30)) + "jobs: {}\n"},
    "variables of a workflow, a job and a step": {".github/workflows/a.yml": "env:\n" + of_each(1000, "  A@: " + "x" * 400 + "\n") +
        "jobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      B: " + "".join("${{env.A%d}}" % i for i in range(1000)) + "\n    steps:\n" +
        "    - {run: \"docker build ${{env.B}}\"}\n" * 900},
    "inputs that grow with each call": {".github/workflows/a.yml": "jobs:\n  j:\n    uses: ./.github/workflows/b.yml\n    with: {x: aaaaaaaa}\n",
        ".github/workflows/b.yml": "on: {workflow_call: {inputs: {x: {default: q}}}}\njobs:\n  z:\n    uses: ./.github/workflows/b.yml\n    with: {x: '" + "${{inputs.x}}" * 8 + "'}\n"},
    "calls of a long workflow": {".github/workflows/a.yml": "jobs:\n" + of_each(200, "  j@:\n    uses: ./.github/workflows/b.yml\n"),
        ".github/workflows/b.yml": "on: workflow_call\n" + MATRIX + "    - run: docker build ${{matrix.x}}\n" * 25_000},
    "calls of long workflows by others": {**{f".github/workflows/a{i}.yml": "jobs:\n" + of_each(100, "  j@:\n    uses: ./.github/workflows/b@.yml\n") for i in range(15)},
        **{f".github/workflows/b{i}.yml": "on: workflow_call\n" + MATRIX + "    - run: docker build ${{matrix.x}}\n" * 200 for i in range(100)}},
    "runs and steps": {".github/workflows/a.yml": "env:\n" + of_each(MANY, "  A@: 1\n") + MATRIX + "    - run: echo ${{matrix.x}}\n" * 2000 + "    - run: docker build ${{env.A1}}/${{matrix.x}}\n" * 2000},
    "runs and long values": {".github/workflows/a.yml": MATRIX.replace("        x:", "        y: [" + "a" * 500_000 + "]\n        x:") + "    - run: docker build ${{matrix.y}}/${{matrix.x}}\n"},
    "runs and directories": {".github/workflows/a.yml": MATRIX + "    - uses: docker/build-push-action@v6\n      with: {file: \"${{inputs.d}}/Dockerfile\", target: \"${{matrix.x}}\"}\n" * 100,
                             **{f"d{i}/Dockerfile": "FROM a\n" for i in range(100)}},
    "packages in each other": {"Dockerfile": LOCKED, "package.json": '{"dependencies": {"b": "1"}}', "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"b": "1"}}, "node_modules/b": {}, **{f"node_modules/q{i}": {} for i in range(12_000)},
        "node_modules/" * 12_000 + "x": {"dependencies": {f"q{i}": "1" for i in range(12_000)}}}})},
    "installations of a long manifest": {"Dockerfile": "FROM python:3.12\nCOPY . .\n" + "RUN pip install -r requirements.txt\n" * 900 + "CMD [\"python\", \"a.py\"]\n",
                                         "requirements.txt": of_each(60_000, "package@==1\n"), "a.py": ""},
    "installations of a long Gemfile.lock": {"Dockerfile": "FROM ruby:3.3\nCOPY . .\n" + "RUN bundle install\n" * 900 + "CMD [\"ruby\", \"a.rb\"]\n",
                                             "Gemfile": "gem 'a'\n", "Gemfile.lock": "GEM\n  specs:\n" + of_each(40_000, "    gem@ (1)\n"), "a.rb": ""},
    "a project many times": {"Dockerfile": "FROM python:3.12\n" + "WORKDIR /src\nCOPY . .\nRUN pip install -r requirements.txt\n" * 2000 + "CMD [\"python\", \"a.py\"]\n",
                             "requirements.txt": "a==1\n", "a.py": ""},
    "a long script that many steps start": {"Dockerfile": "FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\n" + "RUN dotnet publish -c Release -o /app\nENTRYPOINT [\"./run.sh\"]\n" * 900,
                                            "a.csproj": "<Project Sdk=\"Microsoft.NET.Sdk\"/>", "run.sh": "#!/bin/sh\n" + of_each(4000, "command@ a\n")},
    "a long script that many stages start": {"Dockerfile": "FROM golang:1.22 AS s\nWORKDIR /src\nCOPY . .\n" + "FROM golang:1.22\nCOPY . .\nRUN go build -o /a .\nENTRYPOINT [\"./run.sh\"]\n" * 8,
                                             "go.mod": "module a\n", "run.sh": "#!/bin/sh\n" + of_each(4000, "command@ a\n")},
    "scripts that nothing names": {"Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n", "package.json": "{}", "package-lock.json": "{}", "a.js": "",
                                   ".env": "A=b\n", ".git/HEAD": "ref: refs/heads/a\n", **{f"scripts/s{i}.sh": "git describe\ncat .env\n" for i in range(3900)}},
}
# They take a sanitized program minutes each, and it reads nothing in them that smaller ones do not have.
if SANITIZED:
    for long in ("calls of long workflows by others", "installations of a long manifest", "installations of a long Gemfile.lock",
                 "a long script that many stages start", "a long script that many steps start", "a project many times"):
        FILES.pop(long, None)
        SHARED.pop(long, None)
# A pattern of a megabyte, in .dockerignore.
PATTERNS = ["*a" * 500_000, "**/" * 300_000 + "z", "**/**" * 200_000 + "z", "[" + "b" * 1_000_000 + "]", "?" * 1_000_000]
# Makefiles whose variables or targets grow without bound, for a file with many uses of make.
MADE = "FROM golang:1.22\nWORKDIR /x\nCOPY . .\n" + "RUN make all\n" * 900
MAKEFILES = {"variables of nothing in each other": "".join(f"V{i} = {f'$(V{i + 1})' * 90}\n" for i in range(60)) + "all: ; go build $(V0)\n",
             "brackets of make": "all:\n\tgo build " + "$(" * 30000 + "\n",
             "targets that need all others": "".join(f"{' '.join(f't{i}-{j}' for j in range(300))}: {' '.join(f't{i + 1}-{j}' for j in range(300))}\n" for i in range(16)) + "all: t0-0\n",
             "a target with many lines": "all:\n" + "\tgo build\n" * 6000,
             "a variable that uses itself": "A = $(A)$(A)\nall: $(A)\n\tgo build $(A)\n"}
# Five megabytes, of which only so much is read, and in less memory than the rest; a sanitizer finds the same in one.
LARGE = 1_000_000 if SANITIZED else 5_000_000
MEMORY_OF_LARGE = 300_000_000
UNITS = {
    "steps": "RUN apt-get update && apt-get install -y curl\n", "pairs of steps": "COPY . .\nRUN npm ci\n", "stages": "FROM debian:12 AS a\nRUN a\n",
    "comments": "# dockhew ignore=x\nRUN a\n", "variables": "ENV A=b\n", "unknown instructions": "FOO bar\n", "empty lines": "\n", "heredocs": "COPY <<a b\na\n",
    "continuations": "\\\n", "empty lines with blanks": " \n", "short comments": "#\n", "comments of their own": "# @\n",
}
UNREAD = ["empty lines", "empty lines with blanks", "short comments", "comments of their own"]  # which are no instructions
# What `optimize` changes, so that there are two files to compare.
CHANGED = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl\nRUN pip install -r requirements.txt\n"
# A line that is repeated for each of its findings once made a hundred megabytes of output.
LONG_LINE = run("; ".join(["sudo wget x"] * 2500))


def of_size(head, unit, size):
    return head + (of_each((size - len(head)) // (len(unit) + 5), unit) if "@" in unit else unit * ((size - len(head)) // len(unit)))


def problem_of(arguments, memory=MEMORY, kind=resource.RLIMIT_AS):
    def limited():
        if not SANITIZED:
            resource.setrlimit(kind, (memory, memory))
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
    print(f"TAP version 13\n1..{len(CASES) + len(PROJECTS) + len(MAKEFILES) + len(FILES) + len(SHARED) + len(PATTERNS) + len(UNITS) + len(UNREAD) + 2}")
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
        for place, (name, files) in enumerate(FILES.items()):
            directory = pathlib.Path(scratch) / str(place)
            (directory / ".git").mkdir(parents=True)
            for file, text in files.items():
                (directory / file).parent.mkdir(parents=True, exist_ok=True)
                (directory / file).write_text(text)
            tell(name, problem_of(["lint", "--shellcheck", "off", directory / next(iter(files))])[0])
        for place, (name, files) in enumerate(SHARED.items()):
            directory = pathlib.Path(scratch) / f"shared{place}"
            (directory / ".git").mkdir(parents=True)
            for file, text in (BUILT | files).items():
                (directory / file).parent.mkdir(parents=True, exist_ok=True)
                (directory / file).write_text(text, newline="")
            problems = [problem_of([*command, "--no-config", path])[0] for command in (["lint", "--select", "all", "--shellcheck", "off"], ["optimize"])
                        for path in (directory / "Dockerfile", directory)]
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
        for name, text in {**{name: of_size("FROM debian:12\n", unit, LARGE) for name, unit in UNITS.items()},
                           **{f"{name} and changes": of_size(CHANGED, UNITS[name], LARGE) for name in UNREAD},
                           "commands": run("sudo a; " * (LARGE // 8))}.items():
            path.write_text(text)
            problems = [problem_of([*command, "--no-config", path], MEMORY_OF_LARGE, resource.RLIMIT_DATA)[0] for command in (
                ["lint", "--shellcheck", "off", "--format", "json"], ["optimize"], ["layers"])]
            tell(f"{LARGE // 1_000_000} MB of {name}", next((problem for problem in problems if problem), None))
        path.write_text(IGNORED)
        (path.parent / ("a" * 200)).write_text("")
        (path.parent / "a").mkdir()
        (path.parent / "a" / "b").write_text("")
        for pattern in PATTERNS:
            (path.parent / ".dockerignore").write_text(pattern + "\n")
            tell(f".dockerignore with {pattern[:10]}…", problem_of(
                ["lint", "--shellcheck", "off", "--no-config", "--context", path.parent, path])[0])


main()
