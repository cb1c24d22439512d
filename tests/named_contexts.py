"""Which build context is taken where no Compose file or workflow names it: what a command of the repository says, and what a comment or a
guide suggests. Prints TAP. Usage: named_contexts.py DOCKHEW SOURCE_ROOT"""
import shutil

from command_case import case, report, run

DOCKERFILE = "FROM node:22\nWORKDIR /a\nCOPY package.json ./\nRUN npm install\nCOPY index.js ./\nCMD [\"node\", \"index.js\"]\n"


def said(directory, files):
    """Of a Dockerfile that would fit its own directory as well as the repository."""
    root = directory / "shop"
    shutil.rmtree(root, ignore_errors=True)
    (root / ".git").mkdir(parents=True)
    both = {"package.json": '{"name": "a"}', "index.js": "1\n"}
    for path, text in {**both, **{"docker/" + name: text for name, text in both.items()}, "docker/Dockerfile": DOCKERFILE, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    answer = run("optimize", "--no-config", "docker/Dockerfile", cwd=root).stdout.decode()
    return next(line for line in answer.splitlines() if line.startswith("Build context: ")).removeprefix("Build context: ")


def check(directory, cases):
    for files, expected in cases:
        found = said(directory, files)
        assert found == expected, (files, expected, found)


GUESS = "`docker` (a guess: the nearest directory that has what the file copies and its tools read)"
BUILD = "docker build -t a -f docker/Dockerfile ."


@case
def scripts_and_files_that_name_it(directory):
    kamal = "service: a\nimage: a/a\nbuilder:\n  arch: amd64\n  dockerfile: docker/Dockerfile\n"
    fly = "app = \"a\"\n[build]\n  dockerfile = \"docker/Dockerfile\"\n"
    check(directory, (
        ({}, GUESS),
        ({"Makefile": f"x:\n\t{BUILD}\n"}, "`.` (Makefile:2 names it)"),
        ({"scripts/deploy.sh": f"#!/bin/sh\nset -e\n{BUILD}\n"}, "`.` (scripts/deploy.sh:3 names it)"),
        ({"scripts/deploy.sh": "cd docker && docker build .\n"}, "`docker` (scripts/deploy.sh:1 names it)"),
        # Two directories have one, or the script goes where nobody knows.
        ({"scripts/deploy.sh": "docker build -f docker/Dockerfile .\n", "scripts/docker/Dockerfile": "FROM scratch\n"}, "`.` (a guess: scripts/deploy.sh:1 says so)"),
        ({"scripts/deploy.sh": 'cd "$1"\ndocker build -f docker/Dockerfile .\n'}, "`.` (a guess: scripts/deploy.sh:2 says so)"),
        ({"scripts/deploy.sh": 'set -- "$@" -f ./docker/Dockerfile .\ndocker build "$@"\n'}, "`.` (a guess: scripts/deploy.sh:1 says so)"),
        ({"scripts/deploy.sh": 'set -- \\\n\t"$@" \\\n\t-f \\\n\t./docker/Dockerfile \\\n\t. \\\n\t;\ndocker "$@"\n'}, "`.` (a guess: scripts/deploy.sh:6 says so)"),
        ({"scripts/deploy.sh": "docker ps -f name=a Dockerfile .\n"}, GUESS),
        ({"Makefile": "x:\n\tpodman build -t a -f docker/Dockerfile\n"}, "`.` (Makefile:2 names it)"),
        ({"Makefile": "x:\n\tdocker build -t a -f docker/Dockerfile\n"}, GUESS),
        ({"config/deploy.yml": kamal}, "`.` (config/deploy.yml:1 names it)"),
        ({"config/deploy.yml": kamal + "  context: docker\n"}, "`docker` (config/deploy.yml:1 names it)"),
        ({"config/deploy.yml": "service: a\nimage: a/a\nbuilder: {pack: {builder: b}}\n"}, GUESS),
        ({"fly.toml": fly}, "`.` (fly.toml:3 names it)"),
        ({"fly.toml": "app = \"a\"\n[build]\n  image = \"a\"\n"}, GUESS),
        ({"fly.toml": "app = \"a\"\n", "Dockerfile": "FROM scratch\n"}, GUESS),
        # It may be called from elsewhere.
        ({"docker/fly.toml": "app = \"a\"\n"}, "`docker` (a guess: docker/fly.toml:1 says so)")))


@case
def comments_and_guides_that_suggest_it(directory):
    comment = lambda text: {"docker/Dockerfile": text + DOCKERFILE}
    check(directory, (
        (comment(f"# {BUILD}\n"), "`.` (a guess: docker/Dockerfile:1 says so)"),
        (comment("# syntax=docker/dockerfile:1\n#\n# Build it:\n#   $ docker build \\\n#       -f docker/Dockerfile .\n\n"), "`.` (a guess: docker/Dockerfile:4 says so)"),
        (comment("# docker build -t a docker/\n"), "`docker` (a guess: docker/Dockerfile:1 says so)"),
        (comment("# Build: docker build -t a docker/\n"), "`docker` (a guess: docker/Dockerfile:1 says so)"),
        # Of another one, in another place, with what the file copies elsewhere.
        (comment("# docker build -f other/Dockerfile .\n"), GUESS),
        ({"docker/Dockerfile": DOCKERFILE + f"# {BUILD}\n"}, GUESS),
        ({**comment(f"# {BUILD}\n"), "docker/extra.js": "", "docker/Dockerfile": f"# {BUILD}\n" + DOCKERFILE.replace("COPY index.js", "COPY index.js extra.js")}, GUESS),
        ({"README.md": f"```\n{BUILD}\n```\n"}, "`.` (a guess: README.md:2 says so)"),
        # A file that names it decides.
        ({**comment(f"# {BUILD}\n"), "compose.yaml": "services:\n  a:\n    build: docker\n"}, "`docker` (compose.yaml:3 names it)")))


report()
