"""Every package, made of the executable that is tested, then installed from nothing and run. What an installation needs and is not on
this machine is skipped. Prints TAP. Usage: packages.py DOCKHEW SOURCE_ROOT"""
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

dockhew, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
CASES = []


class Skip(Exception):
    pass


def case(function):
    CASES.append(function)
    return function


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def need(program):
    if not shutil.which(program):
        raise Skip(f"{program} is not installed")


def lints(program, directory, **options):
    """Whether an installed command does its work."""
    (directory / "Dockerfile").write_text("FROM debian:12\nMAINTAINER me\n")
    done = subprocess.run([str(program), "lint", "--no-config", "Dockerfile"], cwd=directory, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0 and "maintainer-instruction" in done.stdout, (done.stdout, done.stderr)


def only(packages, ending):
    found = [path for path in packages.iterdir() if path.name.endswith(ending)]
    assert len(found) == 1, found
    return found[0]


@case
def packages_come_out_the_same_again(packages, scratch):
    run(sys.executable, root / "tools/package/package.py", root, scratch / "again", dockhew)
    for path in packages.iterdir():
        if path.is_file():
            assert path.read_bytes() == (scratch / "again" / path.name).read_bytes(), path.name
    run("sha256sum", "--check", "SHA256SUMS", cwd=packages)


@case
def debian(packages, scratch):
    need("dpkg-deb")
    package = only(packages, ".deb")
    fields = run("dpkg-deb", "--field", package)
    assert "Package: dockhew\n" in fields and "Architecture: " in fields, fields
    if os.geteuid() != 0:
        raise Skip("only root installs packages")
    tree = scratch / "tree"
    for directory in ("info", "updates", "triggers"):
        (tree / "var/lib/dpkg" / directory).mkdir(parents=True)
    (tree / "var/lib/dpkg/status").touch()
    run("dpkg", f"--root={tree}", "--force-script-chrootless", "--install", package)
    lints(tree / "usr/bin/dockhew", scratch)
    assert run("dpkg", f"--root={tree}", "--verify", "dockhew") == ""
    run("dpkg", f"--root={tree}", "--purge", "dockhew")
    assert not (tree / "usr/bin/dockhew").exists()


@case
def python_wheel(packages, scratch):
    made = subprocess.run([sys.executable, "-m", "venv", scratch / "environment"], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Skip("Python has no venv")
    binaries = scratch / "environment/bin"
    run(binaries / "pip", "install", "--no-index", "--disable-pip-version-check", "--find-links", packages, "dockhew")
    lints(binaries / "dockhew", scratch)
    assert run(binaries / "python", "-m", "dockhew", "--version") == run(dockhew, "--version")
    with zipfile.ZipFile(only(packages, ".whl")) as wheel:
        assert b"Apache License" in wheel.read(next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE")))


@case
def npm(packages, scratch):
    need("npm")
    (scratch / "package.json").write_text("{}")
    run("npm", "install", "--offline", "--no-audit", "--no-fund", "--cache", scratch / "cache", only(packages, ".tgz"), cwd=scratch)
    lints(scratch / "node_modules/.bin/dockhew", scratch)


@case
def image(packages, scratch):
    with tarfile.open(only(packages, ".oci.tar")) as archive:
        content = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    blob = lambda described: content["blobs/sha256/" + described["digest"].split(":")[1]]
    for name, data in content.items():
        if name.startswith("blobs/"):
            assert hashlib.sha256(data).hexdigest() == name.rsplit("/", 1)[1], name
    manifest = json.loads(blob(json.loads(content["index.json"])["manifests"][0]))
    configuration = json.loads(blob(manifest["config"]))
    layer = blob(manifest["layers"][0])
    assert len(layer) == manifest["layers"][0]["size"] and configuration["config"]["Entrypoint"] == ["/usr/bin/dockhew"]
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tree:
        assert tree.extractfile("usr/bin/dockhew").read() == dockhew.read_bytes() and tree.getmember("usr/bin/dockhew").mode == 0o755
    need("buildah")
    if os.geteuid() != 0:
        raise Skip("only root reads images")
    storage = ["--root", scratch / "storage", "--runroot", scratch / "run", "--storage-driver", "vfs"]
    name = run("buildah", *storage, "pull", "--quiet", f"oci-archive:{only(packages, '.oci.tar')}").strip()
    assert json.loads(run("buildah", *storage, "inspect", "--type", "image", name))["OCIv1"]["config"]["WorkingDir"] == "/work"


@case
def archive_and_formula(packages, scratch):
    file = only(packages, ".tar.gz")
    formula = (packages / "dockhew.rb").read_text()
    assert hashlib.sha256(file.read_bytes()).hexdigest() in formula and file.name in formula
    with tarfile.open(file) as archive:
        archive.extractall(scratch)
    lints(next(scratch.glob("*/dockhew")), scratch)
    need("ruby")
    run("ruby", "-c", packages / "dockhew.rb")


@case
def bill_of_materials(packages, scratch):
    bill = json.loads(only(packages, ".spdx.json").read_text())
    assert bill["spdxVersion"] == "SPDX-2.3" and bill["dataLicense"] == "CC0-1.0"
    names = {package["SPDXID"] for package in bill["packages"]} | {"SPDXRef-DOCUMENT"}
    for relation in bill["relationships"]:
        assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= names, relation
    checksum = bill["packages"][0]["checksums"][0]["checksumValue"]
    assert checksum == hashlib.sha256(dockhew.read_bytes()).hexdigest()
    # What the build links to is what the list has.
    listed = {package["name"] for package in bill["packages"]}
    development = {word for line in (root / "tools/dev").read_text().split('packages="')[1].split('"')[0].splitlines() for word in line.split()}
    assert {name for name in development if name.endswith("-dev")} <= listed, development - listed


@case
def hooks_of_pre_commit(packages, scratch):
    for program in ("pre-commit", "git"):
        need(program)
    project = scratch / "project"
    project.mkdir()
    shutil.copytree(packages / "pre-commit", scratch / "hooks")
    (scratch / "gitconfig").write_text("[user]\nname = t\nemail = t@example.com\n")
    environment = dict(os.environ, HOME=str(scratch), PRE_COMMIT_HOME=str(scratch / "cache"), GIT_CONFIG_GLOBAL=str(scratch / "gitconfig"),
                       PIP_NO_INDEX="1", PIP_FIND_LINKS=str(packages), PIP_DISABLE_PIP_VERSION_CHECK="1")
    (project / "Dockerfile").write_text("FROM debian\nWORKDIR /a\nRUN apt-get update && apt-get install -y build-essential cmake ninja-build\nADD a /a/\nUSER 1000\n")
    (project / "a").write_text("")
    for path in (scratch / "hooks", project):
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
            run("git", *words, cwd=path, env=environment)

    def hook(name):
        return subprocess.run(["pre-commit", "try-repo", str(scratch / "hooks"), name, "--all-files"], cwd=project, env=environment,
                              capture_output=True, text=True, check=False)

    done = hook("dockhew")
    assert done.returncode == 1 and "unpinned-base-image" in done.stdout, done.stdout + done.stderr
    assert "DL3006" in hook("hadolint").stdout
    done = hook("dockhew-optimize")
    assert "files were modified by this hook" in done.stdout and "type=cache" in (project / "Dockerfile").read_text(), done.stdout + done.stderr


def main():
    print(f"TAP version 13\n1..{len(CASES)}")
    with tempfile.TemporaryDirectory() as directory:
        packages = pathlib.Path(directory, "packages")
        run(sys.executable, root / "tools/package/package.py", root, packages, dockhew)
        for number, function in enumerate(CASES, 1):
            name = function.__name__.replace("_", " ")
            scratch = pathlib.Path(directory, function.__name__)
            scratch.mkdir()
            try:
                function(packages, scratch)
                print(f"ok {number} - {name}", flush=True)
            except Skip as why:
                print(f"ok {number} - {name} # SKIP skipped: {why}", flush=True)
            except Exception as error:
                print(f"not ok {number} - {name}", flush=True)
                for line in str(error).splitlines() or [repr(error)]:
                    print(f"# {line}", flush=True)


main()
