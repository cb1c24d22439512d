"""A property of `optimize` over all fixtures: every file of the build context that a stage of the original gets lies in the same stage of the
result, in the same place and with the same owner. It reads both files in BuildKit's form and works out the COPYs by itself. Where a build
moves to a stage of its own, the stages are not the same, so those rewrites are left out. Prints TAP. Usage: copied_files.py DOCKHEW SOURCE_ROOT"""
import fnmatch
import os
import pathlib
import posixpath
import re
import subprocess
import sys
import tempfile

dockhew, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
NEW_STAGES = "build-tools-in-final-image,prune-behind-build"
STRING = r'"((?:[^"\\]|\\.)*)"'


def instructions(path):
    """(keyword, flags, arguments) of every instruction."""
    dump = subprocess.run([dockhew, "dump", "--as", "buildkit", path], capture_output=True, text=True, check=False).stdout
    for line in dump.splitlines():
        match = re.match(rf"\((\w+)((?: \[(?:{STRING}\s*)*\])?)(.*)", line)
        if match:
            yield match.group(1), re.findall(STRING, match.group(2)), re.findall(STRING, match.group(4))


def expanded(text, variables):
    def value(match):
        name, modifier = match.group(1) or match.group(2), match.group(3) or ""
        return variables.get(name) or (modifier[2:] if modifier.startswith(":-") else f"<{name}>")
    return re.sub(r"\$(?:(\w+)|\{(\w+)([^}]*)\})", value, text)


def named(context, pattern):
    """The context paths that a source of COPY names."""
    found = ["."]
    for segment in posixpath.normpath("/" + pattern)[1:].split("/") if posixpath.normpath("/" + pattern) != "/" else []:
        found = [posixpath.normpath(posixpath.join(directory, name)) for directory in found if (context / directory).is_dir()
                 for name in sorted(os.listdir(context / directory)) if fnmatch.fnmatchcase(name, segment)]
    return found


def copied(context, path):
    """For each stage: where the files of the context lie in it, and what they are, with the flags that say whose."""
    stages, by_name, arguments = [], {}, {}
    for keyword, flags, words in instructions(path):
        if keyword == "from" and words:
            parent = by_name.get(expanded(words[0], arguments).lower(), {})
            stages.append({"variables": dict(parent.get("variables", {})), "workdir": parent.get("workdir", "/"), "files": dict(parent.get("files", {}))})
            by_name[words[2].lower() if len(words) > 2 else str(len(stages) - 1)] = stages[-1]
        elif keyword == "arg":
            known = stages[-1]["variables"] if stages else arguments
            for name, equals, value in (word.partition("=") for word in words):
                if equals or name in arguments:
                    known.setdefault(name, expanded(value.strip("\"'"), known) if equals else arguments[name])
        elif keyword == "workdir" and words:
            stages[-1]["workdir"] = posixpath.normpath(posixpath.join(stages[-1]["workdir"], expanded(words[0], stages[-1]["variables"])))
        elif keyword in ("copy", "add") and len(words) > 1 and stages and not any(flag.startswith("--from") for flag in flags):
            copy(context, stages[-1], flags, words)
    return [stage["files"] for stage in stages]


def copy(context, stage, flags, words):
    written = expanded(words[-1], stage["variables"])
    destination = posixpath.normpath(posixpath.join(stage["workdir"], written))
    owner = sorted(expanded(flag, stage["variables"]) for flag in flags if flag.startswith("--ch"))
    for word in words[:-1]:
        for path in named(context, expanded(word, stage["variables"])):
            if (context / path).is_dir():
                for file in sorted((context / path).rglob("*")):
                    if not file.is_dir():
                        below = file.relative_to(context / path).as_posix()
                        stage["files"][posixpath.join(destination, below)] = (file.relative_to(context).as_posix(), owner)
                continue
            is_there = destination == stage["workdir"] or any(place.startswith(destination + "/") for place in stage["files"])
            into = is_there or len(words) > 2 or written.endswith("/") or posixpath.basename(written) in (".", "..")
            stage["files"][posixpath.join(destination, posixpath.basename(path)) if into else destination] = (path, owner)


cases = sorted(path.parent for path in (root / "fixtures").rglob("context") if (path.parent / "Dockerfile").is_file())
print(f"TAP version 13\n1..{len(cases)}")
moved = 0
with tempfile.TemporaryDirectory() as scratch:
    result = pathlib.Path(scratch) / "Dockerfile"
    for number, case in enumerate(cases, 1):
        before = case / "Dockerfile"
        subprocess.run([dockhew, "optimize", "--no-config", "--ignore", NEW_STAGES, "--context", case / "context", "--output", result, before],
                       capture_output=True, check=False)
        after = result if result.is_file() else before
        first, second = copied(case / "context", before), copied(case / "context", after)
        moved += sum(keyword == "copy" for keyword, _, _ in instructions(after)) != sum(keyword == "copy" for keyword, _, _ in instructions(before))
        print(f"{'ok' if first == second else 'not ok'} {number} - {case.relative_to(root / 'fixtures')}")
        for one, other in zip(first, second):
            for place in sorted(set(one) | set(other)):
                if one.get(place) != other.get(place):
                    print(f"# {place}: {one.get(place)} before, {other.get(place)} after")
        result.unlink(missing_ok=True)
# A test in which nothing is rewritten proves nothing.
if moved < 20:
    print(f"Bail out! only {moved} of the rewrites copy anything ahead")
    sys.exit(1)
