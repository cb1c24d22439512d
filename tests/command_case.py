"""What the tests of the command have in common: running it, a project to run it on, and the report as TAP."""
import os
import pathlib
import subprocess
import sys
import tempfile

dockhew, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
NAIVE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nUSER 1000\nCMD [\"python\", \"a.py\"]\n"
results = []


# tests/shellcheck.py covers what ShellCheck adds; here the answers are the same with and without it.
os.environ["DOCKHEW_SHELLCHECK"] = "off"


def run(*arguments, stdin=None, cwd=None, env=None):
    return subprocess.run([dockhew, *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd, timeout=300, env=env)


def case(function):
    with tempfile.TemporaryDirectory() as directory:
        try:
            function(pathlib.Path(directory))
            results.append((True, function.__name__, ""))
        except Exception as error:  # a failed assertion, or a missing file
            results.append((False, function.__name__, repr(error)))


def project(directory, text=NAIVE):
    (directory / "Dockerfile").write_text(text, newline="")
    (directory / "requirements.txt").write_text("flask==3.0\n")
    return directory / "Dockerfile"


def report():
    print("TAP version 13\n1..%d" % len(results))
    for number, (passed, name, message) in enumerate(results, 1):
        skipped = "skipped:" in message
        print("%s %d - %s%s" % ("ok" if passed or skipped else "not ok", number, name.replace("_", " "), " # SKIP " + message if skipped else ""))
        if message and not skipped:
            print("# " + message.replace("\n", "\n# "))
