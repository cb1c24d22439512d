"""What is packaged: the executable, what is said about it, and the files that lie beside it. Every package is made of this and of nothing
else, so that all say the same."""
import dataclasses
import os
import pathlib
import platform
import shutil
import subprocess

HOMEPAGE = "https://github.com/dockhew/dockhew"
SUMMARY = "Dockerfile linter and optimizer"
DESCRIPTION = ("dockhew reads a Dockerfile, says what makes its builds slow, bloated or unrepeatable, and rewrites it into the form an "
               "expert would have written.")
AUTHOR, EMAIL = "dockhew authors", "dockhew@users.noreply.github.com"
LICENSE = "Apache-2.0"
# The libraries that the static executable contains: their Debian packages, and SPDX's names of their licences.
LIBRARIES = {"tao-pegtl-dev": "BSL-1.0", "libfmt-dev": "MIT", "nlohmann-json3-dev": "MIT", "libboost-program-options-dev": "BSL-1.0",
             "libtomlplusplus-dev": "MIT", "libyaml-cpp-dev": "MIT", "libarchive-dev": "BSD-2-Clause", "libxxhash-dev": "BSD-2-Clause",
             "libzstd-dev": "BSD-3-Clause", "zlib1g-dev": "Zlib", "libc6-dev": "LGPL-2.1-or-later", "libstdc++-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1"}


@dataclasses.dataclass(frozen=True)
class Library:
    name: str
    version: str
    license: str
    notice: bytes  # what Debian says of its copyright


@dataclasses.dataclass(frozen=True)
class Release:
    version: str
    machine: str  # as the kernel calls it: x86_64, aarch64
    executable: bytes
    license: bytes
    readme: str
    manual: bytes  # a man page; empty where the executable makes none
    completions: dict[str, bytes]  # by shell
    libraries: list[Library]
    epoch: int  # seconds: the time that all files get, so that the same executable makes the same packages

    @property
    def notices(self):
        parts = [f"{each.name} {each.version} ({each.license})\n\n".encode() + each.notice for each in self.libraries if each.notice]
        return b"dockhew contains these libraries.\n\n" + (b"\n" + b"-" * 80 + b"\n\n").join(parts)


def machine_of(executable):
    """Of an ELF file: its machine is a number of two bytes at 18."""
    return {62: "x86_64", 183: "aarch64"}.get(int.from_bytes(executable[18:20], "little"), platform.machine())


def libraries():
    found = []
    for name, license in LIBRARIES.items():
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=False).stdout
        notice = pathlib.Path("/usr/share/doc", name, "copyright")
        found.append(Library(name, version or "unknown", license, notice.read_bytes() if notice.is_file() else b""))
    return found


def read_release(executable, root):
    """`root`: of the source. Whatever the executable says about itself, it is asked."""
    program = pathlib.Path(executable).read_bytes()
    emulator = shutil.which(f"qemu-{machine_of(program)}-static")
    command = [emulator, executable] if emulator and machine_of(program) != platform.machine() else [executable]

    def answer(*arguments):
        done = subprocess.run([*command, *arguments], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    shells = {shell: answer("completions", shell) for shell in ("bash", "zsh", "fish")}
    return Release(version=answer("--version").decode().split()[-1], machine=machine_of(program), executable=program,
                   license=(root / "LICENSE").read_bytes(), readme=(root / "README.md").read_text(), manual=answer("man"),
                   completions={shell: text for shell, text in shells.items() if text}, libraries=libraries(),
                   epoch=int(os.environ.get("SOURCE_DATE_EPOCH", 0)) or 1_700_000_000)
