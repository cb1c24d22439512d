"""compose_verification.py DOCKHEW ROOT: verify of Compose files, with a stand-in for docker: what it is asked to build, what is said of each
service and of all, and the exit status.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from command_case import NAIVE, case, dockhew, report, run  # noqa: E402
from made_images import image_of, tar_of  # noqa: E402

# It fails on a Dockerfile with FAILS, and makes another image of one with OTHER.
DOCKER = """#!/bin/sh
case "$*" in *version) echo "github.com/docker/buildx v0.12.1 30feaa1"; exit 0 ;; *inspect*) exit 0 ;; esac
echo "$*" >>"$LOG"
for a in "$@"; do [ "$last" = --file ] && file=$a; last=$a; done
{ echo "== $last"; cat "$file"; } >>"$LOG.files"
if grep -q FAILS "$file"; then echo "no such command"; exit 1; fi
grep -q OTHER "$file" && IMAGE=$IMAGE.other
for a in "$@"; do case "$a" in type=docker,dest=*) cat "$IMAGE" >"${a#type=docker,dest=}" ;; esac; done
"""


class Project:
    def __init__(self, directory, files):
        self.directory, self.project = directory, directory / "project"
        for name, text in {"bin/docker": DOCKER, **{f"project/{name}": text for name, text in files.items()}}.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (directory / "bin/docker").chmod(0o755)
        (directory / "tmp").mkdir()
        (directory / "image").write_bytes(image_of(tar_of(("a", b"a"))))
        (directory / "image.other").write_bytes(image_of(tar_of(("b", b"b"))))
        self.env = {"PATH": f"{directory / 'bin'}:/usr/bin:/bin", "LOG": str(directory / "log"), "IMAGE": str(directory / "image"),
                    "TMPDIR": str(directory / "tmp"), "NO_COLOR": "1", "LANG": "C.UTF-8"}

    def verify(self, *arguments, **variables):
        for name in ("log", "log.files"):
            (self.directory / name).unlink(missing_ok=True)
        result = run("verify", "--builder", "docker", *arguments, cwd=self.project, env={**self.env, **variables})
        assert os.listdir(self.directory / "tmp") == []
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def services(self, *arguments, **variables):
        status, output, errors = self.verify("--format", "json", *arguments, **variables)
        document = json.loads(output)
        return status, {service["name"]: service for service in document["services"]}, document, errors

    def built(self):
        return [line for line in (self.directory / "log").read_text().splitlines() if "base.Dockerfile" not in line]

    def files(self):
        """The Dockerfiles that were built."""
        return (self.directory / "log.files").read_text().split("== ")


PYTHON = {"Dockerfile": NAIVE, "requirements.txt": "flask==3.0\n", "a.py": "print(1)\n"}
SMALL = "FROM debian:12-slim\nCMD [\"true\"]\n"


def below(directory, files):
    return {f"{directory}/{name}": text for name, text in files.items()}


@case
def each_distinct_build_is_verified_once(directory):
    project = Project(directory, {**below("api", PYTHON), **below("web", PYTHON), "small/Dockerfile": SMALL, "compose.yaml": """services:
  api:
    build: api
  worker:
    build: {context: ./api}
    command: python a.py
  other:
    build: {context: api, args: {V: 2}}
  web:
    build: {context: web}
  small:
    build: small
  db:
    image: postgres:16
  inline:
    build: {dockerfile_inline: FROM scratch}
  remote:
    build: https://example.com/a.git
  base:
    build: {context: api, additional_contexts: {base: "service:api"}}
"""})
    status, services, document, errors = project.services("compose.yaml")
    assert status == 0, errors
    assert {name: service["state"] for name, service in services.items()} == {
        "api": "verified", "worker": "same-build", "other": "verified", "web": "verified", "small": "unchanged", "inline": "not-verified",
        "remote": "not-verified", "base": "not-verified"}
    assert services["worker"]["same_as"] == "api" and services["api"]["verification"]["equivalent"] is True
    assert document["equivalent"] is True and [s["services"] for s in document["sum"]["scenarios"]] == [3, 3, 3, 3] and document["sum"]["bytes"]["services"] == 3
    assert len(project.built()) == 3 * 10, "four builds and a saved image, of both forms"
    first = document["sum"]["scenarios"][0]
    assert abs(first["original"] - sum(services[n]["verification"]["scenarios"][0]["original"]["median"] for n in ("api", "other", "web"))) < 1e-6
    status, output, errors = project.verify("compose.yaml", "--html", directory / "page.html")
    assert status == 0, errors
    for line in ("api: api/Dockerfile, built with docker buildx 0.12.1", "worker: the same build as api", "small: nothing to improve",
                 "inline: not verified: its Dockerfile stands in the Compose file", "All services in sum",
                 "8 services: 3 equivalent, 1 with the build of another, 1 without a change, 3 not verified"):
        assert line in output, (line, output)
    assert "db" not in output and "api: original, first build" in errors
    page = (directory / "page.html").read_text()
    assert page.count("<h1>") == 9 and "All services in sum" in page and page.endswith("</html>\n") and "<!doctype html>" not in page[1:]


@case
def one_image_that_differs_or_does_not_build_does_not_stop_the_others(directory):
    rewritten = NAIVE.replace("RUN pip", "RUN --mount=type=cache,target=/root/.cache/pip pip")
    files = {**below("a", PYTHON), **below("b", PYTHON), **below("c", PYTHON), "a/New": rewritten, "b/New": rewritten + "# OTHER\n", "c/New": rewritten + "# FAILS\n",
             "compose.yaml": "services:\n  c: {build: c}\n  b: {build: b}\n  a: {build: a}\n  d: {build: a}\n",
             "compose.new.yaml": "services:\n" + "".join(f"  {name}: {{build: {{context: {name}, dockerfile: New}}}}\n" for name in "abc")}
    project = Project(directory, files)
    status, services, document, errors = project.services("compose.yaml", "--against", "compose.new.yaml")
    assert status == 2 and document["equivalent"] is None and document["against"] == "compose.new.yaml"
    assert [services[name]["state"] for name in "abcd"] == ["verified", "verified", "failed", "not-verified"], services
    assert services["a"]["verification"]["equivalent"] is True and services["b"]["verification"]["equivalent"] is False
    assert "does not build" in services["c"]["reason"] and "| no such command" in errors and "builds no service of this name" in services["d"]["reason"]
    (project.project / "compose.yaml").write_text("services:\n  b: {build: b}\n  a: {build: a}\n")
    status, output, errors = project.verify("compose.yaml", "--against", "compose.new.yaml")
    assert status == 1 and "2 services: 1 equivalent, 1 not equivalent" in output, (output, errors)
    status, output, _ = project.verify("compose.yaml", "--against", "compose.yaml")
    assert status == 0 and "a: the same in both files" in output and not (directory / "log").exists()


@case
def arguments_have_the_values_that_compose_gives_them(directory):
    project = Project(directory, {**PYTHON, ".env": "A=of file\nB=of file\n", "compose.yaml": """services:
  list:
    build:
      context: .
      args: [ "A=$A", "B=${B}", "C=${C:-default}", "D=$$d", HERE, GONE, "E=$NOWHERE" ]
"""})
    status, _, _, errors = project.services("compose.yaml", "--build-arg", "F=last", A="of caller", HERE="here")
    assert status == 0, errors
    for line in project.built():
        assert "--build-arg A=of caller --build-arg B=of file --build-arg C=default --build-arg D=$d --build-arg HERE=here --build-arg E= --build-arg F=last" in line, line
    (project.project / "compose.yaml").write_text("services:\n  a: {build: {context: ., args: {A: '${Q:?must be given}'}}}\n")
    status, services, _, errors = project.services("compose.yaml")
    assert status == 2 and "the argument `A` has no value here" in services["a"]["reason"] and services["a"]["state"] == "failed"


@case
def a_target_is_what_is_built(directory):
    dockerfile = SMALL.replace("\n", " AS first\n", 1) + NAIVE.replace("FROM python:3.12\n", "FROM python:3.12 AS Dev\n") + "FROM debian:12-slim AS last\nRUN true\n"
    project = Project(directory, {**PYTHON, "Dockerfile": dockerfile, "compose.yaml": "services:\n  dev: {build: {context: ., target: dev}}\n"
                                  "  first: {build: {context: ., target: first}}\n  last: {build: .}\n  gone: {build: {context: ., target: gone}}\n"})
    status, services, _, errors = project.services("compose.yaml")
    assert status == 2 and "there is no stage `gone` in `Dockerfile`" in errors
    assert services["dev"]["state"] == "verified" and services["dev"]["target"] == "dev", services["dev"]
    assert services["first"]["state"] == services["last"]["state"] == "unchanged", "what they are made of stays as it is"
    assert services["gone"]["state"] == "failed", services
    built = [text for text in project.files() if "AS Dev" in text]
    assert built and not any("AS last" in text for text in built), built


@case
def each_form_is_built_with_its_own_directory(directory):
    """The edit is made in the same file, whatever directory the form is built with."""
    files = {**below("app", PYTHON), "other.Dockerfile": NAIVE.replace("COPY . .", "COPY app .").replace("WORKDIR /app", "WORKDIR /app\nENV B=1"),
             "app/Dockerfile.dockerignore": "one\n", "other.Dockerfile.dockerignore": "two\n",
             "compose.yaml": "services:\n  a: {build: app}\n", "compose.other.yaml": "services:\n  a: {build: {context: ., dockerfile: other.Dockerfile}}\n"}
    project = Project(directory, files)
    status, services, _, errors = project.services("compose.yaml", "--against", "compose.other.yaml")
    verification = services["a"]["verification"]
    assert status == 0 and verification["changed"] == {"source": "a.py", "dependencies": "requirements.txt"}, (verification, errors)
    assert all(len(s[form]["seconds"]) == 1 for s in verification["scenarios"] for form in ("original", "optimized"))


@case
def options_for_the_builder_may_pass_what_a_service_needs(directory):
    project = Project(directory, {**PYTHON, "compose.yaml": "services:\n  a: {build: {context: ., secrets: [token]}}\n"})
    status, services, _, _ = project.services("compose.yaml")
    assert status == 0 and services["a"]["state"] == "not-verified" and "`secrets`" in services["a"]["reason"]
    status, services, _, _ = project.services("compose.yaml", "--builder-option=--secret=id=token")
    assert status == 0 and services["a"]["state"] == "verified" and all("--secret=id=token" in line for line in project.built())


@case
def an_interrupt_ends_all_and_shows_what_is_done(directory):
    project = Project(directory, {**below("a", PYTHON), **below("b", PYTHON), **below("c", PYTHON), "compose.yaml": "services:\n  a: {build: a}\n  b: {build: b}\n  c: {build: c}\n"})
    (directory / "bin/docker").write_text(DOCKER.replace("if grep", "[ $(wc -l <\"$LOG\") -ge 14 ] && { touch \"$LOG.now\"; exec sleep 60; }\nif grep"))
    running = subprocess.Popen([dockhew, "verify", "--builder", "docker", "compose.yaml"], cwd=project.project, env=project.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        time.sleep(0.05)
        if (directory / "log.now").exists():
            break
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert running.returncode == 2 and "compose.yaml: interrupted" in errors, errors
    assert "a: a/Dockerfile" in output and "b: b/Dockerfile" in output and "c/" not in output and "2 services: 1 equivalent, 1 interrupted" in output, output
    assert os.listdir(directory / "tmp") == []


@case
def what_cannot_be_verified_at_all(directory):
    project = Project(directory, {**PYTHON, "compose.yaml": "services:\n  a: {build: .}\n", "compose.none.yaml": "services:\n  a: {image: a}\n",
                                  "compose.wrong.yaml": "services: [\n"})
    for arguments, status, answer in ((["compose.none.yaml"], 0, "no service of this file has a `build`"), (["compose.wrong.yaml"], 2, "compose.wrong.yaml"),
                                      (["--context", ".", "compose.yaml"], 2, "--context is for one Dockerfile"),
                                      (["--against", "Dockerfile", "compose.yaml"], 2, "--against takes another Compose file"),
                                      (["compose.yaml", "compose.yaml"], 2, "verify takes one Dockerfile or Compose file")):
        result = project.verify(*arguments)
        assert result[0] == status and answer in result[1] + result[2], (arguments, result)


report()
