"""Keeps the house as docs/architecture.md draws it: each room of lib/ includes only those before it and is a namespace of
its own, the library does no input or output, every list is sorted and complete, and nobody but the ecosystems names a tool or a language, nobody but
the table of effects a Unix command. Usage: house.py SOURCE_ROOT"""
import json
import pathlib
import re
import sys

ROOMS = ["text", "image", "syntax", "facts", "model", "registry", "buildkit", "edits", "effects", "ecosystems", "caches", "flow", "layers",
         "stages", "lint", "rewrite", "verify", "report"]

# Where a name is the subject itself, and not an answer that belongs elsewhere: the names, and why.
NAMED_ON_PURPOSE = {
    "lib/effects/bare_images.cpp": ("cc", "an image of Google's distroless"),
    "lib/flow/context_readers.cpp": ("*", "the commands of Git that ask for something"),
    "lib/flow/git_plugins.cpp": ("*", "the word in the names of plugins for Git"),
    "lib/layers/installation_split.cpp": ("cd set", "the shell's own words, which are repeated in the second RUN"),
    "lib/model/compiler_caches.cpp": ("ccache sccache", "how compiler caches are recognised, by variables as well"),
    "lib/model/script.cpp": ("*", "the shell's own words, and wrappers such as sudo and env"),
    "lib/model/shell_command.cpp": ("declare export local pip python read readonly typeset unset", "the shell's own words, and names with versions in them"),
    "lib/stages/conversion_requirements.cpp": ("dpkg-query", "asks the list of packages, of which effects say nothing"),
    "rules/apt_instead_of_apt_get.cpp": ("apt apt-get", "compares the two by name"),
    "rules/cd_instead_of_workdir.cpp": ("cd", "its subject"),
    "rules/closed_address.cpp": ("add-apt-repository curl wget", "what takes something from an address"),
    "rules/distribution_upgrade.cpp": ("zypper", "hadolint's DL3035 is about this one"),
    "rules/failure_ignored.cpp": ("curl wget", "what downloads, and belongs to no tool of the tables"),
    "rules/link_to_sh.cpp": ("ln", "hadolint's DL4005 is about this one"),
    "rules/lost_cache_artifact.cpp": ("cd", "the shell's own word: what is moved behind it means other files"),
    "rules/missing_program.cpp": ("exit", "the shell's own word: nothing behind it runs"),
    "rules/modes_in_later_layer.cpp": ("exit", "the shell's own word: nothing behind it runs"),
    "rules/pipe_without_pipefail.cpp": ("set shopt true", "how options of the shell are set; `true` never fails"),
    "rules/shell_form_command.cpp": ("*", "the list of what is no program, but part of the shell"),
    "rules/stale_build_cache.cpp": ("cargo cmake make ninja rustc touch", "the builds that compare time stamps, and what renews these"),
    "rules/touched_in_later_layer.cpp": ("touch", "its subject"),
    "rules/untouched_dummy_source.cpp": ("cargo find rm touch", "a trick with Cargo, and the commands that belong to it"),
    "rules/unknown_option.cpp": ("*", "its subject: the slips that people make with these"),
    "rules/unpinned_download.cpp": ("curl gpg md5sum wget", "downloads from an address, and what checks their contents"),
    "rules/unused_headers.cpp": ("pkg-config", "a text of the source that asks how to compile"),
    "rules/useradd_large_uid.cpp": ("useradd", "its subject"),
    "rules/volatile_argument_before_run.cpp": ("export set", "the shell's own words, which show variables"),
    "rules/wget_and_curl.cpp": ("curl wget", "its subject"),
    "rules/wget_progress.cpp": ("wget", "its subject"),
}

# Names of Unix commands that are words of the file's format, of formats that are written, or of English as well. They
# count where the name of a command is compared with them.
EVERYDAY = set(""". : [ chmod chown command curl cut date diff export false file head id install link local ls passwd patch readonly service set source test true
    tty type unset""".split())

root = pathlib.Path(sys.argv[1])
wrong = []


def sources(*folders):
    for folder in folders:
        yield from sorted(p for p in (root / folder).rglob("*.[ch]pp"))


def check_includes():
    for path in sources("lib"):
        parts = path.relative_to(root / "lib").parts
        if parts[0] not in ROOMS:  # the front door, and headers compiled ahead
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'#include "([^/"]+)/[^"]+"', line)
            if match and match[1] in ROOMS and ROOMS.index(match[1]) > ROOMS.index(parts[0]):
                wrong.append(f"{path.relative_to(root)}:{number}: {parts[0]} includes {match[1]}")
            if re.match(r"#include <(fstream|iostream|filesystem|cstdio)>", line):
                wrong.append(f"{path.relative_to(root)}:{number}: the library does no input or output")


def check_namespaces():
    """An inline namespace for each room: users need not know it, errors and documentation say it."""
    for path in sources(*("lib/" + room for room in ROOMS)):
        room = path.relative_to(root / "lib").parts[0]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.match(r"namespace dockhew\b", line) and not re.match(rf"namespace dockhew::inline {room}\b", line):
                wrong.append(f"{path.relative_to(root)}:{number}: not in the namespace of its room")


def check_list(file, listed, present):
    for name in sorted(set(listed) ^ set(present)):
        wrong.append(f"{file} and the directory differ: {name}")
    if listed != sorted(listed):
        wrong.append(f"{file}: a list is not sorted")


def check_lists():
    text = (root / "lib/meson.build").read_text()
    present = [str(p.relative_to(root / "lib")) for p in (root / "lib").rglob("*.cpp")]
    apart = re.findall(r"^  facts_file = files\('([\w/]+\.cpp)'\)$", text, re.M)
    own = [p for p in present if not re.match(r"ecosystems/\w+/", p) and p not in apart]
    check_list("lib/meson.build", re.findall(r"^  '([\w/]+\.cpp)',$", text, re.M), own)
    folders = re.findall(r"^  '(\w+)': \[(.*)\],$", (root / "lib/ecosystems/meson.build").read_text(), re.M)
    check_list("lib/ecosystems/meson.build", [name for name, _ in folders],
               [p.name for p in (root / "lib/ecosystems").iterdir() if p.is_dir()])
    for folder, names in folders:
        check_list(f"lib/ecosystems/meson.build: {folder}", re.findall(r"'(\w+)'", names),
                   [p.stem for p in (root / "lib/ecosystems" / folder).glob("*.cpp") if p.stem != folder])
    check_list("rules/meson.build", re.findall(r"^  '(\w+)',", (root / "rules/meson.build").read_text(), re.M),
               [p.stem for p in (root / "rules").glob("*.cpp")])


def names_of_tools():
    names = set()
    for path in sorted((root / "lib/ecosystems").glob("*/*.json")):
        for tool in json.loads(path.read_text())["tools"]:
            names.add(tool["id"])
            names.update(command for command in tool["commands"] if " " not in command)
    for image in json.loads((root / "lib/facts/images.json").read_text())["images"]:
        names.add(image.get("language", ""))
    return names - {""}


def literals(path):
    """The string literals of a file with the numbers of their lines, and whether each is compared with a command's name."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#include"):
            continue
        for match in re.finditer(r'"((?:[^"\\]|\\.)*)"|//.*', line):
            if match[1] is not None:
                compared = re.search(r"(?<!flag\.)\bname(\(\))? [!=]= $", line[:match.start()])
                yield number, match[1], compared is not None


def check_names():
    """A literal that is just the name of a tool, a language or a Unix command asks a question that has a home."""
    tools = names_of_tools()
    commands = set(json.loads((root / "lib/effects/commands.json").read_text())["unix_commands"])
    for path in sources("lib", "rules"):
        name = str(path.relative_to(root))
        # Ecosystems may name all of them, and the tables of facts have keys of such names.
        if name.startswith(("lib/ecosystems/", "lib/facts/")):
            continue
        allowed = NAMED_ON_PURPOSE.get(name, ("", ""))[0].split()
        left = set(allowed) - {"*"}
        for number, literal, compared in literals(path):
            left.discard(literal)
            is_command = literal in commands and not name.startswith("lib/effects/")
            named = literal in tools or (is_command and (compared or literal not in EVERYDAY))
            if named and literal not in allowed and "*" not in allowed:
                wrong.append(f"{name}:{number}: names `{literal}`")
        wrong.extend(f"{name}: no longer names `{word}`" for word in sorted(left))


check_includes()
check_namespaces()
check_lists()
check_names()
print("\n".join(wrong))
sys.exit(bool(wrong))
