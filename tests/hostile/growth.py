"""growth.py DOCKHEW [--mode MODE,…] [--bytes N] [--jobs N] [--table] [NAME…]

Counts the instructions that dockhew executes for each generator at a size and at twice that size, under valgrind. The
quotient tells how its work grows, on any machine and however busy that is: 2 is linear, 4 is quadratic.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import generators  # noqa: E402

MOST = 2.3

# `read` is all but the rules: the syntax, the model, BuildKit's errors, comments that silence, the report.
MODES = {
    "read": ["lint", "--select", "maintainer-instruction,unused-suppression", "--shellcheck", "off"],
    "buildkit": ["lint", "--select", "buildkit", "--shellcheck", "off"],
    "lint": ["lint", "--select", "all", "--shellcheck", "off"],
    "json": ["lint", "--select", "all", "--shellcheck", "off", "--format", "json"],
    "optimize": ["optimize"],
    "layers": ["layers"],
    "pin": ["pin", "--offline", "--format", "json"],  # a diff of few lines takes more for each of them than one of many
    "resolve": ["lint", "--resolve", "--offline", "--shellcheck", "off"],
}
# valgrind counts each byte of `rep movsb` as an instruction, and the C library uses it from some size on only.
WITHOUT_REPEATED_MOVES = {**os.environ, "GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.cpu.x86_rep_stosb_threshold=1000000000"}


def instructions(binary, mode, text):
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "Dockerfile"
        (path.parent / ".git").mkdir()  # so that it is a context
        for name, content in files_of(text).items():
            (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / name).write_text(content, newline="")
        options = MODES[mode]
        configured = (path.parent / ".dockhew.yaml").exists()
        if mode in ("pin", "resolve"):  # what is known of images, so that no registry is asked
            lock = path.parent / "images.lock"
            if not lock.exists():
                lock.write_text(generators.images_lock(["docker.io/library/debian:12"]))
            options = [*options, "--lock", lock]
        if mode == "pin" and (path.parent / "compose.yaml").exists():
            path = path.parent / "compose.yaml"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, *options, *([] if mode == "pin" or configured else ["--no-config"]), path],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", env=WITHOUT_REPEATED_MOVES)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode not in (0, 1) or not found:
            raise RuntimeError(f"exit status {done.returncode}: {done.stderr[-500:]}")
        return int(found.group(1))


def files_of(generated):
    return generated if isinstance(generated, dict) else {"Dockerfile": generated}


def size_for(generate, size):
    """The least n, of the powers of two, whose files have so many bytes; some shapes stop growing."""
    n = 16
    while sum(map(len, files_of(generate(n)).values())) < size and n < size:
        n *= 2
    return n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dockhew")
    parser.add_argument("--bytes", type=int, default=8192)
    parser.add_argument("--mode", help="without one: read, what rules ask for in lint, optimize and layers, and what names images in pin and resolve")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    if not shutil.which("valgrind"):
        print("1..0 # SKIP valgrind is not there to count instructions")
        return
    known = generators.all_generators()
    names = options.names or list(known)
    asked = [name for name in names if name in generators.ASKED_BY_RULES]
    named = [name for name in names if name in generators.NAMING_IMAGES]
    measured = {mode: names for mode in options.mode.split(",")} if options.mode else {"read": names, "lint": asked, "optimize": asked, "layers": asked, "pin": named, "resolve": named}
    if not options.table:
        print(f"1..{sum(map(len, measured.values()))}")
    number = 0
    for mode, names in measured.items():
        start = instructions(options.dockhew, mode, "FROM debian:12\n")

        def measure(name):
            n = size_for(known[name], options.bytes)
            try:
                return n, [instructions(options.dockhew, mode, known[name](size)) - start for size in (n, 2 * n)]
            except RuntimeError as error:
                return n, str(error)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for name, (n, counted) in zip(names, pool.map(measure, names)):
                number += 1
                failed = isinstance(counted, str)
                quotient = 0 if failed else counted[1] / max(counted[0], 1)
                if options.table:
                    print(f"{mode:9}{name:28}{n:8}" + (f"  {counted}" if failed else
                          f"{counted[0]:14}{counted[1]:14}{quotient:7.2f}"), flush=True)
                    continue
                # A few thousand instructions, as where everything is beyond a limit, are noise.
                fine = not failed and (quotient <= MOST or counted[1] < 1_000_000)
                print(f"{'ok' if fine else 'not ok'} {number} - {mode} {name}", flush=True)
                if not fine:
                    print(f"# {counted if failed else f'{counted[0]} instructions for n={n}, {counted[1]} for twice that'}",
                          flush=True)


main()
