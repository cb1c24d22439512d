"""`dockhew verify` with real builders: the projects next to this file from naive to optimized with BuildKit and with Buildah, rewrites
that are wrong on purpose, and what happens to builds that fail or are interrupted. Base images are made by images.sh. Prints TAP; skips
everything where Buildah or mmdebstrap is missing or the user is not root, and BuildKit where no Docker daemon can be started.
Usage: run.py DOCKHEW DIRECTORY [PROJECT…|all]: without names, the core, which leaves out what compiles for minutes, and the three
services of "compose"."""
import functools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import compose_project
import projects as shared
from docker_daemon import loaded_images, running_daemon
from node_packages import LOST, downloads_once, loses, projects as node_projects
from projects import NOT_IN_CORE, PROJECTS, name_to_make, prepared

here = pathlib.Path(__file__).resolve().parent
dockhew = os.path.abspath(sys.argv[1])
directory = pathlib.Path(sys.argv[2]).resolve()
results = 0
environment = functools.partial(shared.environment, directory)
verify = functools.partial(shared.verify, dockhew, directory)

# original and rewrite, and what `verify` must say
WRONG = {
    "an artifact left in a mount": (
        "RUN mkdir -p /app && echo made > /app/out\n",
        "RUN --mount=type=cache,target=/app mkdir -p /app && echo made > /app/out\n",
        lambda a: any(d["what"] == "/app/out" and d["optimized"] == "" for d in a["files"])),
    "a lost variable": (
        "ENV A=1 B=2\nRUN true\n", "ENV A=1\nRUN true\n",
        lambda a: [d["what"] for d in a["configuration"]] == ["ENV B"]),
    "a file with another mode": (
        "RUN echo x > /secret && chmod 600 /secret\n", "RUN echo x > /secret\n",
        lambda a: any(d["what"] == "/secret" and "mode 0600" in d["original"] and "mode 0644" in d["optimized"] for d in a["files"])),
    "a missing shared library": (
        "RUN true\nCMD [\"/bin/bash\"]\n", "RUN rm /usr/lib/*-linux-gnu/libtinfo.so.6* /lib/*-linux-gnu/libtinfo.so.6* 2>/dev/null || true\nCMD [\"/bin/bash\"]\n",
        lambda a: any("libtinfo.so.6" in sentence for sentence in a["missing"])),
    "another owner and another content": (
        "RUN echo a > /a && echo b > /b\n", "RUN echo x > /a && echo b > /b && chown 5:6 /b\n",
        lambda a: {d["what"]: d["optimized"] for d in a["files"]} == {"/a": "2 bytes, mode 0644, owner 0:0, other content",
                                                                      "/b": "2 bytes, mode 0644, owner 5:6"}),
}


def contents(root):
    return {str(p.relative_to(root)): (p.lstat().st_mode, p.lstat().st_mtime_ns, p.read_bytes() if p.is_file() else b"")
            for p in sorted(root.rglob("*"))}


# At once, so that a run that is stopped has said how far it came.
def tell(passed, name, message="", started=None):
    global results
    results += 1
    print(f"{'ok' if passed else 'not ok'} {results} - {name}")
    for line in message.splitlines():
        print("# " + line)
    print(f"# {time.monotonic() - (started or time.monotonic()):.0f} s", flush=True)


def case(name, function):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        scratch = pathlib.Path(scratch)
        temporary = scratch / "tmp"
        temporary.mkdir()
        started = time.monotonic()
        try:
            context = scratch / "project"
            context.mkdir()
            comment = function(context, temporary)
            left = sorted(p.name for p in temporary.iterdir())
            assert left == [], f"left behind: {left}"
            assert str(temporary) not in pathlib.Path("/proc/self/mounts").read_text(), "something is still mounted"
            tell(True, name, comment or "", started)
        except Exception as error:  # a failed test is a result, not the end
            tell(False, name, f"{error!r}", started)


def check_order(scenarios, form):
    """What is predicted to take clearly longer must not take clearly less time when measured."""
    for short in scenarios:
        for long in scenarios:
            measured = short[form]["seconds"] and long[form]["seconds"]  # no dependencies, nothing to change
            if measured and short[form]["predicted_cost"] * 1.5 < long[form]["predicted_cost"]:
                measured = short[form]["median"], long[form]["median"]
                assert measured[0] <= measured[1] * 1.2 + 0.5, (form, short["name"], long["name"], measured)


def project_case(name, command, docker=None):
    def run(scratch, temporary):
        copy = prepared(name, scratch)
        before = contents(copy)
        page = scratch / "page.html"
        result = verify(temporary, "--format", "json", "--html", str(page), "--run", command, str(copy / "Dockerfile"), docker=docker)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        assert contents(copy) == before, "the user's context was touched"
        answer = json.loads(result.stdout)
        assert page.read_text().endswith("</html>\n")
        lines = []
        for scenario in answer["scenarios"]:
            for form in ("original", "optimized"):
                assert scenario[form]["not_foreseen"] == [], (scenario["name"], form, scenario[form]["not_foreseen"])
            lines.append(f"{scenario['name']}: {scenario['original']['median']:.2f} s, {scenario['optimized']['median']:.2f} s; predicted "
                         f"{scenario['original']['predicted_cost']:.1f}, {scenario['optimized']['predicted_cost']:.1f}")
        nothing = answer["scenarios"][1]
        for form in ("original", "optimized"):
            check_order(answer["scenarios"], form)
            assert nothing[form]["steps_run"] == 0, ("something ran although nothing changed", form, nothing[form])
        return "\n".join(lines + ["bytes: {original} {optimized}".format(**answer["bytes"])])
    return run


def apt_downloads_once(base, docker):
    """With an image whose name dockhew knows, and with one it does not: the second build gets every package from the mount, and the
    image is the same as without mounts."""
    def run(scratch, temporary):
        if base != "debian:bookworm-slim":
            subprocess.run(["docker", "tag", "debian:bookworm-slim", base], env=docker, check=True)
        original, optimized = scratch / "Dockerfile", scratch / "optimized"
        original.write_text(f"FROM {base}\nARG ROUND\nRUN apt-get update && apt-get install -y --no-install-recommends figlet && "
                            "rm -rf /var/lib/apt/lists/*\nRUN apt update && apt install -y sl\nCMD [\"figlet\", \"hello\"]\n")
        subprocess.run([dockhew, "optimize", "--no-config", "--unsafe", "--output", optimized, original], check=False, capture_output=True)
        log = ""
        for number in (1, 2):  # an argument that every RUN sees simulates whatever invalidates the layers
            log = subprocess.run(["docker", "build", "--network=host", "--progress=plain", "--output=type=cacheonly", "--file", optimized, "--build-arg",
                                  f"ROUND={time.time()}", "--build-arg", f"BUILDKIT_CACHE_MOUNT_NS={scratch}", scratch],
                                 env={**docker, "DOCKER_BUILDKIT": "1"}, capture_output=True, text=True, check=True).stderr
        needed = [line.split("Need to get ")[1] for line in log.splitlines() if "Need to get" in line]
        assert len(needed) == 2 and all(line.startswith("0 B/") for line in needed), needed or log
        result = verify(temporary, "--format", "json", "--context", str(scratch), "--against", str(optimized), str(original), docker=docker)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return "\n".join(needed)
    return run


def wrong_case(original, rewrite, expected):
    def run(scratch, temporary):
        (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\n" + original)
        (scratch / "other").write_text("FROM debian:bookworm-slim\n" + rewrite)
        result = verify(temporary, "--format", "json", "--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile"))
        assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
        answer = json.loads(result.stdout)
        assert not answer["equivalent"] and expected(answer), result.stdout
        shown = verify(temporary, "--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile"))
        assert "not equivalent" in shown.stdout
    return run


def a_build_that_fails(scratch, temporary):
    (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN echo before && no-such-command\n")
    (scratch / "other").write_text("FROM debian:bookworm-slim\nRUN true\n")
    arguments = ["--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile")]
    result = verify(temporary, *arguments)
    assert result.returncode == 2 and "the Dockerfile does not build as it is" in result.stderr, result.stderr
    assert "no-such-command" in result.stderr and "| before" in result.stderr
    (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN true\n")
    (scratch / "other").write_text("FROM debian:bookworm-slim\nRUN false\n")
    result = verify(temporary, *arguments)
    assert result.returncode == 2 and "the optimized Dockerfile does not build" in result.stderr, result.stderr


def a_base_image_that_is_not_there(scratch, temporary):
    (scratch / "Dockerfile").write_text("FROM localhost/no/such/image:1\nRUN true\n")
    (scratch / "other").write_text("FROM localhost/no/such/image:1\nRUN false\n")
    result = verify(temporary, "--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile"))
    assert result.returncode == 2 and "base image `localhost/no/such/image:1` is not available locally" in result.stderr, result.stderr


def a_full_disk(scratch, temporary):
    (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN head -c 50000000 /dev/urandom > /large\n")
    (scratch / "other").write_text("FROM debian:bookworm-slim\nRUN head -c 50000001 /dev/urandom > /large\n")
    small = scratch.parent / "small"  # not in the build context
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", small], check=True)
    try:
        result = verify(small, "--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile"))
        assert result.returncode == 2 and "o space left on device" in result.stderr, (result.returncode, result.stderr)
        assert [p.name for p in small.iterdir()] == [], "something is left on the full disk"
    finally:
        subprocess.run(["umount", small], check=True)


def an_interrupted_build(scratch, temporary):
    (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN sleep 613.25\n")
    (scratch / "other").write_text("FROM debian:bookworm-slim\nRUN sleep 614\n")
    process = subprocess.Popen([dockhew, "verify", "--builder", "buildah", "--context", str(scratch), "--against", str(scratch / "other"),
                                str(scratch / "Dockerfile")], stderr=subprocess.PIPE, text=True, env=environment(temporary))
    running = ["pgrep", "-x", "-f", "sleep 613.25"]
    for _ in range(300):
        time.sleep(0.1)
        if subprocess.run(running, capture_output=True).returncode == 0:
            break
    else:
        process.kill()
        raise RuntimeError("the build never came to its RUN")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and "interrupted" in errors, (process.returncode, errors)
    assert subprocess.run(running, capture_output=True).returncode == 1, "the RUN goes on"


def what_runs_differently(scratch, temporary):
    (scratch / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN echo 1 > /var/log/x\n")
    (scratch / "other").write_text("FROM debian:bookworm-slim\nRUN echo 2 > /var/log/x\n")
    arguments = ["--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile")]
    assert verify(temporary, *arguments).returncode == 0  # logs do not count
    result = verify(temporary, "--run", "cat /var/log/x", *arguments)
    assert result.returncode == 1 and "\n-1\n+2\n" in result.stdout, result.stdout
    result = verify(temporary, "--run", "no-such-program", *arguments)
    assert result.returncode == 2 and "cannot be run in either image (exit status 127)" in result.stderr, result.stderr


def what_moves_by_itself(scratch, temporary):
    """Two builds of one file differ; what the rewrite changes besides still counts."""
    moving = "date +%s%N > /opt/built && mkdir /opt/run-$(date +%s%N)"
    (scratch / "Dockerfile").write_text(f"FROM debian:bookworm-slim\nRUN {moving}\n")
    (scratch / "other").write_text(f"FROM debian:bookworm-slim\nRUN : && {moving}\n")
    arguments = ["--format", "json", "--context", str(scratch), "--against", str(scratch / "other"), str(scratch / "Dockerfile")]
    result = verify(temporary, *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    discounted = json.loads(result.stdout)["discounted"]
    assert discounted[0] == "/opt/built" and len(discounted) == 3, discounted
    (scratch / "other").write_text(f"FROM debian:bookworm-slim\nRUN {moving} && chmod 600 /opt/built\n")
    result = verify(temporary, *arguments)
    assert result.returncode == 1 and [d["what"] for d in json.loads(result.stdout)["files"]] == ["/opt/built"], result.stdout


missing = [program for program in ("buildah", "mmdebstrap") if shutil.which(program) is None]
if missing or os.geteuid() != 0:
    print("TAP version 13\n1..1\nok 1 - verify with a real builder # SKIP skipped: " + (f"{missing[0]} is not installed" if missing else "root makes the base images"))
    sys.exit(0)
print("TAP version 13", flush=True)
directory.mkdir(parents=True, exist_ok=True)
wanted = sys.argv[3:] or PROJECTS.keys() - NOT_IN_CORE
projects = [p for p in PROJECTS.items() if p[0] in wanted or "all" in wanted]
# All other cases are built on these two.
absent = compose_project.missing_program()
compose_wanted = "all" in wanted or "compose" in wanted
with_compose = compose_wanted and absent is None
made = {"debian", "node"} | {name_to_make(image) for images in [images for _, (images, _) in projects] + [compose_project.IMAGES] * with_compose for image in images}
subprocess.run(["sh", str(here / "images.sh"), str(directory / "trees"), *sorted(made)], check=True, env=environment("/var/tmp"))
for name, (original, rewrite, expected) in WRONG.items():
    case(name + " is found", wrong_case(original, rewrite, expected))
for function in (a_build_that_fails, a_base_image_that_is_not_there, a_full_disk, an_interrupted_build, what_runs_differently, what_moves_by_itself):
    case(function.__name__.replace("_", " "), function)
with running_daemon(directory, environment("/var/tmp")) as docker:
    if isinstance(docker, str):
        tell(True, f"BuildKit # SKIP skipped: {docker}")
    else:
        with loaded_images(["debian:bookworm-slim"], docker):
            for base in ("debian:bookworm-slim", "example.com/base:1"):
                case(f"apt on {base} downloads each package once", apt_downloads_once(base, docker))
        if shutil.which("npm"):
            with loaded_images(PROJECTS["node"][0], docker):
                for name in node_projects(""):
                    case(f"{name} downloads nothing twice", downloads_once(dockhew, name, docker))
                for name in LOST:
                    case(f"a rewrite that loses {name}", loses(verify, name, docker))
        for name, (images, command) in projects:
            with loaded_images(images, docker):
                case(f"{name}, from naive to optimized with BuildKit", project_case(name, command, docker))
        if compose_wanted and absent:
            tell(True, f"three services, written at once and built by Compose # SKIP skipped: {absent} is not installed")
        elif with_compose:
            with loaded_images(compose_project.IMAGES, docker):
                case("three services, written at once and built by Compose", compose_project.written_and_built(dockhew, docker))
                case("three services, from naive to optimized with BuildKit", compose_project.all_services_verified(verify, docker))
for name, (_, command) in projects:
    # Buildah takes several times as long, so it only gets what is specific to it: APT's locks, an extra stage.
    if isinstance(docker, str) or name in ("go", "python"):
        case(f"{name}, from naive to optimized with Buildah", project_case(name, command))

print(f"1..{results}")
