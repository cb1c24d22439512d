#!/usr/bin/env python3
"""Write the releases of Debian that tags of official images are on into lib/facts/images.json.

image_releases.py CLONE [NAME=CLONE ...]: a clone, with its history, of Docker's list of official images
(docker-library/official-images), and one of the Dockerfiles of each image for which the list names no release: erlang
(erlang/docker-erlang-otp) and elixir (erlef/docker-elixir). A tag that the list no longer has stays on the release that it was
last built on (`codenames`). One that it has may move to a later release, never to an older one (`moving`). What the table says
of versions before the list named releases is kept.
"""
import functools
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
# Images whose tags name no release, and the images of the list that they are built on.
UNDER = {"erlang": [], "elixir": ["erlang"]}
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


def git(clone, *arguments):
    return subprocess.run(["git", "-C", clone, *arguments], check=True, capture_output=True, text=True).stdout


def states(clone, *names):
    """The texts of the lists of images, one for each name, from the oldest on."""
    paths = [f"library/{name}" for name in names]
    commits = git(clone, "log", "--reverse", "--format=%H", "--", *paths).split()
    with subprocess.Popen(["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as reader:
        for commit in commits:
            texts = []
            for path in paths:
                reader.stdin.write(f"{commit}:{path}\n".encode())
                reader.stdin.flush()
                header = reader.stdout.readline().split()
                size = None if header[-1] == b"missing" else int(header[2]) + 1
                texts.append("" if size is None else reader.stdout.read(size).decode("utf-8", "replace"))
            if texts[0]:
                yield texts
        reader.stdin.close()


@functools.cache
def base_of(clone, commit, directory):
    """The last base image of a Dockerfile; "" for one that the clone does not have."""
    try:
        bases = re.findall(r"^FROM\s+(\S+)", git(clone, "show", f"{commit}:{directory}/Dockerfile"), re.M)
    except subprocess.CalledProcessError:
        return ""
    return bases[-1] if bases else ""


def bases_in(text, clone):
    """The tags of one state of the list, and what the image of each is built on."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(Tags|GitCommit|Directory): *(.*)", block, re.M))
        if len(fields) == 3:
            base = base_of(clone, fields["GitCommit"], fields["Directory"])
            found.update((tag.strip(), base) for tag in fields["Tags"].split(","))
    return found


def releases_by_base(clone, dockerfiles, name, under):
    """Of each state of the list: its tags, and the release of each; "" where that is not known. `under`: an image of Docker's
    that it is built on, and no other one than Debian's. A clone of Dockerfiles may be older than the list."""
    known = {image: {} for image in (name, *under)}
    for texts in states(clone, name, *under):
        found = {}
        for image, text in reversed(list(zip(known, texts))):
            lower, found = found, {}
            for tag, base in bases_in(text, dockerfiles[image]).items():
                repository, _, version = base.partition(":")
                release = lower.get(version, "") if repository in under else version.removesuffix("-slim")
                found[tag] = release if release in RELEASES else known[image].get(tag, "")
            known[image] |= found
        yield {tag: release for tag, release in found.items() if release or not re.search("alpine|windows", tag)}


def numbers(version):
    return [int(number) for number in version.split(".")]


def said_of(rows, version):
    return next((release for since, release in reversed(rows) if numbers(since) <= numbers(version)), "")


def stays(name, tag):
    return re.fullmatch(r"\d+(\.\d+)*", tag) and tag.count(".") + 1 >= STAYS_FROM.get(name, 3)


def releases_of(clone, dockerfiles, name, kept):
    """[[version, release]], from which version on tags stay on which release, and {tag: release} of those that move."""
    last, now = {}, {}
    by_list = (releases_in(texts[0]) for texts in states(clone, name))
    for now in releases_by_base(clone, dockerfiles, name, UNDER[name]) if name in UNDER else by_list:
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
    dockerfiles = dict(argument.split("=", 1) for argument in sys.argv[2:])
    text = TABLE.read_text()
    for image in json.loads(text)["images"]:
        name = image["names"][0]
        # Debian's versions are the releases. MySQL went to another distribution, so its rows are written by hand.
        if "codenames" not in image or name in ("debian", "mysql"):
            continue
        stay, move = releases_of(sys.argv[1], dockerfiles, name, image["codenames"])
        begin = text.index('"codenames": [', text.index(f'"names": ["{name}"'))
        end = text.index("]]", begin) + 2
        if "moving" in image:
            end = text.index("}", text.index('"moving": {', end)) + 1
        text = (text[:begin] + '"codenames": [' + wrapped(map(json.dumps, stay)) + '],\n      "moving": {' +
                wrapped(f'"{tag}": "{release}"' for tag, release in move.items()) + "}" + text[end:])
    TABLE.write_text(text)


main()
