"""What the command writes for programs and about builds: SARIF and the formats of CI services, Compose files, layers, verify.
Prints TAP. Usage: reports.py DOCKHEW SOURCE_ROOT"""
import gzip
import io
import json
import os
import random
import signal
import subprocess
import tarfile
import time

from command_case import NAIVE, case, dockhew, project, report, root, run


@case
def sarif_passes_the_schema(directory):
    try:
        import jsonschema
    except ImportError:
        raise RuntimeError("skipped: python3-jsonschema is not installed")
    schema = json.loads((root / "tests/schema/sarif-2.1.0.json").read_text())
    (directory / "umläut dir").mkdir()
    path = project(directory / "umläut dir", NAIVE + "# \xe4\x00".replace("\x00", "") + "\nFOO\n")
    document = json.loads(run("lint", "--format", "sarif", path, directory / "missing", *sorted((root / "fixtures").rglob("Dockerfile"))).stdout)
    jsonschema.Draft7Validator(schema).validate(document)
    run_object = document["runs"][0]
    assert run_object["columnKind"] == "utf16CodeUnits" and len(run_object["results"]) > 20
    assert any("fixes" in result for result in run_object["results"])


@case
def sarif_is_what_code_scanning_wants(directory):
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
    (directory / "Dockerfile").write_text("FROM debian\nENV API_KEY=0123abcd\nUSER root\n")
    (directory / "empty.Dockerfile").write_text("")
    run_object = json.loads(run("lint", "--no-config", "--select", "all", "--format", "sarif", "Dockerfile", "./empty.Dockerfile", cwd=directory).stdout)["runs"][0]
    assert run_object["automationDetails"]["id"].endswith("/") and "%SRCROOT%" in run_object["originalUriBaseIds"]
    driver = run_object["tool"]["driver"]
    assert driver["name"] == "dockhew" and driver["version"] and len(driver["rules"]) <= 25000
    for rule in driver["rules"]:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024, rule["id"]
        assert rule["help"]["text"] and rule["helpUri"] in rule["help"]["markdown"] and len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        is_security = "security" in rule["properties"]["tags"]
        assert is_security == (0 < float(rule["properties"].get("security-severity", 0)) <= 10), rule["id"]
    assert len(run_object["results"]) >= 3
    for result in run_object["results"]:
        assert result["message"]["text"] and result["partialFingerprints"] and driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%" and not place["artifactLocation"]["uri"].startswith((".", "/"))
        region = place["region"]
        assert region["startLine"] >= 1 and ("endColumn" not in region or (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"]))


HOSTILE = 'FROM debian\nRUN wget http://x/<&"\'>%0A,:y\n\x01\n'


def formatted(name, directory):
    """The report over a file that needs escaping, a clean one and a missing one."""
    odd = directory / "a&b,c:d"
    odd.mkdir()
    (directory / "clean").mkdir()
    project(directory / "clean", "FROM scratch\nCOPY a /a\n")
    result = run("lint", "--no-config", "--format", name, project(odd, HOSTILE), directory / "clean/Dockerfile", directory / "missing")
    assert result.returncode == 2
    return result.stdout.decode()


@case
def github_format_has_one_command_a_line(directory):
    lines = formatted("github", directory).splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines) and len(lines) >= 3
    assert any("a&b%2Cc%3Ad" in line for line in lines) and any("missing::" in line for line in lines)
    assert any(",line=1,endLine=1,col=6,endColumn=12,title=unpinned-base-image::" in line for line in lines), lines


@case
def gitlab_format_has_distinct_fingerprints(directory):
    issues = json.loads(formatted("gitlab", directory))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) >= 3
    for issue in issues:
        assert issue["location"]["lines"]["begin"] >= 1 and issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["check_name"] and issue["description"]


@case
def xml_formats_are_well_formed(directory):
    import xml.etree.ElementTree as tree
    files = tree.fromstring(formatted("checkstyle", directory)).findall("file")
    assert len(files) == 3 and not files[1].findall("error") and files[0].get("name").endswith("a&b,c:d/Dockerfile")
    assert all(error.get("source").startswith("dockhew.") and int(error.get("line")) for error in files[0].findall("error"))
    (directory / "again").mkdir()
    suites = tree.fromstring(formatted("junit", directory / "again"))
    assert [len(suite.findall("testcase/failure")) > 0 for suite in suites] == [True, False, False]
    assert suites[2].find("testcase/error") is not None and suites.get("tests") is None
    assert all(int(suite.get("tests")) == len(suite.findall("testcase")) for suite in suites)


@case
def compose_files_and_workflows_name_dockerfiles_and_contexts(directory):
    (directory / "app").mkdir()
    (directory / "app/web.Dockerfile").write_text("FROM node:20-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n")
    for name in ("package.json", "package-lock.json"):
        (directory / "app" / name).write_text("{}\n")
    compose = directory / "compose.yaml"
    compose.write_text("services:\n  web:\n    build: {context: app, dockerfile: web.Dockerfile, cache_from: [a]}\n  again:\n    build:\n      context: ./app\n"
                       "      dockerfile: web.Dockerfile\n      cache_from: [a]\n      cache_to: [b]\n  far: {build: https://example.org/x.git}\n  db: {image: postgres}\n"
                       "  inline: {build: {dockerfile_inline: FROM scratch}}\n  variable: {build: \"$DIR\"}\n")
    result = run("optimize", "--no-config", compose)
    assert result.returncode == 1 and result.stdout.count(b"+COPY package.json package-lock.json ./") == 1, result.stdout
    assert "the Dockerfile of `inline` stands in this file" in result.stderr.decode(), result.stderr
    workflows = directory / ".github/workflows"
    workflows.mkdir(parents=True)
    (workflows / "ci.yml").write_text("jobs:\n  build:\n    steps:\n    - uses: actions/checkout@v4\n    - uses: docker/build-push-action@v6\n"
                                      "      with: {context: app, file: app/web.Dockerfile, cache-to: type=gha}\n")
    result = run("optimize", "--no-config", workflows / "ci.yml")
    assert result.returncode == 1 and b"+COPY package.json" in result.stdout, result
    for text in ("services: [", "- a\n", "\x00"):
        compose.write_text(text)
        assert run("lint", "--no-config", compose).returncode == 2


def node_project(directory, dockerfile="Dockerfile"):
    """A project whose manifests are in `app`, and a Dockerfile elsewhere that copies its context; the Dockerfile."""
    (directory / "app").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (directory / "app" / name).write_text("{}\n")
    path = directory / dockerfile
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("FROM node:20-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n")
    return path


@case
def the_builds_of_workflows_say_what_a_mount_is_worth(directory):
    hosted = "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: docker/setup-buildx-action@v3\n      with: {driver: docker-container}\n" \
             "    - uses: docker/build-push-action@v6\n      with: {context: app, file: app/Dockerfile}\n"
    forms = {"hosted": (hosted, True), "list": (hosted.replace("ubuntu-latest", "[windows-2022]"), True),
             "own": (hosted.replace("ubuntu-latest", "self-hosted"), False), "labels": (hosted.replace("ubuntu-latest", "[self-hosted, ubuntu-22.04]"), False),
             "unknown": (hosted.replace("ubuntu-latest", "${{ matrix.os }}"), False), "remote": (hosted.replace("docker-container", "remote"), False),
             "kept": (hosted.replace("    - uses: docker/build", "    - uses: reproducible-containers/buildkit-cache-dance@v3\n    - uses: docker/build"), False)}
    for name, (workflow, empty) in forms.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        (root / ".github/workflows").mkdir(parents=True)
        (root / ".github/workflows/ci.yml").write_text(workflow)
        node_project(root, "app/Dockerfile")
        answer = run("lint", "--no-config", "--select", "missing-cache-mount", root).stdout.decode()
        assert (": warning: `npm`" in answer) != empty, (name, answer)
        # Somebody who builds it elsewhere keeps the mount.
        assert b"--mount=type=cache" in run("optimize", "--no-config", root / "app/Dockerfile").stdout
        (root / "compose.yaml").write_text("services:\n  a: {build: app}\n")
        assert b": warning: `npm`" in run("lint", "--no-config", "--select", "missing-cache-mount", root).stdout


@case
def builds_whose_paths_are_expressions_are_known_by_their_values(directory):
    """`file: ${{ … }}` with the values of a matrix, or with what another workflow of the repository passes."""
    build = "    - uses: docker/build-push-action@v6\n      with: {context: app, file: %s}\n"
    job = "  b:\n    runs-on: ubuntu-latest\n%s    steps:\n"
    matrix = "    strategy: {matrix: {%s}}\n"
    called = "on:\n  workflow_call:\n    inputs:\n      dockerfile: {type: string}\njobs:\n" + job % ""
    between = "on:\n  workflow_call:\n    inputs:\n      file: {type: string}\njobs:\n  b:\n    uses: ./.github/workflows/build.yml\n    with: {dockerfile: '${{ inputs.file }}'}\n"
    call = "on: push\njobs:\n  c:\n    uses: ./.github/workflows/%s.yml\n    with: {%s: app/Dockerfile}\n"
    service = build % "'./${{ matrix.service }}/Dockerfile'"
    script = "    - run: docker build -f \"${{ inputs.dockerfile }}\" app\n"
    forms = {"list": ({"ci": "jobs:\n" + job % (matrix % "service: [web, app]") + service}, True),
             "include": ({"ci": "jobs:\n" + job % (matrix % "include: [{service: app, port: 1}]") + service}, True),
             "map": ({"ci": "jobs:\n" + job % (matrix % "image: [{file: app/Dockerfile}]") + build % "'${{ matrix.image.file }}'"}, True),
             "excluded": ({"ci": "jobs:\n" + job % (matrix % "service: [web, app], exclude: [{service: app}]") + service}, False),
             "other": ({"ci": "jobs:\n" + job % (matrix % "service: [web]") + service}, False),
             "unknown": ({"ci": "jobs:\n" + job % (matrix % "service: '${{ fromJson(inputs.all) }}'") + service}, True),
             "unknown-matrix": ({"ci": "jobs:\n" + job % "    strategy: {matrix: '${{ fromJson(inputs.all) }}'}\n" + service}, True),
             "unknown-context": ({"ci": "jobs:\n" + job % "" + "    - uses: docker/build-push-action@v6\n      with: {context: '${{ inputs.service }}'}\n"}, True),
             "unknown-part": ({"ci": "jobs:\n" + job % "" + build % "'${{ inputs.service }}pp/Dockerfile'"}, False),
             "unknown-file": ({"ci": "jobs:\n" + job % "" + build % "'${{ inputs.file }}'"}, False),
             "own-machine": ({"ci": ("jobs:\n" + job % (matrix % "service: [app]") + service).replace("ubuntu-latest", "self-hosted")}, False),
             "matrix-in-script": ({"ci": "jobs:\n" + job % (matrix % "service: [app]") + "    - run: cd ${{ matrix.service }} && docker build .\n"}, True),
             "environment": ({"ci": "env: {FILE: app/Dockerfile}\njobs:\n" + job % "" + build % "'${{ env.FILE }}'"}, True),
             "workspace": ({"ci": "jobs:\n" + job % "" + build.replace("app,", "'${{ github.workspace }}/app',") % "'${{ github.workspace }}/app/Dockerfile'"}, True),
             "called": ({"build": called + build % "'${{ inputs.dockerfile }}'", "ci": call % ("build", "dockerfile")}, True),
             "called-script": ({"build": called + script, "ci": call % ("build", "dockerfile")}, True),
             "called-twice": ({"build": called + script, "between": between, "ci": call % ("between", "file")}, True),
             "called-by-itself": ({"build": called + script + "  c:\n    uses: ./.github/workflows/build.yml\n    with: {dockerfile: '${{ inputs.dockerfile }}'}\n"}, False),
             "default": ({"build": called.replace("string}", "string, default: app/Dockerfile}") + script, "ci": (call % ("build", "x"))}, True),
             "not-called": ({"build": called + script}, False),
             "publication": ({"ci": "jobs:\n" + job % "" + "    - uses: elgohr/Publish-Docker-Github-Action@v5\n      with: {name: me/x, workdir: app}\n"}, True)}
    for name, (workflows, empty) in forms.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        (root / ".github/workflows").mkdir(parents=True)
        for file, text in workflows.items():
            (root / f".github/workflows/{file}.yml").write_text(text)
        node_project(root, "app/Dockerfile")
        answer = run("lint", "--no-config", "--select", "missing-cache-mount", root / "app/Dockerfile").stdout.decode()
        assert (": warning: `npm`" in answer) != empty, (name, answer)


@case
def a_compose_file_for_ci_and_a_deployment_are_builds_of_hosted_runners(directory):
    deploys = "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - run: bin/kamal deploy --version=$GITHUB_SHA\n"
    service = "services:\n  a:\n    build: .\n"
    for name, (path, text, empty) in {"kamal": (".github/workflows/deploy.yml", deploys, True), "kamal-logs": (".github/workflows/deploy.yml", deploys.replace("deploy --", "app logs --"), False),
                                      "ci": ("docker-compose.ci.yaml", service, True), "city": ("docker-compose.city.yaml", service, False)}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        (root / ".github/workflows").mkdir(parents=True)
        (root / path).write_text(text)
        node_project(root, "Dockerfile")
        answer = run("lint", "--no-config", "--select", "missing-cache-mount", root / "Dockerfile").stdout
        assert (b": warning: `npm`" in answer) != empty, (name, answer)


@case
def an_image_that_the_project_builds_itself_needs_no_pin(directory):
    (directory / ".git").mkdir()
    (directory / "base").mkdir()
    (directory / "base/Dockerfile").write_text("FROM debian:12\n")
    (directory / "a").write_text("1")
    (directory / "compose.yaml").write_text("services:\n  base: {build: base, image: example.org/shop-base}\n  db: {build: base, image: postgres}\n")
    for base, pinned in {"example.org/shop-base": False, "example.org/other-base": True, "postgres": True}.items():
        (directory / "Dockerfile").write_text(f"FROM {base}\nCOPY a /a\n")
        answer = run("lint", "--no-config", "--select", "unpinned-base-image", directory / "Dockerfile").stdout
        assert (b"has no tag" in answer) == pinned, (base, answer)


@case
def an_ignore_file_that_no_builder_reads_is_named(directory):
    (directory / ".git").mkdir()
    (directory / "docker").mkdir()
    (directory / "docker/.dockerignore").write_text("node_modules\n")
    (directory / "docker/Dockerfile").write_text("FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\nCMD [\"node\", \"a.js\"]\n")
    (directory / "compose.yaml").write_text("services:\n  web:\n    build: {context: ., dockerfile: docker/Dockerfile}\n")
    for name, text in {"package.json": "{}", ".gitignore": "node_modules\n", "a.js": "1"}.items():
        (directory / name).write_text(text)
    lint = ("lint", "--no-config", "--select", "unignored-context-files", directory / "docker/Dockerfile")
    answer = run(*lint).stdout.decode()
    assert "docker/.dockerignore` is not read, because it is not in the build context" in answer, answer
    (directory / "docker/Dockerfile.dockerignore").write_text(".git\n")
    answer = run(*lint).stdout.decode()
    assert "node_modules" in answer and "is not read" not in answer, answer


@case
def signals_and_size_do_not_matter_where_the_source_is_mounted(directory):
    text = "FROM php:8.3-fpm\nRUN apt-get update && apt-get install -y libicu-dev g++ && docker-php-ext-install intl\nWORKDIR /srv/app\nCOPY . .\nCMD php-fpm\n"
    service = "services:\n  a:\n    build: .\n    volumes:\n"
    for name, (volumes, silent) in {"whole": ("    - .:/srv/app\n", True), "above": ("    - ./:/srv:cached\n", True), "variable": ("    - ${PWD}:/srv/app\n", True),
                                    "map": ("    - {type: bind, source: ., target: /srv/app/}\n", True), "part": ("    - ./config:/srv/app\n", False),
                                    "entry": ("    - ./entrypoint.sh:/srv/app/entrypoint.sh\n", True), "parts": ("    - ./hat:/srv/app/hat\n    - ./data:/srv/app/data\n", True),
                                    "data": ("    - ./data:/srv/app/data\n", False), "settings": ("    - ./config:/srv/app/config\n    - ./a.php:/srv/app/a.php\n", False),
                                    "another": ("    - ./hat:/srv/app/cat\n", False), "outside": ("    - ./hat:/other/hat\n", False),
                                    "elsewhere": ("    - .:/srv/app/data\n", False), "named": ("    - data:/srv/app\n", False),
                                    "two": ("    - .:/srv/app\n  b:\n    build: .\n", False)}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        for path in ("hat/lib/a.php", "data/a.csv", "config/a.php", "a.php", "entrypoint.sh"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("")
        (root / "compose.yaml").write_text(service + volumes)
        (root / "Dockerfile").write_text(text)
        answer = run("lint", "--no-config", "--select", "shell-form-command,build-tools-in-final-image", root / "Dockerfile").stdout
        assert (b"shell-form-command" not in answer and b"build-tools" not in answer) == silent, (name, answer)
        assert b"JSONArgsRecommended" in run("lint", "--no-config", "--select", "buildkit", root / "Dockerfile").stdout


@case
def maven_gets_a_layer_where_only_layers_are_kept(directory):
    """And elsewhere a mount, with which a layer would save nothing."""
    build = "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: ., cache-from: type=gha, cache-to: 'type=gha,mode=max'}\n"
    text = "FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\nFROM eclipse-temurin:21-jre\n" \
           "COPY --from=build /app/target/a.jar /a.jar\nCMD [\"java\", \"-jar\", \"/a.jar\"]\n"
    for name, (workflow, arguments, layer, mount) in {"layers": (build, [], True, False), "nothing": (build.replace(", cache-from: type=gha", ""), [], False, True),
                                                      "ephemeral": (None, ["--cache", "ephemeral"], True, False), "kaniko": (None, ["--builder", "kaniko"], True, False),
                                                      "persistent": (None, [], False, True)}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        (root / ".github/workflows").mkdir(parents=True)
        if workflow:
            (root / ".github/workflows/ci.yml").write_text(workflow)
        (root / "Dockerfile").write_text(text)
        (root / "pom.xml").write_text("<project><artifactId>a</artifactId></project>\n")
        answer = run("optimize", "--no-config", *arguments, root / "Dockerfile").stdout.decode()
        assert ("+RUN mvn -B -fn dependency:resolve dependency:resolve-plugins" in answer) == layer, (name, answer)
        assert ("+RUN --mount=type=cache,target=/root/.m2/repository" in answer) == mount, (name, answer)


@case
def a_failure_that_the_script_passes_over_does_not_end_the_build(directory):
    (directory / "src").mkdir()
    (directory / "src/main.rs").write_text("fn main() {}\n")
    (directory / "Cargo.toml").write_text('[package]\nname = "a"\nversion = "0.1.0"\nedition = "2024"\n')
    for command, ends in {"cargo build": True, "cargo build; echo done": False, "set -e; cargo build; echo done": True, "cargo build && echo done": True, "cargo build && echo done; true": False}.items():
        (directory / "Dockerfile").write_text(f"FROM rust:1.84\nWORKDIR /a\nCOPY . .\nRUN {command}\n")
        assert b"so Cargo stops here" in run("lint", "--no-config", "--shellcheck", "off", directory / "Dockerfile").stdout, command
        answer = run("optimize", "--no-config", directory / "Dockerfile").stdout.decode()
        assert ("the build fails:" in answer.lower()) == ends, (command, answer)


@case
def a_layer_that_a_workflow_keeps_is_not_emptied(directory):
    build = "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: ., cache-from: type=gha, cache-to: 'type=gha,mode=max'}\n"
    text = "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /a\nFROM debian:12-slim\n" \
           "COPY --from=build /a /a\nCMD [\"/a\"]\n"
    for name, (workflow, kept) in {"layers": (build, True), "nothing": (build.replace(", cache-from: type=gha", ""), False),
                                     "command": ("jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - run: docker build .\n", False),
                                     "option": ("jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - run: docker buildx build --cache-from=type=gha .\n", True)}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        (root / ".github/workflows").mkdir(parents=True)
        (root / ".github/workflows/ci.yml").write_text(workflow)
        (root / "Dockerfile").write_text(text)
        for manifest in ("go.mod", "go.sum", "main.go"):
            (root / manifest).write_text("module example.org/a\n" if manifest == "go.mod" else "")
        answer = run("optimize", "--no-config", root / "Dockerfile").stdout.decode()
        assert ("fetches layers of earlier builds, or will" in answer) == kept and ("target=/go/pkg/mod" in answer) != kept, (name, answer)
        # No layer has what the only build compiles; what another build has compiled, one may have.
        assert ("+RUN --mount=type=cache,target=/root/.cache/go-build \\\n" in answer) == kept, (name, answer)
        for builds, alone in {"RUN go install std\nCOPY b ./\nRUN go build": False, "RUN go build ./b\nRUN go build": True, "RUN go build ./b && cp -r /root/.cache/go-build /b\nRUN go build": False}.items():
            (root / "Dockerfile").write_text(text.replace("RUN go build", builds))
            answer = run("optimize", "--no-config", root / "Dockerfile").stdout.decode()
            mounts = answer.count("+RUN --mount=type=cache,target=/root/.cache/go-build \\\n")
            assert mounts == (2 if alone else 0) or not kept, (name, builds, answer)
        # No layer has what an earlier RUN has downloaded into a mount.
        (root / "Dockerfile").write_text(text.replace("RUN go mod", "RUN --mount=type=cache,target=/go/pkg/mod go mod"))
        answer = run("optimize", "--no-config", root / "Dockerfile").stdout.decode()
        assert "+RUN --mount=type=cache,target=/go/pkg/mod \\\n+    --mount=type=cache,target=/root/.cache/go-build \\\n" in answer, (name, answer)


@case
def layers_that_other_files_carry_are_not_emptied(directory):
    """A bake file, a Compose file, a script: what sends layers to where it fetches them is meant for machines that keep nothing."""
    workflow = "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: docker/setup-buildx-action@v3\n    - %s\n"
    bake, cached = 'target "default" {\n  context = "."\n%s}\n', '  cache-from = ["type=gha"]\n  cache-to = ["type=gha,mode=max"]\n'
    registry = "docker buildx build --cache-from type=registry,ref=x/y:c --cache-to type=registry,ref=x/y:c,mode=max --push -t x/y .\n"
    compose = "services:\n  a:\n    build:\n      context: .\n      cache_from: ['%s']\n      cache_to: ['%s']\n"
    gitlab = "build:\n  services: [docker:27%s]\n  script:\n  - docker build --cache-from x/y:latest --build-arg BUILDKIT_INLINE_CACHE=1 -t x/y:latest .\n"
    action = "uses: docker/bake-action@v5\n      with: {set: '%s'}"
    kept = {"bake": {"docker-bake.hcl": bake % cached},
            "action": {"docker-bake.hcl": bake % "", ".github/workflows/ci.yml": workflow % (action % "*.cache-from=type=gha")},
            "command": {"docker-bake.hcl": bake % "", ".github/workflows/ci.yml": workflow % "run: docker buildx bake --set '*.cache-from=type=gha'"},
            "compose": {"compose.yaml": compose % ("type=registry,ref=x/y:c", "type=registry,ref=x/y:c")},
            "make": {"Makefile": "image:\n\t" + registry}, "script": {"scripts/build.sh": "#!/bin/sh\n" + registry}, "dind": {".gitlab-ci.yml": gitlab % "-dind"}}
    others = {"local": {"compose.yaml": compose % ("type=local,src=c", "type=local,dest=c")}, "fetched": {"Makefile": "image:\n\tdocker build --cache-from x/y:c .\n"},
              "sent": {"Makefile": "image:\n\tdocker buildx build --cache-to type=registry,ref=x/y:c .\n"}, "daemon": {".gitlab-ci.yml": gitlab % "-cli"},
              "tags": {"docker-bake.hcl": bake % "", ".github/workflows/ci.yml": workflow % (action % "*.tags=x/y")}}
    text = "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /a\nFROM debian:12-slim\n" \
           "COPY --from=build /a /a\nCMD [\"/a\"]\n"
    for name, files in {**kept, **others}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        for path, content in {"Dockerfile": text, "go.mod": "module example.org/a\n", "go.sum": "", "main.go": "", **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content)
        answer = run("optimize", "--no-config", root / "Dockerfile").stdout.decode()
        wanted = name in kept
        assert ("fetches layers of earlier builds, or will" in answer) == wanted and ("target=/go/pkg/mod" in answer) != wanted, (name, answer)


@case
def a_stage_that_a_build_stops_at_ships(directory):
    text = "FROM golang:1.22 AS dev\nCOPY .env /app/\nFROM dev AS build\nRUN go build -o /a\n" \
           "FROM debian:12-slim\nCOPY --from=build /a /a\nCMD [\"/a\"]\n"
    files = {"compose.yaml": "services:\n  a:\n    build: {context: ., target: Dev}\n",
             "docker-bake.hcl": "target \"a\" {\n  target = \"dev\"\n}\n",
             ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - run: docker build --target dev .\n",
             ".github/workflows/cd.yml": "jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: ., target: dev}\n"}
    for number, (name, build) in enumerate(files.items()):
        root = directory / str(number)
        (root / ".git").mkdir(parents=True)
        (root / "Dockerfile").write_text(text)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(build)
        (root / ".env").write_text("PASSWORD=Zx81kq\n")
        asked = ("lint", "--no-config", "--select", "copied-secret-file", root / "Dockerfile")
        shipped = run(*asked).stdout
        (root / name).unlink()
        assert b": warning: " in shipped and b": info: " in run(*asked).stdout, (name, shipped, run(*asked))
    compose = directory / "compose.yaml"
    compose.write_text("services:\n  inline:\n    build:\n      dockerfile_inline: |\n        FROM debian\n")
    assert b"the Dockerfile of `inline` stands in this file" in run("optimize", "--no-config", compose).stderr


@case
def files_of_the_repository_name_the_context(directory):
    bake = "# images\nvariable \"TAG\" {\n  default = \"a\"\n}\ntarget \"base\" {\n  context = \"app\"\n}\ntarget \"web\" {\n  inherits = [\"base\"]\n" \
           "  dockerfile = \"../docker/web.Dockerfile\"\n  args = {\n    A = TAG\n  }\n}\n"
    files = {"compose.yaml": "services:\n  web:\n    build: {context: app, dockerfile: ../docker/web.Dockerfile}\n",
             "deploy/docker-compose.yml": "services:\n  web:\n    build: {context: ../app, dockerfile: ../docker/web.Dockerfile}\n",
             "docker-bake.hcl": bake,
             "docker/docker-bake.json": json.dumps({"target": {"web": {"context": "app", "dockerfile": "../docker/web.Dockerfile"}}}),
             ".devcontainer/devcontainer.json": "{\n  // the web\n  \"build\": {\"dockerfile\": \"../docker/web.Dockerfile\", \"context\": \"../app\",},\n}\n",
             ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - run: |\n        cd docker\n        docker buildx build --push -t a:${{ github.sha }} --build-arg A=1 -f web.Dockerfile ../app\n",
             ".github/workflows/cd.yml": "jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: app, file: docker/web.Dockerfile}\n"}
    for number, (name, text) in enumerate(files.items()):
        root = directory / str(number)
        (root / ".git").mkdir(parents=True)
        path = node_project(root, "docker/web.Dockerfile")
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        answer = run("optimize", "--no-config", path).stdout.decode()
        assert f"Build context: `{root / 'app'}` ({root / name}:" in answer and "names it" in answer, (name, answer)
        assert "+COPY package.json package-lock.json ./" in answer and "[source-copied-before-dependencies, safe]" in answer, (name, answer)
        (root / name).unlink()
        # Nothing else has package.json, so nothing is known of the context and nothing is refused for it.
        answer = run("optimize", "--no-config", path).stdout.decode()
        assert "Build context" not in answer and "[source-copied-before-dependencies, conditional]" in answer, answer


@case
def a_guessed_context_has_what_the_tools_need_and_makes_nothing_safe(directory):
    (directory / ".git").mkdir()
    path = directory / "services/web/Dockerfile"
    path.parent.mkdir(parents=True)
    path.write_text("FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nWORKDIR /app/services/web\nRUN dotnet restore\nRUN dotnet publish -o out\n"
                    "CMD [\"dotnet\", \"out/web.dll\"]\n")
    (path.parent / "web.csproj").write_text("<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>\n")
    (directory / ".dockerignore").write_text("**/*.md\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert f"Build context: `{directory}` (a guess:" in answer and "+COPY services/web/web.csproj /app/services/web/" in answer, answer
    assert "[source-copied-before-dependencies, conditional]" in answer and "assuming build-context:" in answer, answer
    answer = run("optimize", "--no-config", "--context", directory, path).stdout.decode()
    assert "[source-copied-before-dependencies, safe]" in answer and "Build context" not in answer, answer
    assert run("lint", "--no-config", "--fix", path).returncode == 1 and b"COPY services" not in path.read_bytes()


@case
def a_package_without_lock_file_is_built_with_its_workspace(directory):
    path = node_project(directory, "app/Dockerfile")
    (directory / "package.json").write_text("{\"workspaces\": [\"app\"]}\n")
    assert f"`{directory / 'app'}` (a guess:" in run("optimize", "--no-config", path).stdout.decode()
    (directory / "app/package-lock.json").unlink()
    assert f"`{directory}` (a guess:" in run("optimize", "--no-config", path).stdout.decode()


@case
def a_script_that_a_run_starts_tells_where_the_context_is(directory):
    (directory / ".git").mkdir()
    (directory / "deploy").mkdir()
    (directory / "requirements.txt").write_text("flask==3.0.0\n")
    (directory / "setup.sh").write_text("#!/bin/sh\nset -e\npip install -r requirements.txt\nfrobnicate\n")
    (directory / "Makefile").write_text("all:\n\tpip install -r requirements.txt\n")
    path = directory / "deploy/Dockerfile"
    for start in "sh setup.sh", "chmod +x setup.sh && ./setup.sh", "make":
        path.write_text(f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {start}\nCMD [\"python\", \"a.py\"]\n")
        assert b"runs `pip`" in run("lint", "--no-config", path).stdout or start != "make", start
        answer = run("optimize", "--no-config", path).stdout.decode()
        assert start == "make" or "`frobnicate` in `setup.sh:4` is not known" in answer, (start, answer)
    # What an earlier command may bring does not.
    path.write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install -g a\nRUN ./node_modules/.bin/b && curl -o c.sh https://example.org/c && sh c.sh\n")
    assert "although" not in run("optimize", "--no-config", path).stdout.decode()


@case
def a_project_without_manifest_gets_no_copy_of_it(directory):
    path = directory / "Dockerfile"
    path.write_text("FROM golang:1.20\nWORKDIR /app\nCOPY . .\nRUN go build -o app main.go\nCMD [\"./app\"]\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert "+COPY go.mod go.sum* ./" in answer and "assuming manifest-in-context: the build context contains `go.mod`" in answer, answer
    (directory / "main.go").write_text("package main\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert f"`{directory}` (a guess:" in answer and "go.mod" not in answer, answer
    # What lies above need not belong to it.
    (directory / "below").mkdir()
    (directory / "below/Dockerfile").write_text(path.read_text())
    assert "Build context" not in run("optimize", "--no-config", directory / "below/Dockerfile").stdout.decode()
    # Another directory may be meant, but nothing says so.
    (directory / "other").mkdir()
    (directory / "other/go.mod").write_text("module other\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert f"`{directory}` (a guess:" in answer and "go.mod" not in answer, answer
    path.write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN yarn install\nCMD [\"node\", \"a.js\"]\n")
    (directory / "a.js").write_text("\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert f"`{directory}` (a guess:" in answer and "+COPY package.json" not in answer, answer


@case
def a_copied_lock_alone_does_not_hide_the_context(directory):
    path = node_project(directory, "app/Dockerfile")
    path.write_text("FROM node:20\nWORKDIR /a\nCOPY pnpm-lock.yaml ./\nRUN pnpm fetch\nCOPY . .\nRUN pnpm i --frozen-lockfile\nRUN pnpm -r build\n"
                    "CMD [\"node\", \"a.js\"]\n")
    (directory / "app/pnpm-lock.yaml").write_text("lockfileVersion: '9.0'\n")
    assert f"`{directory / 'app'}` (a guess:" in run("optimize", "--no-config", path).stdout.decode()
    (directory / "app/packages/a").mkdir(parents=True)
    (directory / "app/packages/a/package.json").write_text("{}\n")
    (directory / "app/pnpm-workspace.yaml").write_text("packages: ['packages/*', \"apps/*\"]\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert "+COPY package.json package-lock.json" not in answer and "+COPY packages/a/package.json ./packages/a/\n" in answer, answer
    (directory / "app/pnpm-workspace.yaml").write_text("packages: [a,\n  b]\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert "+COPY package.json" not in answer and "the packages of pnpm-workspace.yaml could not be read" in answer, answer
    (directory / "app/pnpm-workspace.yaml").write_text("packages: ['packages/*']\npatchedDependencies:\n  a: patches/a.patch\n")
    answer = run("optimize", "--no-config", path).stdout.decode()
    assert "+COPY package.json" not in answer, answer
    answer = run("optimize", "--no-config", "-", stdin=path.read_bytes()).stdout.decode()
    assert "+COPY package.json" not in answer and "packages of a workspace" in answer, answer


@case
def an_ignore_file_does_not_decide_which_context_it_is(directory):
    path = node_project(directory, "app/Dockerfile")
    path.write_text(path.read_text().replace("COPY . .", "COPY README.md ./\nCOPY . ."))
    (directory / "app/README.md").write_text("\n")
    (directory / "app/.dockerignore").write_text("*.md\n!docs/*.md\n")
    assert b"\"README.md\" that is excluded by .dockerignore" in run("lint", "--no-config", "--shellcheck", "off", path).stdout


@case
def a_rewrite_holds_in_every_context(directory):
    path = node_project(directory, "web.Dockerfile")
    (directory / "other").mkdir()
    for name in ("package.json", "package-lock.json"):
        (directory / "other" / name).write_text("{}\n")
    compose = directory / "compose.yaml"
    compose.write_text("services:\n" + "".join(f"  {name}:\n    build: {{context: {name}, dockerfile: ../web.Dockerfile}}\n" for name in ("app", "other")))
    for operand in (path, compose):
        answer = run("optimize", "--no-config", operand).stdout.decode()
        assert "+COPY package.json package-lock.json ./" in answer and answer.count("Build context: ") == 2, answer
    (directory / "other/package.json").write_text("{\"scripts\": {\"postinstall\": \"node patch.js\"}}\n")
    for operand in (path, compose):
        answer = run("optimize", "--no-config", operand).stdout.decode()
        assert "+COPY package.json" not in answer and f"the file is built with the context `{directory / 'other'}` too ({compose}:4 names it), and there" in answer, answer


@case
def a_compose_file_that_adds_to_another_takes_the_rest_from_there(directory):
    path = node_project(directory, "docker/web.Dockerfile")
    (directory / "docker-compose.base.yml").write_text("services:\n  web:\n    build: {context: app, dockerfile: ../docker/web.Dockerfile}\n")
    addition = directory / "docker-compose.prod.yml"
    addition.write_text("services:\n  web:\n    build:\n      args: {A: b}\n")
    result = run("optimize", "--no-config", addition)
    assert result.returncode == 1 and b"+COPY package.json" in result.stdout and b"no such file" not in result.stderr, result


RUST = "FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/a\"]\n"
# What a Compose file says of the service `a` that builds `.`, and a part of the answer.
STARTS = [
    ("    command: cargo run --release\n", "`cargo`, which compose.yaml:4 starts, needs the downloaded packages in the image"),
    ("    command: cargo test\n", "`cargo`, which compose.yaml:4 starts, may not be in the runtime image"),
    ("    entrypoint: [\"sh\", \"-c\", \"cd /app && cargo $$ARGS\"]\n", "`cargo`, which compose.yaml:4 starts, may not be"),
    ("    image: mine\n  b:\n    image: mine\n    command: [\"cargo\", \"bench\"]\n", "`cargo`, which compose.yaml:7 starts"),
    ("  b:\n    image: other\n    command: [\"cargo\", \"bench\"]\n", "+FROM debian:bookworm-slim"),
    ("    command: ./target/release/a --port 80\n", "+FROM debian:bookworm-slim"),
    ("    healthcheck:\n      test: curl -f http://localhost\n", "--no-install-recommends ca-certificates curl"),
    ("    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost\"]\n", "--no-install-recommends ca-certificates curl"),
    ("    healthcheck:\n      test: [\"NONE\"]\n", "+FROM debian:bookworm-slim"),
    # Compose takes the lines of a text for one command line.
    ("    command: |\n      ./target/release/a\n      --port 80\n", "+FROM debian:bookworm-slim"),
    ("    command: |\n      ./target/release/a\n        \"--port\n      80\"\n", "+FROM debian:bookworm-slim"),
    ("    post_start:\n      - command: cargo run\n", "`cargo`, which compose.yaml:5 starts"),
    ("    pre_stop:\n      - user: root\n        command: [\"cargo\", \"clean\"]\n", "`cargo`, which compose.yaml:5 starts"),
    ("    extends: b\n  b:\n    image: c\n    command: cargo run\n", "`cargo`, which compose.yaml:7 starts"),
    ("    extends: {service: b}\n  b:\n    extends: c\n  c:\n    image: c\n    entrypoint: [\"cargo\", \"run\"]\n", "`cargo`, which compose.yaml:9 starts"),
    ("    extends: {file: common.yaml, service: b}\n", "what `compose.yaml:4` starts in the image is not known"),
]


@case
def what_compose_files_start_is_kept(directory):
    (directory / ".git").mkdir()
    (directory / "src").mkdir()
    (directory / "Dockerfile").write_text(RUST)
    (directory / "src/main.rs").write_text("fn main() {}\n")
    (directory / "Cargo.toml").write_text("[package]\nname = \"a\"\nversion = \"0.1.0\"\n")
    (directory / "Cargo.lock").write_text("")
    compose = directory / "compose.yaml"
    answer = lambda *options: run("optimize", "--no-config", *options, "Dockerfile", cwd=directory).stdout.decode()
    for text, expected in STARTS:
        compose.write_text("services:\n  a:\n    build: .\n" + text)
        assert expected in answer() and ("FROM debian" in answer("--context", ".")) == ("FROM debian" in answer()), (text, answer())
    # In another file, and merged in.
    compose.write_text("services:\n  a:\n    build: .\n")
    (directory / "compose.dev.yaml").write_text("services:\n  a:\n    command: cargo run\n")
    assert "`cargo`, which compose.dev.yaml:3 starts" in answer(), answer()
    (directory / "compose.dev.yaml").unlink()
    compose.write_text("x-a: &a\n  build: .\n  command: cargo run\nservices:\n  a:\n    <<: *a\n    ports: [\"1:1\"]\n")
    assert "`cargo`, which compose.yaml:3 starts" in answer(), answer()
    compose.unlink()
    (directory / ".devcontainer").mkdir()
    (directory / ".devcontainer/devcontainer.json").write_text("{\"build\": {\"dockerfile\": \"../Dockerfile\", \"context\": \"..\"}}\n")
    assert "starts in the image is not known" in answer(), answer()


@case
def a_compose_file_starts_files_that_the_build_made(directory):
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"node\", \"dist/a.js\"]\n")
    (directory / "package.json").write_text(json.dumps({"scripts": {"build": "tsc", "dev": "ts-node src/a.ts"}}))
    (directory / "package-lock.json").write_text("{}\n")
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": {"outDir": "dist"}}))
    for command, expected in (("node dist/b.js", "+FROM node:20-slim"), ("sh /opt/b/run.sh", "`/opt/b/run.sh`, which the container runs, is not"),
                              ("npm run dev", "development dependencies stay in the image, because what the container runs may need them")):
        (directory / "compose.yaml").write_text(f"services:\n  a:\n    build: .\n    command: {command}\n")
        answer = run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
        assert expected in answer, (command, answer)


@case
def hosting_services_start_programs_too(directory):
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"node\", \"dist/a.js\"]\n")
    (directory / "package.json").write_text(json.dumps({"scripts": {"build": "tsc", "migrate": "ts-node src/migrate.ts"}, "devDependencies": {"ts-node": "10"}}))
    (directory / "package-lock.json").write_text("{}\n")
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": {"outDir": "dist"}}))
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    assert "npm prune" in answer()
    for name, text in (("fly.toml", "app = 'a'\n[deploy]\n  release_command = \"npm run migrate\"\n"),
                       ("fly.toml", "[processes]\nworker = 'npm run migrate'\n"),
                       ("Procfile", "web: node dist/a.js\nrelease: npm run migrate\n"),
                       ("heroku.yml", "build:\n  docker:\n    web: Dockerfile\nrelease:\n  image: web\n  command:\n    - npm run migrate\nrun:\n  web: npm run migrate\n"),
                       ("render.yaml", "services:\n  - type: web\n    preDeployCommand: npm run migrate\n"),
                       ("railway.json", "{\n  \"deploy\": {\n    \"startCommand\": [\"npm\", \"run\", \"migrate\"],\n  }\n}\n")):
        (directory / name).write_text(text)
        assert "npm prune" not in answer() and "+FROM node:20-slim" in answer(), (text, answer())
        (directory / name).unlink()
    (directory / "fly.toml").write_text("[env]\nMIGRATE = 'npm run migrate'\n[[vm]]\nsize = 'small'\n")
    assert "npm prune" in answer()


@case
def scripts_and_deployments_run_programs_in_the_image(directory):
    (directory / ".git").mkdir()
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"node\", \"dist/a.js\"]\n")
    (directory / "package-lock.json").write_text("{}\n")
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": {"outDir": "dist"}}))
    package = {"scripts": {"build": "tsc", "test": "jest"}, "devDependencies": {"jest": "29"}}
    (directory / "package.json").write_text(json.dumps(package))
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    workflow = lambda *steps: "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + "".join(f"      - {step}\n" for step in steps)
    pod = "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: ghcr.io/me/%s:1.2\n    command: [npm]\n    args: [test]\n"
    make = "NAME ?= shop\nTAG := $(shell git describe)\nbuild:\n\tdocker build -t $(NAME):$(TAG) .\n"
    kept = (
        {".github/workflows/a.yml": workflow("run: docker build -t x .", "run: docker run --rm -e A=b x:latest npm test")},
        {".github/workflows/a.yml": workflow("uses: docker/build-push-action@v6\n        with: {load: true, tags: 'a/b,me/x:${{ github.sha }}'}",
                                             "run: |\n          set -e\n          docker run me/x:${{ github.sha }} npm test")},
        {"Makefile": make + "test: build\n\t@docker run --rm -it \\\n\t  $(NAME):$(TAG) npm test\n"},
        {"Makefile": make, "k8s/job.yaml": "kind: Service\n---\n" + pod % "shop"},
        {"Makefile": make, "k8s/job.yaml": pod % "other"},  # the only Dockerfile of the project
        {"package.json": json.dumps({**package, "scripts": {**package["scripts"], "image": "docker build -t x .", "check": "docker run x npm test"}})},
        {"compose.yaml": "services:\n  web: {build: .}\n", "scripts/test.sh": "#!/bin/sh\ndocker compose -f compose.yaml run --rm web npm test\n"},
        {"compose.yaml": "services:\n  web: {build: ., image: shop}\n", ".gitlab-ci.yml": "test:\n  image: registry/shop:$CI_COMMIT_SHA\n  script:\n    - npm test\n"},
        {"run.sh": f"docker run -d --entrypoint npm {directory.name} test\n"},
    )
    dropped = (
        {".github/workflows/a.yml": workflow("run: docker build -t x .", "run: docker run node:20 npm test")},
        {"Makefile": make + "test:\n\tdocker run -it $(NAME):$(TAG) bash\n\tdocker run -e MODE=npm $(NAME)\n"},
        {"Makefile": make, "k8s/job.yaml": pod % "other", "other/Dockerfile": "FROM other\n"},
        {"Makefile": make, "k8s/job.yaml": pod.replace("ghcr.io/me/%s", "bitnami/kafka")},
        {"compose.yaml": "services:\n  web: {build: .}\n", "test.sh": "docker compose run db npm test\n"},
    )
    for expected, sets in ((False, kept), (True, dropped)):
        for files in sets:
            for name, text in files.items():
                (directory / name).parent.mkdir(parents=True, exist_ok=True)
                (directory / name).write_text(text)
            assert ("npm prune" in answer()) == expected and "+FROM node:20-slim" in answer(), (files, answer())
            for name in files:
                (directory / name).unlink()
            (directory / "package.json").write_text(json.dumps(package))
    compose = {"compose.yaml": "services:\n  web: {build: ., image: me/shop}\n"}
    whole = (
        {**compose, ".devcontainer/devcontainer.json": '{"dockerComposeFile": "../compose.yaml", "service": "web"}'},
        {**compose, "worker/Dockerfile": "FROM me/shop:1\nRUN make\n"},
        {**compose, "worker/Dockerfile": "FROM old_web\nRUN make\n"},
    )
    small = ({**compose, "worker/Dockerfile": "FROM node:20\nRUN make\n"}, {**compose, "worker/Dockerfile": "FROM other/shop\nRUN make\n"})
    for expected, sets in ((False, whole), (True, small)):
        for files in sets:
            for name, text in files.items():
                (directory / name).parent.mkdir(exist_ok=True)
                (directory / name).write_text(text)
            assert ("+FROM node:20-slim" in answer()) == expected, (files, answer())
            for name in files:
                (directory / name).unlink()
    (directory / ".github/workflows/a.yml").write_text(workflow("run: |\n          true\n          docker build .", "run: true"))
    assert "(.github/workflows/a.yml:8 names it)" in answer(), answer()
    (directory / ".github/workflows/a.yml").write_text(workflow("run: docker build ."))
    assert "(.github/workflows/a.yml:6 names it)" in answer(), answer()


@case
def cloud_build_takes_mounts_with_buildkit_alone(directory):
    step = "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, web, .]\n"
    for name, (text, mounts) in {"legacy": (step, False), "buildkit": (step + "  env: [DOCKER_BUILDKIT=1]\n", True)}.items():
        root = directory / name
        (root / ".git").mkdir(parents=True)
        node_project(root, "Dockerfile")
        (root / "cloudbuild.yaml").write_text(text)
        answer = run("optimize", "--no-config", root / "Dockerfile").stdout.decode()
        assert ("--mount=type=cache" in answer) == mounts and ("builds it without BuildKit" in answer) != mounts, (name, answer)


@case
def a_dockerfile_built_in_another_directory_on_a_hosted_runner_gets_no_mounts(directory):
    (directory / ".git").mkdir()
    (directory / ".github/workflows").mkdir(parents=True)
    (directory / "Dockerfile").write_text("FROM golang:1.24\nWORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /a .\nCMD [\"/a\"]\n")
    for name in ("go.mod", "go.sum", "main.go"):
        (directory / name).write_text("module a\n" if name == "go.mod" else "")
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    workflow = ("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with: {path: shop}\n"
                "      - uses: docker/build-push-action@v6\n        with: {context: ., file: shop/Dockerfile, cache-from: type=gha, cache-to: type=gha}\n")
    for text, mounts in ((workflow, False), (workflow.replace("ubuntu-latest", "self-hosted").replace("type=gha", "\"type=registry,ref=a/b\""), True)):
        (directory / ".github/workflows/a.yml").write_text(text)
        assert ("+RUN --mount=type=cache" in answer()) == mounts, answer()


@case
def what_is_said_of_a_context_is_said_once(directory):
    (directory / ".git").mkdir()
    for name in ("api", "web", "own"):
        (directory / name).mkdir()
        (directory / name / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n")
    for at in (directory, directory / "own"):
        (at / "node_modules").mkdir()
        for name in ("package.json", "package-lock.json"):
            (at / name).write_text("{}\n")
    (directory / "compose.yaml").write_text("services:\n" + "".join(f"  {name}: {{build: {{context: ., dockerfile: {name}/Dockerfile}}}}\n" for name in ("api", "web")))
    lint = lambda *arguments: json.loads(run("lint", "--no-config", "--format", "json", "--select", "unignored-context-files", *arguments, cwd=directory).stdout)["files"]
    assert [len(file["findings"]) for file in lint(".") if file["path"].endswith("Dockerfile")] == [1, 1, 0], lint(".")
    assert len(lint("web/Dockerfile")[0]["findings"]) == 1


@case
def every_add_of_a_file_is_one_finding(directory):
    (directory / "Dockerfile").write_text("FROM debian:12 AS a\nADD a /a\nADD b /b\nFROM debian:12\nADD c /c\nADD https://example.org/x /x\n")
    found = json.loads(run("lint", "--no-config", "--format", "json", "--select", "add-instead-of-copy", "Dockerfile", cwd=directory).stdout)["files"][0]["findings"]
    assert len(found) == 1 and len(found[0]["fixes"][0]["edits"]) == 3, found


@case
def extensions_for_mounted_source_are_for_developers(directory):
    (directory / ".git").mkdir()
    (directory / "php").mkdir()
    (directory / "src").mkdir()
    (directory / "php/Dockerfile").write_text("FROM php:8.3-fpm\nCOPY php.ini /usr/local/etc/php/\nRUN apt-get update && apt-get install -y libpq-dev && docker-php-ext-install pdo_pgsql\n")
    (directory / "php/php.ini").write_text("")
    lint = lambda: run("lint", "--no-config", "--select", "build-tools-in-final-image", "php/Dockerfile", cwd=directory).stdout.decode()
    for volumes, silent in (("[\"./src:/var/www\"]", True), ("[\"./php/php.ini:/usr/local/etc/php/php.ini\"]", False), ("[\"data:/var/www\"]", False)):
        (directory / "compose.yaml").write_text("services:\n  php:\n    build: ./php\n    volumes: " + volumes + "\n")
        assert ("build-tools-in-final-image" not in lint()) == silent, (volumes, lint())


@case
def a_habit_is_one_finding_in_every_format(directory):
    """Whatever can be done about each place."""
    (directory / "Dockerfile").write_text("FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists sudo apt-get update && apt-get install -y a=1 && rm -rf /var/lib/apt/lists/*\n"
                                          "RUN [\"sudo\", \"a\"]\nRUN --mount=type=cache,target=/var/lib/apt/lists sudo -E apt-get update && apt-get install -y b=1 && rm -rf /var/lib/apt/lists/*\n"
                                          "USER app\nRUN sudo b\n")
    def answer(form, *rules):
        return json.loads(run("lint", "--no-config", "--format", form, "--select", ",".join(rules), "Dockerfile", cwd=directory).stdout)
    for rule, lines, edits in (("sudo-in-run", [(2, [3, 4])], 2), ("cache-mount-defeated", [(2, [4])], 2)):
        found = answer("json", rule)["files"][0]["findings"]
        assert [(each["range"]["start"]["line"], [other["range"]["start"]["line"] for other in each.get("related", [])]) for each in found] == lines, found
        assert len(found[0]["fixes"][0]["edits"]) == edits, found
        assert [len(each.get("relatedLocations", [])) for each in answer("sarif", rule)["runs"][0]["results"]] == [len(lines[0][1])], rule
    (directory / "Dockerfile").write_text("FROM debian:12\nRUN [\"sudo\", \"a\"]\nRUN sudo a\n")
    found = answer("json", "sudo-in-run")["files"][0]["findings"]
    assert len(found) == 1 and len(found[0]["fixes"]) == 1 and "edits" in found[0]["fixes"][0], found
    (directory / "Dockerfile").write_text("FROM debian:12\nRUN [\"sudo\", \"a\"]\nRUN sh -c 'sudo a'\n")
    assert b"the command is inside a quoted string" in run("lint", "--no-config", "--select", "sudo-in-run", "Dockerfile", cwd=directory).stdout


@case
def railway_takes_no_mounts_without_an_id(directory):
    (directory / ".git").mkdir()
    (directory / "api").mkdir()
    (directory / "api/Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n")
    (directory / "api/package.json").write_text("{}\n")
    answer = lambda: run("optimize", "--no-config", "api/Dockerfile", cwd=directory).stdout.decode()
    assert "--mount=type=cache" in answer()
    for name, text in (("railway.toml", "[build]\n"), (".railwayignore", ".git\n"), ("docs/RAILWAY_SETUP.md", None), ("RAILWAY_SETUP.md", "# How\n"),
                       ("README.md", "It is at https://shop.up.railway.app\n"), (".github/workflows/a.yml", "on: push\njobs:\n  a:\n    steps:\n      - run: railway up\n"),
                       ("trains/railway.py", None), ("railway.py", None)):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text or "import railway\n")
        refused = "--mount=type=cache" not in answer() and f"{name}" in answer() and "is for Railway" in answer()
        assert refused == (text is not None), (name, answer())
        (directory / name).unlink()
    # An example in a remark of a script is no command.
    workflow = directory / ".github/workflows/a.yml"
    workflow.parent.mkdir(parents=True, exist_ok=True)
    workflow.write_text("on: push\njobs:\n  a:\n    steps:\n      - run: |\n          # railway up, for example\n          ./deploy.sh\n")
    assert "--mount=type=cache" in answer(), answer()
    workflow.unlink()
    # Where Railway builds without the Dockerfile, scripts that call it say nothing of that.
    (directory / "deploy.sh").write_text("railway up\n")
    assert "--mount=type=cache" not in answer()
    for settings in ("railway.toml", "api/railway.toml"):
        (directory / settings).write_text("[build]\nbuilder = \"NIXPACKS\"\n")
        assert "--mount=type=cache" in answer(), answer()
        (directory / settings).unlink()
    (directory / "deploy.sh").unlink()
    (directory / "web").mkdir()
    (directory / "web/Dockerfile").write_text("FROM scratch\n")
    named = lambda path: "[build]\ndockerfilePath = \"" + path + "\"\n"
    # Paths are those of the repository, or of the service's directory; one that is nowhere may be any below.
    for settings, text, refused in (
            ("railway.toml", named("api/Dockerfile"), True), ("railway.toml", named("web/Dockerfile"), False), ("railway.toml", named("gone/Dockerfile"), True),
            ("railway.toml", "[build]\nbuilder = \"NIXPACKS\"\n", False), ("api/railway.toml", named("./api/Dockerfile"), True), ("api/railway.toml", named("/api/Dockerfile"), True),
            ("api/railway.toml", named("Dockerfile"), True), ("api/railway.toml", named("web/Dockerfile"), False), ("web/railway.toml", named("web/Dockerfile"), False),
            ("api/railway.json", '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "api/Dockerfile"}}', True),
            ("deploy/railway.api.json", '{"build": {"dockerfilePath": "api/Dockerfile"}}', True), ("deploy/railway.api.json", '{"build": {"dockerfilePath": "web/Dockerfile"}}', False),
            ("railway.stations.json", '{"Paris": "Gare du Nord"}', False)):
        (directory / settings).parent.mkdir(exist_ok=True)
        (directory / settings).write_text(text)
        assert ("--mount=type=cache" not in answer()) == refused, (settings, text, answer())
        (directory / settings).unlink()
    (directory / "api/Dockerfile.railway").write_text((directory / "api/Dockerfile").read_text())
    assert "--mount=type=cache" in answer() and "--mount=type=cache" not in run("optimize", "--no-config", "api/Dockerfile.railway", cwd=directory).stdout.decode()
    (directory / "api/Dockerfile").write_text("# Railway sets PORT\n" + (directory / "api/Dockerfile").read_text())
    assert "api/Dockerfile:1` is for Railway" in answer(), answer()


@case
def fly_builds_what_compose_only_mounts(directory):
    (directory / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"index.js\"]\n")
    (directory / "package.json").write_text('{"dependencies": {"express": "4.21.2"}}\n')
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}\n')
    (directory / "index.js").write_text("\n")
    (directory / "compose.yaml").write_text("services:\n  a:\n    build: .\n    volumes: [\".:/app\"]\n")
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    assert "+FROM node:20-slim" not in answer() and "lays the source over" in answer(), answer()
    for settings, built in (("app = 'x'\n[build]\n", True), ("app = 'x'\n", True), ("app = 'x'\n[build]\ndockerfile = 'Dockerfile'\n", True),
                            ("app = 'x'\n[build]\nimage = 'flyio/hellofly'\n", False), ("app = 'x'\n[build]\nbuilder = 'paketobuildpacks/builder:base'\n", False)):
        (directory / "fly.toml").write_text(settings)
        assert ("+FROM node:20-slim" in answer()) == built, (settings, answer())


@case
def containers_get_variables_from_compose(directory):
    (directory / "Dockerfile").write_text("FROM golang:1.24-alpine\nWORKDIR /app\nCOPY . .\nRUN go build -o /bin/a .\nCMD [\"/bin/a\"]\n")
    (directory / "go.mod").write_text("module a\ngo 1.24\n")
    (directory / "main.go").write_text("package main\nfunc main() {}\n")
    (directory / "clock.env").write_text("A=1\nTZ=Europe/Berlin\n")
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    for setting, expected in (("environment: {TZ: Europe/Berlin}", True), ("environment: [A=1, TZ=UTC]", True), ("env_file: clock.env", True), ("environment: {A: TZ}", False)):
        (directory / "compose.yaml").write_text("services:\n  a:\n    build: .\n    " + setting + "\n")
        assert ("+RUN apk add --no-cache tzdata" in answer()) == expected and "+FROM alpine" in answer(), (setting, answer())


@case
def compose_may_name_places_of_a_jdk(directory):
    (directory / "Dockerfile").write_text("FROM maven:3.9-eclipse-temurin-17 AS build\nCOPY . .\nRUN mvn package\nFROM openjdk:8\n"
                                          "COPY --from=build /target/a.jar a.jar\nCMD [\"java\", \"-jar\", \"a.jar\"]\n")
    (directory / "pom.xml").write_text("<project/>\n")
    (directory / "java.env").write_text("TRUST=/usr/lib/jvm/default/jre/lib/security\n")
    answer = lambda: run("optimize", "--no-config", "Dockerfile", cwd=directory).stdout.decode()
    for setting, expected in (("volumes: [\"./cacerts:/usr/local/openjdk-8/jre/lib/security/cacerts\"]", False), ("volumes: [\"./data:/data\"]", True),
                              ("environment: {TRUST: /usr/lib/jvm/java-8/jre}", False), ("env_file: java.env", False), ("environment: [JAVA_HOME=/opt/java]", False),
                              ("environment: [JAVA_OPTS=-Xmx1g]", True)):
        (directory / "compose.yaml").write_text("services:\n  a:\n    build: .\n    " + setting + "\n")
        assert ("+FROM eclipse-temurin:8-jre" in answer()) == expected, (setting, answer())


@case
def arguments_that_are_always_passed_have_a_value(directory):
    path = directory / "Dockerfile"
    path.write_text("ARG IMAGE\nARG VERSION\nFROM ${IMAGE}:${VERSION}\n")
    compose = directory / "compose.yaml"
    found = lambda: b"invalid-default-base-image" in run("lint", "--no-config", "--shellcheck", "off", "--select", "invalid-default-base-image", path).stdout
    assert found()
    compose.write_text("services:\n  a:\n    build:\n      context: .\n      args: [IMAGE=alpine, VERSION=3]\n")
    assert not found()
    compose.write_text(compose.read_text() + "  b:\n    build:\n      context: .\n      args: {IMAGE: alpine}\n")
    assert found()


@case
def layers_shows_what_each_change_rebuilds(directory):
    path = project(directory)
    text = run("layers", path)
    assert text.returncode == 0 and b"source changed" in text.stdout and b"RUN pip install" in text.stdout
    answer = json.loads(run("layers", "--format", "json", "--html", directory / "page.html", path).stdout)["files"][0]
    costs = {s["name"]: (s["original"], s["optimized"]) for s in answer["scenarios"]}
    assert costs["nothing changed"] == (0, 0) and costs["source changed"][1] < costs["source changed"][0]
    assert (directory / "page.html").read_text().endswith("</html>\n")
    assert run("layers", directory / "missing").returncode == 2
    assert run("layers", "--html", directory / "page.html", path, directory / "other").returncode == 2


@case
def verify_says_why_it_cannot_start(directory):
    path = project(directory)
    (directory / "bin").mkdir()
    nowhere = {"PATH": str(directory / "bin")}
    result = run("verify", path, env=nowhere)
    assert result.returncode == 2 and b"no builder was found" in result.stderr and b"buildah is not installed" in result.stderr
    for arguments in (["--builder", "kaniko", path], [], [path, path], ["--repeat", "0", path], [directory / "missing"], ["-"]):
        assert run("verify", *arguments).returncode == 2, arguments
    broken = directory / "bin/buildah"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    result = run("verify", "--builder", "buildah", path, env=nowhere)
    assert result.returncode == 2 and b"does not work here" in result.stderr


def stand_in_for_docker(directory, script):
    """A program called docker that records what it is asked; the variables with which it is found."""
    (directory / "bin").mkdir()
    docker = directory / "bin/docker"
    docker.write_text("#!/bin/sh\necho \"$DOCKER_BUILDKIT $*\" >>\"$LOG\"" + script)
    docker.chmod(0o755)
    return {"PATH": f"{directory / 'bin'}:/usr/bin:/bin", "LOG": str(directory / "log")}


def two_forms(directory):
    path, other = project(directory, "FROM debian:12\nRUN one\n"), directory / "other"
    other.write_text("FROM debian:12\nRUN two\n")
    return path, other


@case
def verify_drives_buildkit_by_its_command_line(directory):
    """With a stand-in for docker: what it is asked, and how its progress is read."""
    path = project(directory, "FROM debian:12 AS a\nWORKDIR /x\nRUN one\nENV A=1\nCOPY . .\n")
    other = directory / "other"
    other.write_text("FROM debian:12 AS a\nWORKDIR /x\nRUN two\nENV A=1\nCOPY . .\n")
    environment = stand_in_for_docker(directory, """
case "$*" in *version) echo "github.com/docker/buildx v0.12.1 30feaa1"; exit 0 ;; *inspect*) exit 0 ;; esac
case "$*" in *type=docker*) echo "no space left on device" >&2; exit 1 ;; esac
case "$*" in *--no-cache*) cached=DONE ;; *) cached=CACHED ;; esac
echo "#1 [internal] load build definition"
echo "#5 [a 1/4] FROM debian:12"
echo "#6 [a 2/4] WORKDIR /x"; echo "#6 $cached"
echo "#7 [a 3/4] RUN one"; echo "#7 $cached"
echo "#8 [a 4/4] COPY . ."; echo "#8 $cached"
""")
    result = run("verify", "--builder", "docker", "--build-arg", "V=1", "--against", other, path, env=environment)
    assert result.returncode == 2 and b"no space left on device" in result.stderr, result.stderr
    builds = [line for line in (directory / "log").read_text().splitlines() if "buildx build" in line]
    base, builds = builds[0], builds[1:]
    assert "base.Dockerfile" in base and "type=cacheonly" in base
    assert all("--progress=plain" in line and "BUILDKIT_CACHE_MOUNT_NS=dockhew-" in line and "--build-arg V=1" in line for line in builds)
    assert "--no-cache" in builds[0] and "type=cacheonly" in builds[0] and "-original" in builds[0] and "-optimized" in builds[1]
    assert "type=docker,dest=" in builds[2] and "--no-cache" not in builds[2]


def tar_of(*entries):
    """An archive of (name, content); instead of a content, what the header of a link says."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in entries:
            header = tarfile.TarInfo(name)
            if isinstance(content, dict):
                for key, value in content.items():
                    setattr(header, key, value)
                content = b""
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
    return out.getvalue()


@case
def verify_never_calls_equal_what_it_could_not_read(directory):
    """With a stand-in for docker that writes the same damaged image for both."""
    path, other = two_forms(directory)
    environment = stand_in_for_docker(directory, """
case "$*" in *version) echo "github.com/docker/buildx v0.12.1 30feaa1" ;; *type=docker*) for a in "$@"; do
  case "$a" in type=docker,dest=*) cat "$IMAGE" >"${a#type=docker,dest=}" ;; esac done ;; esac
""")
    layer, config = tar_of(("a", b"a")), b'{"config": {"Cmd": ["a"]}}'
    manifest = b'[{"Config": "c.json", "Layers": ["l.tar"]}]'

    def image(manifest=manifest, config=config, layer=layer):
        return tar_of(*[(n, c) for n, c in (("c.json", config), ("l.tar", layer), ("manifest.json", manifest)) if c is not None])

    def link(kind, target):
        return tar_of(("b", {"type": kind, "linkname": target}))
    answers = {
        image(): "",
        image(manifest=b"[{}]"): "its manifest names no configuration",
        image(manifest=b'[{"Config": "c.json"}]'): "its manifest names no layers",
        image(manifest=b'[{"Config": "c.json", "Layers": "l.tar"}]'): "`Layers` is not a list",
        image(manifest=b"[]"): "its manifest names no image",
        image(manifest=None): "it has no manifest",
        image(config=None): "its configuration `c.json` is not there",
        image(config=b"garbage"): "its configuration is no JSON",
        image(config=b'{"config": []}'): "its configuration is not an object",
        image(config=b'{"config": {"Env": "A=1"}}'): "`Env` is not a list",
        image(config=b'{"config": {"Healthcheck": ' + b"[" * 99999 + b"]" * 99999 + b"}}"): "too deeply nested",
        image(layer=None): "its layer `l.tar` is not there",
        image(layer=tar_of(("/", b"a"))): "a layer has an entry without a name",
        image(layer=tar_of((".wh.", b""))): "its whiteout `//.wh.` names nothing",
        image(layer=link(tarfile.SYMTYPE, "")): "its link `/b` leads nowhere",
        image(layer=link(tarfile.LNKTYPE, "none")): "its link `/b` leads to `/none`, which is not there",
        image(layer=gzip.compress(tar_of(("a", random.Random(1).randbytes(100000))))[:50000]): "truncated gzip input",
        image()[:3000]: "is damaged",
        b"": "Unrecognized archive format",
    }
    for number, (content, answer) in enumerate(answers.items()):
        (directory / "image").write_bytes(content)
        result = run("verify", "--builder", "docker", "--against", other, path, env={**environment, "IMAGE": str(directory / "image")})
        assert result.returncode == (2 if answer else 0), (number, result)
        assert not answer or b"the image of the Dockerfile cannot be read: " in result.stderr and answer in result.stderr.decode(), (number, result.stderr)


@case
def verify_discounts_what_differs_between_two_builds_of_the_same_file(directory):
    """With a stand-in for docker: each image that it saves is another one of those that are there."""
    path, other = two_forms(directory)
    environment = stand_in_for_docker(directory, """
case "$*" in *version) echo "github.com/docker/buildx v0.12.1 30feaa1" ;; *type=docker*) for a in "$@"; do
  case "$a" in type=docker,dest=*) echo >>"$IMAGES/count"; cat "$IMAGES/$(wc -l <"$IMAGES/count")" >"${a#type=docker,dest=}" ;; esac done ;; esac
""")

    def answer(*images):
        (directory / "count").unlink(missing_ok=True)
        for number, files in enumerate(images, 1):
            layer = tar_of(*[(name, content) for name, content in files.items()])
            (directory / str(number)).write_bytes(tar_of(("c.json", b"{}"), ("l.tar", layer), ("manifest.json", b'[{"Config": "c.json", "Layers": ["l.tar"]}]')))
        result = run("verify", "--builder", "docker", "--format", "json", "--against", other, path, env={**environment, "IMAGES": str(directory)})
        document = json.loads(result.stdout)
        assert result.returncode == (0 if document["equivalent"] else 1), result
        built = len((directory / "count").read_text().splitlines())
        return [d["what"] for d in document["files"]], document["discounted"], built
    assert answer({"a": b"1"}, {"a": b"1"}) == ([], [], 2)
    assert answer({"a": b"1", "t": b"at 1"}, {"a": b"1", "t": b"at 2"}, {"a": b"1", "t": b"at 3"}) == ([], ["/t"], 3)
    assert answer({"a": b"1", "t": b"at 1"}, {"a": b"2", "t": b"at 2"}, {"a": b"1", "t": b"at 3"}) == (["/a"], ["/t"], 3)
    assert answer({"a": b"1", "t": b"at 1"}, {"a": b"1", "t": b""}, {"a": b"1", "t": b"at 3"}) == (["/t"], [], 3)
    assert answer({"a": b"1", "tmp/x-1": b""}, {"a": b"1", "tmp/x-2": b""}, {"a": b"1", "tmp/x-3": b""}) == ([], ["/tmp/x-1", "/tmp/x-2"], 3)
    assert answer({"a": b"1"}, {}) == (["/a"], [], 2), "nothing that a second build could explain"


@case
def verify_prints_what_was_measured_when_it_is_interrupted(directory):
    path, other = two_forms(directory)
    environment = stand_in_for_docker(directory, """
case "$*" in *version) echo "github.com/docker/buildx v0.12.1 30feaa1" ;; *optimized.Dockerfile*) echo building; exec sleep 60 ;; esac
""")
    process = subprocess.Popen([dockhew, "verify", "--builder", "docker", "--against", other, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env={**os.environ, **environment, "NO_COLOR": "1"})
    for _ in range(200):
        time.sleep(0.05)
        if (directory / "log").exists() and "optimized.Dockerfile" in (directory / "log").read_text():
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 2 and "interrupted" in errors, (process.returncode, errors)
    first = next(line for line in output.splitlines() if line.startswith("first build"))
    assert " s" in first and first.endswith("not built"), output
    assert "nothing changed          not built" in output and "the images were not compared" in output and "equivalent" not in output, output


@case
def verify_saves_from_the_daemon_what_the_daemon_builds(directory):
    """Docker's default builder cannot write an archive: the image gets a temporary name in the daemon."""
    path, other = two_forms(directory)
    environment = stand_in_for_docker(directory, """
case "$*" in *version) echo "github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3"; exit 0 ;; *inspect*) echo "Name: default
Driver: docker"; exit 0 ;; save*) echo "no space left on device"; exit 1 ;; esac
""")
    result = run("verify", "--builder", "docker", "--against", other, path, env=environment)
    assert result.returncode == 2 and b"no space left on device" in result.stderr, result.stderr
    log = [line.strip() for line in (directory / "log").read_text().splitlines()]
    assert not any("type=docker" in line for line in log)
    tagged = [line for line in log if "buildx build" in line and "--tag dockhew-verify-" in line]
    removed = [line for line in log if line.startswith("image rm dockhew-verify-")]
    assert len(tagged) == 3 and len(removed) == 3 and log[-1] == removed[-1], log


@case
def verify_uses_the_buildkit_of_a_docker_without_buildx(directory):
    """Docker before 23 has BuildKit built in; later versions have it only in buildx."""
    path, other = two_forms(directory)
    environment = stand_in_for_docker(directory, """
case "$*" in buildx*) exit 1 ;; version*) echo "$VERSION" ;; save*) echo "no space left on device"; exit 1 ;; esac
""")

    def answer(version, *arguments):
        result = run("verify", "--builder", "docker", "--against", other, *arguments, path, env={**environment, "VERSION": version})
        assert result.returncode == 2
        return result.stderr.decode()
    assert "docker has no buildx here" in answer("28.2.2")
    assert "no space left on device" in answer("20.10.24+dfsg1", "--builder-option=--network=host", "--builder-option=--secret=id=a,src=b")
    log = (directory / "log").read_text().splitlines()
    builds = [line for line in log if " build " in line]
    assert all(line.startswith("1 build --progress=plain") and "--network=host --secret=id=a,src=b" in line for line in builds[1:]), builds
    assert "--tag dockhew-verify-" in builds[-1] and any("image rm dockhew-verify-" in line for line in log)
    other.write_text("FROM debian:12\nRUN <<EOF\ntwo\nEOF\n")
    assert "docker 20.10.24 does not support heredocs without a `# syntax=` line" in answer("20.10.24")


@case
def sarif_fingerprints_survive_moved_lines(directory):
    def prints(text):
        return [r["partialFingerprints"]["dockhew/v1"] for r in json.loads(run("lint", "--format", "sarif", "-", stdin=text.encode()).stdout)["runs"][0]["results"]]
    assert prints(NAIVE) and prints(NAIVE) == prints("# a comment\n\n" + NAIVE)


report()
