"""Shared by tests that follow COPYs: a Dockerfile in BuildKit's form, its variables, and the context paths that a source of COPY names."""
import fnmatch
import os
import posixpath
import re
import subprocess

STRING = r'"((?:[^"\\]|\\.)*)"'


def instructions(dockhew, path):
    """(keyword, flags, arguments) of every instruction."""
    found = []
    dump = subprocess.run([dockhew, "dump", "--as", "buildkit", path], capture_output=True, text=True, check=False).stdout
    for line in dump.splitlines():
        match = re.match(rf"\((\w+)((?: \[(?:{STRING}\s*)*\])?)(.*)", line)
        if match:
            found.append((match.group(1), re.findall(STRING, match.group(2)), re.findall(STRING, match.group(4))))
    return found


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


def make(directories, directory, owner):
    """An instruction that creates a directory and those above it sets their owner; one that finds them does not."""
    while directory != "/":
        directories.setdefault(directory, owner)
        directory = posixpath.dirname(directory)
