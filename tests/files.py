"""Where the command may look and write: links, pipes and devices, files that change, and what is left behind. Prints TAP.
Usage: files.py DOCKHEW SOURCE_ROOT"""
import json
import os
import pathlib
import pty
import resource
import signal
import stat
import subprocess
import time

from command_case import NAIVE, case, dockhew, project, report, run

SAFE = "FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y chromium libreoffice texlive\nCMD [\"python\", \"a.py\"]\n"


def names(directory):
    return sorted(path.name for path in directory.iterdir())


@case
def pipes_and_devices_are_never_opened(directory):
    project(directory, SAFE)
    os.mkfifo(directory / ".gitignore")
    assert run("lint", directory).returncode == 0
    (directory / ".gitignore").unlink()
    (directory / ".gitignore").symlink_to("/dev/zero")
    assert run("lint", directory).returncode == 0
    os.mkfifo(directory / "pipe")
    for path in (directory / "pipe", "/dev/zero"):
        done = run("lint", path)
        assert done.returncode == 2 and b"not a regular file" in done.stderr, done.stderr
    for text in ("rules: [pipe]\n", "rules: [/dev/zero]\n"):
        (directory / ".dockhew.yaml").write_text(text)
        done = run("lint", directory)
        assert done.returncode == 2 and b"not a regular file" in done.stderr, done.stderr
    (directory / ".dockhew.yaml").unlink()
    for arguments in (["--config", directory / "pipe"], ["--rules", directory / "pipe"], ["--data", directory / "pipe"]):
        assert run("lint", *arguments, directory / "Dockerfile").returncode == 2, arguments
    compose = directory / "compose.yaml"
    for name in ("/dev/zero", "pipe"):
        compose.write_text("services:\n  a:\n    build: {context: ., dockerfile: %s}\n" % name)
        done = run("lint", compose)
        assert done.returncode == 2 and b"not a regular file" in done.stderr, done.stderr


@case
def limits_are_named(directory):
    path = project(directory, SAFE)
    (directory / ".dockhew.yaml").write_text("#" * (2 << 20))
    done = run("lint", path)
    assert done.returncode == 2 and b"larger than 1 MiB" in done.stderr, done.stderr
    done = run("lint", "--no-config", "-", stdin=b"#" * (65 << 20))
    assert done.returncode == 2 and b"larger than 64 MiB" in done.stderr, done.stderr


@case
def links_that_lead_out_are_not_followed(directory):
    inside, outside = directory / "inside", directory / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "victim").write_text(SAFE)
    (inside / "Dockerfile").symlink_to("../outside/victim")
    for arguments in (["lint", "--fix"], ["optimize", "--write"]):
        done = run(*arguments, inside)
        assert done.returncode == 2 and b"leads out" in done.stderr and not done.stdout, done
        assert (outside / "victim").read_text() == SAFE
    (inside / "docker").mkdir()
    (inside / "docker" / "prod").write_text(SAFE)
    (inside / "Dockerfile.prod").symlink_to("docker/prod")
    assert b"fixed: add a cache mount" in run("lint", "--fix", inside).stderr and (inside / "docker" / "prod").read_text() != SAFE
    # Named, it is written where it lies, and that is said.
    done = run("optimize", "--write", inside / "Dockerfile")
    assert done.returncode == 0 and b"outside/victim" in done.stderr, done
    assert (inside / "Dockerfile").is_symlink() and "--mount" in (outside / "victim").read_text()


@case
def a_link_of_the_context_is_not_lost_in_a_runtime_stage(directory):
    path = project(directory, "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /bin/a .\nCMD [\"/bin/a\"]\n")
    (directory / "go.mod").write_text("module a\n")
    (directory / "main.go").write_text("package main\nfunc main() {}\n")
    lint = lambda: run("lint", path).stdout
    assert b"ship `debian:" in lint(), lint()
    (directory / "static").symlink_to("src")
    assert b"no fix: `static` is a link" in lint(), lint()


@case
def workflows_and_ignore_files_are_not_read_outside(directory):
    repository, outside = directory / "repository", directory / "outside"
    (repository / ".git").mkdir(parents=True)
    (repository / ".github/workflows").mkdir(parents=True)
    outside.mkdir()
    (outside / "b.yml").write_text("on: workflow_call\njobs: {z: {steps: [{uses: docker/build-push-action@v6, with: {context: '${{ inputs.x }}'}}]}}\n")
    project(repository, NAIVE)
    (repository / ".github/workflows/a.yml").write_text("jobs: {j: {uses: ./.github/workflows/b.yml, with: {x: .}}}\n")
    called = repository / ".github/workflows/b.yml"
    called.symlink_to(outside / "b.yml")
    assert b"b.yml" not in run("layers", repository / "Dockerfile").stdout
    called.unlink()
    called.write_text((outside / "b.yml").read_text())
    assert b"b.yml" in run("layers", repository / "Dockerfile").stdout
    # The same of the ignore file of a Dockerfile: a link within the repository is one that people make.
    text = "FROM python:3.12\nCOPY requirements.txt .\nCMD [\"python\", \"a.py\"]\n"
    (repository / "Dockerfile").write_text(text)
    own, lint = repository / "Dockerfile.dockerignore", ["lint", "--select", "buildkit", repository / "Dockerfile"]
    (repository / "ignored").write_text("requirements.txt\n")
    (outside / "ignored").write_text("requirements.txt\n")
    own.symlink_to("ignored")
    assert b"CopyIgnoredFile" in run(*lint).stdout, run(*lint)
    own.unlink()
    own.symlink_to(outside / "ignored")
    assert b"CopyIgnoredFile" not in run(*lint).stdout, run(*lint)


@case
def an_ignore_file_that_is_no_text_is_left_alone(directory):
    path = project(directory, NAIVE)
    (directory / ".git").mkdir()
    (directory / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (directory / "a.py").write_text("")
    ignore = directory / ".dockerignore"
    os.mkfifo(ignore)
    done = run("optimize", "--write", path)
    assert done.returncode == 2 and b"neither read nor written" in done.stderr, done
    assert stat.S_ISFIFO(ignore.lstat().st_mode)
    ignore.unlink()
    for text, words in ((b"a\0b\n", b"NUL"), (b"#" * (2 << 20), b"larger than 1 MiB")):
        path.write_text(NAIVE)
        ignore.write_bytes(text)
        done = run("optimize", "--write", path)
        if text.startswith(b"#"):  # nothing is known of a context with such a file, so nothing is proposed
            assert done.returncode == 0, done
        else:
            assert done.returncode == 2 and words in done.stderr and b"changed" not in done.stderr, done
        assert ignore.read_bytes() == text
    ignore.unlink()
    path.write_text(NAIVE)
    assert run("optimize", "--write", path).returncode == 0 and ".git" in ignore.read_text()


@case
def a_page_does_not_replace_what_is_read(directory):
    path = project(directory, SAFE)
    (directory / "link").symlink_to("Dockerfile")
    for page in (path, directory / "link", directory / "." / "Dockerfile"):
        for arguments in (["layers", "--html", page, path], ["verify", "--html", page, path],
                          ["verify", "--against", path, "--html", page, directory / "requirements.txt"]):
            done = run(*arguments)
            assert done.returncode == 2 and b"replace this file" in done.stderr and not done.stdout, done
    assert path.read_text() == SAFE
    assert run("layers", "--html", directory / "page.html", path).returncode == 0


@case
def what_a_build_file_names_outside_is_not_shown(directory):
    repository, outside = directory / "repository", directory / "outside"
    (repository / ".git").mkdir(parents=True)
    outside.mkdir()
    (outside / "secrets").write_text("root:x:0\n")
    (outside / "a").write_text("a\n")
    (repository / "Dockerfile").write_text("FROM debian:12\nCOPY a /a\nUSER 1\n")
    compose = repository / "compose.yaml"
    compose.write_text("services:\n  a:\n    build: {context: ../outside, dockerfile: secrets}\n")
    done = run("lint", compose)
    assert b"root" not in done.stdout + done.stderr and b"outside of the repository" in done.stderr, done
    (repository / ".git").rmdir()
    done = run("lint", compose)
    assert b"root" not in done.stdout + done.stderr and b"outside of the repository" in done.stderr, done
    compose.write_text("services:\n  a:\n    build: {context: ../outside, dockerfile: ../repository/Dockerfile}\n")
    done = run("lint", compose)
    assert done.returncode == 0 and not done.stderr, done  # as a context it is read


@case
def a_read_only_file_is_left_alone(directory):
    path = project(directory, SAFE)
    path.chmod(0o444)
    for arguments in (["lint", "--fix", path], ["optimize", "--write", path], ["optimize", "--output", path, path]):
        done = run(*arguments)
        assert done.returncode == 2 and b"read-only" in done.stderr, done
    assert path.read_text() == SAFE and names(directory) == ["Dockerfile", "requirements.txt"]


@case
def what_belongs_to_a_file_is_kept_or_its_loss_is_said(directory):
    path = project(directory, SAFE)
    path.chmod(0o640)
    attributes = True
    try:
        os.setxattr(path, "user.kept", b"yes")
    except OSError:
        attributes = False
    os.link(path, directory / "other")
    done = run("optimize", "--write", path)
    assert done.returncode == 0 and b"hard links" in done.stderr, done
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and (directory / "other").read_text() == SAFE
    assert not attributes or os.getxattr(path, "user.kept") == b"yes"


@case
def names_may_be_as_long_as_the_system_permits(directory):
    path = directory / ("Dockerfile." + "a" * 244)
    path.write_text(SAFE)
    done = run("optimize", "--write", path)
    assert done.returncode == 0 and "--mount" in path.read_text(), done


@case
def output_goes_into_what_is_no_file(directory):
    path = project(directory, SAFE)
    os.mkfifo(directory / "pipe")
    with subprocess.Popen(["cat", directory / "pipe"], stdout=subprocess.PIPE) as reader:
        assert run("optimize", "--output", directory / "pipe", path).returncode == 0
        assert b"--mount" in reader.stdout.read()
    assert stat.S_ISFIFO((directory / "pipe").stat().st_mode)
    assert b"--mount" in run("optimize", "--output", "/dev/stdout", path).stdout
    log = directory / "log"
    log.write_text("before\n")
    with open(log, "ab") as end:
        subprocess.run([dockhew, "optimize", "--output", "/dev/stdout", path], stdout=end, stderr=subprocess.DEVNULL)
    assert log.read_text().startswith("before\nFROM"), log.read_text()
    null = directory / "null"
    try:
        os.mknod(null, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        null = "/dev/null"
    assert run("optimize", "--output", null, path).returncode == 0 and stat.S_ISCHR(os.stat(null).st_mode)


@case
def a_limit_on_the_size_of_files_is_an_error(directory):
    path = project(directory, SAFE + "# x\n" * 2000)
    done = subprocess.run([dockhew, "optimize", "--write", path], capture_output=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert done.returncode == 2 and b"File too large" in done.stderr, done
    assert "--mount" not in path.read_text() and names(directory) == ["Dockerfile", "requirements.txt"]


@case
def what_a_killed_run_has_left_is_removed(directory):
    path = project(directory, SAFE)
    (directory / ".dockhew-abcdefgh.tmp").write_text("half")
    (directory / ".dockhew-note.tmp").write_text("of somebody else")
    assert run("optimize", "--write", path).returncode == 0
    assert names(directory) == [".dockhew-note.tmp", "Dockerfile", "requirements.txt"], names(directory)


@case
def a_run_that_is_killed_leaves_each_file_old_or_new(directory):
    files = [directory / f"{i}.Dockerfile" for i in range(20)]
    def again():
        for path in files:
            path.write_text(SAFE)
    def running():
        return subprocess.Popen([dockhew, "optimize", "--write", "--no-config", directory], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    again()
    begin = time.monotonic()
    assert running().wait() == 0
    whole, written = time.monotonic() - begin, files[0].read_text()
    assert written != SAFE
    for attempt in range(20):
        again()
        killed = running()
        time.sleep(whole * attempt / 20)
        killed.kill()
        killed.wait()
        assert all(path.read_text() in (SAFE, written) for path in files)
        others = [path for path in directory.iterdir() if path not in files]
        assert len(others) <= 1, others
        if others:
            assert running().wait() == 0
            assert not others[0].exists() and all(path.read_text() == written for path in files)


def on_a_terminal(*arguments, env=None):
    master, slave = pty.openpty()
    with subprocess.Popen([dockhew, *map(str, arguments)], stdout=slave, stderr=slave, env=env) as running:
        os.close(slave)
        out = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            out += part
        running.wait()
    os.close(master)
    return out


EVIL = "\x1b]8;;evil\x07"


@case
def nothing_reaches_a_terminal_unescaped(directory):
    path = directory / ("Dockerfile." + EVIL)
    path.write_text(SAFE.replace("/app", "/app" + EVIL) + "# " + EVIL + "\n")
    plain = {**os.environ, "NO_COLOR": "1"}
    for arguments in (["optimize", path], ["optimize", "--output", "-", path], ["lint", path], ["layers", path],
                      ["dump", "--as", "buildkit", path], ["dump", path], ["lint", "--format", "github", path]):
        out = on_a_terminal(*arguments, env=plain)
        assert out and b"\x1b" not in out and b"\x07" not in out, (arguments, out)
    (directory / "Dockerfile").write_text("FO" + EVIL + " a\n")
    assert b"\x1b" not in run("dump", "--as", "buildkit", directory / "Dockerfile").stdout
    for arguments in (["lint", "--fix", path], ["optimize", "--write", path]):
        path.write_text(SAFE)
        done = run(*arguments)
        assert b"cache mount" in done.stderr and b"\x1b" not in done.stderr, done.stderr


@case
def nothing_becomes_a_command_of_a_ci_service(directory):
    text = "FROM python:3.12\nCOPY <<a /a\n  ::error::x\n::error::y\na\nRUN pip install flask==3.0\n# ##[error]z\nRUN cd /##[error]z && ls\n"
    path = project(directory, text)
    no_ci = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS", "TF_BUILD")}
    done = run("optimize", path, env=no_ci)
    assert b"::error" in done.stdout and not any(line.strip().startswith(b"::") for line in done.stdout.splitlines()), done.stdout
    patched = subprocess.run(["patch", "-p0", "-o", "-", path], input=done.stdout, capture_output=True, cwd="/")
    written = run("optimize", "--output", "-", path, env=no_ci).stdout
    assert patched.returncode == 0 and patched.stdout == written, patched
    for command in (["optimize", path], ["lint", "--select", "all", path], ["lint", "--format", "github", "--select", "all", path],
                    ["lint", "--format", "azure", "--select", "all", path], ["lint", "--format", "concise", "--select", "all", path], ["lint", "--format", "markdown", "--select", "all", path]):
        assert b"##[" not in run(*command, env={**os.environ, "CI": "true"}).stdout, command
    done = run("optimize", "--output", "-", path, env={**no_ci, "CI": "true"})
    assert b"\n::error" not in done.stdout and b"printed with escapes" in done.stderr, done
    # Reports are data: they say the same, written another way.
    import xml.dom.minidom
    texts = []
    path.write_text("FROM python:3.12\nFOO##[error] a\n")
    for name in ("json", "sarif", "gitlab", "rdjson", "checkstyle", "junit"):
        report_text = run("lint", "--select", "all", "--format", name, path).stdout.decode()
        assert "##[" not in report_text, report_text
        texts.append(json.dumps(json.loads(report_text)) if report_text[0] in "[{" else xml.dom.minidom.parseString(report_text).toxml())
    assert all("##[error]" in each for each in texts), texts
    strange = directory / "::error::Dockerfile"
    strange.write_text(text)
    assert not run("lint", strange.name, cwd=directory).stdout.startswith(b"::error::")


@case
def bytes_that_are_no_text_make_no_invalid_report(directory):
    import xml.dom.minidom
    path = directory / os.fsdecode(b"Dockerfile.\xff\xfe\x1b")
    path.write_bytes(b"FROM a\xff AS b\xfe\nFOO\xff bar\nRUN apt-get install x\xc3\nENV A\xff=$B\xff\nLABEL a\xf0\x9f=1\nUSER \xed\xa0\x80\n"
                     b"COPY --from=\xff a\xff b\nRUN --mount=type=c\xff true\nSHELL [\"a\xff\"]\n")
    def out(*arguments):
        done = subprocess.run([os.fsencode(part) for part in (dockhew, *arguments, path)], capture_output=True)
        assert done.returncode in (0, 1, 2), done
        return done.stdout.decode()
    for arguments in (["lint", "--format", "json"], ["lint", "--format", "sarif"], ["lint", "--format", "gitlab"], ["lint", "--format", "rdjson"], ["dump", "--as", "json"],
                      ["layers", "--format", "json"]):
        json.loads(out(*arguments, *(["--select", "all"] if arguments[0] == "lint" else [])))
    for name in ("checkstyle", "junit"):
        xml.dom.minidom.parseString(out("lint", "--format", name, "--select", "all"))
    for line in out("lint", "--format", "github", "--select", "all").splitlines():
        assert line.startswith("::") and line.isprintable(), line


@case
def controls_of_a_terminal_are_in_no_report(directory):
    import re
    import xml.dom.minidom
    text = "a\x7f\u009b31m\u202eb\U000e0001"
    path = directory / ("Dockerfile." + text)
    path.write_text(f"FROM python:3.12\nFOO{text} a\n")
    for name in ("json", "sarif", "gitlab", "rdjson", "checkstyle", "junit"):
        out = run("lint", "--select", "all", "--format", name, path).stdout.decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out), (name, out)
        read = json.dumps(json.loads(out), ensure_ascii=False) if out[0] in "[{" else xml.dom.minidom.parseString(out).toxml()
        assert name == "sarif" or text in read, (name, read)
    path.write_text("FROM a\n# ##[error]x\nRUN echo ##vso[task]\n")
    for arguments in (["dump"], ["dump", "--as", "buildkit"], ["dump", "--as", "json"]):
        assert not re.search(rb"##(\[|vso)", run(*arguments, path).stdout), arguments


@case
def directories_that_are_too_deep_are_named(directory):
    (directory / "z").mkdir()
    (directory / "z/Dockerfile").write_text(SAFE)
    at = os.open(directory, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=at)
        inner = os.open("a", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    done = run("lint", directory)
    assert done.returncode == 2 and b"too many directories" in done.stderr and b"z/Dockerfile" in done.stdout, done
    subprocess.run(["rm", "-rf", directory / "a"], check=True)


def slow_shellcheck(directory):
    program = directory / "bin" / "shellcheck"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nsleep 987 &\necho $! >%s/sleeper\nwait\n" % directory)
    program.chmod(0o755)
    return {**os.environ, "DOCKHEW_SHELLCHECK": "on", "PATH": f"{program.parent}:/usr/bin:/bin", "TMPDIR": str(directory / "tmp"),
            "XDG_CACHE_HOME": str(directory / "cache")}


def wait_for(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@case
def an_interrupt_leaves_nothing_behind(directory):
    env = slow_shellcheck(directory)
    (directory / "tmp").mkdir()
    path = project(directory, "FROM debian:12\nRUN echo $A\n")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        sleeper = directory / "sleeper"
        sleeper.unlink(missing_ok=True)
        # Under nohup, SIGHUP would be ignored here too, and rightly.
        with subprocess.Popen([dockhew, "lint", path], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)) as running:
            assert wait_for(lambda: sleeper.exists() and sleeper.read_text().strip())
            running.send_signal(number)
            assert running.wait(timeout=10) == -number, running.returncode
        assert wait_for(lambda: not is_running(int(sleeper.read_text()))), "ShellCheck is still there"
        assert names(directory / "tmp") == [], names(directory / "tmp")


@case
def a_file_that_changes_is_not_overwritten(directory):
    if b"__asan_init" in pathlib.Path(dockhew).read_bytes():
        raise RuntimeError("skipped: a sanitizer reads files of its own, so it cannot be seen when this one was read")
    path = project(directory, SAFE + "RUN pip install flask==3.0 && mkdir /a\n" * 3000)
    with subprocess.Popen([dockhew, "optimize", "--write", path], stderr=subprocess.PIPE) as running:
        def has_read():
            with open(f"/proc/{running.pid}/io") as counts:
                return int(counts.readline().split()[1]) > path.stat().st_size
        assert wait_for(has_read)
        path.write_text("FROM changed:1\n")
        errors = running.stderr.read()
    assert running.returncode == 2 and b"has changed" in errors, errors
    assert path.read_text() == "FROM changed:1\n" and names(directory) == ["Dockerfile", "requirements.txt"]


@case
def targets_that_inherit_many_times_are_read_once(directory):
    project(directory, SAFE)
    text = "".join("target \"t%d\" {\n  inherits = [%s]\n}\n" % (i, ", ".join(f'"t{j}"' for j in range(i + 1, min(i + 9, 60)))) for i in range(60))
    (directory / "docker-bake.hcl").write_text("/**/" * 200_000 + "\n" + text + "target \"x\" {\n  context = \".\"\n  inherits = [\"t0\"]\n}\n")
    assert run("lint", directory / "docker-bake.hcl").returncode == 0


report()
