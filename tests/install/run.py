"""Installs the build into a scratch directory and builds a program against it, with pkg-config and nothing else.
Usage: run.py BUILD_ROOT SOURCE_ROOT MESON COMPILER…"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

build, source, meson, compiler = sys.argv[1], pathlib.Path(sys.argv[2]), shlex.split(sys.argv[3]), sys.argv[4:]
with tempfile.TemporaryDirectory() as directory:
    environment = dict(os.environ, DESTDIR=directory)
    subprocess.run([*meson, "install", "--no-rebuild", "--quiet", "-C", build], check=True, env=environment)
    found = list(pathlib.Path(directory).rglob("dockhew.pc"))
    assert len(found) == 1, "one pkg-config file is installed, not %s" % found
    environment = dict(os.environ, PKG_CONFIG_PATH=str(found[0].parent), PKG_CONFIG_SYSROOT_DIR=directory)
    flags = subprocess.run(["pkg-config", "--static", "--cflags", "--libs", "dockhew"], check=True, capture_output=True, text=True, env=environment).stdout.split()
    # A sysroot of pkg-config also moves the paths of the system's own libraries.
    flags = [f.replace(directory + "/usr/include", "/usr/include") if "dockhew" not in f and not f.startswith("-L") else f for f in flags]
    program = os.path.join(directory, "consumer")
    subprocess.run([*compiler, "-std=c++20", str(source / "tests/install/consumer.cpp"), "-o", program, *flags], check=True)
    subprocess.run([program], check=True, stdout=subprocess.DEVNULL)
    command = next(p for p in pathlib.Path(directory).rglob("dockhew") if p.is_file())
    subprocess.run([str(command), "rules"], check=True, stdout=subprocess.DEVNULL)
    for name, word in (("completions/dockhew.bash", "complete "), ("site-functions/_dockhew", "#compdef dockhew"), ("vendor_completions.d/dockhew.fish", "complete "),
                       ("man1/dockhew.1", ".TH DOCKHEW 1")):
        installed = [p for p in pathlib.Path(directory).rglob(os.path.basename(name)) if str(p).endswith(name)]
        assert len(installed) == 1 and word in installed[0].read_text(), name
