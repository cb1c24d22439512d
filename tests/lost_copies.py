"""A mutation test of `lost-cache-artifact`: every command of our fixtures, and of the pairs of real Dockerfiles where they are given, that
copies something out of a cache mount is deleted, and the rule must report it. Prints TAP. Usage: lost_copies.py DOCKHEW SOURCE_ROOT"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

dockhew, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])

# A simple command after `&&`, `;` or the end of a line, with its continuation lines: its name and its other words.
COMMAND = re.compile(r"(?:&&|;|\n)[\s\\]*(?:&&[\s\\]*)?([\w/]+)((?:[ \t]+|\\\n[ \t]*)[^\n&;|)\\]+(?:\\\n[^\n&;|\\]+)*)")


def instructions(text):
    """(start, end) of every instruction, its continuation lines included."""
    found, start, here_document = [], None, None
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match.group()
        if here_document:
            if line.strip() == here_document:
                found.append((start, match.end()))
                start = here_document = None
            continue
        if start is None and (not line.strip() or line.lstrip().startswith("#")):
            continue
        start = match.start() if start is None else start
        if (opened := re.search(r"<<-?[\"']?(\w+)", line)) and text[start:].upper().startswith("RUN"):
            here_document = opened.group(1)
        elif not re.search(r"[\\`]\s*$", line) and not line.lstrip().startswith("#"):
            found.append((start, match.end()))
            start = None
    return found


def below(path, directory):
    return os.path.normpath(path).startswith(os.path.normpath(directory).rstrip("/") + "/")


def copies_out(text):
    """(start, end) of every command that copies a file out of a cache mount of its RUN, with what joins it to the previous one."""
    workdir = "/"
    for start, end in instructions(text):
        instruction = text[start:end]
        word = instruction.split(None, 1)[0].upper()
        if word == "FROM":
            workdir = "/"
        elif word == "WORKDIR":
            workdir = os.path.join(workdir, instruction.split(None, 1)[1].strip().strip('"'))
        if word != "RUN":
            continue
        mounts = [os.path.join(workdir, target) for mount in re.findall(r"--mount=(\S*type=cache\S*)", instruction)
                  for target in re.findall(r"(?:target|dst|destination)=([^,\s]+)", mount)]
        directory = workdir
        for command in COMMAND.finditer(instruction):
            name, words = command.group(1), command.group(2).replace("\\\n", " ").split()
            if name == "cd":
                directory = os.path.join(directory, words[0])
            sources = [w.strip("\"'") for w in words if not w.startswith("-")][:-1]
            if name in ("cp", "mv", "install", "rsync") and any(
                    below(os.path.join(directory, source), mount) for source in sources for mount in mounts):
                yield start + command.start(), start + command.end()


def reported(texts, scratch):
    """Whether the rule reports each of the texts; one process for all, because a sanitized one takes long to start."""
    paths = [scratch / f"{number}.Dockerfile" for number in range(len(texts))]
    for path, text in zip(paths, texts):
        path.write_text(text)
    done = subprocess.run([dockhew, "lint", "--no-config", "--select", "lost-cache-artifact", "--format", "json", *paths],
                          capture_output=True, text=True, check=False)
    found = {file["path"]: any(f["rule"] == "lost-cache-artifact" for f in file["findings"]) for file in json.loads(done.stdout)["files"]}
    return [found[str(path)] for path in paths]


def check(folder, scratch):
    """Sentences about the mutants that were not reported, and how many mutants there were."""
    files = [(path, path.read_text(errors="replace")) for path in sorted(folder.rglob("*Dockerfile"))]
    files = [(path, text) for path, text in files if "type=cache" in text]
    # What is already lost, on purpose, is left to the goldens.
    whole = [file for file, lost in zip(files, reported([text for _, text in files], scratch)) if not lost]
    mutants = [(path, text, copy) for path, text in whole for copy in copies_out(text)]
    found = reported([text[:start] + text[end:] for _, text, (start, end) in mutants], scratch)
    silent = [f"{path.relative_to(folder)}: {text[start:end]!r}" for (path, text, (start, end)), said in zip(mutants, found) if not said]
    return silent, len(mutants)


folders = {"fixtures": root / "fixtures", "pairs": pathlib.Path(os.environ.get("DOCKHEW_CONFORMANCE", ""), "pairs")}
print(f"TAP version 13\n1..{len(folders)}")
for number, (name, folder) in enumerate(folders.items(), 1):
    if not folder.is_dir() or (name == "pairs" and not os.environ.get("DOCKHEW_CONFORMANCE")):
        print(f"ok {number} - {name} # SKIP no pairs of real Dockerfiles (DOCKHEW_CONFORMANCE)")
        continue
    with tempfile.TemporaryDirectory() as directory:
        missed, mutants = check(folder, pathlib.Path(directory))
    # A test that finds nothing to mutate proves nothing.
    print(f"{'ok' if not missed and mutants > 10 else 'not ok'} {number} - {name}: {mutants} copies deleted")
    for sentence in missed:
        print(f"# not reported without {sentence}")
