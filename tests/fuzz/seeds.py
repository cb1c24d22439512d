"""Gathers the fixtures' Dockerfiles as seeds, and makes some for targets that read something else.
Usage: seeds.py FIXTURES DIRECTORY"""
import hashlib
import io
import pathlib
import sys
import tarfile

COMPOSE = """x: &x
  args: [A=1, B]
services:
  a:
    build: .
  b:
    build: {<<: *x, context: ./b, dockerfile: D, cache_from: [c], cache_to: [c]}
  c:
    build: {dockerfile_inline: "FROM a"}
"""
BAKE = """group "default" { targets = ["a", "b"] }
variable "V" { default = "1" }
target "a" {
  context = "."
  dockerfile = "D"
  args = { A = "1", B = V }
}
target "b" { inherits = ["a"]  tags = ["${V}"] /* c */ }
"""
BAKE_JSON = '{"target": {"a": {"context": ".", "args": {"A": 1}}, "b": {"inherits": ["a"]}}} // c\n'
DEVCONTAINER = '{"build": {"dockerfile": "D", "context": "..", "args": {"A": "1"}}, /* c */ "name": "a",}\n'
WORKFLOW = """jobs:
  a:
    steps:
      - uses: docker/build-push-action@v6
        with: {context: "{{defaultContext}}:a", file: a/D, build-args: "A=1", cache-from: type=gha}
      - run: |
          cd a && docker build -f D --build-arg A=${{ b.c }} -t x .
        working-directory: b
"""
OWN = """select: [default, hadolint]
ignore: [DL3008]
severity: {missing-user: error}
fail-on: warning
trusted-registries: [docker.io]
labels: {a: text}
overrides:
  - files: ["a/**"]
    ignore: [DL3006]
"""
HADOLINT = """ignored: [DL3008, SC2086]
override: {error: [DL3006], style: [DL3015]}
failure-threshold: warning
trustedRegistries: [docker.io, "*.gcr.io"]
label-schema: {a: text, b: semver}
strict-labels: true
"""


def layer():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        def add(name, content=b"", **header):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in header.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(content))
        add("app", type=tarfile.DIRTYPE, mode=0o755)
        add("app/run", b"#!/bin/sh\nexec node a.js\n", mode=0o755)
        add("app/a.js", b"require('./b')\n")
        add("app/l", type=tarfile.SYMTYPE, linkname="run")
        add("app/h", type=tarfile.LNKTYPE, linkname="app/run")
        add("app/.wh.gone")
        add("etc/ld.so.conf", b"/lib\n")
    return out.getvalue()


def own_seeds():
    manifest = b'[{"Config": "c", "Layers": ["l"]}]'
    config = b'{"config": {"Env": ["PATH=/bin"], "Cmd": ["/app/run"], "WorkingDir": "/app", "Labels": {"a": "b"}}}'
    image = io.BytesIO()
    with tarfile.open(fileobj=image, mode="w") as tar:
        for name, content in (("c", config), ("l", layer()), ("manifest.json", manifest)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return {
        "archive": [manifest + b"\0" + config + b"\0" + layer(), b"\0" + image.getvalue()],
        "builds": [bytes([number]) + text.encode() for number, text in enumerate((COMPOSE, BAKE, BAKE_JSON, DEVCONTAINER, WORKFLOW))],
        "configuration": [b"\1" + OWN.encode(), b"\0" + HADOLINT.encode()],
    }


# In the order of project.cpp.
PROJECT_FILES = ("Makefile", "Procfile", "*.conf", "requirements*.txt", "Cargo.toml", "pom.xml", "package.json", "*.js", "pyproject.toml",
                 "composer.json")
MAKEFILE = b"A := $(shell go env X)\nB != date\nifeq ($(A),b)\nC ?= $(word 1,$(A)) ${B}\nendif\n%.o: %.c\n\tcc $<\nall:: b; go vet\nb:\n\t@-go build $$X \\\n\t  .\n"


def files_of_projects(fixtures):
    seeds = [b"\0" + MAKEFILE]
    for kind, pattern in enumerate(PROJECT_FILES):
        texts = {path.read_bytes() for path in fixtures.rglob(pattern) if path.is_file() and "context" in path.parts}
        seeds += [bytes([kind]) + text for text in sorted(texts, key=lambda text: (len(text), text))[:20] if len(text) < 2000]
    return seeds


def write(directory, seeds):
    directory.mkdir(parents=True, exist_ok=True)
    for data in seeds:
        (directory / hashlib.sha1(data).hexdigest()).write_bytes(data)


def one_of_each(fixtures):
    """The smallest file of each rule and of each rewrite. Targets that run all rules would spend a minute on all files,
    before they change the first byte of one."""
    smallest = {}
    for path in sorted(fixtures.glob("*/*/**/Dockerfile"), key=lambda path: (path.stat().st_size, path)):
        smallest.setdefault(path.relative_to(fixtures).parts[:2], path)
    return [path.read_bytes() for path in smallest.values() if path.stat().st_size <= 600]


fixtures = pathlib.Path(sys.argv[1])
target = pathlib.Path(sys.argv[2])
write(target / "dockerfiles", (path.read_bytes() for path in fixtures.rglob("*Dockerfile")))
for name in ("editor", "lint", "rewrite"):
    write(target / name, one_of_each(fixtures))
write(target / "project", files_of_projects(fixtures))
for name, seeds in own_seeds().items():
    write(target / name, seeds)
