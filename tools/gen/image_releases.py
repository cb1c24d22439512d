#!/usr/bin/env python3
"""Write the releases of Debian that tags of official images are on into lib/facts/images.json.

image_releases.py CLONE: a clone, with its history, of Docker's list of official images (docker-library/official-images). A
tag that the list no longer has stays on the release that it was last built on (`codenames`). One that it has may move to a
later release, never to an older one (`moving`). What the table says of versions before the list named releases is kept.
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys

RELEASES = ["jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky"]
# From so many numbers on, a tag counts as one that stays. The next version follows within weeks; a series of PHP, Ruby or Go
# gets another release of Debian once in two years, and what is written for it needs to know which it is on.
STAYS_FROM = {"gcc": 2, "golang": 2, "php": 2, "postgres": 2, "ruby": 2, "rust": 2}
TABLE = pathlib.Path(__file__).parents[2] / "lib/facts/images.json"
WIDTH = 130


def releases_in(text):
    """The tags of one state of the list that name no release, and that of each; "" where the list names none."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        tags = [tag.strip() for line in re.findall(r"^(?:Shared)?Tags:(.*)", block, re.M) for tag in line.split(",")]
        named = {part for tag in tags for part in tag.split("-") if part in RELEASES}
        if len(named) < 2 and not any(re.search("alpine|windows|nano", tag) for tag in tags):
            found.update((tag, *(named or {""})) for tag in tags if not set(tag.split("-")) & set(RELEASES))
    return found


def states(clone, name):
    """The texts of an image's list, from the oldest on."""
    path = f"library/{name}"
    commits = subprocess.run(["git", "-C", clone, "log", "--reverse", "--format=%H", "--", path], check=True,
                             capture_output=True, text=True).stdout.split()
    with subprocess.Popen(["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as reader:
        for commit in commits:
            reader.stdin.write(f"{commit}:{path}\n".encode())
            reader.stdin.flush()
            header = reader.stdout.readline().split()
            if header[-1] != b"missing":
                yield reader.stdout.read(int(header[2]) + 1).decode("utf-8", "replace")
        reader.stdin.close()


def numbers(version):
    return [int(number) for number in version.split(".")]


def said_of(rows, version):
    return next((release for since, release in reversed(rows) if numbers(since) <= numbers(version)), "")


def stays(name, tag):
    return re.fullmatch(r"\d+(\.\d+)*", tag) and tag.count(".") + 1 >= STAYS_FROM.get(name, 3)


def releases_of(clone, name, kept):
    """[[version, release]], from which version on tags stay on which release, and {tag: release} of those that move."""
    last, now = {}, {}
    for text in states(clone, name):
        now = releases_in(text)
        last.update((tag, release or last.get(tag, "")) for tag, release in now.items())
    now = {tag: release for tag, release in now.items() if not stays(name, tag)}
    # A first version that the list never had does not follow its series: 3.4.0 is not where 3.4 has moved to.
    for series in [tag for tag in last if re.fullmatch(r"\d+\.\d+", tag) and name not in ("gcc", "postgres")]:
        last.setdefault(series + ".0", "")
    rows = sorted((numbers(tag), tag, "" if tag in now else release or said_of(kept, tag))
                  for tag, release in last.items() if re.fullmatch(r"\d+(\.\d+)*", tag))
    first = next(version for version, _, release in rows if len(version) > 1 and release)
    rows = sorted([(numbers(version), version, release) for version, release in kept if numbers(version) < first] +
                  [row for row in rows if row[0] >= first or row[2] or row[1] in now])
    stay = [list(next(group)) for _, group in
            itertools.groupby(([tag, release] for _, tag, release in rows), key=lambda row: row[1])]
    move = {tag: release for tag, release in now.items()
            if release and re.fullmatch(r"\d+(\.\d+)*|latest|slim|lts|current|stable", tag)}
    return stay, move


def wrapped(items):
    lines = [""]
    for item in items:
        if len(lines[-1]) + len(item) > WIDTH - 12:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + item + ","
    return "\n        ".join(lines).removesuffix(",")


def main():
    text = TABLE.read_text()
    for image in json.loads(text)["images"]:
        name = image["names"][0]
        if "codenames" not in image or name == "debian":  # whose versions are the releases
            continue
        stay, move = releases_of(sys.argv[1], name, image["codenames"])
        begin = text.index('"codenames": [', text.index(f'"names": ["{name}"'))
        end = text.index("]]", begin) + 2
        if "moving" in image:
            end = text.index("}", text.index('"moving": {', end)) + 1
        text = (text[:begin] + '"codenames": [' + wrapped(map(json.dumps, stay)) + '],\n      "moving": {' +
                wrapped(f'"{tag}": "{release}"' for tag, release in move.items()) + "}" + text[end:])
    TABLE.write_text(text)


main()
