"""How much the release executable does, in instructions: they are the same on a busy machine and on an idle one, where seconds are not.
Usage: instructions.py DOCKHEW DIRECTORY [N]: the Dockerfiles below the directory, or every Nth of them."""
import pathlib
import re
import subprocess
import sys
import tempfile

FOUR_LINES = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\nCMD ["/app/run"]\n'


def instructions(dockhew, command, *arguments):
    """Of the whole process, from its start to its end; on one thread, because valgrind lets threads run in turns."""
    line = [dockhew, command, "--no-config", "--jobs=1", *map(str, arguments)]
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *line],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    collected = re.findall(r"^==\d+== Collected : (\d+)", done.stderr, re.MULTILINE)
    if done.returncode not in (0, 1) or not collected:
        sys.exit("%s: exit status %d\n%s" % (" ".join(line[:8]), done.returncode, done.stderr[-2000:]))
    return int(collected[0])


def main(dockhew, root, every=1):
    files = sorted(path for path in pathlib.Path(root).rglob("*Dockerfile*") if path.is_file() and path.suffix != ".dockerignore")[::int(every)]
    size = sum(path.stat().st_size for path in files)
    print("%d files, %d bytes; executable: %d bytes" % (len(files), size, pathlib.Path(dockhew).stat().st_size), flush=True)
    with tempfile.TemporaryDirectory() as directory:
        four_lines, one_line = pathlib.Path(directory, "Dockerfile"), pathlib.Path(directory, "one.Dockerfile")
        four_lines.write_text(FOUR_LINES)
        one_line.write_text("FROM scratch\n")

        def a_byte(*command):  # without what a process costs that has next to nothing to do
            return round((instructions(dockhew, *command, *files) - instructions(dockhew, *command, one_line)) / size)

        for work, count in (("lint of 4 lines, the whole process", lambda: instructions(dockhew, "lint", "--shellcheck=off", four_lines)),
                            ("lint to JSON, a byte", lambda: a_byte("lint", "--format=json", "--shellcheck=off")),
                            ("optimize, a byte", lambda: a_byte("optimize"))):
            print("%-35s %12s instructions" % (work, format(count(), ",")), flush=True)


main(*sys.argv[1:])
