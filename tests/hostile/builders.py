"""builders.py DOCKHEW ROOT: verify with builders that hang, that leave something behind or talk too much, and with images that
are made to be too much to read.

Nothing here measures time; the guards are only there so that a hang ends.
"""
import gzip
import io
import os
import pathlib
import signal
import subprocess
import sys
import tarfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from command_case import case, dockhew, project, report  # noqa: E402
from made_images import image_of, tar_of  # noqa: E402
from sanitized import is_sanitized  # noqa: E402

SANITIZED = is_sanitized(dockhew)
GUARD = 300 if SANITIZED else 60  # seconds
MEMORY = 500 << 20

BUILDER = """#!/bin/sh
case "$*" in
  *version) at=version ;;
  *inspect*) at=inspect ;;
  *base.Dockerfile*) at=base ;;
  *type=docker*) at=save ;;
  *image\\ rm*) at=remove ;;
  load*) at=load ;;
  run*) at=run ;;
  *) at=build ;;
esac
echo "$at" >>"$LOG"
if [ "$at" = "$MOMENT" ]; then %s
fi
case "$at" in
  version) echo "github.com/docker/buildx v0.12.1 30feaa1" ;;
  load) echo "Loaded image: a" ;;
  save) for a in "$@"; do case "$a" in type=docker,dest=*) cat "$IMAGE" >"${a#type=docker,dest=}" ;; esac; done ;;
esac
"""


class Builder:
    """A stand-in for docker that does something at a moment, and a project to verify with it."""

    def __init__(self, directory, what=":", moment="never", image=None):
        self.directory = directory
        (directory / "bin").mkdir(exist_ok=True)
        (directory / "tmp").mkdir(exist_ok=True)
        program = directory / "bin/docker"
        program.write_text(BUILDER % what)
        program.chmod(0o755)
        (directory / "project").mkdir(exist_ok=True)
        self.path, self.other = project(directory / "project", "FROM debian:12\nRUN one\n"), directory / "other"
        self.other.write_text("FROM debian:12\nRUN two\n")
        if image is not None:
            (directory / "image").write_bytes(image)
        elif not (directory / "image").exists():
            (directory / "image").write_bytes(image_of(tar_of(("a", b"a"))))
        self.env = {**os.environ, "PATH": f"{directory / 'bin'}:/usr/bin:/bin", "LOG": str(directory / "log"), "TMPDIR": str(directory / "tmp"),
                    "PIDS": str(directory / "pids"), "IMAGE": str(directory / "image"), "MOMENT": moment, "NO_COLOR": "1"}

    def start(self, *arguments):
        return subprocess.Popen([dockhew, "verify", "--builder", "docker", "--against", self.other, *arguments, self.path], env=self.env,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def run(self, *arguments):
        """Exit status, output, errors, and the most memory it had."""
        (self.directory / "log").unlink(missing_ok=True)
        running = self.start(*arguments)
        output = []
        readers = [threading.Thread(target=lambda pipe=pipe: output.append((pipe, pipe.read()))) for pipe in (running.stdout, running.stderr)]
        for reader in readers:
            reader.start()
        timer = threading.Timer(GUARD, running.kill)
        timer.start()
        _, status, usage = os.wait4(running.pid, 0)
        timer.cancel()
        for reader in readers:
            reader.join()
        texts = dict(output)
        running.returncode = os.waitstatus_to_exitcode(status)
        return running.returncode, texts[running.stdout], texts[running.stderr], usage.ru_maxrss << 10

    def started(self):
        """The processes that it put into the background and that are still there."""
        pids = self.directory / "pids"
        return [pid for pid in (pids.read_text().split() if pids.exists() else []) if is_running(pid)]

    def left(self):
        return sorted(os.listdir(self.directory / "tmp"))


def is_running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition):
    for _ in range(1000):
        if condition():
            return True
        time.sleep(0.02)
    return False


def zeros(size):
    """That many zeros as members of gzip, which may follow one another."""
    piece = 64 << 20
    return gzip.compress(bytes(piece), 9) * (size // piece) + gzip.compress(bytes(size % piece), 9)


def header(name, size, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def many_files(count, name="f%d", content=b""):
    """A compressed layer of so many files."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        padding = bytes(-len(content) % 512)
        for number in range(count):
            packed.write(header(name % number, len(content)) + content + padding)
        packed.write(bytes(1024))
    return out.getvalue()


def sparse_map(entries):
    """A sparse file in GNU's old format: each entry says where some bytes are."""
    def number(value):
        return b"%011o\0" % value
    first = bytearray(header("sparse", 0, b"S"))
    first[386:386 + 96] = b"".join(number(i * 1024) + number(0) for i in range(4))
    first[482:483] = b"\1"
    first[483:495] = number(1 << 32)
    first[148:156] = b"        "
    first[148:156] = b"%06o\0 " % sum(first)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        packed.write(bytes(first))
        block = b"".join(number((i + 4) * 1024) + number(0) for i in range(21)) + b"\1" + bytes(7)
        for _ in range(entries // 21):
            packed.write(block)
        packed.write(block[:504] + bytes(8) + bytes(1024))
    return out.getvalue()


@case
def an_interrupt_ends_it_at_every_moment(directory):
    hangs = {"hangs": "echo $$ >>$PIDS; exec sleep 987", "closed its output": "echo $$ >>$PIDS; exec sleep 987 >/dev/null 2>&1",
             "has a session of its own": "setsid sh -c 'echo $$ >>$PIDS; exec sleep 987'"}
    for moment in ("version", "inspect", "base", "build", "save", "load", "run"):
        for name, what in hangs.items():
            builder = Builder(directory, what, moment)
            pids = directory / "pids"
            pids.unlink(missing_ok=True)
            running = builder.start("--run", "true")
            assert wait_for(lambda: pids.exists() and pids.read_text().strip()), (moment, name)
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=GUARD)
            assert running.returncode == 2 and "interrupted" in errors, (moment, name, running.returncode, errors)
            assert builder.left() == [] and builder.started() == [], (moment, name, builder.left(), builder.started())


@case
def a_second_interrupt_ends_what_cleans_up(directory):
    builder = Builder(directory, "trap '' TERM; echo $$ >>$PIDS; sleep 987", "remove")
    running = builder.start("--run", "true")
    assert wait_for(lambda: (directory / "pids").exists() and (directory / "pids").read_text().strip())
    for _ in range(2):
        running.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert running.wait(timeout=GUARD) == -signal.SIGTERM
    running.communicate()
    assert wait_for(lambda: builder.started() == []) and builder.left() == [], (builder.started(), builder.left())


@case
def an_interrupt_ends_the_reading_of_an_image(directory):
    """A hundred gigabytes of zeros, in a file and in what nobody asks for."""
    size = 100 << 30
    bomb = gzip.compress(header("zeros", 8 << 30)) + zeros(8 << 30) * 4
    for image in (image_of(bomb), gzip.compress(header("other", size)) + zeros(8 << 30) * 12):
        builder = Builder(directory, image=image)
        running = builder.start()
        for line in running.stderr:
            if line.startswith("optimized, nothing changed"):
                break
        time.sleep(0.3)
        assert running.poll() is None, "it did not read"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=GUARD)
        assert running.returncode == 2 and "interrupted" in errors and builder.left() == [], (running.returncode, errors)


@case
def what_stays_in_the_background_neither_holds_it_up_nor_survives(directory):
    for name, what in {"group": "sleep 987 & echo $! >>$PIDS", "session": "setsid sh -c 'echo $$ >>$PIDS; exec sleep 987' &",
                       "orphan": "(setsid sh -c 'echo $$ >>$PIDS; sleep 987 & echo $! >>$PIDS; wait' &) & sleep 0.1",
                       "deaf": "sh -c 'trap \"\" TERM; echo $$ >>$PIDS; while :; do sleep 1; done' & sleep 0.1",
                       "talks": "yes & echo $! >>$PIDS"}.items():
        builder = Builder(directory, what, "build")
        status, output, errors, _ = builder.run()
        assert status == 0 and "equivalent" in output, (name, status, errors)
        assert (directory / "pids").read_text() and builder.started() == [], (name, builder.started())


@case
def what_a_builder_prints_is_bounded(directory):
    for name, what in {"one line": "yes | head -c 300000000 | tr -d '\\n'", "lines": "yes 'STEP 3/7: x' | head -c 30000000",
                       "a long line that is wrong": "head -c 100000000 /dev/zero; exit 1"}.items():
        status, _, errors, memory = Builder(directory, what, "build").run()
        assert status == (2 if "wrong" in name else 0) and len(errors) < 1 << 20, (name, status, errors[-300:])
        assert SANITIZED or memory < MEMORY, (name, memory)
    status, _, errors, memory = Builder(directory, "yes", "run").run("--run", "true")
    assert status == 2 and "it printed more than 4 MiB" in errors, errors
    status, _, errors, memory = Builder(directory, "yes", "inspect").run()
    assert status == 2 and (SANITIZED or memory < MEMORY), (errors, memory)


@case
def no_image_takes_more_memory_than_there_is(directory):
    elf = b"\x7fELF\2\1\1" + bytes(57)
    images = {
        "many files": (image_of(many_files(600_000)), "it has too many files"),
        "long names": (image_of(many_files(30_000, "f%d/" + "a/" * 90 + "b" * 3800)), "it has too many files"),
        "deep names": (image_of(many_files(1, "a/" * 1000 + "%d")), "too deep"),
        "scripts with long lines": (image_of(many_files(19_000, "s%d", b"#!" + b"a" * 5000)), "it has too many files"),
        "lists of the loader": (image_of(many_files(1_200, "etc/ld.so.conf.d/%d.conf", b"/" * 65536)), "it has too many files"),
        "JSON beside the image": (image_of(b"", more=[(f"{number}.json", b"{}") for number in range(25_000)]), "more than 20000 entries"),
        "a large configuration": (image_of(b"", config=b"[" + b"0," * (8 << 20) + b"0]"), "its configuration is larger than 2 MiB"),
        "many layers": (tar_of(("manifest.json", b'[{"Config": "c", "Layers": [%s"l"]}]' % (b'"l",' * 5000))), "more than 1000 layers"),
        "a name with a command": (tar_of(("manifest.json", b'[{"Config": "x\\n::error::y\\u001b[31m", "Layers": ["l"]}]')), "x\\x0a::error::y\\x1b[31m"),
        "a map of a sparse file": (image_of(sparse_map(12_000_000)), "memory"),
        "a large program": (image_of(gzip.compress(header("app", 200 << 20) + elf) + zeros((200 << 20) - len(elf)) + gzip.compress(bytes(1024))), ""),
    }
    for name, (image, answer) in images.items():
        builder = Builder(directory, image=image)
        status, output, errors, memory = builder.run()
        expected = 0 if answer == "" else 2
        assert status == expected and answer in errors or SANITIZED and answer == "memory", (name, status, errors)
        assert SANITIZED or memory < MEMORY, (name, memory >> 20)
        assert builder.left() == [], (name, builder.left())


@case
def images_that_are_made_to_be_slow_to_compare(directory):
    """A script that runs itself many times, libraries that need each other, files of which no name is like another."""
    itself = b"#!/bin/sh\n" + b"/run\n" * 1000
    config = b'{"config": {"Cmd": ["/run"]}}'
    images = {
        "a script that runs itself": image_of(tar_of(("run", itself), ("bin/sh", b"a")), config=config),
        "an interpreter that loops": image_of(tar_of(("run", b"#!/run\n")), config=config),
        "names": image_of(many_files(50_000, "d/" + "a%d" * 1)),
    }
    for name, image in images.items():
        status, _, errors, _ = Builder(directory, image=image).run()
        assert status == 0, (name, status, errors)


report()
