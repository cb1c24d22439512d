"""A property of `optimize` over all fixtures, and over generated projects: every file of the build context that a stage of the original gets is in the same stage of the result, in the same place and with the same owner, and so is every directory. It reads both files in BuildKit's form and evaluates the COPYs independently. If a build moves to a separate stage, the stages are not the same, so those rewrites are left out, and so is a lock file that is copied on purpose. Prints TAP.
Usage: copied_files.py DOCKHEW SOURCE_ROOT"""
import os
import pathlib
import posixpath
import random
import re
import subprocess
import sys
import tempfile

from dockerfile_dump import expanded, instructions, make, named
from sanitized import is_sanitized

# The working directory of a stage that is built on them.
WORKDIRS = {"golang": "/go", "composer": "/app"}
# Base image, manifests, sources, and what installs and builds: "" where the build does both.
PROJECTS = [
    ("node:20-slim", ["package.json", "package-lock.json"], ["src/index.js", "public/a.html", "index.js", "tsconfig.json"], ["npm ci"], "npm run build"),
    ("node:20-slim", ["package.json", "yarn.lock"], ["src/index.js", "index.js"], ["yarn install --frozen-lockfile"], "yarn build"),
    ("python:3.12-slim", ["requirements.txt"], ["app/a.py", "main.py", "templates/x.html"], ["pip install -r requirements.txt"], "python -m compileall ."),
    ("python:3.12-slim", ["pyproject.toml", "uv.lock"], ["app/a.py", "main.py"], ["uv sync --frozen"], "python -m compileall ."),
    ("golang:1.22", ["go.mod", "go.sum"], ["main.go", "cmd/a/main.go", "internal/x.go"], ["go mod download", ""], "go build -o /out/app ."),
    ("rust:1.80", ["Cargo.toml", "Cargo.lock"], ["src/main.rs", "assets/a.css", "build.rs"], [""], "cargo build --release"),
    ("ruby:3.3", ["Gemfile", "Gemfile.lock"], ["app/a.rb", "config/b.rb", "config.ru"], ["bundle install"], "bundle exec rake build"),
    ("composer:2", ["composer.json", "composer.lock"], ["src/a.php", "index.php"], ["composer install --no-dev"], "php build.php"),
]
CONTENTS = {"package.json": "{}", "composer.json": "{}", "go.mod": "module x\n", "requirements.txt": "flask==3.0.0\n",
            "pyproject.toml": "[project]\nname = \"x\"\nversion = \"1\"\n", "Cargo.toml": "[package]\nname = \"x\"\nversion = \"0.1.0\"\n"}
MADE_PROJECTS = 120

dockhew, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
NEW_FILES = "build-tools-in-final-image,development-dependencies-in-final-image,prune-after-build,lock-file-not-copied"


def copied(context, file):
    """For each stage: where the context files are in it, and what they are, with the flags that set their owner."""
    stages, by_name, arguments = [], {}, {}
    for keyword, flags, words in file:
        if keyword == "from" and words:
            parent = by_name.get(expanded(words[0], arguments).lower(), {})
            stages.append({"variables": dict(parent.get("variables", {})), "workdir": parent.get("workdir", WORKDIRS.get(words[0].split(":")[0], "/")), "files": dict(parent.get("files", {})), "directories": dict(parent.get("directories", {}))})
            make(stages[-1]["directories"], stages[-1]["workdir"], [])
            by_name[words[2].lower() if len(words) > 2 else str(len(stages) - 1)] = stages[-1]
        elif keyword == "arg":
            known = stages[-1]["variables"] if stages else arguments
            for name, equals, value in (word.partition("=") for word in words):
                if equals or name in arguments:
                    known.setdefault(name, expanded(value.strip("\"'"), known) if equals else arguments[name])
        elif keyword == "workdir" and words:
            stages[-1]["workdir"] = posixpath.normpath(posixpath.join(stages[-1]["workdir"], expanded(words[0], stages[-1]["variables"])))
            make(stages[-1]["directories"], stages[-1]["workdir"], [])
        elif keyword in ("copy", "add") and len(words) > 1 and stages and not any(flag.startswith("--from") for flag in flags):
            copy(context, stages[-1], flags, words)
        elif keyword == "run" and stages:
            give(stages[-1], " ".join(words))
    return [(stage["files"], stage["directories"]) for stage in stages]


def give(stage, script):
    """`chown -R USER:GROUP /app`: as if COPY had set the owner."""
    for recursive, owner, places in re.findall(r"\bchown (-R |--recursive )?([\w.-]+:[\w.-]+)((?: [^\s;&|\\\\]+)+)", script):
        for place in expanded(places, stage["variables"]).split():
            directory = posixpath.normpath(posixpath.join(stage["workdir"], place))
            is_given = lambda path: path == directory or (recursive and path.startswith(directory + "/"))
            for path, (source, flags) in list(stage["files"].items()):
                if is_given(path):
                    stage["files"][path] = (source, sorted([flag for flag in flags if not flag.startswith("--chown")] + ["--chown=" + owner]))
            for path in filter(is_given, list(stage["directories"])):
                stage["directories"][path] = ["--chown=" + owner]


def copy(context, stage, flags, words):
    written = expanded(words[-1], stage["variables"])
    destination = posixpath.normpath(posixpath.join(stage["workdir"], written))
    owner = sorted(expanded(flag, stage["variables"]) for flag in flags if flag.startswith("--ch"))
    for word in words[:-1]:
        for path in named(context, expanded(word, stage["variables"])):
            if (context / path).is_dir():
                make(stage["directories"], destination, owner)
                for file in sorted((context / path).rglob("*")):
                    below = file.relative_to(context / path).as_posix()
                    if file.is_dir():  # below what is named, COPY also sets the owner of directories that already exist
                        stage["directories"][posixpath.join(destination, below)] = owner
                    else:
                        stage["files"][posixpath.join(destination, below)] = (file.relative_to(context).as_posix(), owner)
                continue
            is_there = destination == stage["workdir"] or any(place.startswith(destination + "/") for place in stage["files"])
            into = is_there or len(words) > 2 or written.endswith("/") or posixpath.basename(written) in (".", "..")
            place = posixpath.join(destination, posixpath.basename(path)) if into else destination
            make(stage["directories"], posixpath.dirname(place), owner)
            stage["files"][place] = (path, owner)


def made_project(number, directory):
    """Writes a project whose source is copied by COPYs of all forms and in any order, with other instructions in between."""
    chance = random.Random(number)
    base, manifests, sources, installations, build = chance.choice(PROJECTS)
    below = chance.choice(["", "", "server/", "a/b/"])  # the project's directory in the context
    enters = below if below and chance.random() < 0.5 else ""  # it is there in the image too
    workdir = "/app"
    for name in manifests + sources:
        path = directory / "context" / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CONTENTS.get(name, ""))
    owner = chance.choice(["", "", "--chown=1000:1000 "])
    place = lambda name: chance.choice([f"./{enters}{name}", f"{workdir}/{enters}{name}"])
    entries = sorted({name.split("/")[0] for name in manifests + sources})
    folders = [entry for entry in entries if any(name.startswith(entry + "/") for name in sources)]
    files = [entry for entry in entries if entry not in folders]
    chance.shuffle(files)
    body = [f"COPY {owner}{below}{folder} {place(folder)}" for folder in folders]
    while files:
        several = [files.pop() for _ in range(min(len(files), chance.randint(1, 3)))]
        body.append(f"COPY {owner}{' '.join(below + name for name in several)} {place('')}")
    if chance.random() < 0.3:
        body = [f"COPY {owner}{below or '.'} {place('')}"] + chance.sample(body, 1)
    chance.shuffle(body)
    between = ["RUN apt-get update && apt-get install -y git", "RUN mkdir -p /data", "ENV A=1", "ARG GIT_SHA", "LABEL revision=$GIT_SHA", "# a note", ""]
    for line in chance.choices(between, k=chance.randint(0, 3)):
        body.insert(chance.randint(0, len(body)), line)
    body.insert(chance.choice([0, chance.randint(0, len(body))]), f"WORKDIR {workdir}")
    enter = f"cd {enters.rstrip('/')} && " if enters else ""
    installation = chance.choice(installations)
    if installation and chance.random() < 0.4:
        body.append(f"RUN {enter}{installation} && {build}")
    else:
        body += [f"RUN {enter}{command}" for command in (installation, build) if command]
    newline = chance.choice(["\n", "\n", "\r\n"])
    (directory / "Dockerfile").write_bytes((newline.join([f"FROM {base}", *body, 'CMD ["x"]']) + chance.choice([newline, ""])).encode())


def differences(case, result):
    """Sentences about files that the optimized form has elsewhere, and whether it copies anything first."""
    before = case / "Dockerfile"
    subprocess.run([dockhew, "optimize", "--no-config", "--ignore", NEW_FILES, "--context", case / "context", "--unsafe", "--output", result, before],
                   capture_output=True, check=False)
    if not result.is_file():
        return [], False
    files = instructions(dockhew, before), instructions(dockhew, result)
    first, second = (copied(case / "context", file) for file in files)
    copies = [sum(keyword == "copy" for keyword, _, _ in file) for file in files]
    result.unlink()
    if len(first) != len(second):
        return [f"{len(first)} stages before, {len(second)} after"], False
    sentences = []
    for (one, ones), (other, others) in zip(first, second):
        sentences += [f"{place}: {one.get(place)} before, {other.get(place)} after" for place in sorted(set(one) | set(other)) if one.get(place) != other.get(place)]
        sentences += [f"{place}: made for {ones[place]} before, for {others[place]} after" for place in sorted(set(ones) & set(others)) if ones[place] != others[place]]
    return sentences, copies[0] != copies[1]


cases = sorted(path.parent for path in (root / "fixtures").rglob("context") if (path.parent / "Dockerfile").is_file())
# What a sanitizer could find in fixtures, the test of the fixtures has found in a single process.
cases = cases[::8 if is_sanitized(dockhew) else 1]
print(f"TAP version 13\n1..{len(cases) + 1}")
with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    ahead = 0
    for number, case in enumerate(cases, 1):
        sentences, copies_ahead = differences(case, scratch / "result")
        ahead += copies_ahead
        print(f"{'not ok' if sentences else 'ok'} {number} - {case.relative_to(root / 'fixtures')}")
        for sentence in sentences:
            print(f"# {sentence}")
    wrong = []
    for number in range(MADE_PROJECTS):
        project = scratch / f"project-{number}"
        project.mkdir()
        made_project(number, project)
        sentences, copies_ahead = differences(project, scratch / "result")
        ahead += copies_ahead
        wrong += [f"project {number}: {sentence}" for sentence in sentences]
    print(f"{'not ok' if wrong else 'ok'} {len(cases) + 1} - {MADE_PROJECTS} generated projects")
    for sentence in wrong:
        print(f"# {sentence}")
# A test in which nothing is rewritten proves nothing.
if ahead < (25 if is_sanitized(dockhew) else 50):
    print(f"Bail out! only {ahead} of the rewrites copy anything first")
    sys.exit(1)
