"""The executable for arm64, in an emulator: it says of fixtures what the one for this machine says, and the packages carry it.
Exits 77 (skipped) without qemu-user-static. Prints TAP. Usage: arm64.py DOCKHEW_ARM64 DOCKHEW SOURCE_ROOT PACKAGES"""
import concurrent.futures
import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

foreign, native, root, packages = (pathlib.Path(word).resolve() for word in sys.argv[1:5])
EMULATOR = shutil.which("qemu-aarch64-static")
EVERY = 10  # of the fixtures: an emulator takes its time
if not EMULATOR:
    print("skipped: qemu-user-static is not installed")
    sys.exit(77)


def only(ending):
    found = [path for path in packages.iterdir() if path.name.endswith(ending)]
    assert len(found) == 1, (ending, found)
    return found[0]


def answers(command, path):
    """What a command prints, and how it ends."""
    done = []
    for words in (["lint", "--shellcheck", "off"], ["optimize"], ["layers"]):
        ended = subprocess.run([*command, *words, "--no-config", "--format", "json", "Dockerfile"], cwd=path.parent, capture_output=True, check=False)
        done.append((ended.returncode, ended.stdout, ended.stderr))
    return done


def is_for_arm64_and_alone():
    header = foreign.read_bytes()[:20]
    assert header[:4] == b"\x7fELF" and int.from_bytes(header[18:20], "little") == 183
    programs = subprocess.run(["readelf", "--program-headers", str(foreign)], capture_output=True, text=True, check=True).stdout
    assert "INTERP" not in programs, programs


def says_what_the_other_says():
    paths = sorted((root / "fixtures").rglob("Dockerfile"))[::EVERY]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for path, here, there in zip(paths, pool.map(lambda path: answers([native], path), paths), pool.map(lambda path: answers([EMULATOR, foreign], path), paths)):
            assert here == there, (path, here, there)
    assert len(paths) > 100


def debian():
    fields = subprocess.run(["dpkg-deb", "--field", only("_arm64.deb")], capture_output=True, text=True, check=True).stdout
    assert "Architecture: arm64\n" in fields, fields
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["dpkg-deb", "--extract", only("_arm64.deb"), directory], check=True)
        assert pathlib.Path(directory, "usr/bin/dockhew").read_bytes() == foreign.read_bytes()
        assert pathlib.Path(directory, "usr/share/man/man1/dockhew.1.gz").is_file()


def python_wheel():
    with zipfile.ZipFile(only("_aarch64.whl")) as wheel:
        assert any(wheel.read(name) == foreign.read_bytes() for name in wheel.namelist() if name.endswith("/scripts/dockhew"))


def npm():
    """One package for both, which starts the right one."""
    with tempfile.TemporaryDirectory() as directory, tarfile.open(only(".tgz")) as archive:
        archive.extractall(directory)
        package = pathlib.Path(directory, "package")
        assert json.loads((package / "package.json").read_text())["cpu"] == ["x64", "arm64"]
        assert (package / "bin/dockhew-aarch64").read_bytes() == foreign.read_bytes()
        (pathlib.Path(directory) / "dockhew").symlink_to(package / "bin/dockhew")
        version = subprocess.run([pathlib.Path(directory) / "dockhew", "--version"], capture_output=True, text=True, check=True).stdout
        assert version == subprocess.run([native, "--version"], capture_output=True, text=True, check=True).stdout


def image():
    with tarfile.open(only("-aarch64.oci.tar")) as archive:
        content = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    described = json.loads(content["index.json"])["manifests"][0]
    assert described["platform"] == {"architecture": "arm64", "os": "linux"}
    manifest = json.loads(content["blobs/sha256/" + described["digest"].split(":")[1]])
    layer = content["blobs/sha256/" + manifest["layers"][0]["digest"].split(":")[1]]
    with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tree:
        assert tree.extractfile("usr/bin/dockhew").read() == foreign.read_bytes()


def archive_formula_and_checksums():
    name = only("-aarch64-linux.tar.gz")
    formula = (packages / "dockhew.rb").read_text()
    assert re.search(rf'on_arm do\n    url "[^"]*/{re.escape(name.name)}"\n    sha256 "{hashlib.sha256(name.read_bytes()).hexdigest()}"', formula), formula
    assert "on_intel do" in formula and "depends_on arch" not in formula
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=packages, check=True)
    assert name.name in (packages / "SHA256SUMS").read_text()


CASES = [is_for_arm64_and_alone, says_what_the_other_says, debian, python_wheel, npm, image, archive_formula_and_checksums]
print(f"TAP version 13\n1..{len(CASES)}")
failed = 0
for number, case in enumerate(CASES, 1):
    try:
        case()
        print(f"ok {number} - {case.__name__.replace('_', ' ')}", flush=True)
    except Exception as error:
        failed += 1
        print(f"not ok {number} - {case.__name__.replace('_', ' ')}", flush=True)
        for line in (str(error).splitlines() or [repr(error)])[:40]:
            print(f"# {line[:2000]}", flush=True)
sys.exit(1 if failed else 0)
