"""resolve.py DOCKHEW ROOT: what `lint` and `optimize` say of files whose base images a registry was asked about, and that none is asked
without --resolve."""
import gzip
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from command_case import case, dockhew, report, root, run  # noqa: E402
from registries import FakeRegistry, Image, Index, RealRegistry, digest, layer  # noqa: E402

PATH = "PATH=/usr/local/bin:/usr/bin:/bin"
BASE = Index(Image("linux/amd64", Env=[PATH, "HOME=/data", "APP=/srv/app"], User="1000", WorkingDir="/srv"),
             Image("linux/arm64", Env=[PATH, "ARM=1"], User="0"))

OTHER = Index(Image("linux/amd64", User="other"))


def environment(directory):
    (directory / "home").mkdir(exist_ok=True)
    return {"HOME": str(directory / "home"), "PATH": "/usr/local/bin:/usr/bin:/bin", "NO_COLOR": "1", "DOCKHEW_SHELLCHECK": "off"}


def lint(directory, text, *options, name="Dockerfile", status=None):
    path = directory / name
    path.write_text(text)
    result = run("lint", "--format", "json", *options, path, env=environment(directory))
    assert result.returncode in ((0, 1) if status is None else (status,)), result
    findings = json.loads(result.stdout)["files"][0]["findings"]
    return [(finding["rule"], finding["message"]) for finding in findings], result.stderr.decode()


def messages(findings, rule):
    return [message for name, message in findings if name == rule]


@case
def an_unknown_base_becomes_known(directory):
    with FakeRegistry() as registry:
        registry.push("corp/base", "1", BASE)
        text = f"FROM {registry.host}/corp/base:1\nCOPY $APP $ABSENT /x/\nCOPY . .\n"
        without, _ = lint(directory, text)
        assert not messages(without, "undefined-variable") and not registry.log, (without, registry.log)
        findings, notes = lint(directory, text, "--resolve")
        [message] = messages(findings, "undefined-variable")
        assert "ABSENT" in message and message.endswith(f"; known from the configuration of `{registry.host}/corp/base:1` ({BASE.digest[:19]})"), message
        assert notes == "", notes
        same = [finding for finding in findings if finding in without]
        assert len(same) == len(without), "what is known anyway says nothing of the registry"


@case
def each_stage_has_its_platform(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        text = (f"FROM --platform=linux/arm64 {registry.host}/base:1 AS a\nCOPY $ARM $APP /x/\n"
                f"FROM --platform=$TARGETPLATFORM {registry.host}/base:1 AS b\nCOPY $ARM $APP /x/\n")
        findings, _ = lint(directory, text, "--resolve", "--select", "undefined-variable")
        assert ["'$APP'" in message for message in messages(findings, "undefined-variable")] == [True, False], findings


@case
def a_rewrite_that_rests_on_it_says_so(directory):
    with FakeRegistry() as registry:
        registry.push("python-base", "1", Image(Env=[PATH, "PIP_CACHE_DIR=/cache/pip"], User="root", WorkingDir="/app"))
        (directory / "requirements.txt").write_text("flask==3.0.0\n")
        text = f"FROM {registry.host}/python-base:1\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"a.py\"]\n"
        (directory / "Dockerfile").write_text(text)
        plain = run("optimize", directory / "Dockerfile", env=environment(directory)).stdout.decode()
        resolved = run("optimize", "--resolve", directory / "Dockerfile", env=environment(directory)).stdout.decode()
        assert "target=/cache/pip" not in plain and "target=/cache/pip" in resolved, resolved
        assert "known from the configuration of" in resolved and "known from the configuration of" not in plain


@case
def tags_and_platforms_that_are_not_there(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        registry.push("arm", "1", Image("linux/arm64"))
        text = (f"FROM {registry.host}/base:2\nFROM --platform=linux/s390x {registry.host}/base:1\nFROM {registry.host}/arm:1\n"
                f"FROM {registry.host}/base:1\n")
        findings, _ = lint(directory, text, "--resolve", status=1)
        absent, platform = messages(findings, "missing-base-image")
        assert "does not exist" in absent and f"the registry `{registry.host}` has no such image" in absent, absent
        assert "there is no image for linux/s390x, only for linux/amd64, linux/arm64" in platform, platform
        [other] = messages(findings, "base-image-platform")
        assert other.startswith(f"Base image {registry.host}/arm:1 was pulled with platform \"linux/arm64\", expected \"linux/amd64\" for current build; known from"), other
        assert "known from" not in absent + platform
        answer, _ = lint(directory, text.split("\n", 2)[2], "--resolve", "--select", "buildkit")
        assert [name for name, _ in answer] == ["base-image-platform"] and answer[0][1].endswith("for current build"), answer


@case
def no_answer_changes_nothing(directory):
    text = "FROM localhost:1/base:1\nCOPY x $ABSENT\n"
    without, _ = lint(directory, text)
    findings, notes = lint(directory, text, "--resolve", status=0)
    assert findings == without and "note: nothing more is known of `localhost:1/base:1`: the registry `localhost:1` cannot be reached" in notes, notes


@case
def manifests_that_are_bombs(directory):
    with FakeRegistry() as registry:
        for number, (manifest, reason) in enumerate([
                (b"[" * 1000000, "nested deeper than 200 levels"), (b"[" + b"1," * 1500000 + b"1]", "more than 1000000 values"),
                (json.dumps({"schemaVersion": 2, "config": {"digest": "sha256:" + "a" * 64, "size": 1 << 40}}).encode(), "which is too much"),
                (json.dumps({"schemaVersion": 2, "manifests": [{"digest": "../../etc/passwd", "size": 1}]}).encode(), "a digest in it is not one that can be verified"),
                (json.dumps({"schemaVersion": 1}).encode(), "schema 1")]):
            registry.answers[f"/v2/bomb{number}/manifests/1"] = (manifest, {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})
            findings, notes = lint(directory, f"FROM {registry.host}/bomb{number}:1\nCMD [\"x\"]\n", "--resolve")
            assert reason in notes and len(notes) < 400, notes
        loop = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
            {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:" + "b" * 64, "size": 1}]}).encode()
        registry.answers["/v2/loop/manifests/1"] = (loop, {})
        assert "what its index names is missing" in lint(directory, f"FROM {registry.host}/loop:1\n", "--resolve")[1]


@case
def the_shell_of_a_base(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", Image(Env=[PATH], Shell=["/bin/bash", "-eo", "pipefail", "-c"]))
        text = f"FROM {registry.host}/base:1\nRUN curl https://example.org | tar x\nRUN apt-get install -y x; true; apt-get install -y y\n"
        rules = {name for name, _ in lint(directory, text, "--select", "all")[0]}
        assert {"pipe-without-pipefail", "failure-ignored"} <= rules, rules
        known = {name for name, _ in lint(directory, text, "--resolve", "--select", "all")[0]}
        assert not {"pipe-without-pipefail", "failure-ignored"} & known, known


@case
def a_silent_registry_is_waited_for_once(directory):
    with FakeRegistry() as registry:
        for number in range(30):
            registry.answers[f"/v2/base{number}/manifests/1"] = lambda request: time.sleep(5)
        text = "".join(f"FROM {registry.host}/base{number}:1\n" for number in range(30))
        begun = time.monotonic()
        _, notes = lint(directory, text, "--resolve", "--timeout", "1")
        assert notes.count("did not answer within 1 second") == 30 and time.monotonic() - begun < 8, (time.monotonic() - begun, notes)


@case
def what_a_base_starts(directory):
    with FakeRegistry() as registry:
        registry.push("drops", "1", Image(Env=[PATH], Entrypoint=["docker-entrypoint.sh"], Cmd=["server"]))
        registry.push("plain", "1", Image(Env=[PATH], Cmd=["java", "-jar", "a.jar"]))
        registry.push("shell", "1", Image(Env=[PATH], Cmd=["/bin/bash"]))
        registry.push("words", "1", Image(Env=[PATH], Entrypoint=["/bin/bash", "-lc"]))

        def rooted(name, more="", options=("--resolve",)):
            return len(messages(lint(directory, f"FROM {registry.host}/{name}:1\nUSER root\n{more}", *options)[0], "runs-as-root"))
        command = "CMD [\"server\", \"-x\"]\n"
        assert rooted("drops", command, ()) == 1 and rooted("drops", command) == 0, "its own entry point may give up root"
        assert rooted("drops", "ENTRYPOINT [\"server\"]\n") == 1, "which the file takes away"
        assert rooted("plain", "", ()) == 0 and rooted("plain") == 1, "it starts something"
        assert rooted("shell") == 0 and rooted("plain", command) == 1

        def fixed(name, *options):
            (directory / "Dockerfile").write_text(f"FROM {registry.host}/{name}:1\nCMD node a.js\n")
            return run("lint", "--format", "json", *options, directory / "Dockerfile", env=environment(directory)).stdout.decode()
        assert "is a shell that runs one word" in fixed("words", "--resolve") and "is a shell that runs one word" not in fixed("words") + fixed("plain", "--resolve")


@case
def a_base_with_triggers_stays_unknown(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", Image(Env=[PATH], OnBuild=["ENV ABSENT=1"]))
        assert not messages(lint(directory, f"FROM {registry.host}/base:1\nCOPY x $ABSENT\n", "--resolve")[0], "undefined-variable")


@case
def a_lock_file_gives_the_same_without_a_network(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        text = f"FROM {registry.host}/base:1 AS a\nCOPY x $ABSENT\nFROM --platform=linux/arm64 {registry.host}/base:1\nCOPY x $APP\nFROM --platform=linux/s390x {registry.host}/base:1\n"
        lock = directory / "images.lock"
        findings, _ = lint(directory, text, "--resolve", "--lock", lock)
    written = lock.read_bytes()
    shutil.rmtree(directory / "home")
    for options in [(), ("--offline",)]:
        again, notes = lint(directory, text, "--resolve", "--lock", lock, *options)
        assert findings == again, (findings, again)
        assert lock.read_bytes() == written and notes == "", notes


def layout(directory, images):
    """An OCI image layout: of names and images."""
    blobs = directory / "blobs/sha256"
    blobs.mkdir(parents=True)
    for image in images.values():
        for part in image.parts:
            for data in [part.manifest, *part.blobs()]:
                (blobs / digest(data).removeprefix("sha256:")).write_bytes(data)
    (directory / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (directory / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [
        {"mediaType": image.type, "digest": image.digest, "size": len(image.manifest), "annotations": {"org.opencontainers.image.ref.name": name}} for name, image in images.items()]}))
    return directory


def archive(path, names, image):
    """What `docker save` writes."""
    with tarfile.open(path, "w") as tar:
        name = digest(image.configuration).removeprefix("sha256:") + ".json"
        for file, data in [(name, image.configuration), ("manifest.json", json.dumps([{"Config": name, "RepoTags": names, "Layers": []}]).encode())]:
            entry = tarfile.TarInfo(file)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


@case
def images_in_files(directory):
    single = Image(Env=[PATH, "ONLY=1"])
    places = ["--image", f"my-base=oci-layout:{layout(directory / 'one', {'1': BASE})}",
              "--image", f"corp.example.org/tool:2=oci-layout:{layout(directory / 'two', {'1': BASE, 'corp.example.org/tool:2': single})}",
              "--image", f"saved:3=docker-archive:{archive(directory / 'saved.tar', ['saved:3'], single)}"]
    text = "".join(f"FROM {name}\nCOPY $ABSENT /x\n" for name in ("my-base", "corp.example.org/tool:2", "saved:3"))
    findings, notes = lint(directory, text, "--resolve", "--offline", *places)
    found = messages(findings, "undefined-variable")
    assert notes == "" and [BASE.digest[:19] in found[0], single.digest[:19] in found[1], digest(single.configuration)[:19] in found[2]] == [True] * 3, (found, notes)
    for place, reason in [
            (f"my-base=oci-layout:{directory}", "its layout has no index that can be read"),
            (f"my-base=oci-layout:{directory / 'two'}", "its layout names 2 images, and none of them so"),
            (f"my-base=docker-archive:{directory / 'Dockerfile'}", "archive")]:
        _, notes = lint(directory, "FROM my-base\n", "--resolve", "--offline", "--image", place)
        assert reason in notes, notes
    kept = directory / "one/blobs/sha256" / BASE.digest.removeprefix("sha256:")
    kept.write_bytes(OTHER.manifest)
    assert "does not have the digest that it is named by" in lint(directory, "FROM my-base\n", "--resolve", *places[:2])[1]
    for wrong in ("my-base", "my-base=tarball:x", "A B=oci-layout:x", "a=docker-daemon:--help"):
        result = run("lint", "--resolve", "--image", wrong, directory / "Dockerfile", env=environment(directory))
        assert result.returncode == 2 and b"--image" in result.stderr, result


def node(version, *, slim=False, size=0):
    """An image of Node as it configures itself."""
    return Index(Image("linux/amd64", layers=[b"x" * size] if size else (), Env=[PATH, f"NODE_VERSION={version}"], Cmd=["node"], Entrypoint=["docker-entrypoint.sh"], Labels={"slim": str(slim)}))


@case
def a_runtime_image_is_pinned_as_its_base_is(directory):
    base, slim, newer = node("22.11.0"), node("22.11.0", slim=True), node("22.12.0", slim=True)
    pinned = f"node:22-bookworm@{base.digest}"
    (directory / "package.json").write_text('{"name": "app", "scripts": {"build": "tsc"}, "dependencies": {"express": "4.19.2"}}')
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}')
    (directory / "tsconfig.json").write_text('{"compilerOptions": {"outDir": "dist"}}')
    (directory / "Dockerfile").write_text(f"FROM {pinned}\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nCMD [\"node\", \"dist/a.js\"]\n")

    def optimized(*options):
        return run("optimize", "--unsafe", *options, directory / "Dockerfile", env=environment(directory)).stdout.decode()

    def places(shipped):
        (directory / "layouts").mkdir(exist_ok=True)
        for name, image in [("base", base), ("slim", shipped)]:
            shutil.rmtree(directory / "layouts" / name, ignore_errors=True)
            layout(directory / "layouts" / name, {"1": image})
        return ["--image", f"{pinned}=oci-layout:{directory}/layouts/base", "--image", f"node:22-bookworm-slim=oci-layout:{directory}/layouts/slim"]

    plain = optimized()
    assert f"+FROM {pinned} AS " in plain and "+FROM node:22-bookworm-slim\n" in plain and "has no digest, as `node:22-bookworm` has: `dockhew pin` writes it" in plain, plain
    lock = ["--lock", directory / "images.lock"]
    known = optimized("--resolve", "--offline", *places(slim), *lock)
    assert f"+FROM {pinned} AS " in known and f"+FROM node:22-bookworm-slim@{slim.digest}\n" in known and "has no digest" not in known, known
    asked_again = optimized("--resolve", "--offline", *places(newer))
    assert "node:22-bookworm-slim" not in "".join(line for line in asked_again.splitlines() if line.startswith("+")), asked_again
    shutil.rmtree(directory / "layouts")
    assert "dockhew pin" in optimized("--resolve", "--offline"), "nothing is known, and so it is said"


@case
def what_bases_weigh(directory):
    big, small = node("22.11.0", size=400_000), node("22.11.0", slim=True, size=75_000)
    (directory / "package.json").write_text('{"name": "app", "dependencies": {"express": "4.19.2"}}')
    (directory / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}')
    text = "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"a.js\"]\n"
    (directory / "Dockerfile").write_text(text)
    places = ["--image", f"node:22=oci-layout:{layout(directory / 'layouts/big', {'1': big})}",
              "--image", f"node:22-slim=oci-layout:{layout(directory / 'layouts/small', {'1': small})}"]

    def layers(*options):
        result = run("layers", *options, directory / "Dockerfile", env=environment(directory))
        assert result.returncode == 0, result
        return result.stdout.decode()

    base = f"`node:22` ({big.digest[:19]}) with 400 kB"
    slim = f"`node:22-slim` ({small.digest[:19]}) with 75 kB"
    plain = layers()
    assert "Base images" not in plain and '"bases": {\n        "original": [],' in layers("--format", "json"), plain
    told = layers("--resolve", "--offline", *places)
    assert f"  original: {base}\n  optimized: {slim}\n" in told, told
    safe = layers("--resolve", "--offline", "--safe", *places)
    assert f"  both: {base}\n  In place of `node:22`, its registry has {slim}.\n" in safe, safe
    page = directory / "page.html"
    layers("--resolve", "--offline", "--html", page, *places)
    assert f"<td>original</td><td>{base}</td>" in page.read_text() and slim in page.read_text()
    [document] = json.loads(layers("--resolve", "--offline", "--safe", "--format", "json", *places))["files"]
    smaller = {"image": "node:22-slim", "digest": small.digest, "bytes": 75_000}
    expected = [{"image": "node:22", "digest": big.digest, "bytes": 400_000, "stage": 0, "line": 1, "platform": "linux/amd64", "smaller": smaller, "others": []}]
    assert document["bases"] == {"original": expected, "optimized": expected}, document["bases"]
    found, _ = lint(directory, text, "--resolve", "--offline", *places)
    [message] = messages(found, "build-tools-in-final-image")
    assert message.endswith(f"; `node:22` is 400 kB to download, `node:22-slim` 75 kB; known from the configuration of `node:22` ({big.digest[:19]})"), message


@case
def other_forms_of_a_base(directory):
    with FakeRegistry() as hub:
        for name, tag, image in [("library/node", "22", node("22.11.0", size=400_000)), ("library/node", "22-slim", node("22.11.0", slim=True, size=75_000)),
                                 ("library/node", "22-alpine", node("22.11.0", size=55_000)), ("distroless/nodejs22-debian12", "latest", node("22.11.0", size=48_000)),
                                 ("library/python", "3.12-slim-bookworm", Image(layers=[b"x" * 45_000], Env=[PATH])), ("library/python", "3.12-alpine", Image(layers=[b"x" * 18_000], Env=[PATH])),
                                 ("library/debian", "12", Image(layers=[b"x" * 48_000], Env=[PATH])), ("library/debian", "12-slim", Image(layers=[b"x" * 90_000], Env=[PATH]))]:
            hub.push(name, tag, image)
        env = environment(directory)
        (directory / "home/.config/docker").mkdir(parents=True)
        (directory / "home/.config/docker/daemon.json").write_text(json.dumps({"registry-mirrors": [f"http://{hub.host}"]}))
        (directory / "home/.config/containers").mkdir(parents=True)
        (directory / "home/.config/containers/registries.conf").write_text(f'[[registry]]\nlocation = "gcr.io"\n[[registry.mirror]]\nlocation = "{hub.host}"\n')

        def layers(text, *options):
            (directory / "Dockerfile").write_text(text)
            result = run("layers", *options, directory / "Dockerfile", env=env)
            assert result.returncode == 0 and (b"note" not in result.stderr or "--resolve=files" in options), result
            return result.stdout.decode()

        text = "FROM node:22\nCMD [\"node\"]\n"
        shown = layers(text, "--resolve")
        assert "In place of `node:22`, its registry has `node:22-slim` (" in shown, shown
        alpine = shown.index("`node:22-alpine` (")
        assert "Smaller than `node:22` as well, to try: `gcr.io/distroless/nodejs22-debian12:latest` (" in shown[:alpine], shown
        assert "with 48 kB, which has no shell and no package manager; `node:22-alpine` (" in shown and "with 55 kB, which has musl in place of glibc." in shown, shown
        [base] = json.loads(layers(text, "--resolve", "--format", "json"))["files"][0]["bases"]["original"]
        assert [(other["image"], other["bytes"], other["difference"]) for other in base["others"]] == [
            ("gcr.io/distroless/nodejs22-debian12:latest", 48_000, "no shell and no package manager"), ("node:22-alpine", 55_000, "musl in place of glibc")], base
        page = directory / "page.html"
        layers(text, "--resolve", "--html", page)
        assert "musl in place of glibc" in page.read_text()
        # What is not smaller, or not there, is no choice, and nobody misses it.
        assert "Smaller than" not in layers("FROM debian:12\nCMD [\"a\"]\n", "--resolve"), shown
        python = layers("FROM python:3.12-slim-bookworm\nCMD [\"python\"]\n", "--resolve")
        assert "to try: `python:3.12-alpine` (" in python and "python3-debian" not in python, python
        hub.log.clear()
        assert "Smaller than" not in layers(text) and not hub.log
        run("lint", "--resolve", directory / "Dockerfile", env=env)
        assert not hub.asked("alpine") and not hub.asked("distroless"), "only layers offers a choice"
        assert "Smaller than" not in layers(text, "--resolve=files", "--offline")


@case
def what_bases_weigh_is_in_their_manifests(directory):
    with FakeRegistry() as registry:
        registry.push("corp/base", "1", BASE)
        (directory / "Dockerfile").write_text(f"FROM {registry.host}/corp/base:1\nCMD [\"x\"]\n")
        run("layers", "--resolve", directory / "Dockerfile", env=environment(directory))
        amd64 = BASE.parts[0]
        assert {path.rpartition("/")[2] for _, path in registry.asked("/v2/corp/")} == {"1", amd64.digest, digest(amd64.configuration)}, registry.asked()


@case
def a_release_past_its_end(directory):
    ubuntu = [("/bin/sh -c #(nop)  ARG RELEASE", True), ("/bin/sh -c #(nop)  LABEL org.opencontainers.image.ref.name=ubuntu", True),
              ("/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=23.10", True), ("/bin/sh -c #(nop) ADD file:1 in / ", False)]
    current = [*ubuntu[:2], ("/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=24.04", True), ubuntu[3]]
    with FakeRegistry() as registry:
        registry.push("corp/old", "1", Image(Env=[PATH], history=ubuntu))
        registry.push("corp/new", "1", Image(Env=[PATH], history=current))
        registry.push("corp/moved", "1", Image(Env=[PATH], history=[*ubuntu, ("RUN /bin/sh -c sed -i s/archive/old-releases/ /etc/apt/sources.list", False)]))
        text = "".join(f"FROM {registry.host}/corp/{name}:1\nRUN apt-get update && apt-get install -y curl\n" for name in ("old", "new", "moved"))
        lock = ["--lock", directory / "images.lock"]
        for options in (["--resolve", *lock], ["--resolve", "--offline", *lock]):
            [message] = messages(lint(directory, text, *options)[0], "archived-release")
            assert message.startswith("the packages of Ubuntu 23.10 are no longer on its mirrors") and f"`{registry.host}/corp/old:1`" in message, message
        assert not messages(lint(directory, text)[0], "archived-release")


STATUS = "Package: {}\nStatus: install ok installed\nVersion: 1\n\nPackage: gone\nStatus: deinstall ok config-files\n"
DEBIAN = [("etc/", ""), ("root/", ""), ("home/node/", "", 1000), ("srv/app/", "", 7), ("etc/os-release", "-> ../usr/lib/os-release"), ("usr/lib/os-release", 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'),
          ("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/sh\n"), ("etc/apt/apt.conf.d/docker-clean", 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n'),
          ("var/lib/dpkg/status", STATUS.format("bash")), ("usr/bin/curl", "x"), ("usr/bin/wget", "x"), ("bin/ls", "-> ../usr/bin/ls"), ("usr/lib/libssl.so.3", "x")]


def files_of(directory, registry, *options):
    """What the lock file has of the files of the only image that was asked about."""
    (directory / "images.lock").unlink(missing_ok=True)
    lint(directory, f"FROM {registry.host}/base:1\n", "--resolve=files", "--lock", directory / "images.lock", *options)
    [image] = json.loads((directory / "images.lock").read_text())["images"].values()
    return image["configurations"]["linux/amd64"].get("files")


@case
def what_is_in_the_layers(directory):
    with FakeRegistry() as registry:
        upper = layer(("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:7:8::/srv/app:/bin/sh\nbad:x:8\nhomeless:x:9:9::/home/homeless:/bin/sh\nother:x:10:10::/srv/app:/bin/sh\n"), ("usr/bin/.wh.wget", ""), ("etc/apt/apt.conf.d/.wh..wh..opq", ""),
                      ("opt/tool/bin/tool", "x"), ("opt/lib/libpq.so.5", "-> libpq.so.5.15"), ("opt/lib/libx.so", "x"), ("usr/lib/.wh.libssl.so.3", ""), ("var/lib/dpkg/status", STATUS.format("curl")), compressed=False)
        registry.push("base", "1", Index(Image(layers=[layer(*DEBIAN), upper], Env=[PATH])))
        files = files_of(directory, registry)
        assert files == {"apt": True, "empties_apt_cache": False, "homes": {"0": "/root", "7": "/srv/app", "app": "/srv/app", "root": "/root"}, "users": {"app": "7:8", "root": "0"}, "packages": ["curl"],
                         "programs": ["curl", "ls", "tool"], "libraries": ["libpq.so.5"], "release": "debian bookworm"}, files
        [configuration] = [image["configurations"]["linux/amd64"] for image in json.loads((directory / "images.lock").read_text())["images"].values()]
        assert configuration["bytes"] == len(upper) + len(layer(*DEBIAN)), configuration
        asked = len(registry.log)
        assert files_of(directory, registry) == files and len(registry.log) == asked + 1, registry.asked()
        assert files_of(directory, registry, "--offline") == files and len(registry.log) == asked + 1, "from the cache"
        # The files of an image are asked for where a lock file has the rest of it alone, and only with `=files`.
        lint(directory, f"FROM {registry.host}/base:1\n", "--resolve", "--lock", directory / "without.lock")
        assert "files" not in (directory / "without.lock").read_text()
        lint(directory, f"FROM {registry.host}/base:1\n", "--resolve=files", "--lock", directory / "without.lock")
        assert (directory / "without.lock").read_text() == (directory / "images.lock").read_text()
        shutil.rmtree(directory / "home")
        assert lint(directory, f"FROM {registry.host}/base:1\n", "--resolve=files", "--offline", "--lock", directory / "images.lock")[1] == ""


APK = "C:Q1a=\nP:busybox\nV:1.36.1-r29\nA:x86_64\nF:bin\nR:busybox\n\nP:{}\nV:1\n\n"
ALPINE = [("etc/os-release", "-> ../usr/lib/os-release"), ("usr/lib/os-release", "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.20.3\n"), ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"), ("root/", ""),
          ("lib/apk/db/installed", APK.format("zlib")), ("bin/busybox", "x"), ("bin/sh", "-> /bin/busybox"), ("usr/bin/wget", "-> /bin/busybox")]


@case
def files_of_an_alpine_base(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", Image(layers=[layer(*ALPINE), layer(("lib/apk/db/installed", APK.format("jq")), ("usr/bin/jq", "x"))], Env=[PATH]))
        files = files_of(directory, registry)
        assert files == {"apt": False, "empties_apt_cache": False, "homes": {"0": "/root", "root": "/root"}, "users": {"root": "0"}, "packages": ["busybox", "jq"],
                         "programs": ["busybox", "jq", "sh", "wget"], "libraries": [], "release": "alpine 3.20"}, files
        text = f"FROM {registry.host}/base:1\nHEALTHCHECK CMD curl -f http://localhost/\nCMD [\"sh\"]\n"
        [missing] = messages(lint(directory, text, "--resolve=files")[0], "missing-program")
        assert "`curl`" in missing and "`wget` is there" in missing and "and the files of" in missing, missing
        shown = run("optimize", "--select", "missing-program", "--resolve=files", directory / "Dockerfile", env=environment(directory)).stdout.decode()
        assert "+RUN apk add --no-cache curl\n" in shown and "apt-get" not in shown, shown
        assert not messages(lint(directory, text.replace("curl -f", "wget -q"), "--resolve=files")[0], "missing-program")
        registry.push("installed", "1", Image(layers=[layer(*ALPINE), layer(("lib/apk/db/installed", APK.format("curl")))], Env=[PATH]))
        assert not messages(lint(directory, text.replace("base:1", "installed:1"), "--resolve=files")[0], "missing-program"), "its package is installed"
        # Another distribution's package manager ends the build, which needs no name of the image to be known.
        wrong = f"FROM {registry.host}/base:1\nRUN apt-get update && apt-get install -y curl\n"
        [other] = messages(lint(directory, wrong, "--resolve=files")[0], "missing-program")
        assert "Alpine Linux installs packages with `apk add --no-cache …`" in other, other
        assert not messages(lint(directory, wrong, "--resolve")[0], "missing-program")
        registry.push("base", "1", Image(layers=[layer(*ALPINE), layer(("usr/bin/apt-get", "x"))], Env=[PATH]))
        assert not messages(lint(directory, wrong, "--resolve=files")[0], "missing-program"), "somebody has put it there"
        # Where /lib is a link to /usr/lib.
        merged = [("usr/" + name if name.startswith("lib/apk") else name, content) for name, content, *_ in ALPINE]
        registry.push("base", "1", Image(layers=[layer(("lib", "-> usr/lib"), *merged)], Env=[PATH]))
        assert files_of(directory, registry)["packages"] == ["busybox", "zlib"]


@case
def libraries_of_a_base(directory):
    source = pathlib.Path(root) / "fixtures/rules/missing-library/example"
    shutil.copytree(source / "context", directory / "context")
    with FakeRegistry() as registry:
        plain = [entry for entry in DEBIAN if "lib/libssl" not in entry[0]]
        for name, more in [("plain", []), ("package", [("var/lib/dpkg/status", STATUS.format("libpq5"))]), ("built", [("usr/local/lib/libpq.so.5", "x")])]:
            registry.push(name, "1", Image(layers=[layer(*plain), layer(*more, ("srv/x", "x"))], Env=[PATH]))

        def missing(name, *options):
            text = (source / "Dockerfile").read_text().replace("debian:bookworm-slim", f"{registry.host}/{name}:1")
            return messages(lint(directory, text, "--context", directory / "context", *options)[0], "missing-library")
        [message] = missing("plain", "--resolve=files")
        assert "libraries of `libpq5`" in message or "the library of `libpq5`" in message, message
        assert "and the files of" in message, message
        assert not missing("plain", "--resolve") and not missing("package", "--resolve=files") and not missing("built", "--resolve=files")


@case
def caches_of_a_base_by_its_release(directory):
    with FakeRegistry() as registry:
        def mounts(system, command="dnf", *options):
            registry.push("base", "1", Image(layers=[layer(("etc/os-release", system), ("etc/passwd", "root:x:0:0::/root:/bin/sh\n"), ("root/", ""))], Env=[PATH]))
            (directory / "Dockerfile").write_text(f"FROM {registry.host}/base:1\nRUN {command} install -y git\n")
            result = run("optimize", *(options or ("--resolve=files",)), directory / "Dockerfile", env=environment(directory))
            return result.stdout.decode()
        assert "target=/var/cache/dnf" in mounts('ID="rhel"\nVERSION_ID="9.4"\n') and "target=/var/cache/yum" in mounts('ID="centos"\nVERSION_ID="7"\n', "yum")
        assert "target=/var/cache/libdnf5" in mounts("ID=fedora\nVERSION_ID=42\n") and "target=/var/cache/dnf" in mounts('ID="ol"\nVERSION_ID="8.10"\n')
        assert "target=/var/cache/dnf" in mounts('ID="amzn"\nVERSION_ID="2023"\n')
        assert "target=" not in mounts("ID=openEuler\nVERSION_ID=24.03\n") and "target=" not in mounts('ID="rhel"\nVERSION_ID="9.4"\n', "dnf", "--resolve")


@case
def layers_of_a_real_registry(directory):
    assert RealRegistry.program, "skipped: docker-registry is not installed"
    with RealRegistry(directory / "registry") as registry:
        registry.push("base", "1", Index(Image(layers=[layer(*DEBIAN), layer(("usr/bin/.wh.wget", ""))], Env=[PATH]), Image("linux/arm64")))
        files = files_of(directory, registry)
        assert files["programs"] == ["curl", "ls"] and files["release"] == "debian bookworm", files


@case
def what_is_in_the_layers_decides(directory):
    with FakeRegistry() as registry:
        kept = [entry for entry in DEBIAN if "docker-clean" not in entry[0]] + [("etc/apt/apt.conf.d/empty", "// nothing of /var/cache/apt\n")]
        registry.push("clean", "1", Image(layers=[layer(*DEBIAN)], Env=[PATH], User="node"))
        registry.push("kept", "1", Image(layers=[layer(*kept)], Env=[PATH]))
        text = (f"FROM {registry.host}/clean:1 AS programs\nUSER root\nRUN curl -O https://example.org/x\nRUN git clone https://example.org/y\n"
                f"FROM {registry.host}/clean:1 AS clean\nUSER root\n"
                f"RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y x\n"
                f"FROM {registry.host}/kept:1\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y x\n")
        findings, notes = lint(directory, text, "--resolve=files")
        assert notes == "", notes
        [missing] = messages(findings, "missing-program")
        assert "`git`" in missing and f"known from the configuration and the files of `{registry.host}/clean:1`" in missing, missing
        assert len(messages(findings, "cache-mount-defeated")) == 1, findings
        plain, _ = lint(directory, text, "--resolve")
        # Of both, in one finding.
        assert not messages(plain, "missing-program") and len(messages(plain, "cache-mount-defeated")) == 1, plain
        searched = text.replace("USER root\n", "USER root\nENV PATH=/opt/tool:$PATH\n")
        assert not messages(lint(directory, searched, "--resolve=files")[0], "missing-program")
        home = f"FROM {registry.host}/clean:1\nCOPY . .\nRUN pip install x\nCMD [\"a\"]\n"
        (directory / "Dockerfile").write_text(home)
        found = run("optimize", "--resolve=files", directory / "Dockerfile", env=environment(directory)).stdout.decode()
        assert "target=/home/node/.cache/pip,uid=1000,gid=1000" in found and "and the files of" in found, found
        assert "/home/node" not in run("optimize", "--resolve", directory / "Dockerfile", env=environment(directory)).stdout.decode()


@case
def layers_that_are_bombs(directory):
    with FakeRegistry() as registry:
        def notes_of(*layers, change=None):
            image = Image(layers=layers, Env=[PATH])
            registry.push("base", "1", image)
            if change is not None:
                registry.answers[f"/v2/base/blobs/{digest(layers[0])}"] = change
            findings, notes = lint(directory, f"FROM {registry.host}/base:1\nCOPY $ABSENT /x\n", "--resolve=files")
            assert messages(findings, "undefined-variable"), "the configuration is known all the same"
            assert f"the files of `{registry.host}/base:1` are not known: " in notes and len(notes) < 400, notes
            return notes

        small = layer(("etc/passwd", "x"))
        tar = bytearray(layer(("a", 0), compressed=False))
        huge = tarfile.TarInfo("a")
        huge.size = 1 << 40
        assert "32 GiB when they are unpacked" in notes_of(gzip.compress(huge.tobuf(tarfile.GNU_FORMAT) + bytes(tar[512:])))
        assert "is larger than 16 MiB" in notes_of(layer(("etc/passwd", "x" * (17 << 20))))
        assert "archive" in notes_of(b"no archive at all, and not empty")
        assert "archive" in notes_of(small[: len(small) // 2])
        assert "it has the digest" in notes_of(layer(("b", "1")), change=(b"x" * len(layer(("b", "1"))), {}))
        assert "which is too much" in notes_of(layer(("c", "1")), change=(b"x" * 10_000_000, {}))
        assert "has no such image" in notes_of(layer(("d", "1")), change=lambda request: request.send(404))
        assert "`/usr/bin` for programs leads elsewhere" in notes_of(layer(("usr/bin", "-> ../opt/tools")))
        assert "path in its layers is too long" in notes_of(layer(("e/" * 5000 + "x", "1")))


@case
def files_of_a_layout(directory):
    image = Image(layers=[layer(*DEBIAN)], Env=[PATH])
    place = ["--image", f"my-base=oci-layout:{layout(directory / 'one', {'1': image})}"]
    text = "FROM my-base\nRUN git clone https://example.org/y\n"
    assert messages(lint(directory, text, "--resolve=files", "--offline", *place)[0], "missing-program")
    blob = directory / "one/blobs/sha256" / digest(image.layers[0]).removeprefix("sha256:")
    blob.write_bytes(b"other")
    assert "does not have the digest that it is named by" in lint(directory, text, "--resolve=files", "--offline", *place)[1]
    saved = ["--image", f"my-base=docker-archive:{archive(directory / 'saved.tar', ['my-base'], image)}"]
    assert "only those of registries and layouts are read" in lint(directory, text, "--resolve=files", "--offline", *saved)[1]
    wrong = run("lint", "--resolve=everything", directory / "Dockerfile", env=environment(directory))
    assert wrong.returncode == 2 and b"--resolve takes configuration, files, not `everything`" in wrong.stderr, wrong


@case
def images_of_docker_and_podman(directory):
    for program, identity, kind in [("docker", "sha256:" + "c" * 64, "docker-daemon"), ("podman", "d" * 64, "containers-storage")]:
        (directory / "bin").mkdir(exist_ok=True)
        answer = [{"Id": identity, "Os": "linux", "Architecture": "amd64", "Config": {"Env": [PATH, "APP=/srv"], "User": "app"}}]
        (directory / f"bin/{program}").write_text(f"#!/bin/sh\n[ \"$*\" = 'image inspect my-base' ] || exit 1\ncat <<'X'\n{json.dumps(answer)}\nX\n")
        (directory / f"bin/{program}").chmod(0o755)
        env = {**environment(directory), "PATH": f"{directory}/bin:/usr/bin:/bin"}
        (directory / "Dockerfile").write_text("FROM my-base\nCOPY $APP $ABSENT /x/\n")
        result = run("lint", "--resolve", "--offline", "--image", f"my-base={kind}:", directory / "Dockerfile", env=env)
        assert b"ABSENT" in result.stdout and f"`my-base` ({('sha256:' + identity.removeprefix('sha256:'))[:19]})".encode() in result.stdout, result
        result = run("lint", "--resolve", "--image", f"my-base={kind}:other", directory / "Dockerfile", env=env)
        assert f"`{program}` does not have it".encode() in result.stderr, result


@case
def many_files_ask_once(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        for number in range(6):
            (directory / f"Dockerfile.{number}").write_text(f"FROM {registry.host}/base:1 AS a\nFROM {registry.host}/base:1\n")
        assert run("lint", "--resolve", directory, env=environment(directory)).returncode in (0, 1)
        manifests = [path for method, path in registry.asked("/manifests/1")]
        assert len(manifests) == 1, registry.asked()


@case
def nobody_is_asked_without_it(directory):
    assert shutil.which("strace"), "skipped: strace is not installed"
    with FakeRegistry() as registry:
        (directory / "Dockerfile").write_text(f"FROM {registry.host}/base:1\nRUN pip install x\n")
        for command in (["lint"], ["optimize"], ["layers"], ["lint", "--select", "all"]):
            trace = directory / "trace"
            subprocess.run(["strace", "-f", "-e", "trace=network,execve", "-o", trace, dockhew, *command, directory / "Dockerfile"], capture_output=True, env=environment(directory))
            lines = trace.read_text().splitlines()
            assert not [line for line in lines if "socket(" in line or "connect(" in line], lines
            assert sum("execve(" in line for line in lines) == 1, lines
        assert not registry.log


@case
def an_archive_that_is_a_pipe_is_not_opened(directory):
    os.mkfifo(directory / "pipe")
    (directory / "Dockerfile").write_text("FROM my-base\n")
    answer = run("lint", "--resolve", "--offline", "--image", f"my-base=docker-archive:{directory / 'pipe'}", directory / "Dockerfile")
    assert b"no regular file" in answer.stderr, answer.stderr


@case
def options_that_need_each_other(directory):
    (directory / "Dockerfile").write_text("FROM scratch\n")
    assert b"--resolve needs a file" in run("lint", "--resolve", "-", stdin=b"").stderr
    assert b"about what --resolve asks" in run("optimize", "--lock", "x", directory / "Dockerfile").stderr


report()
