"""Compose files and workflows as files of their own: what lint says of them and where, and what optimize writes into them. Prints TAP.
Usage: build_files.py DOCKHEW SOURCE_ROOT"""
import json

from command_case import case, report, run

DOCKERFILE = "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nFROM debian:12-slim\nCOPY --from=build /app /app\nCMD [\"/app\"]\n"
COMPOSE = "services:\n  api:\n    image: registry.example.org/api:1\n    build:\n      context: .\n      target: tests\n      args: {A: b}  # not used\n"
WORKFLOW = ("jobs:\n  image:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/setup-buildx-action@v3\n"
            "      - uses: docker/build-push-action@v6\n        with:\n          context: .\n")


def project(directory):
    (directory / ".git").mkdir(exist_ok=True)
    (directory / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (directory / "compose.yaml").write_text(COMPOSE)
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW)
    return directory


def lint(directory, *arguments):
    answer = run("lint", "--no-config", "--shellcheck", "off", "--format", "json", *arguments, cwd=directory)
    return {file["path"]: [(f["rule"], f["range"]["start"]["line"]) for f in file["findings"]] for file in json.loads(answer.stdout)["files"]}


@case
def findings_stand_at_their_lines(directory):
    found = lint(project(directory), "compose.yaml")
    assert found["compose.yaml"] == [("unknown-build-target", 6), ("unused-build-argument", 7)], found


@case
def a_build_that_is_to_have_no_cache_gets_none(directory):
    write = lambda text: (project(directory) / ".github/workflows/build.yaml").write_text(text)
    answer = lambda: run("optimize", "--no-config", ".github/workflows/build.yaml", cwd=directory).stdout.decode()
    write(WORKFLOW)
    assert "+          cache-from: type=gha" in answer(), answer()
    for key in ("no-cache: true", "no-cache-filters: build"):
        write(WORKFLOW + f"          {key}\n")
        assert "+          cache-" not in answer(), answer()
    for events in ("on: {push: {tags: ['v*']}}", "on: release", "on: {push: {tags: ['v*']}, workflow_dispatch: {}}", "on: {schedule: [{cron: '0 0 * * 0'}], push: {branches: [main]}}", "on:\n  release: {types: [published]}\n  push: {tags: ['v*']}"):
        write(events + "\n" + WORKFLOW)
        assert "+          cache-" not in answer(), answer()
    for events in ("on: {push: {tags: ['v*'], branches: [main]}}", "on: push", "on: [push, release]"):
        write(events + "\n" + WORKFLOW)
        assert "+          cache-from: type=gha" in answer(), answer()
    # An image that copies nothing and clones what it builds is built for what is new.
    write(WORKFLOW)
    (directory / "Dockerfile").write_text("FROM debian:12\nRUN git clone --depth 1 https://example.org/a.git && make -C a\n")
    assert "+          cache-" not in answer(), answer()
    write(WORKFLOW.replace("    runs-on:", "    if: startsWith(github.ref, 'refs/tags/')\n    runs-on:"))
    assert "+          cache-" not in answer(), answer()
    write(WORKFLOW + "          no-cache: false\n")
    assert "+          cache-from: type=gha" in answer(), answer()


@case
def other_builds_with_the_same_context_keep_what_they_copy(directory):
    project(directory)
    (directory / "Dockerfile").write_text("FROM node:20-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"node\", \"dist\"]\n")
    (directory / "package.json").write_text('{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5.0.0"}}')
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {"": {}}}')
    (directory / ".gitignore").write_text("dist\nnode_modules\n")
    (directory / ".github/workflows/build.yaml").unlink()
    own = "services:\n  api:\n    build: .\n"
    for compose, files, listed in (
            (own, {}, True),
            (own + "  web:\n    build: {context: ., dockerfile: docker/web}\n", {"docker/web": "FROM nginx\nCOPY dist /x\n"}, False),
            (own + "  web:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM nginx\n        COPY dist /x\n", {}, False),
            (own, {"Containerfile": "FROM nginx\nCOPY dist /x\n"}, False),
            (own, {".dockerignore": ".git\nDockerfile*\n", "Dockerfile.prod": "FROM nginx\nCOPY dist /x\n"}, False),
            (own, {".docker/web.Dockerfile": "FROM nginx\nCOPY dist /x\n"}, False),
            (own + "  web:\n    build: {context: ., dockerfile: Dockerfile.web, additional_contexts: {root: .}}\n", {"Dockerfile.web": "FROM nginx\nCOPY --from=root dist /x\n"}, False),
            (own, {"web.sh": "docker build -t web -f - . <<EOF\nFROM nginx\nCOPY dist /x\nEOF\n"}, False),
            (own, {"web.sh": "cat > Dockerfile.web <<EOF\nFROM nginx\nCOPY dist /x\nEOF\ndocker build -f Dockerfile.web .\n"}, False)):
        (directory / "compose.yaml").write_text(compose)
        for path, text in files.items():
            (directory / path).parent.mkdir(exist_ok=True)
            (directory / path).write_text(text)
        answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
        assert ("\n+dist\n" in answer) == listed and "+node_modules" in answer, (compose, files, answer)
        for path in files:
            (directory / path).unlink()


@case
def a_cache_of_the_final_stage_alone(directory):
    """What a build stage makes would be made again on each new machine, where all comes from the cache now."""
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /a\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nCMD [\"node\", \"dist/a.js\"]\n")
    (directory / "package.json").write_text('{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5.0.0"}}')
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {"": {}}}')
    keeps = lambda: "exports has the layers of the final stage alone" in run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    for entry, partial in (("type=gha", True), ("type=inline", True), ("type=registry,ref=a/b:c", True), ("type=gha,mode=max", False), ("type=registry,ref=a/b:c,mode=max", False)):
        (directory / ".github/workflows/build.yaml").write_text(WORKFLOW + f"          cache-from: type=gha\n          cache-to: {entry}\n")
        assert keeps() == partial, entry
    (directory / ".github/workflows/build.yaml").unlink()
    for command, partial in (("docker build --cache-from a/b --build-arg BUILDKIT_INLINE_CACHE=1 .", True), ("docker buildx build --cache-from a/b --cache-to type=inline .", True),
                             ("docker buildx build --cache-from a/b --cache-to=type=registry,ref=a/b,mode=max .", False), ("docker build .", False)):
        (directory / ".gitlab-ci.yml").write_text(f"image:\n  script:\n    - {command}\n")
        assert keeps() == partial, command


@case
def a_checkout_that_is_not_clean(directory):
    """A step before the build has installed packages, which a COPY after the installation would lay over the image's."""
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /a\nCOPY server .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n")
    (directory / "server").mkdir(exist_ok=True)
    (directory / "server/package.json").write_text("{}")
    (directory / "server/package-lock.json").write_text('{"lockfileVersion": 3, "packages": {"": {}}}')
    (directory / ".gitignore").write_text("node_modules\n")
    for step, listed in (("", False), ("{run: npm ci, working-directory: server}", True), ("{run: make deps}", True), ("{uses: bahmutov/npm-install@v1}", True), ("{run: echo npm-cache}", False)):
        (directory / ".github/workflows/build.yaml").write_text(WORKFLOW.replace("    steps:\n", "    steps:\n" + (f"      - {step}\n" if step else "")))
        answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
        assert ("+server/node_modules" in answer) == listed, (step, answer)


@case
def what_starts_empty_on_a_hosted_runner(directory):
    """Of mounts that nothing keeps, it does not matter what a RUN leaves in them."""
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM debian:12-slim\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl=1 && rm -rf /var/lib/apt/lists/*\n")
    rules = lambda: [rule for rule, _ in lint(directory, "Dockerfile")["Dockerfile"]]
    assert "cache-mount-defeated" not in rules(), rules()
    workflow = directory / ".github/workflows/build.yaml"
    workflow.write_text(WORKFLOW.replace("ubuntu-24.04", "[self-hosted]"))
    assert "cache-mount-defeated" in rules(), rules()
    workflow.write_text("jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: redhat-actions/buildah-build@v2\n        with:\n          containerfiles: |\n            ./Dockerfile\n")
    assert "cache-mount-defeated" not in rules(), rules()


@case
def platforms_do_not_wait_for_an_empty_mount(directory):
    """APT's mount has a lock, and on a new machine it is empty for each of them; a machine that is kept has it filled."""
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl git\nCMD [\"curl\"]\n")
    platforms = "          platforms: linux/amd64,linux/arm64\n"
    for workflow, mounted in ((WORKFLOW, True), (WORKFLOW + platforms, False), (WORKFLOW.replace("ubuntu-24.04", "[self-hosted]") + platforms, True)):
        (directory / ".github/workflows/build.yaml").write_text(workflow)
        answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
        assert ("+RUN --mount=type=cache" in answer) == mounted, (workflow, answer)


@case
def agents_of_microsoft_are_new_for_every_job(directory):
    """Where a pool has a name of its own, they are machines of the organization."""
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / ".github/workflows/build.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM python:3.12\nRUN apt-get update && apt-get install -y --no-install-recommends gettext gdal-bin binutils libproj-dev postgresql-client && rm -rf /var/lib/apt/lists/*\nCOPY x /x\n")
    steps = "steps:\n- script: docker build .\n"
    own, hosted = "pool: Default\n", "pool:\n  vmImage: ubuntu-24.04\n"
    jobs = "jobs:\n- job: a\n  pool: {vmImage: ubuntu-24.04}\n  steps: [{script: docker build .}]\n- job: b\n  pool: %s\n  steps: [{script: docker build .}]\n"
    for text, said in ((hosted + steps, False), (own + steps, True), (steps, True), ("pool: {name: Own, vmImage: x}\n" + steps, True), (jobs % "{vmImage: ubuntu-22.04}", False),
                       (jobs % "Default", True), ("pool: {name: Azure Pipelines, vmImage: ubuntu-24.04}\n" + steps, False), (own + jobs % "{vmImage: ubuntu-22.04}", False),
                       (hosted + "steps:\n- script: docker build -f $(Build.SourcesDirectory)/Dockerfile .\n", False),
                       (hosted + "steps:\n- script: docker build -f $(Elsewhere)/Dockerfile .\n", True)):
        (directory / "azure-pipelines.yml").write_text(text)
        rules = [rule for rule, _ in lint(directory, "Dockerfile")["Dockerfile"]]
        assert ("missing-cache-mount" in rules) == said, (text, rules)


@case
def arguments_as_actions_read_them(directory):
    """Each line is one of CSV."""
    project(directory)
    (directory / "Dockerfile").write_text("FROM debian:12-slim\nARG USER_NAME\nRUN echo $USER_NAME\n")
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW + "          build-args: |\n            \"USER_NAME=${{ github.actor }}\"\n            \"OTHER=a\"\n")
    found = [line for rule, line in lint(directory, ".github/workflows/build.yaml")[".github/workflows/build.yaml"] if rule == "unused-build-argument"]
    assert found == [11], found


@case
def a_builder_that_cannot_export_to_the_cache_of_github(directory):
    """Docker's own builder refuses it, and releases before Buildx 0.21 and BuildKit 0.20 call a service that is no longer there."""
    setup, build = "setup-buildx-action@v3\n", "build-push-action@v6\n"
    inputs = lambda text: WORKFLOW.replace(setup, setup + "        with:\n" + "".join(f"          {line}\n" for line in text.split("\n")))
    later = lambda step: WORKFLOW.replace("      - uses: docker/build", f"      - {step}\n      - uses: docker/build")
    own = "          builder: ${{ steps.b.outputs.name }}\n"
    cases = (
        (WORKFLOW, True),
        (inputs("driver: docker"), False),
        (inputs("driver-opts: image=moby/buildkit:v0.12.0"), False),
        (inputs("driver-opts: network=host,image=moby/buildkit:v0.19.0-rootless"), False),
        (inputs("driver-opts: |\n  network=host\n  image=ghcr.io/x/buildkit:0.11"), False),
        (inputs("driver-opts: image=ghcr.io/x/buildkit:main"), False),
        (inputs("driver-opts: image=moby/buildkit@sha256:" + "a" * 64), False),
        (inputs("driver-opts: network=host"), True),
        (inputs("driver-opts: image=moby/buildkit:v0.20.0"), True),
        (inputs("driver-opts: image=moby/buildkit:master"), True),
        (inputs("driver-opts: image=moby/buildkit:buildx-stable-1"), True),
        (inputs("driver-opts: image=ghcr.io/x/buildkit:v0.25.1"), True),
        (inputs("version: v0.5.1"), False),
        (inputs("version: v0.10.0"), False),
        (inputs("version: ${{ env.BUILDX }}"), False),
        (inputs("version: v0.21.0"), True),
        (inputs("version: latest"), True),
        (inputs("use: false"), False),
        (inputs("use: true"), True),
        (WORKFLOW.replace(setup, setup + "        if: github.event_name != 'push'\n"), False),
        (WORKFLOW.replace(setup, setup + "        if: env.A == '1'\n").replace(build, build + "        if: env.A == '1'\n"), True),
        (WORKFLOW + "          builder: default\n", False),
        (WORKFLOW + own, False),
        (WORKFLOW.replace(setup, setup + "        id: b\n") + own, True),
        (inputs("use: false").replace(setup, setup + "        id: b\n") + own, True),
        (inputs("name: n") + "          builder: n\n", True),
        (later("run: docker context use default && docker buildx use default"), False),
        (later("uses: docker/setup-buildx-action@v3"), True),
        (later("{uses: docker/setup-buildx-action@v3, with: {driver: docker}}"), False),
        (later("run: docker buildx ls"), True),
        (WORKFLOW.replace("build-push-action@v6", "build-push-action@v1"), False),
        (WORKFLOW.replace("build-push-action@v6", "build-push-action@v1.1.0"), False),
        (WORKFLOW.replace("build-push-action@v6", "build-push-action@v2"), True),
        (WORKFLOW.replace("build-push-action@v6", "build-push-action@master"), True),
        (WORKFLOW.replace("build-push-action@v6", "build-push-action@1" + "a" * 39), True))
    for workflow, added in cases:
        (project(directory) / ".github/workflows/build.yaml").write_text(workflow)
        answer = run("optimize", "--no-config", ".github/workflows/build.yaml", cwd=directory).stdout.decode()
        assert ("+          cache-from: type=gha" in answer) == added, (workflow, answer)


@case
def an_old_buildx_in_the_container_of_a_job(directory):
    """Buildx is that of the image, unless the action is asked for another one, or finds none."""
    within = lambda container, text=WORKFLOW: text.replace("    steps:\n", f"    container: {container}\n    steps:\n")
    latest = WORKFLOW.replace("setup-buildx-action@v3\n", "setup-buildx-action@v3\n        with: {version: latest}\n")
    for workflow, added in ((within("docker:24"), False), (within("{image: 'docker:20.10.24-dind'}"), False), (within("docker:stable"), False),
                            (within("registry.example.org/mirror/docker:27-cli"), False), (within("registry.example.org/ci:1"), False),
                            (within("docker:28"), True), (within("docker:29-cli"), True), (within("docker"), True), (within("docker:dind"), True),
                            (within("node:22"), True), (within("docker:24", latest), True), (within("registry.example.org/ci:1", latest), True)):
        (project(directory) / ".github/workflows/build.yaml").write_text(workflow)
        answer = run("optimize", "--no-config", ".github/workflows/build.yaml", cwd=directory).stdout.decode()
        assert ("+          cache-from: type=gha" in answer) == added, (workflow, answer)
    (directory / ".github/workflows/build.yaml").write_text(within("docker:24"))
    answer = run("lint", "--no-config", "--select", "missing-build-cache", ".github/workflows/build.yaml", cwd=directory).stdout.decode()
    assert "`docker:24`, in which the job runs, may have a Buildx that is too old for it" in answer, answer


@case
def builds_with_other_layers_get_scopes_of_their_own(directory):
    """In one scope of GitHub's cache, the build that ends last would leave the layers of its own platform alone."""
    step = WORKFLOW[WORKFLOW.index("    steps:"):]
    job = lambda name, more="", runner="ubuntu-24.04", target="": f"  {name}:\n    runs-on: {runner}\n{step}{more}"
    arm, both = "          platforms: linux/arm64\n", "          platforms: linux/amd64,linux/arm64\n"
    arguments = lambda text: f"          build-args: |\n            {text}\n"
    cached = "          cache-from: type=gha\n          cache-to: type=gha,mode=max\n"
    def scopes(*jobs, **others):
        for path in (project(directory) / ".github/workflows").iterdir():
            path.unlink()
        for name, text in others.items():
            (directory / f".github/workflows/{name}.yml").write_text("jobs:\n" + text)
        (directory / ".github/workflows/build.yaml").write_text("jobs:\n" + "".join(jobs))
        answer = run("optimize", "--no-config", ".github/workflows/build.yaml", cwd=directory).stdout.decode()
        return [line.split("type=gha")[1] for line in answer.splitlines() if line.startswith("+          cache-from")]
    assert scopes(job("a"), job("b", arm)) == [",scope=linux-amd64", ",scope=linux-arm64"]
    assert scopes(job("a"), job("b", runner="ubuntu-24.04-arm")) == [",scope=linux-amd64", ",scope=linux-arm64"]
    assert scopes(job("a"), job("b", both)) == [",scope=linux-amd64", ",scope=linux-amd64-linux-arm64"]
    assert scopes(job("a", arguments("PYTHON=3.12")), job("b", arguments("PYTHON=3.13"))) == [",scope=a", ",scope=b"]
    assert scopes(job("a", cached), job("b", arm)) == [",scope=linux-arm64"]
    assert scopes(job("a", arm), other=job("a")) == [",scope=linux-arm64"]
    assert scopes(job("a", arguments("A=1")), other=job("a")) == [",scope=build"]
    # The same layers, for all that is known.
    assert scopes(job("a"), job("b")) == ["", ""]
    assert scopes(job("a"), job("b", "          platforms: linux/amd64\n")) == ["", ""]
    assert scopes(job("a", arguments("SHA=${{ github.sha }}")), job("b")) == ["", ""]
    assert scopes(job("a"), job("b", arm + "          target: build\n")) == ["", ",scope=Dockerfile-build"]
    # It does not use that cache.
    assert scopes(job("a"), job("b", arm + "          cache-to: type=registry,ref=a/b:c\n")) == [""]
    assert scopes(job("a"), job("b", arm, runner="self-hosted")) == [""]


@case
def a_mount_is_for_both_halves_of_a_run_or_for_none(directory):
    """The runner keeps layers, so the download gets one; an installation that moves needs another round."""
    project(directory)
    (directory / "go.mod").write_text("module x\n\ngo 1.22\n")
    (directory / "go.sum").write_text("")
    (directory / "Dockerfile").write_text("FROM golang:1.21-bookworm AS b\nWORKDIR /s\nCOPY . .\nRUN go mod download && go build -o /app main.go\n"
                                          "FROM debian:bookworm\nCOPY --from=b /app /app\nRUN apt-get update && apt-get install -y ca-certificates\n")
    (directory / "compose.yaml").unlink()
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW + "          cache-from: type=gha\n          cache-to: type=gha,mode=max\n")
    answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    assert "+RUN go mod download\n" in answer and "target=/go/pkg/mod" not in answer, answer
    assert "+RUN --mount=type=cache,target=/root/.cache/go-build \\\n+    go build" in answer, answer  # no layer has what it compiles


@case
def what_a_layer_keeps_is_not_put_into_a_mount_of_a_hosted_runner(directory):
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "package.json").write_text("{}")
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {"": {}}}')
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW + "          cache-from: type=gha\n          cache-to: type=gha,mode=max\n")
    start = "FROM node:20-slim\nWORKDIR /s\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n"
    for more, mounted in (("RUN npm ci --omit=dev\n", False), ("", True), ("FROM node:20-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\n", True)):
        (directory / "Dockerfile").write_text(start + more)
        answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
        assert ("target=/root/.npm" in answer) == mounted, (more, answer)


@case
def a_dockerfile_that_nothing_names_beside_one_that_is_built(directory):
    project(directory)
    (directory / "compose.yaml").write_text("services:\n  api:\n    build: .\n")
    installs = "FROM node\nWORKDIR /a\nCOPY package.json ./\nRUN npm install\nCOPY src src\nCMD [\"node\", \"src\"]\n"
    (directory / "Dockerfile.old").write_text(installs)
    (directory / "package.json").write_text('{"dependencies": {"express": "4.19.2"}}')
    rules = lambda *more: {rule for rule, _ in lint(directory, *more, "Dockerfile.old")["Dockerfile.old"]}
    assert rules() == set(), rules()
    (directory / "Dockerfile.old").write_text(installs + "ENV API_TOKEN=s3cr3t-v4lu3\nCOPY --from=none a b\n")
    assert "secret-in-variable" in rules() and "unpinned-base-image" not in rules(), rules()
    (directory / "Dockerfile.old").write_text(installs)
    assert rules("--select", "missing-cache-mount") == {"missing-cache-mount"}
    # Wherever its name stands, or may be put together, somebody may build it.
    for path, text in {"README.md": "docker build -f Dockerfile.old .", "Makefile": "a:\n\t./build Dockerfile.$(FORM)\n",
                       "build.py": "run('Dockerfile.' + form)", "a.sh": "./build *.old Dockerfile.*"}.items():
        (directory / path).write_text(text)
        assert "missing-cache-mount" in rules(), (path, text)
        (directory / path).unlink()
    (directory / "README.md").write_text("There is a Dockerfile. See Dockerfile.\n")
    assert "missing-cache-mount" not in rules()
    for other in ("Dockerfile", "other.Dockerfile"):  # the usual name, and where nothing else is built
        (directory / "compose.yaml").write_text("services:\n  api:\n    build: {context: ., dockerfile: Dockerfile.new}\n" if other == "Dockerfile" else "services: {}\n")
        (directory / ".github/workflows/build.yaml").unlink(missing_ok=True)
        (directory / other).write_text(installs)
        found = {rule for rule, _ in lint(directory, other)[other]}
        assert "missing-cache-mount" in found, (other, found)


@case
def a_directory_is_searched_for_them(directory):
    found = lint(project(directory), ".")
    assert set(found) == {"./Dockerfile", "./compose.yaml", "./.github/workflows/build.yaml"}, found
    (directory / ".gitignore").write_text("compose.yaml\n")
    assert "./compose.yaml" not in lint(directory, ".")


@case
def a_workflow_below_the_root_is_none(directory):
    (directory / "app").mkdir()
    (project(directory / "app") / ".git").rmdir()
    (directory / ".git").mkdir()
    found = lint(directory, ".")
    assert set(found) == {"./app/Dockerfile", "./app/compose.yaml"}, found
    answer = run("optimize", "--no-config", ".", cwd=directory)
    assert b"build.yaml" not in answer.stdout, answer.stdout
    # Named, or in a repository of its own, it is one.
    assert "app/.github/workflows/build.yaml" in lint(directory, "app/.github/workflows/build.yaml")
    (directory / "app/.git").mkdir()
    assert "./.github/workflows/build.yaml" in lint(directory / "app", ".")


@case
def arguments_change_if_a_build_passes_what_does(directory):
    text = ("FROM golang:1.22\nARG VERSION\nARG BUILD_TIME\nARG KIND\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\n"
            "COPY . .\nRUN go build -ldflags \"-X a.b=$VERSION$KIND$BUILD_TIME\" .\n")

    def reported(arguments, file=".github/workflows/build.yaml"):
        root = project(directory)
        (root / "compose.yaml").unlink()
        for name, content in {"Dockerfile": text, "go.mod": "module x\n\ngo 1.22\n", "go.sum": "", "main.go": "package main\n"}.items():
            (root / name).write_text(content)
        if file.endswith("sh"):
            (root / ".github/workflows/build.yaml").unlink()
            (root / file).write_text(f"#!/bin/sh\ndocker build {arguments} .\n")
        else:
            (root / file).write_text(WORKFLOW + "          build-args: |\n" + "".join(f"            {line}\n" for line in arguments))
        answer = run("lint", "--no-config", "--shellcheck", "off", "--format", "json", ".", cwd=root)
        findings = [f for each in json.loads(answer.stdout)["files"] for f in each["findings"]]
        return [f["message"].split("`")[1] for f in findings if f["rule"] == "volatile-argument-before-run"]

    # What no build passes never changes, and a value may differ whatever the name is.
    assert reported(["VERSION=${{ github.ref_name }}", "KIND=full"]) == ["VERSION"]
    assert reported(["KIND=${{ inputs.kind }}"]) == []
    assert reported(["BUILD_TIME=${{ steps.now.outputs.time }}"]) == ["BUILD_TIME"]
    assert reported(["${{ inputs.arguments }}"]) == ["BUILD_TIME"]
    assert reported("--build-arg VERSION=$(git describe) --build-arg KIND=$KIND", "build.sh") == ["VERSION"]


@case
def compose_says_what_changes_and_for_which_platforms(directory):
    def reported(dockerfile, build):
        root = project(directory)
        (root / ".github/workflows/build.yaml").unlink()
        for name, content in {"Dockerfile": dockerfile, "package.json": "{}", "package-lock.json": "{}", "compose.yaml": f"services:\n  a:\n    build: {build}\n"}.items():
            (root / name).write_text(content)
        return [rule for rule, _ in lint(root, "Dockerfile")["Dockerfile"] if rule in ("constant-architecture", "volatile-argument-before-run")]

    node = "FROM node:22-slim\nARG REL\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nENV REL=$REL\n"
    assert reported(node, "{context: ., args: {REL: '${GIT_COMMIT}'}}") == ["volatile-argument-before-run"]
    assert reported(node, "{context: ., args: {REL: '${RELEASE}'}}") == []
    tool = "FROM debian:12\nARG ARCH=x86_64\nADD https://example.com/v1.0.0/tool-${ARCH}.tar.gz /tool.tgz\n"
    platforms = "platforms: [linux/amd64, linux/arm64]"
    assert reported(tool, "{context: ., %s}" % platforms) == ["constant-architecture"]
    assert reported(tool, "{context: ., %s, args: {ARCH: aarch64}}" % platforms) == []
    assert reported(tool, "{context: .}") == []
    assert reported(tool.replace("ADD", "RUN ARCH=$(uname -m) && curl -LO").replace(" /tool.tgz", ""), "{context: ., %s}" % platforms) == []


@case
def a_dockerfile_in_lower_case_is_the_usual_one(directory):
    root = project(directory)
    (root / "compose.yaml").unlink()
    (root / "Dockerfile").rename(root / "dockerfile")
    (root / "go.mod").write_text("module x\n\ngo 1.22\n")

    def context():
        answer = run("optimize", "--no-config", "dockerfile", cwd=root).stdout.decode()
        return next(line for line in answer.splitlines() if line.startswith("Build context"))

    for more in ("", "          file: ./Dockerfile\n"):
        (root / ".github/workflows/build.yaml").write_text(WORKFLOW + more)
        assert context() == "Build context: `.` (.github/workflows/build.yaml:6 names it)", context()
    # Of two files it is the other one, and no other name stands for a second one.
    (root / ".github/workflows/build.yaml").write_text(WORKFLOW + "          file: ./Dockerfile.release\n")
    assert "a guess" in context(), context()
    (root / ".github/workflows/build.yaml").write_text(WORKFLOW)
    (root / "Dockerfile").write_text("FROM debian:12\n")
    assert "a guess" in context(), context()


@case
def what_is_needed_is_said_of_the_builder_of_the_project(directory):
    def answer(name, extra):
        root = directory / name
        root.mkdir()
        (root / ".git").mkdir()
        for path, text in {"go.mod": "module x\n\ngo 1.22\n", "main.go": "package main\n", **extra}.items():
            (root / path).write_text(text)
        text = run("optimize", "--no-config", ".", cwd=root).stdout.decode()
        return next(line for line in text.splitlines() if line.startswith("Needs "))

    compose = "services:\n  api:\n    build: {context: ., dockerfile: Containerfile}\n"
    assert answer("a", {"Containerfile": DOCKERFILE}) == "Needs Podman 4.0 or later, or BuildKit: Docker 23 or later"
    assert answer("b", {"Containerfile": DOCKERFILE, "podman-compose.yml": compose}) == "Needs Podman 4.0 or later"
    assert answer("c", {"Dockerfile": DOCKERFILE}).startswith("Needs BuildKit: Docker 23")


@case
def a_command_for_lines_of_an_ignore_file_alone_says_so(directory):
    root = project(directory)
    (root / ".github/workflows/build.yaml").unlink()
    (root / "compose.yaml").unlink()
    (root / "Dockerfile").write_text("FROM debian:12\nWORKDIR /app\nCOPY . .\nCMD [\"./a\"]\n")
    (root / "a").write_text("x")
    answer = run("optimize", "--no-config", ".", cwd=root).stdout.decode()
    assert answer.endswith("  dockhew optimize --write --no-config .  # the lines of the ignore file\n"), answer


@case
def one_that_says_nothing_is_not_counted(directory):
    (project(directory) / "compose.yaml").write_text("services: {db: {image: postgres}}\n")
    assert "./compose.yaml" not in lint(directory, ".")


@case
def a_dockerfile_outside_of_the_project_is_not_read(directory):
    inner = project(directory / "inner") if (directory / "inner").mkdir() is None else None
    (directory / "Dockerfile").write_text(DOCKERFILE)
    (inner / "compose.yaml").write_text(COMPOSE.replace("context: .", "context: .."))
    assert lint(inner, ".").get("./compose.yaml") == []


@case
def a_comment_and_the_configuration_silence_findings(directory):
    text = COMPOSE.replace("      target", "      # dockhew ignore=unknown-build-target: made by a script\n      target")
    (project(directory) / "compose.yaml").write_text(text)
    assert lint(directory, "compose.yaml")["compose.yaml"] == [("unused-build-argument", 8)]
    assert lint(directory, "compose.yaml", "--ignore", "unused-build-argument")["compose.yaml"] == []


@case
def an_error_in_one_is_the_exit_status(directory):
    (project(directory) / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    assert run("lint", "--no-config", "--shellcheck", "off", "--select", "unknown-build-target", ".", cwd=directory).returncode == 1


@case
def bake_files_are_read_too(directory):
    hcl = 'target "base" {\n  context = "."\n}\n/* two\n lines */ target "api" {\n  inherits = ["base"]\n  target = "tests" # none\n  args = {\n    A = "b"\n  }\n  cache-to = ["type=gha"]\n}\n'
    (project(directory) / "docker-bake.hcl").write_text(hcl)
    found = lint(directory, "docker-bake.hcl")["docker-bake.hcl"]
    assert found == [("unknown-build-target", 7), ("unused-build-argument", 9)], found
    (directory / "docker-bake.hcl").write_text(hcl.replace("tests", "build"))
    (directory / "docker-bake.json").write_text(json.dumps({"target": {"api": {"context": ".", "target": "tests", "args": {"A": "b"}}}}, indent=1))
    assert lint(directory, "docker-bake.json")["docker-bake.json"] == [("unknown-build-target", 5), ("unused-build-argument", 7)]
    (directory / "docker-bake.hcl").write_text(hcl.replace('  target = "tests" # none\n', ""))
    assert ("partial-cache-export", 10) in lint(directory, "docker-bake.hcl")["docker-bake.hcl"]


@case
def optimize_shows_and_writes_a_workflow(directory):
    workflow = project(directory) / ".github/workflows/build.yaml"
    shown = run("optimize", "--no-config", str(workflow), cwd=directory).stdout.decode()
    assert "+          cache-to: type=gha,mode=max" in shown and workflow.read_text() == WORKFLOW, shown
    run("optimize", "--no-config", "--write", str(workflow), cwd=directory)
    written = workflow.read_text()
    assert written == WORKFLOW + "          cache-from: type=gha\n          cache-to: type=gha,mode=max\n", written
    run("optimize", "--no-config", "--write", str(workflow), cwd=directory)
    assert workflow.read_text() == written


@case
def no_mount_of_a_module_store_beside_a_cache_of_layers(directory):
    """Where the download comes from a layer, the mount is empty on a new machine, and the build would download again."""
    project(directory)
    (directory / "Dockerfile").write_text("FROM golang:1.22\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app .\nCMD [\"/app\"]\n")
    for name, text in {"go.mod": "module x\n\ngo 1.22\n", "go.sum": "", "main.go": "package main\nfunc main() {}\n"}.items():
        (directory / name).write_text(text)
    (directory / "compose.yaml").unlink()
    matrix = WORKFLOW.replace("    runs-on: ubuntu-24.04\n", "    strategy: {matrix: {os: [ubuntu-24.04]}}\n    runs-on: ${{ matrix.os }}\n")
    for workflow in (WORKFLOW, matrix, WORKFLOW + "          cache-to: type=gha,mode=max\n"):
        (directory / ".github/workflows/build.yaml").write_text(workflow)
        shown = run("optimize", "--no-config", ".", cwd=directory).stdout.decode()
        assert "target=/go/pkg/mod" not in shown.split("Not changed")[0], shown


@case
def a_workflow_says_for_which_architectures_a_file_is_built(directory):
    project(directory)
    (directory / "compose.yaml").unlink()
    (directory / "Dockerfile").write_text("FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN GOARCH=amd64 go build -o /app .\nFROM debian:12-slim\n"
                                          "RUN curl -O https://example.org/tool-linux-x64.tgz\nCOPY --from=build /app /app\nCMD [\"/app\"]\n")
    for platforms, lines in {"linux/amd64,linux/arm64": [4, 6], "linux/arm64": [4, 6], "linux/amd64": [], "": []}.items():
        (directory / ".github/workflows/build.yaml").write_text(WORKFLOW + f"          platforms: {platforms}\n")
        found = lint(directory, "--select", "constant-architecture", "Dockerfile")["Dockerfile"]
        assert found == [("constant-architecture", line) for line in lines], (platforms, found)


@case
def a_compose_file_is_only_written_when_a_place_is_named(directory):
    compose = project(directory) / "compose.yaml"
    show = lambda: run("optimize", "--no-config", "compose.yaml", cwd=directory).stdout.decode()
    # Who cannot push there could not build any more.
    assert "buildcache" not in show(), show()
    login = "      - uses: docker/login-action@v3\n"
    pushed = login + WORKFLOW.split("steps:\n")[1] + "          push: true\n          tags: registry.example.org/api:2\n"
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW.split("steps:\n")[0] + "steps:\n" + pushed)
    assert "+        - type=registry,ref=registry.example.org/api:buildcache,mode=max" in show(), show()
    (directory / ".github/workflows/build.yaml").write_text(WORKFLOW.split("steps:\n")[0] + "steps:\n" + pushed.replace(login, ""))
    assert "buildcache" not in show(), show()
    run("optimize", "--no-config", "--write", "compose.yaml", cwd=directory)
    assert compose.read_text() == COMPOSE
    run("optimize", "--no-config", "--write", "--cache-export", "local", "compose.yaml", cwd=directory)
    assert compose.read_text().startswith(COMPOSE) and "type=local,dest=/tmp/buildx-cache/api,mode=max" in compose.read_text()


@case
def what_is_added_to_a_value_stands_at_its_end(directory):
    workflow = project(directory) / ".github/workflows/build.yaml"
    def written(value):
        workflow.write_text(WORKFLOW + "          cache-to: " + value)
        run("optimize", "--no-config", "--select", "partial-cache-export", "--write", str(workflow), cwd=directory)
        return workflow.read_text()[len(WORKFLOW) + len("          cache-to: "):]
    r = "type=registry,ref=r/a"
    row = "            " + r
    assert written(f"|\n{row}:c\n{row}\n") == f"|\n{row}:c,mode=max\n{row},mode=max\n"
    assert written(f"|\n{row}\n{row}\n") == f"|\n{row},mode=max\n{row},mode=max\n"
    assert written(f"'{r}' # {r}:c\n") == f"'{r},mode=max' # {r}:c\n"
    assert written(f"&a {r}\n") == f"&a {r},mode=max\n"
    for other in (f"type=registry,\n            ref=r/a\n", f">\n{row}:c\n{row}\n", '"type=registry,ref=r\\x2fa"\n'):
        assert written(other) == other, other


@case
def what_cannot_have_entries_gets_none(directory):
    compose = project(directory) / "compose.yaml"
    def unchanged(text, place="local"):
        compose.write_text(text)
        run("optimize", "--no-config", "--write", "--cache-export", place, "compose.yaml", cwd=directory)
        return compose.read_text() == text
    assert not unchanged("services:\n  a:\n    build: .\n")
    assert unchanged("services:\n  a:\n    build: !reset .\n")
    assert unchanged("services:\n  a:\n    build: !reset null\n")
    for name in ('"a: b"', "../../etc", ".."):
        assert unchanged(f"services:\n  {name}:\n    build: .\n"), name
    assert unchanged("services:\n  a:\n    image: r/a,mode=min\n    build: .\n", "registry")
    assert unchanged("services:\n  a:\n    build:\n      context: .\n      args:\n        X: |\n          a")
    assert not unchanged("services:\n  a:\n    build:\n      context: .\n      args:\n        X: |\n          a\n")
    compose.write_text("services:\n  a:\n    image: a\n    build: !reset null\n")
    answer = run("lint", "--no-config", "--shellcheck", "off", "compose.yaml", cwd=directory)
    assert answer.returncode == 0 and not answer.stderr, answer


@case
def a_line_of_an_ignore_file_is_added_once(directory):
    (directory / ".git").mkdir()
    (directory / ".git/config").write_text("")
    (directory / ".dockerignore").write_bytes(b"a\r\n\r\n")
    for name in ("dev", "prod"):
        (directory / name).mkdir()
        (directory / name / "Dockerfile").write_text("FROM node:20\nWORKDIR /a\nCOPY package.json ./\nCOPY . .\nCMD [\"node\", \"/a/x.js\"]\n")
    (directory / "package.json").write_text("{}")
    (directory / "compose.yaml").write_text("services:\n  a: {build: {context: ., dockerfile: prod/Dockerfile}}\n")
    run("optimize", "--no-config", "--write", ".", cwd=directory)
    assert (directory / ".dockerignore").read_bytes().count(b".git\r\n") == 1, (directory / ".dockerignore").read_bytes()


@case
def a_file_of_variables_outside_of_the_project_is_not_read(directory):
    inner = directory / "inner"
    (inner / ".git").mkdir(parents=True)
    (inner / "Dockerfile").write_text("FROM golang:1.22-alpine\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD [\"/app\"]\n")
    (inner / "go.mod").write_text("module x\n\ngo 1.22\n")
    (inner / "main.go").write_text("package main\nfunc main() {}\n")
    (directory / "e").write_text("TZ=Europe/Berlin\n")
    (inner / "e").write_text("TZ=Europe/Berlin\n")
    def shown(file):
        (inner / "compose.yaml").write_text(f"services:\n  a:\n    build: .\n    env_file: {file}\n")
        return run("optimize", "--no-config", "Dockerfile", cwd=inner).stdout
    assert b"apk add --no-cache tzdata" in shown("e"), shown("e")
    assert b"FROM alpine" in shown("../e") and b"apk add" not in shown("../e"), shown("../e")


@case
def with_safe_nothing_is_added(directory):
    workflow = project(directory) / ".github/workflows/build.yaml"
    run("optimize", "--no-config", "--safe", "--write", str(workflow), cwd=directory)
    assert workflow.read_text() == WORKFLOW


@case
def a_default_that_no_build_takes_may_be_an_image_that_is_gone(directory):
    project(directory)
    (directory / "Dockerfile").write_text("ARG JDK=openjdk:11-jre-slim\nFROM ${JDK}\nRUN java -version\n")
    (directory / ".github/workflows/build.yaml").unlink()
    (directory / "compose.yaml").write_text("services:\n  api:\n    build:\n      context: .\n")
    assert [rule for rule, _ in lint(directory, "Dockerfile")["Dockerfile"]] == ["missing-base-image"], lint(directory, "Dockerfile")
    (directory / "compose.yaml").write_text("services:\n  api:\n    build:\n      context: .\n      args: {JDK: 'eclipse-temurin:17-jre'}\n")
    assert "missing-base-image" not in [rule for rule, _ in lint(directory, "Dockerfile").get("Dockerfile", [])], lint(directory, "Dockerfile")


@case
def documents_without_end_do_not_take_all_memory(directory):
    (project(directory) / "skaffold.yaml").write_text(", a\n")
    assert "Dockerfile" in lint(directory, "Dockerfile")


@case
def what_a_service_extends_says_of_its_build_counts(directory):
    (project(directory) / "compose.yaml").write_text(
        "services:\n  api:\n    build:\n      context: .\n      target: build\n  two:\n    extends: api\n    build:\n      target: tests\n")
    assert lint(directory, "compose.yaml")["compose.yaml"] == [("unknown-build-target", 9)], lint(directory, "compose.yaml")


@case
def other_yaml_is_no_dockerfile(directory):
    (project(directory) / "old.yaml").write_text(COMPOSE)
    done = run("lint", "old.yaml", cwd=directory)
    assert done.returncode == 2 and b"old.yaml: not read: no Dockerfile has such a name" in done.stderr and not done.stdout.strip(), done


@case
def templates_are_not_checked(directory):
    (project(directory) / "Dockerfile").write_text("FROM {{ base }}\n{% if a %}\nRUN cd /a\n{% endif %}\n")
    done = run("lint", "Dockerfile", cwd=directory)
    assert b"makes it a template" in done.stderr and b"unknown instruction" not in done.stdout, done
    for arguments in (["--write", "Dockerfile"], ["Dockerfile"], ["--format", "json", "Dockerfile"]):
        done = run("optimize", *arguments, cwd=directory)
        assert done.returncode == 0 and b"makes it a template" in done.stderr, done


@case
def a_kept_layer_has_the_upgrades_of_its_day(directory):
    workflow = str(project(directory) / ".github/workflows/build.yaml")
    answer = lambda: run("optimize", "--no-config", workflow, cwd=directory).stdout.decode()
    assert "type=gha" in answer() and "upgrades-with-base-image" not in answer()
    with open(directory / "Dockerfile", "a") as file:
        file.write("RUN apt-get update && apt-get upgrade -y\n")
    assert "assuming upgrades-with-base-image" in answer(), answer()


@case
def what_a_run_of_docker_names_is_looked_for(directory):
    path = project(directory) / ".github/workflows/build.yaml"
    path.write_text("jobs:\n  image:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: docker build --target tests -t a .\n"
                    "      - run: |\n          docker build \\\n            --target build --build-arg ZIP=1 --build-arg \"TAG=$TAG\" .\n          docker build --target ${{ matrix.x }} .\n")
    found = lint(directory, ".github/workflows/build.yaml")[".github/workflows/build.yaml"]
    assert found == [("unknown-build-target", 5), ("unused-build-argument", 8)], found


@case
def a_dockerfile_in_a_compose_file_is_checked_in_its_place(directory):
    (directory / ".git").mkdir()
    (directory / "compose.yaml").write_text(
        "services:\n  api:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM debian:12\n        RUN apt-get install -y \\\n            curl\n"
        "        MAINTAINER me\n  web:\n    build:\n      dockerfile_inline: |\n        FROM debian:$TAG\n")
    for arguments in (["compose.yaml"], ["."]):
        done = run("lint", "--no-config", "--shellcheck", "off", "--format", "json", *arguments, cwd=directory)
        found = [(f["rule"], f["range"]["start"], f["fixes"]) for file in json.loads(done.stdout)["files"] for f in file["findings"] if f["rule"] == "maintainer-instruction"]
        assert [(rule, place["line"], place["column"]) for rule, place, _ in found] == [("maintainer-instruction", 9, 9)] and not found[0][2], (found, done.stdout)
        assert b"the Dockerfile of `web`" in done.stderr and b"`api`" not in done.stderr, done.stderr
    text = run("lint", "--no-config", "--shellcheck", "off", "compose.yaml", cwd=directory).stdout
    assert b"    9 |         MAINTAINER me\n" in text, text


@case
def carriage_returns_stay(directory):
    workflow = project(directory) / ".github/workflows/build.yaml"
    workflow.write_bytes(WORKFLOW.replace("\n", "\r\n").encode())
    run("optimize", "--no-config", "--write", str(workflow), cwd=directory)
    text = workflow.read_bytes()
    assert b"mode=max\r\n" in text and text.count(b"\n") == text.count(b"\r\n"), text


report()
