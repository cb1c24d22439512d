"""pin.py DOCKHEW ROOT: digests of images from a real registry, with and without a password and TLS, and from one that has every fault
that a registry may have."""
import base64
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from command_case import case, report, run  # noqa: E402
from registries import FakeRegistry, Image, Index, Proxy, RealRegistry, certificates, digest  # noqa: E402

BASE = Index(Image("linux/amd64", Env=["PATH=/usr/bin:/bin", "LANG=C.UTF-8"], User="app", WorkingDir="/srv"),
             Image("linux/arm64", Env=["PATH=/usr/bin:/bin"]))
OTHER = Index(Image("linux/amd64", User="new"), Image("linux/arm64", User="new"))
PLAIN = Image("linux/amd64", docker=True, Env=["A=b"])


def home(directory, **files):
    """The environment of a user who has only these files: names with `/` for `__`."""
    for name, text in files.items():
        path = directory / "home" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (directory / "home").mkdir(parents=True, exist_ok=True)
    return {"HOME": str(directory / "home"), "PATH": str(directory / "bin") + ":/usr/local/bin:/usr/bin:/bin", "NO_COLOR": "1"}


def pin(directory, text, *options, env=None, name="Dockerfile", status=None):
    """What `pin` makes of a file."""
    path = directory / name
    if text is not None:
        path.write_text(text)
    result = run("pin", *options, path, env=env or home(directory))
    assert status is None or result.returncode == status, (result.returncode, result.stdout.decode(), result.stderr.decode())
    return result


def written(directory, text, *options, **more):
    result = pin(directory, text, "--write", *options, **more)
    assert result.returncode == 0, (result.returncode, result.stderr.decode())
    return (directory / more.get("name", "Dockerfile")).read_text()


def real(function):
    """A case that needs docker-registry."""
    def run_case(directory):
        assert RealRegistry.program, "skipped: docker-registry is not installed"
        function(directory)
    run_case.__name__ = function.__name__
    return case(run_case)


def said(result):
    return result.stderr.decode()


@real
def from_a_real_registry(directory):
    with RealRegistry(directory / "registry") as registry:
        registry.push("library/base", "1", BASE)
        registry.push("plain", "2", PLAIN)
        host = registry.host
        text = f"FROM {host}/library/base:1 AS build\nFROM {host}/plain:2\nCOPY --from=build /a /a\n"
        shown = pin(directory, text, status=1).stdout.decode()
        assert f"-FROM {host}/library/base:1 AS build\n" in shown and f"+FROM {host}/library/base:1@{BASE.digest} AS build\n" in shown, shown
        after = written(directory, text)
        assert after == f"FROM {host}/library/base:1@{BASE.digest} AS build\nFROM {host}/plain:2@{PLAIN.digest}\nCOPY --from=build /a /a\n", after
        assert pin(directory, None, status=0).stdout == b"", "nothing is left to do"
        pin(directory, None, "--check", status=0)
        registry.push("library/base", "1", OTHER)
        assert written(directory, None) == after, "a digest that is there is only moved by --update"
        check = pin(directory, None, "--check", status=1).stdout.decode()
        assert f":1: `{host}/library/base:1@{BASE.digest}` is stale: the tag is now {OTHER.digest}" in check, check
        assert OTHER.digest in written(directory, None, "--update")


@real
def with_a_password(directory):
    with RealRegistry(directory / "registry", password=("me", "se:cret")) as registry:
        registry.push("private", "1", PLAIN)
        text = f"FROM {registry.host}/private:1\n"
        result = pin(directory, text, status=2)
        assert "does not show it: there is no such image, or it needs a login" in said(result), said(result)
        entry = {"auth": base64.b64encode(b"me:se:cret").decode()}
        docker = home(directory / "docker", **{".docker__config.json": json.dumps({"auths": {registry.host: entry}})})
        assert PLAIN.digest in written(directory, text, env=docker)
        podman = home(directory / "podman", **{".config__containers__auth.json": json.dumps({"auths": {f"{registry.host}/private": entry}})})
        assert PLAIN.digest in written(directory, text, env=podman)
        (directory / "bin").mkdir()
        helper = directory / "bin/docker-credential-test"
        helper.write_text(f"#!/bin/sh\nread server\n[ \"$1 $server\" = 'get {registry.host}' ] && echo '{{\"Username\":\"me\",\"Secret\":\"se:cret\"}}'\n")
        helper.chmod(0o755)
        for number, settings in enumerate([{"credsStore": "test"}, {"credHelpers": {registry.host: "test"}}]):
            env = {**home(directory / f"helper{number}", **{".docker__config.json": json.dumps(settings)}), "PATH": f"{directory}/bin:/usr/bin:/bin"}
            assert PLAIN.digest in written(directory, text, env=env)
        wrong = home(directory / "wrong", **{".docker__config.json": json.dumps({"credsStore": "absent"})})
        assert "the program `docker-credential-absent`, which knows the password, is not installed" in said(pin(directory, text, env=wrong, status=2))


@real
def with_tls(directory):
    with RealRegistry(directory / "registry", tls=True) as registry:
        registry.push("secure", "1", PLAIN)
        text = f"FROM {registry.host}/secure:1\n"
        assert "has a certificate that is not trusted here" in said(pin(directory, text, status=2))
        authority = (directory / "registry/tls/ca.crt").read_text()
        trusting = home(directory / "trusting", **{f".config__containers__certs.d__{registry.host}__ca.crt": authority})
        assert PLAIN.digest in written(directory, text, env=trusting)


def trusting(directory, name, host, tls, client=False):
    """A user who trusts the authority in a directory, and may have a certificate from it."""
    files = {"ca.crt": "ca.crt", **({"client.cert": "client.cert", "client.key": "client.key"} if client else {})}
    return home(directory / name, **{f".config__docker__certs.d__{host}__{file}": (tls / source).read_text() for file, source in files.items()})


@real
def with_a_certificate_of_the_client(directory):
    with RealRegistry(directory / "registry", tls=True, clients=True) as registry:
        registry.push("closed", "1", PLAIN)
        text, tls = f"FROM {registry.host}/closed:1\n", directory / "registry/tls"
        assert PLAIN.digest in written(directory, text, env=trusting(directory, "known", registry.host, tls, client=True))
        refused = said(pin(directory, text, env=trusting(directory, "unknown", registry.host, tls), status=2))
        assert "closed the connection: it may want a certificate of who asks" in refused, refused
        broken = trusting(directory, "broken", registry.host, tls, client=True)
        (directory / f"broken/home/.config/docker/certs.d/{registry.host}/client.key").write_text("no key\n")
        assert "was not asked: the certificate for it cannot be used" in said(pin(directory, text, env=broken, status=2))
        (directory / f"broken/home/.config/docker/certs.d/{registry.host}/client.key").unlink()
        assert "it may want a certificate" in said(pin(directory, text, env=broken, status=2)), "a certificate without its key is none"


@case
def through_a_proxy(directory):
    tls = directory / "tls"
    certificates(tls, "DNS:registry.example.test")
    with FakeRegistry(tls) as registry:
        registry.push("base", "1", BASE)
        text = "FROM registry.example.test/base:1\n"
        places = {"registry.example.test:443": registry.port}

        def user(name, **variables):
            return {**trusting(directory, name, "registry.example.test", tls), **variables}

        with Proxy(places) as proxy:
            for number, variable in enumerate(["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]):
                assert BASE.digest in written(directory, text, env=user(f"user{number}", **{variable: f"http://{proxy.address}"}))
            assert set(proxy.log) == {"CONNECT registry.example.test:443 HTTP/1.1"}, proxy.log
            asked = len(proxy.log)
            left_out = said(pin(directory, text, env=user("left-out", HTTPS_PROXY=f"http://{proxy.address}", NO_PROXY="example.test"), status=2))
            assert "cannot be reached: its name is not known" in left_out and len(proxy.log) == asked, left_out
            refused = said(pin(directory, "FROM other.example.test/base:1\n", env=user("other", HTTPS_PROXY=f"http://{proxy.address}"), status=2))
            assert "`other.example.test` closed the connection, or the proxy refuses it" in refused, refused
        with Proxy(places, password=("me", "se:cret")) as proxy:
            assert BASE.digest in written(directory, text, env=user("password", HTTPS_PROXY=f"http://me:se%3Acret@{proxy.address}"))
            assert "or the proxy refuses it" in said(pin(directory, text, env=user("no-password", HTTPS_PROXY=f"http://{proxy.address}"), status=2))
        absent = said(pin(directory, text, env=user("absent", HTTPS_PROXY="http://127.0.0.1:1"), status=2))
        assert "cannot be reached, or the proxy cannot" in absent, absent


@case
def this_machine_is_asked_without_a_proxy(directory):
    with FakeRegistry() as registry, Proxy({}) as proxy:
        registry.push("base", "1", BASE)
        for number, host in enumerate([registry.host, f"127.0.0.1:{registry.port}"]):
            env = {**home(directory / str(number)), **{name: f"http://{proxy.address}" for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY")}}
            assert BASE.digest in written(directory, f"FROM {host}/base:1\n", env=env)
        assert not proxy.log, proxy.log


@case
def every_place_of_a_dockerfile(directory):
    with FakeRegistry() as registry:
        registry.push("a/base", "1", BASE)
        registry.push("a/base", "latest", OTHER)
        registry.push("a/syntax", "1", PLAIN)
        host = registry.host
        base, latest = f"{host}/a/base:1", f"{host}/a/base"
        text = (f"# syntax={host}/a/syntax:1\nARG VERSION=1\nARG WHOLE=\"{base}\"\nARG SHARED=1\nARG ABSENT\n"
                f"FROM {latest} AS first\nFROM {host}/a/base:${{VERSION}} AS second\nFROM ${{WHOLE}} AS third\n"
                f"FROM {host}/a/base:$SHARED\nFROM {host}/a/base:$SHARED-slim\nFROM {host}/a/base:$ABSENT\nFROM scratch\nFROM first\n"
                f"COPY --chown=1 --from={base} /a /a\nCOPY --from=first /a /b\nCOPY --from=0 /a /b\n"
                f"RUN --mount=type=bind,from={base},target=/m \\\n    --mount=type=cache,target=/c true # {base}\n")
        result = pin(directory, text, "--write", status=0)
        after = (directory / "Dockerfile").read_text()
        expected = (text.replace("/a/syntax:1", f"/a/syntax:1@{PLAIN.digest}").replace("VERSION=1", f"VERSION=1@{BASE.digest}")
                    .replace(f"\"{base}\"", f"\"{base}@{BASE.digest}\"").replace(f"FROM {latest} AS", f"FROM {latest}:latest@{OTHER.digest} AS")
                    .replace(f"--from={base}", f"--from={base}@{BASE.digest}").replace(f",from={base}", f",from={base}@{BASE.digest}"))
        assert after == expected, after
        notes = said(result)
        assert ":9: " in notes and "the argument `SHARED` is used for something else as well" in notes, notes
        assert ":10: " in notes and "its name is put together of arguments" in notes, notes
        assert ":11: " in notes and "the value of an argument in its name is not known" in notes, notes
        assert pin(directory, None, status=0).stdout == b""
        moved = written(directory, None, "--update")
        assert moved == after, moved
        registry.push("a/base", "1", OTHER)
        assert written(directory, None, "--update") == after.replace(BASE.digest, OTHER.digest)


@case
def compose_files_and_workflows(directory):
    with FakeRegistry() as registry:
        registry.push("db", "16", BASE)
        image = f"{registry.host}/db:16"
        compose = (f"services:\n  db:   # the data\n    image: \"{image}\"   # keep\n  cache: {{image: {image}}}\n  app:\n    build: .\n    image: {image}\n"
                   f"  other:\n    image: {registry.host}/db:${{TAG:-16}}\n")
        (directory / "Dockerfile").write_text(f"FROM {image}\n")
        result = pin(directory, compose, "--write", name="compose.yaml", status=0)
        after = (directory / "compose.yaml").read_text()
        uses = [image["use"] for file in json.loads(pin(directory, None, "--format", "json", name="compose.yaml", status=0).stdout)["files"] for image in file["images"]]
        assert uses == ["from", "service", "service", "service"], uses
        assert after == compose.replace(f"\"{image}\"", f"\"{image}@{BASE.digest}\"").replace(f"{{image: {image}}}", f"{{image: {image}@{BASE.digest}}}"), after
        assert "compose.yaml:9: " in said(result) and "its name is put together of variables" in said(result)
        assert (directory / "Dockerfile").read_text() == f"FROM {image}@{BASE.digest}\n", "what it builds is pinned as well"
        flow = directory / ".github/workflows"
        flow.mkdir(parents=True)
        text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker://{image} # tool\n      - uses: actions/checkout@v4\n"
        [action] = json.loads(pin(directory, text, "--format", "json", name=".github/workflows/a.yml", status=1).stdout)["files"][0]["images"]
        assert (action["use"], action["line"], action["text"], action["after"]) == ("action", 6, image, BASE.digest), action
        assert written(directory, text, name=".github/workflows/a.yml") == text.replace(image, f"{image}@{BASE.digest}")


@case
def packages_of_debian(directory):
    text = ("FROM debian:12 AS build # not a comment\nRUN apt-get update\nFROM build AS more\nRUN apt-get install -y git\nFROM debian:bullseye-slim\nRUN apt-get update && apt-get install -y curl\n"
            "FROM alpine:3.20\nRUN apk add curl\n").replace(" # not a comment", "")
    new = ("RUN sed -i -E 's#http://(deb|security).debian.org/(\\S+)#http://snapshot.debian.org/archive/\\2/TIME\\nCheck-Valid-Until: no#' /etc/apt/sources.list.d/debian.sources && \\\n"
           "    grep -q '^[^#].*/TIME' /etc/apt/sources.list.d/debian.sources\n")
    old = ("RUN sed -i -E 's#http://(deb|security).debian.org/(\\S+)#[check-valid-until=no] http://snapshot.debian.org/archive/\\2/TIME#' /etc/apt/sources.list && \\\n"
           "    grep -q '^[^#].*/TIME' /etc/apt/sources.list\n")
    expected = text.replace("build\nRUN apt-get update", f"build\n{new}RUN apt-get update").replace("slim\n", f"slim\n{old}").replace("TIME", "20260131T000000Z")
    path = directory / "Dockerfile"

    def pinned(source, *options, time="2026-01-31", status=2):
        """Of the images nothing is known here, so that only APT is pinned, and the exit status says the rest."""
        result = pin(directory, source, "--offline", "--write", "--apt-snapshot", time, *options, status=status)
        return path.read_text(), said(result)
    assert pinned(text)[0] == expected, path.read_text()
    assert pinned(None, time="20260131T000000Z")[0] == expected, "a second time nothing changes"
    assert pinned(None, time="2026-02-28T12:00:00Z")[0] == expected.replace("20260131T000000Z", "20260228T120000Z"), "the snapshot moves"
    crlf, _ = pinned(text.replace("\n", "\r\n"))
    path.write_bytes(text.replace("\n", "\r\n").encode())
    pin(directory, None, "--offline", "--write", "--apt-snapshot", "2026-01-31", status=2)
    assert path.read_bytes() == expected.replace("\n", "\r\n").encode(), path.read_bytes()
    path.write_text("# escape=`\n" + text)
    assert "debian.sources && `\n    grep" in pinned(None)[0], path.read_text()
    for source, problem in [
            ("FROM ubuntu:24.04\nRUN apt-get update\n", "is Ubuntu, whose snapshots are another service"),
            ("FROM corp/base:1\nRUN apt-get update\n", "nothing is known of `corp/base:1`"),
            ("ARG A=debian:12\nFROM $A\nRUN apt-get update\n", "depends on an argument"),
            ("FROM debian:12\nUSER 1000\nFROM debian:12 AS a\nUSER app\nFROM a\nRUN apt-get update\n", "does not run as root"),
            ("FROM debian:oldstable\nRUN apt-get update\n", "the tag of `debian:oldstable` does not say its release of Debian"),
            ("FROM rockylinux:9\nRUN apt-get update\n", "`rockylinux:9` is not Debian"),
            ("FROM debian:12\nRUN sed -i s/deb.debian.org/ftp.de.debian.org/ /etc/apt/sources.list.d/debian.sources && apt-get update\n", "a step of it changes Debian's sources already"),
            ("FROM debian:12\nCOPY sources.list /etc/apt/\nRUN apt-get update\n", "a step of it changes Debian's sources already")]:
        after, notes = pinned(source)
        assert after == source and problem in notes, (source, notes)
    after, notes = pinned("FROM debian:12\nRUN echo 'deb https://example.org x y' > /etc/apt/sources.list.d/x.list && apt-get update\n")
    assert "snapshot.debian.org" in after and "what comes from another source" in notes, notes
    by_hand = "FROM debian:12\nCOPY <<EOF /etc/apt/sources.list.d/debian.sources\nTypes: deb\nURIs: http://snapshot.debian.org/archive/debian/20240101T000000Z\nEOF\nRUN apt-get update\n"
    after, notes = pinned(by_hand)
    assert after == by_hand.replace("20240101T000000Z", "20260131T000000Z") and "APT gets" not in notes, (after, notes)
    path.write_text("FROM debian:12\nRUN apt-get update\n")
    [file] = json.loads(pin(directory, None, "--offline", "--format", "json", "--apt-snapshot", "2026-01-31").stdout)["files"]
    assert file["snapshots"] == [{"line": 1, "state": "pinned", "written": False, "problem": None}], file
    assert json.loads(pin(directory, None, "--offline", "--format", "json").stdout)["files"][0]["snapshots"] == []
    for wrong in ("yesterday", "2026-13-01", "20260131T250000Z", "", "2026-01-31\n"):
        result = pin(directory, None, "--apt-snapshot", wrong, status=2)
        assert "a snapshot is a time such as" in said(result), said(result)


@case
def for_programs(directory):
    with FakeRegistry() as registry:
        registry.push("a/base", "1", BASE)
        host = registry.host
        text = (f"# syntax={host}/a/base:1\nARG ABSENT\nFROM {host}/a/base:1 AS é\nFROM {host}/a/base:$ABSENT\nFROM {host}/a/base:1@{OTHER.digest}\nFROM {host}/none:1\nFROM my-base\n"
                f"COPY --from={host}/a/base:1 /a /b\nRUN --mount=from={host}/a/base:1,target=/m true\n")

        def images(status, *options):
            result = pin(directory, text if status != 0 else None, "--format", "json", *options, status=status)
            document = json.loads(result.stdout)
            assert document["version"] == 1 and result.stderr == b"", result
            [file] = document["files"]
            assert file["path"] == str(directory / "Dockerfile") and file["errors"] == [], file
            assert all(set(image) == {"use", "line", "column", "text", "image", "tag", "before", "after", "state", "written", "problem"} for image in file["images"])
            return file["images"]

        found = images(2)
        assert [(image["use"], image["line"], image["column"], image["state"]) for image in found] == [
            ("syntax", 1, 10, "pinned"), ("from", 3, 6, "pinned"), ("from", 4, 6, "left"), ("from", 5, 6, "kept"), ("from", 6, 6, "vanished"), ("from", 7, 6, "left"),
            ("copy", 8, 13, "pinned"), ("mount", 9, 18, "pinned")], found
        assert found[1] == {"use": "from", "line": 3, "column": 6, "text": f"{host}/a/base:1", "image": f"{host}/a/base", "tag": "1", "before": None,
                            "after": BASE.digest, "state": "pinned", "written": False, "problem": None}, found[1]
        assert found[2]["image"] is None and "the value of an argument in its name is not known" in found[2]["problem"], found[2]
        assert (found[3]["before"], found[3]["after"], found[3]["problem"]) == (OTHER.digest, OTHER.digest, None), found[3]
        assert (found[4]["after"], found[4]["written"]) == (None, False) and "has no such image" in found[4]["problem"], found[4]
        assert found[5]["image"] == "docker.io/library/my-base" and "whoever builds has made it" in found[5]["problem"], found[5]
        assert (directory / "Dockerfile").read_text() == text
        moved = images(2, "--update")[3]
        assert (moved["state"], moved["before"], moved["after"]) == ("moved", OTHER.digest, BASE.digest), moved
        checked = images(1, "--check")
        assert [image["state"] for image in checked] == ["kept"] * 3 + ["vanished"] + ["kept"] * 4 and "has vanished" in checked[3]["problem"], checked
        written = images(2, "--write")
        assert [image["written"] for image in written] == [True, True, False, False, False, False, True, True], written
        pinned = directory / "Dockerfile"
        assert pinned.read_text().count("@" + BASE.digest) == 4
        pinned.write_text(f"FROM {host}/a/base:1@{BASE.digest}\n")
        assert [image["state"] for image in images(0, "--check")] == ["kept"]
        registry.push("a/base", "1", OTHER)
        text = pinned.read_text()
        [stale] = images(1, "--check")
        assert (stale["state"], stale["before"], stale["after"]) == ("stale", BASE.digest, OTHER.digest), stale
        pinned.unlink()
        absent = run("pin", "--format", "json", pinned, env=home(directory))
        assert absent.returncode == 2, absent


@case
def a_lock_file_and_the_cache(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        text = f"FROM {registry.host}/base:1\n"
        env = home(directory)
        lock = directory / "images.lock"
        pinned = written(directory, text, "--lock", lock, env=env)
        locked = json.loads(lock.read_text())
        assert locked == {"version": 1, "images": {f"{registry.host}/base:1": {"digest": BASE.digest}}}, locked
        before, asked = lock.read_bytes(), len(registry.log)
        assert written(directory, text, "--lock", lock, env=env) == pinned and len(registry.log) == asked, "the lock is enough"
        assert written(directory, text, "--offline", env=env) == pinned and len(registry.log) == asked, "the cache is enough"
        empty = home(directory / "empty")
        assert written(directory, text, "--offline", "--lock", lock, env=empty) == pinned and lock.read_bytes() == before
        refused = pin(directory, text, "--offline", env=empty, status=2)
        assert "it is not in the cache, and --offline asks nobody" in said(refused)
        registry.push("base", "1", OTHER)
        assert written(directory, text, "--lock", lock, env=env) == pinned
        assert OTHER.digest in written(directory, None, "--update", "--lock", lock, env=env)
        assert OTHER.digest in lock.read_text()
        lock.write_text('{"version": 2}')
        assert "this lock file has another version than 1" in said(pin(directory, text, "--lock", lock, env=env, status=2))
    assert not (directory / "home/.cache/dockhew/images/sha256" / BASE.digest).exists()
    kept = directory / "home/.cache/dockhew/images/sha256" / BASE.digest.removeprefix("sha256:")
    assert kept.read_bytes() == BASE.manifest
    kept.write_bytes(b"something else")
    (directory / "images.lock").unlink()
    result = pin(directory, f"FROM {registry.host}/base:1\n", "--check", status=0)
    lint = run("lint", "--resolve", "--offline", directory / "Dockerfile", env=env)
    assert b"it is not in the cache" in lint.stderr, "what was changed there is not believed"


@case
def tokens(directory):
    with FakeRegistry() as registry, FakeRegistry() as other:
        def guarded(found):
            def answer(request):
                if request.headers.get("Authorization") == "Bearer good.token":
                    return request.send(200, *found)
                request.send(401, b"", {"WWW-Authenticate": f'Bearer realm="http://{other.host}/token",service="a registry",scope="repository:x:pull,push"'})
            return answer
        registry.push("team/base", "1", BASE)
        registry.answers = {path: guarded(found) for path, found in registry.answers.items()}
        other.answers["/token"] = lambda request: request.send(200, b'{"token": "good.token", "expires_in": 300}')
        text = f"FROM {registry.host}/team/base:1\n"
        assert BASE.digest in written(directory, text)
        assert other.asked() == [("GET", "/token?service=a%20registry&scope=repository%3Ateam%2Fbase%3Apull")], other.asked()
        assert "Authorization" not in other.log[0][2]
        registry.log.clear()
        written(directory, text + text.replace("base:1", "base:1 AS b"))
        assert [method for method, _ in registry.asked()] == ["HEAD", "HEAD"], registry.asked()
        entry = base64.b64encode(b"me:secret").decode()
        login = home(directory / "login", **{".docker__config.json": json.dumps({"auths": {registry.host: {"auth": entry}}})})
        assert BASE.digest in written(directory, text, env=login)
        assert other.log[-1][2]["Authorization"] == "Basic " + entry
        assert all("Basic" not in headers.get("Authorization", "") for _, _, headers, _ in registry.log), "the registry itself gets a token only"
        identity = home(directory / "identity", **{".docker__config.json": json.dumps({"auths": {registry.host: {"identitytoken": "re/fresh&x"}}})})
        assert BASE.digest in written(directory, text, env=identity)
        method, path, headers, form = other.log[-1]
        assert (method, path) == ("POST", "/token") and "grant_type=refresh_token" in form and "refresh_token=re%2Ffresh%26x" in form, form
        other.answers["/token"] = lambda request: request.send(401)
        assert "refuses who has not logged in" in said(pin(directory, text, status=2))
        other.answers["/token"] = lambda request: request.send(200, b'{"token": "a\\r\\nX-Evil: 1"}')
        assert "what the authorization service gave is no token" in said(pin(directory, text, status=2))
        registry.answers["/v2/team/base/manifests/1"] = lambda request: request.send(401, b"", {"WWW-Authenticate": 'Bearer realm="http://registry.example.org/token"'})
        assert "would be asked without encryption" in said(pin(directory, text, env=home(directory / "new"), status=2))


@case
def faults(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        whole = dict(registry.answers)
        name = "/v2/base/manifests/1"
        attempt = iter(range(1000))

        def message(answer, *options, path=name, text=None):
            registry.answers = {**whole, path: answer}
            begun = time.monotonic()
            result = pin(directory, text or f"FROM {registry.host}/base:1\n", *options, env=home(directory / f"h{next(attempt)}"))
            assert result.returncode == 2, (result.returncode, result.stdout.decode(), said(result))
            assert time.monotonic() - begun < 20
            return said(result)

        def truncated(request):
            request.send_response(200)
            request.send_header("Content-Length", "5000")
            request.end_headers()
            request.wfile.write(b"{")
            request.close_connection = True

        def endless(request):
            request.send_response(200)
            request.send_header("Transfer-Encoding", "chunked")
            request.end_headers()
            try:
                for _ in range(400):
                    request.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            except OSError:
                pass
            request.close_connection = True

        def at_get(answer, claimed=BASE.digest):
            return lambda request: request.send(200, b"", {"Docker-Content-Digest": claimed}) if request.command == "HEAD" else answer(request)

        def body(data, kind="application/vnd.oci.image.manifest.v1+json"):
            return lambda request: request.send(200, data, {"Content-Type": kind})

        by_digest = f"/v2/base/manifests/{BASE.digest}"
        assert "did not answer within 2 seconds" in message(lambda request: time.sleep(4), "--timeout", "2")
        assert "broke off in the middle of its answer" in message(at_get(truncated), path=by_digest)
        deep = b"[" * 100000
        assert "answered with status 400" in message(lambda request: request.send(400, deep))
        assert "sent more than 4096 KiB, which is too much" in message(endless, path=by_digest)
        assert "is not what was asked for: it has the digest" in message(body(OTHER.manifest), path=by_digest)
        for page in (body(b"<html>log in</html>", "text/html; charset=utf-8"), body(b"{}")):  # of a portal that asks for a login
            assert "answered with what is no manifest of an image" in message(page)
        assert "redirects more than 5 times" in message(lambda request: request.send(307, b"", {"Location": name}))
        assert "was not followed: its address is neither https nor http" in message(lambda request: request.send(302, b"", {"Location": "file:///etc/passwd"}))
        assert "was not followed: it redirects to http on another machine" in message(lambda request: request.send(302, b"", {"Location": "http://192.0.2.1/"}))
        assert "gets too many requests" in message(lambda request: request.send(429, b'{"errors":[{"message":"slow \\u001b[31mdown"}]}', {"Retry-After": "0"}))
        assert "\x1b" not in message(lambda request: request.send(429, b'{"errors":[{"message":"slow \\u001b[31mdown"}]}', {"Retry-After": "0"}))
        assert "answered with status 500" in message(lambda request: request.send(500))
        assert "has no such image" in message(lambda request: request.send(404))
        assert "cannot be reached" in message(body(b""), text="FROM localhost:1/x:1\n")
        assert "Location" not in message(lambda request: request.send(302))
        registry.answers = whole
        for text in ["FROM Debian:12:13\n", "FROM a b c d\n"]:
            assert pin(directory, text).returncode in (0, 2)


@case
def a_busy_registry_is_asked_again(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        found, times = registry.answers["/v2/base/manifests/1"], []

        def busy(request):
            times.append(time.monotonic())
            request.send(*(429, b"", {"Retry-After": "1"}) if len(times) < 3 else (200, *found))
        registry.answers["/v2/base/manifests/1"] = busy
        assert BASE.digest in written(directory, f"FROM {registry.host}/base:1\n")
        assert len(times) == 3 and times[1] - times[0] >= 1, times


def conf(prefix, *mirrors):
    """Podman's registries.conf with mirrors of one registry."""
    return f'[[registry]]\nlocation = "{prefix}"\n' + "".join(f"[[registry.mirror]]\n{mirror}\n" for mirror in mirrors)


@case
def mirrors_of_docker_hub(directory):
    with FakeRegistry() as first, FakeRegistry() as second:
        second.push("library/debian", "1", BASE)
        env = home(directory, **{".config__docker__daemon.json": json.dumps({"registry-mirrors": [f"http://{first.host}", f"http://{second.host}/"]})})
        after = written(directory, "FROM debian:1\nFROM docker.io/library/debian:1\n", env=env)
        assert after == f"FROM debian:1@{BASE.digest}\nFROM docker.io/library/debian:1@{BASE.digest}\n", after
        assert [path for _, path in first.asked("library/debian")] and second.asked("library/debian"), (first.log, second.log)
        lock = directory / "images.lock"
        written(directory, "FROM debian:1\n", "--lock", lock, env=env)
        assert list(json.loads(lock.read_text())["images"]) == ["docker.io/library/debian:1"], "what is kept has the name of the image, not of the mirror"


@case
def mirrors_of_any_registry(directory):
    with FakeRegistry() as registry, FakeRegistry() as mirror:
        registry.push("team/base", "1", BASE)
        registry.push("team/only", "1", PLAIN)
        mirror.push("cache/team/base", "1", BASE)
        text = f"FROM {registry.host}/team/base:1\n"
        both = f"{text}FROM {registry.host}/team/only:1\n"
        env = home(directory, **{".config__containers__registries.conf": conf(registry.host, f'location = "{mirror.host}/cache"')})
        assert BASE.digest in written(directory, text, env=env)
        assert mirror.asked("/cache/team/base/") and not registry.log, registry.log
        after = written(directory, both, env=env)
        assert BASE.digest in after and PLAIN.digest in after, after
        assert registry.asked() and not registry.asked("base"), registry.asked()
        # A mirror that is wrong, or not there, is as good as none.
        mirror.push("cache/team/base", "1", OTHER)
        mirror.answers[f"/v2/cache/team/base/manifests/{OTHER.digest}"] = mirror.answers[f"/v2/cache/team/base/manifests/{PLAIN.digest}"] = (PLAIN.manifest, {})
        wrong = pin(directory, text, env=home(directory / "wrong", **{".config__containers__registries.conf": conf(registry.host, f'location = "{mirror.host}/cache"')}), status=2)
        assert f"what `{mirror.host}` sent is not what was asked for" in said(wrong) and f", and the registry `{registry.host}` has no such image" in said(wrong), said(wrong)
        absent = home(directory / "absent", **{".config__containers__registries.conf.d__1.conf": conf(registry.host, 'location = "localhost:1"')})
        assert BASE.digest in written(directory, text, env=absent)
        digests = home(directory / "digests", **{".config__containers__registries.conf": conf(registry.host, f'location = "{mirror.host}/cache"\npull-from-mirror = "digest-only"')})
        mirror.log.clear()
        assert BASE.digest in written(directory, text, env=digests)
        assert not mirror.asked("/manifests/1") , mirror.asked()
        missing = pin(directory, f"FROM {registry.host}/none:1\n", env=env, status=2)
        assert f"the mirror `{mirror.host}` has no such image, and the registry `{registry.host}` has no such image" in said(missing), said(missing)
        broken = home(directory / "broken", **{".config__containers__registries.conf": "[[registry]\n", ".config__docker__daemon.json": "{"})
        assert BASE.digest in written(directory, text, env=broken)


@case
def a_mirror_gets_no_credentials_of_another(directory):
    with FakeRegistry() as registry, FakeRegistry() as mirror:
        for each, name in [(registry, "base"), (mirror, "cache/base")]:
            each.push(name, "1", BASE)
            each.answers = {path: (lambda found: lambda request: request.send(200, *found) if "Authorization" in request.headers else request.send(401, b"", {"WWW-Authenticate": 'Basic realm="x"'}))(found)
                            for path, found in each.answers.items()}
        settings = {".config__containers__registries.conf": conf(registry.host, f'location = "{mirror.host}/cache"')}
        def login(name, *hosts):
            auths = {host: {"auth": base64.b64encode(f"me:{host}".encode()).decode()} for host in hosts}
            return home(directory / name, **settings, **{".docker__config.json": json.dumps({"auths": auths})})
        text = f"FROM {registry.host}/base:1\n"
        assert BASE.digest in written(directory, text, env=login("one", registry.host))
        assert mirror.log and all("Authorization" not in headers for _, _, headers, _ in mirror.log), mirror.log
        registry.log.clear()
        assert BASE.digest in written(directory, text, env=login("other", mirror.host))
        assert not registry.log and any("Authorization" in headers for _, _, headers, _ in mirror.log), registry.log


@real
def mirrors_that_are_real_registries(directory):
    with RealRegistry(directory / "registry") as registry, RealRegistry(directory / "mirror", tls=True) as mirror:
        registry.push("base", "1", BASE)
        registry.push("only", "1", PLAIN)
        mirror.push("hub/base", "1", OTHER)
        authority = (directory / "mirror/tls/ca.crt").read_text()
        env = home(directory, **{".config__containers__registries.conf": conf(registry.host, f'location = "{mirror.host}/hub"'),
                                 f".config__containers__certs.d__{mirror.host}__ca.crt": authority})
        after = written(directory, f"FROM {registry.host}/base:1\nFROM {registry.host}/only:1\n", env=env)
        assert OTHER.digest in after and PLAIN.digest in after, after


@case
def redirects_take_no_credentials_elsewhere(directory):
    with FakeRegistry() as registry, FakeRegistry() as store:
        registry.push("base", "1", BASE)
        def elsewhere(path, found):
            store.answers[path] = found

            def answer(request):
                if "Authorization" not in request.headers:
                    return request.send(401, b"", {"WWW-Authenticate": 'Basic realm="x"'})
                request.send(307, b"", {"Location": f"http://{store.host}{path}"})
            return answer
        registry.answers = {path: elsewhere(path, found) for path, found in registry.answers.items()}
        entry = base64.b64encode(b"me:secret").decode()
        login = home(directory, **{".docker__config.json": json.dumps({"auths": {registry.host: {"auth": entry}}})})
        assert BASE.digest in written(directory, f"FROM {registry.host}/base:1\n", env=login)
        assert store.log and all("Authorization" not in headers for _, _, headers, _ in store.log)


@case
def secrets_are_on_no_command_line(directory):
    with FakeRegistry() as registry:
        registry.push("base", "1", BASE)
        registry.answers = {path: (lambda found: lambda request: request.send(200, *found) if "Authorization" in request.headers else request.send(401, b"", {"WWW-Authenticate": 'Basic realm="x"'}))(found)
                            for path, found in registry.answers.items()}
        (directory / "bin").mkdir()
        (directory / "bin/curl").write_text(f'#!/bin/sh\necho "$*" >>{directory}/log\nenv >>{directory}/log\nexec /usr/bin/curl "$@"\n')
        (directory / "bin/curl").chmod(0o755)
        entry = base64.b64encode(b"me:secret").decode()
        env = {**home(directory, **{".docker__config.json": json.dumps({"auths": {registry.host: {"auth": entry}}})}), "PATH": f"{directory}/bin:/usr/bin:/bin"}
        assert BASE.digest in written(directory, f"FROM {registry.host}/base:1\n", env=env)
        log = (directory / "log").read_text()
        assert "-q -K -" in log and entry not in log and "secret" not in log and registry.host not in log, log


@case
def images_that_whoever_builds_has_made(directory):
    result = pin(directory, "FROM my-base\nFROM localhost/app:1\nFROM a\nFROM my-base\n", status=0)
    assert said(result).count("no registry has it, so whoever builds has made it") == 4, said(result)


@case
def each_image_is_asked_for_once(directory):
    with FakeRegistry() as registry:
        for number in range(20):
            registry.push(f"base{number}", "1", Image(Env=[f"NUMBER={number}"]))
        text = "".join(f"FROM {registry.host}/base{number % 20}:1 AS stage{number}\n" for number in range(50))
        env = home(directory)
        written(directory, text, env=env)
        probes = 20  # each at first tries TLS, which this registry does not speak
        assert len(registry.log) <= 20 * 2 + probes, len(registry.log)
        registry.log.clear()
        written(directory, text, env=env)
        assert {method for method, _ in registry.asked()} == {"HEAD"} and len(registry.log) == 20, registry.asked()


@case
def options_that_make_no_sense(directory):
    (directory / "Dockerfile").write_text("FROM scratch\n")
    for options in [("--check", "--write"), ("--check", "--update"), ("--check", "--offline"), ("--check", "--lock", "x"), ("--update", "--offline")]:
        assert b"cannot be used together" in run("pin", *options, directory / "Dockerfile").stderr
    assert b"--offline is about what --resolve asks" in run("lint", "--offline", directory / "Dockerfile").stderr
    assert run("pin", directory / "Dockerfile", env=home(directory)).returncode == 0
    assert b"`curl` is not installed" in run("pin", "-", stdin=b"FROM debian:12\n", env={**home(directory), "PATH": str(directory)}).stderr


report()
