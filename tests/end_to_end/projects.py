"""The projects next to this file, their base images, and how they are verified: what the tests (run.py) and the measurements
(benchmarks.py) share."""
import gzip
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile
import zipfile

here = pathlib.Path(__file__).resolve().parent

# The images that each project is built from, and a program whose output must be the same in both forms.
PROJECTS = {
    "rust": (["rust:1.63-bookworm", "debian:bookworm-slim"], "./target/release/report hello"),
    "node": (["node:18-bookworm", "node:18-bookworm-slim"], "node dist/server.js --once"),
    "go": (["golang:1.19-bookworm", "debian:bookworm-slim"], "/usr/local/bin/web --once"),
    "python": (["python:3.11-bookworm", "python:3.11-slim-bookworm"], "python app/main.py"),
    "ruby": (["ruby:3.1-bookworm"], "ruby worker.rb"),
    "ruby-gems": (["ruby:3.1-bookworm", "ruby:3.1-slim-bookworm"], "bundle exec ruby app.rb"),
    "cmake": (["debian:bookworm"], "./build/server --once"),
    "cpp": (["gcc:12-bookworm", "debian:bookworm-slim"], "/usr/local/bin/sorted"),
    "maven": (["maven:3.8-eclipse-temurin-17", "eclipse-temurin:17-jre"], "java -jar target/report.jar"),
    "gradle": (["eclipse-temurin:17-jdk", "eclipse-temurin:17-jre"], "java -jar build/libs/report.jar"),
}
# They take more than half of the whole time, and other projects have the same dependency layers, caches and runtime stages.
NOT_IN_CORE = {"ruby", "ruby-gems", "cmake", "cpp", "maven"}


def name_to_make(image):
    """What images.sh calls it: "rust" for "rust:1.63-bookworm", "jdk" for "eclipse-temurin:17-jdk"."""
    name, tag = image.split(":")
    return tag.rpartition("-")[2] if name == "eclipse-temurin" else name


def environment(directory, temporary):
    configuration = directory / "storage.conf"
    configuration.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{directory}/storage"\nrunroot = "{directory}/run"\n')
    return {**os.environ, "CONTAINERS_STORAGE_CONF": str(configuration), "TMPDIR": str(temporary),
            "BUILDAH_ISOLATION": os.environ.get("BUILDAH_ISOLATION", "chroot")}


def verify(dockhew, directory, temporary, *arguments, docker=None):
    """With Buildah, or with the BuildKit of the Docker daemon for which `docker` contains the variables."""
    builder = ["buildah"] if docker is None else ["docker", "--builder-option=--network=host"]
    command = [dockhew, "verify", "--builder", *builder, "--no-config", *arguments]
    variables = {**environment(directory, temporary), **(docker or {}), "TMPDIR": str(temporary)}
    for _ in range(3):
        result = subprocess.run(command, capture_output=True, text=True, env=variables, timeout=1800)
        # Buildah 1.28 sometimes fails to restart itself; that says nothing about a Dockerfile.
        if "sealing memfd copy" not in result.stderr:
            break
    return result


def name_downloads(lock):
    """npm writes into a lock file where each package comes from, and asks the registry if that is missing. The project next to this file names no registry; the machine's own configuration does. The order is npm's own, so that `npm install` leaves the file as it is."""
    registry = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, check=True).stdout.strip().rstrip("/")
    content = json.loads(lock.read_text())
    for path, package in content["packages"].items():
        name = path.split("node_modules/")[-1]
        if name:
            content["packages"][path] = {"version": package["version"], "resolved": f"{registry}/{name}/-/{name.split('/')[-1]}-{package['version']}.tgz", **package}
    lock.write_text(json.dumps(content, indent=2) + "\n")


def pack_gem(source, gem, name, version):
    """What `gem build` makes: a gem with an extension of C, whose files are those of a directory."""
    metadata = f"""--- !ruby/object:Gem::Specification
name: {name}
version: !ruby/object:Gem::Version
  version: {version}
platform: ruby
authors: [dockhew]
date: 2024-01-01 00:00:00.000000000 Z
extensions: [ext/extconf.rb]
files: [{', '.join('ext/' + file.name for file in sorted(source.iterdir()))}]
require_paths: [lib]
specification_version: 4
summary: a test
"""
    files = io.BytesIO()
    with tarfile.open(fileobj=files, mode="w:gz") as archive:
        for file in sorted(source.iterdir()):
            archive.add(file, "ext/" + file.name)
    gem.parent.mkdir(parents=True)
    with tarfile.open(gem, "w", format=tarfile.USTAR_FORMAT) as archive:
        for member, content in (("metadata.gz", gzip.compress(metadata.encode())), ("data.tar.gz", files.getvalue())):
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def prepared(name, scratch):
    """A copy of a project with what is not kept in the repository: packages in binary form, and the registry that this machine uses."""
    copy = scratch / name
    shutil.copytree(here / name, copy)
    if name == "python":
        (copy / "wheels").mkdir()
        with zipfile.ZipFile(copy / "wheels/greeting-1.0-py3-none-any.whl", "w") as wheel:
            # Not everything in a package is next to its modules.
            wheel.writestr("greeting/__init__.py", "import sys\ndef hello():\n    return open(sys.prefix + '/share/greeting/word').read()\n")
            wheel.writestr("greeting-1.0.data/data/share/greeting/word", "hello")
            wheel.writestr("greeting-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
            wheel.writestr("greeting-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr("greeting-1.0.dist-info/RECORD", "")
    if name == "ruby-gems":
        pack_gem(copy / "sqlite3", copy / "vendor/cache/sqlite3-1.4.0.gem", "sqlite3", "1.4.0")
    if shutil.which("npm"):
        for lock in copy.rglob("package-lock.json"):
            name_downloads(lock)
    return copy
