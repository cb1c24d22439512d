"""doctor.py DOCKHEW ROOT: what `doctor` finds on a machine, with stand-ins for its builders, and in the files of a project.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from command_case import NAIVE, case, report, root, run  # noqa: E402

# Each says what it is asked for; variables say how.
DOCKER = """case "$*" in
  *Client.Version*) echo "$CLIENT" ;;
  *Server.Version*) [ -n "$SERVER" ] || exit 1; echo "$SERVER" ;;
  "buildx version") [ -n "$BUILDX" ] || exit 1; echo "github.com/docker/buildx v$BUILDX 30feaa1" ;;
  "buildx inspect") printf 'Name:   default\\nDriver: %s\\n\\nNodes:\\nName:             default\\n%s\\n' "$DRIVER" "${KIT:+BuildKit version: v$KIT}" ;;
  *) echo "asked for more" >&2; exit 1 ;;
esac
"""


def machine(directory, **programs):
    """The variables of a machine that has only these."""
    (directory / "bin").mkdir(exist_ok=True)
    for old in (directory / "bin").iterdir():
        old.unlink()
    for name, script in programs.items():
        path = directory / "bin" / name
        path.write_text(f"#!/bin/sh\nexport PATH=/usr/bin:/bin\necho \"{name} $*\" >>{directory / 'log'}\n{script}")
        path.chmod(0o755)
    return {"PATH": str(directory / "bin"), "NO_COLOR": "1"}


def found(env, *arguments, cwd=None):
    result = run("doctor", "--format", "json", *arguments, env=env, cwd=cwd)
    assert result.returncode == 0, result
    document = json.loads(result.stdout)
    return {builder["name"]: builder for builder in document["builders"]}, document["files"]


@case
def a_machine_without_builders(directory):
    env = machine(directory)
    builders, files = found(env)
    assert list(builders) == ["docker", "buildctl", "podman", "buildah", "kaniko"] and files == []
    assert all(builder["program"] is None and builder["builds_as"] is None for builder in builders.values())
    assert b"Nothing can be built on this machine." in run("doctor", env=env).stdout


@case
def what_each_release_of_docker_builds(directory):
    def docker(**variables):
        builder = found({**machine(directory, docker=DOCKER), **variables})[0]["docker"]
        return builder["builds_as"], builder["features"], builder["option"], " ".join(builder["notes"]), builder["problem"]
    form, features, option, notes, _ = docker(CLIENT="28.2.2", SERVER="28.2.2+dfsg1", BUILDX="0.13.1", DRIVER="docker", KIT="0.20.2")
    assert form == "BuildKit 0.20.2" and option == "" and "buildx 0.13.1" in notes and "driver `docker`" in notes, (form, notes)
    assert features == {"cache-mounts": "yes", "heredocs": "yes", "copy-link": "yes", "copy-exclude": "syntax-line", "copy-parents": "syntax-line"}, features
    form, features, option, notes, _ = docker(CLIENT="20.10.24", SERVER="20.10.24")
    assert form == "the BuildKit of Docker 20.10.24" and features["cache-mounts"] == "yes" and features["heredocs"] == "syntax-line" and "only with `DOCKER_BUILDKIT=1`" in notes
    assert "only with" not in docker(CLIENT="20.10.24", SERVER="20.10.24", DOCKER_BUILDKIT="1")[3]
    form, features, option, notes, _ = docker(CLIENT="28.2.2", SERVER="28.2.2")
    assert form == "Docker's legacy builder" and option == "--builder legacy" and set(features.values()) == {"no"} and "docker-buildx" in notes
    assert docker(CLIENT="28.2.2", SERVER="28.2.2", BUILDX="0.13.1", DRIVER="docker", DOCKER_BUILDKIT="0")[0] == "Docker's legacy builder"
    assert docker(CLIENT="17.06.0", SERVER="17.06.0")[0] == "Docker's legacy builder"
    form, _, _, _, problem = docker(CLIENT="28.2.2", BUILDX="0.13.1", DRIVER="docker")
    assert form is None and "no Docker daemon answers" in problem
    assert docker(CLIENT="28.2.2", BUILDX="0.13.1", DRIVER="remote", KIT="0.29.0")[:2] == ("BuildKit 0.29.0", dict.fromkeys(features, "yes"))
    assert docker(CLIENT="28.2.2", SERVER="28.2.2", BUILDX="0.13.1", DRIVER="docker-container")[0] == "the BuildKit of Docker 28.2.2"


@case
def what_the_others_build(directory):
    env = machine(directory, podman="echo podman version 4.3.1", buildah="echo 'buildah version 1.35.0 (image-spec 1.1.0, runtime-spec 1.1.0)'",
                  buildctl="echo buildctl github.com/moby/buildkit v0.12.5 1234567")
    builders, _ = found(env)
    assert builders["podman"]["version"] == "4.3.1" and builders["podman"]["option"] == "--builder buildah"
    assert builders["podman"]["features"]["cache-mounts"] == "yes" and builders["podman"]["features"]["heredocs"] == "no"
    assert builders["buildah"]["features"]["heredocs"] == "yes" and builders["buildah"]["features"]["copy-link"] == "no"
    assert builders["buildctl"]["builds_as"] == "BuildKit 0.12.5"
    assert (directory / "log").read_text().splitlines() == ["buildctl --version", "podman --version", "buildah --version"], "nothing else is run"
    output = run("doctor", env=env).stdout.decode()
    for line in ("  podman 4.3.1", "podman is Podman 4.3.1", "    builds: `RUN --mount`\n    does not build: heredocs", "    proposals for it: dockhew optimize --builder buildah\n",
                 "    builds with `# syntax=docker/dockerfile:1`: `--exclude`, `--parents`\n    proposals for it: dockhew optimize\n"):
        assert line in output, (line, output)


@case
def the_page_has_the_releases_of_the_table(directory):
    names = ["cache-mounts", "heredocs", "copy-link", "copy-exclude", "copy-parents"]
    rows = [[cell.strip() for cell in line.split("|")[2:6]] for line in (root / "docs/doctor.md").read_text().splitlines() if line.startswith(("| `", "| heredocs"))]
    env = machine(directory, docker=DOCKER, buildctl="echo buildctl x v$B", podman="echo podman version $P", buildah="echo buildah version $A")

    def before(release):
        major, minor = map(int, release.split("."))
        return f"{major}.{minor - 1}" if minor else f"{major - 1}.99"
    assert len(rows) == len(names)
    for name, row in zip(names, rows):
        for releases, expected in ((row, True), ([before(release) for release in row], False)):
            docker, buildkit, podman, buildah = releases
            # From 23 on, Docker without buildx has no BuildKit.
            builders, _ = found({**env, "CLIENT": docker, "SERVER": docker, "BUILDX": "0.13.1", "DRIVER": "docker", "B": buildkit, "P": podman, "A": buildah})
            for builder in ("docker", "buildctl", "podman", "buildah"):
                assert (builders[builder]["features"][name] == "yes") == expected, (name, builder, releases, builders[builder])


@case
def builders_that_do_not_answer(directory):
    env = machine(directory, podman="sleep 300", buildah="yes", buildctl="printf 'v\\033[31m'", docker="exit 1")
    builders, _ = found(env)
    assert "longer than 10 seconds" in builders["podman"]["problem"] and "it printed more than 64 KiB" in builders["buildah"]["problem"], builders
    assert builders["buildctl"]["version"] is None and set(builders["buildctl"]["features"].values()) == {"unknown"}
    assert builders["docker"]["builds_as"] is None


@case
def what_files_of_the_project_say(directory):
    (directory / "repo/.git").mkdir(parents=True)
    repo = directory / "repo"
    script = "build:\n  image: {name: \"gcr.io/kaniko-project/executor:v1.23.2-debug\", entrypoint: [\"\"]}\n  script:\n    - >-\n      /kaniko/executor --context \"%s\"\n      --dockerfile \"%s\" --destination x:$TAG\n"
    files = {"Dockerfile": NAIVE, "requirements.txt": "flask\n", "api/Dockerfile": NAIVE, "api/requirements.txt": "flask\n", "web/Dockerfile": NAIVE, "web/requirements.txt": "flask\n", "other/Dockerfile": NAIVE,
             ".gitlab-ci.yml": script % ("${CI_PROJECT_DIR}", "$CI_PROJECT_DIR/Dockerfile"), ".github/workflows/ci.yml":
             "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: api}\n      - run: podman build web\n"}
    for name, text in files.items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(text)
    env = machine(directory)
    _, said = found(env, ".", cwd=repo)
    said = {file["path"].removeprefix("./"): file for file in said}
    assert said["Dockerfile"]["builders"] == [{"place": ".gitlab-ci.yml:4", "program": "kaniko", "target": "", "hosted": False}], said["Dockerfile"]
    assert "has Kaniko build it" in said["Dockerfile"]["refuses_mounts"] and said["Dockerfile"]["command"].startswith("dockhew optimize --builder kaniko ")
    assert said["api/Dockerfile"]["builders"][0]["hosted"] and said["api/Dockerfile"]["command"] == "dockhew optimize ./api/Dockerfile"
    assert said["web/Dockerfile"]["builders"][0]["program"] == "podman" and " --builder buildah " in said["web/Dockerfile"]["command"]
    assert said["other/Dockerfile"]["builders"] == [] and said["other/Dockerfile"]["refuses_mounts"] is None
    output = run("doctor", ".", env=env, cwd=repo).stdout.decode()
    assert ".gitlab-ci.yml:4 builds it with kaniko\n  no mounts: `.gitlab-ci.yml:4` has Kaniko build it" in output, output
    assert "other/Dockerfile\n  no file of the project says what builds it\n" in output
    # What builds without mounts gets none.
    optimized = lambda path: run("optimize", "--no-config", path, cwd=repo).stdout.decode()
    assert "type=cache" not in optimized("Dockerfile") and "has Kaniko build it" in optimized("Dockerfile") and "type=cache" in optimized("web/Dockerfile")
    (repo / ".gitlab-ci.yml").write_text(script % ("$CONTEXT", "$FILE"))
    assert "type=cache" in optimized("web/Dockerfile"), "it may be any of four"
    for name in ("api", "web", "other"):
        (repo / name / "Dockerfile").unlink()
    assert "type=cache" not in optimized("Dockerfile"), "it is the only one"
    (repo / "empty").mkdir()
    result = run("doctor", "empty", env=env, cwd=repo)
    assert result.returncode == 2 and b"there are no Dockerfiles in this directory" in result.stderr and b"On this machine" in result.stdout


report()
