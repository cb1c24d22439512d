"""The language server as an editor sees it: what it says of a text while it is typed, and what it offers. Prints TAP.
Usage: language_server.py DOCKHEW SOURCE_ROOT"""
import json
import os
import random
import shutil
import subprocess
import time

from command_case import NAIVE, case, dockhew, project, report, root, run
from language_client import EVERYTHING, Client, applied, framed, uri

STAGES = """# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM python:$VERSION AS build
ENV HOME_OF_APP=/app
WORKDIR $HOME_OF_APP
COPY requirements.txt ./
RUN pip install -r requirements.txt && echo ${HOME_OF_APP}
FROM build AS checked
FROM debian:12-slim
COPY --from=build /app /app
RUN --mount=type=bind,from=checked,target=/x \\
    ls /x
USER 1000
CMD ["/app/run"]
"""


def started(directory, capabilities=None, options=(), env=None):
    client = Client(*options, cwd=directory, env=env)
    client.initialize(directory, capabilities)
    return client


def without(*path):
    """What an editor says that cannot do one thing."""
    reduced = json.loads(json.dumps(EVERYTHING))
    at = reduced
    for name in path[:-1]:
        at = at[name]
    del at[path[-1]]
    return reduced


def with_encoding(*names):
    return {**EVERYTHING, "general": {"positionEncodings": list(names)}}


def codes(diagnostics):
    return [d["code"] for d in diagnostics]


def edited(text, edit, name, encoding="utf-16"):
    """The text after a workspace edit."""
    if "changes" in edit:
        return applied(text, edit["changes"][name], encoding)
    for change in edit["documentChanges"]:
        if change.get("textDocument", {}).get("uri") == name:
            text = applied(text, change["edits"], encoding)
    return text


def place_of(text, offset, encoding):
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    size = {"utf-8": len(lines[-1].encode()), "utf-16": len(lines[-1].encode("utf-16-le")) // 2, "utf-32": len(lines[-1])}[encoding]
    return {"line": len(lines) - 1, "character": size}


@case
def positions_are_negotiated(directory):
    for offered, agreed in ((["utf-8"], "utf-8"), (["utf-32", "utf-8"], "utf-32"), (["utf-16"], "utf-16"), (["ebcdic"], "utf-16"), ([], "utf-16")):
        client = Client(cwd=directory)
        assert client.initialize(directory, with_encoding(*offered))["capabilities"]["positionEncoding"] == agreed
        assert client.end() == 0
    client = Client(cwd=directory)
    assert client.initialize(directory, {})["capabilities"]["positionEncoding"] == "utf-16"


@case
def findings_are_published_with_all_that_is_known_of_them(directory):
    path = project(directory, NAIVE.replace("USER 1000\n", "RUN cd /x && pip install -r requirements.txt\n"))
    client = started(directory)
    client.open(uri(path), path.read_text())
    found = client.published(uri(path), 1)
    report_of_lint = json.loads(run("lint", "--format", "json", path).stdout)["files"][0]["findings"]
    assert codes(found) == [f["rule"] for f in report_of_lint], (found, report_of_lint)
    one = next(d for d in found if d["code"] == "missing-cache-mount")
    assert one["source"] == "dockhew" and one["severity"] == 2 and "pip" in one["message"]
    assert one["codeDescription"]["href"].endswith("/missing-cache-mount.md")
    assert one["range"] == {"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 7}}
    assert [r["location"]["range"]["start"]["line"] for d in found for r in d.get("relatedInformation", [])] == [4], found
    assert client.end() == 0 and client.noise == b""


@case
def typing_is_followed_in_every_encoding(directory):
    """After any edits the server has the text that the editor has: it finds what it finds in the whole text."""
    alphabet = ["é", "😀", "x", " ", "\n", "\r\n", "RUN ", "pip install x\n", "# ", "\\\n", "COPY . .\n", "$A", "\t", ""]
    for encoding in ("utf-8", "utf-16", "utf-32"):
        chooser = random.Random(encoding)
        client = started(directory, with_encoding(encoding))
        name, text = uri(directory / "Dockerfile"), "# é😀\nFROM debian:12\nRUN echo 😀é && apt-get install x\n"
        client.open(name, text)
        for version in range(2, 40):
            changes = []
            for _ in range(chooser.randrange(1, 4)):
                begin = chooser.randrange(len(text) + 1)
                end = min(len(text), begin + chooser.randrange(8))
                # Between the two halves of a line ending there is no position.
                if text[begin - 1:begin + 1] == "\r\n" or text[end - 1:end + 1] == "\r\n":
                    continue
                new = chooser.choice(alphabet)
                changes.append({"range": {"start": place_of(text, begin, encoding), "end": place_of(text, end, encoding)}, "text": new})
                text = text[:begin] + new + text[end:]
            client.change(name, version, *changes)
        typed = client.published(name, 39)
        client.open(uri(directory / "whole.Dockerfile"), text)
        assert typed == client.published(uri(directory / "whole.Dockerfile")), (encoding, text)
        client.change(name, 40, {"text": "FROM debian\n"})
        assert "unpinned-base-image" in codes(client.published(name, 40))
        assert client.end() == 0


@case
def places_outside_of_the_text_mean_its_end(directory):
    client, name = started(directory), "untitled:Untitled-1"
    client.open(name, "FROM debian:12\n")
    far = {"line": 4294967296, "character": 99}
    client.change(name, 2, {"range": {"start": far, "end": far}, "text": "RUN cd /x\n"}, {"range": {"start": {"line": -1}, "end": {}}, "text": "#\n"})
    client.published(name, 2)
    assert client.at("textDocument/hover", name, 2, 1)["contents"]["value"].startswith("`RUN")
    assert client.at("textDocument/hover", name, 77, 77) is None
    assert client.end() == 0


@case
def fixes_are_offered_with_how_sure_they_are(directory):
    path = project(directory, NAIVE + "RUN apt-get update\nRUN apt-get install curl\n")
    client, name, text = started(directory), uri(path), path.read_text()
    client.open(name, text)
    client.published(name)
    offered = client.actions(name, 3)
    titles = [a["title"] for a in offered]
    assert titles[0] == "Add a cache mount for pip (safe)" and offered[0]["isPreferred"] and offered[0]["kind"] == "quickfix", titles
    assert titles[1:] == ["Ignore missing-cache-mount on this line", "Ignore missing-cache-mount in this file", "Make all safe fixes of dockhew",
                          "Optimize this Dockerfile (safe and conditional changes)",
                          "Optimize this Dockerfile (also changes that a person must look at)"], titles
    assert offered[0]["diagnostics"][0]["code"] == "missing-cache-mount"
    assert offered[0]["edit"]["documentChanges"][0]["textDocument"] == {"uri": name, "version": 1}
    text = edited(text, offered[0]["edit"], name)
    assert "RUN --mount=type=cache,target=/root/.cache/pip" in text
    client.change(name, 2, {"text": text})
    assert "missing-cache-mount" not in codes(client.published(name, 2))
    assert not any("(display-only)" in t for t in titles)
    only_source = client.actions(name, 3, only=["source.fixAll"])
    assert [a["kind"] for a in only_source] == ["source.fixAll.dockhew"]
    assert client.actions(name, 3, only=["refactor.extract"]) == []
    assert client.end() == 0


@case
def an_editor_without_literal_actions_gets_commands(directory):
    path = project(directory)
    client = started(directory, {"workspace": {"applyEdit": True}})
    client.open(uri(path), path.read_text())
    offered = client.actions(uri(path), 3)
    assert [a["command"] for a in offered] == ["dockhew.fixAll", "dockhew.optimize", "dockhew.optimize"], offered
    client.result("workspace/executeCommand", {"command": offered[0]["command"], "arguments": offered[0]["arguments"]})
    edit = client.wait(lambda m: m.get("method") == "workspace/applyEdit")["params"]["edit"]
    assert list(edit["changes"]) == [uri(path)]
    assert client.end() == 0


@case
def all_safe_fixes_are_those_of_lint(directory):
    path = project(directory, "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\nMAINTAINER me\nRUN cd /x && wget x\nCMD echo\n")
    client, name, text = started(directory), uri(path), path.read_text()
    client.open(name, text)
    offered, = client.actions(name, 0, only=["source.fixAll.dockhew"])
    assert "edit" not in offered
    fixed = edited(text, client.result("codeAction/resolve", offered)["edit"], name)
    run("lint", "--fix", path)
    assert fixed == path.read_text() != text
    assert client.end() == 0


@case
def ignoring_silences_exactly_one_rule(directory):
    texts = ("FROM debian\n", "# syntax=docker/dockerfile:1\n# escape=\\\nFROM debian", "\ufeffFROM debian\n", "#!/usr/bin/env x\nFROM debian\n",
             "FROM debian:12\n  RUN apt-get update && \\\n    apt-get install curl && \\\n  # here\n    sudo ls\n",
             "FROM debian:12\nRUN <<EOF\napt-get install curl\nsudo ls\nEOF\n", "FROM debian:12\r\nRUN apt-get install curl\r\n", "RUN sudo ls",
             "FROM debian:12\nONBUILD RUN sudo ls\n")
    for number, text in enumerate(texts):
        client, name = started(directory), uri(directory / f"{number}.Dockerfile")
        client.open(name, text)
        before = client.published(name)
        version = 1
        for finding in before:
            line = finding["range"]["start"]["line"]
            for where in ("on this line", "in this file"):
                title = f"Ignore {finding['code']} {where}"
                action = [a for a in client.actions(name, line) if a["title"] == title]
                if not action:
                    continue
                changed = edited(text, action[0]["edit"], name)
                version += 1
                client.change(name, version, {"text": changed})
                after = codes(client.published(name, version))
                assert finding["code"] not in after or codes(before).count(finding["code"]) > 1, (title, changed, after)
                assert set(after) <= set(codes(before)), (title, changed, after)
                assert ("\r\n" in text) == ("\r\n" in changed) and changed.count("\r\n") * ("\r\n" in text) in (0, changed.count("\n"))
                version += 1
                client.change(name, version, {"text": text})
                client.published(name, version)
        assert client.end() == 0


@case
def hovering_explains(directory):
    (directory / "requirements.txt").write_text("flask\n")
    client, name = started(directory), uri(directory / "Dockerfile")
    client.open(name, STAGES)

    def shown(line, character):
        hover = client.at("textDocument/hover", name, line, character)
        return hover["contents"]["value"] if hover else None
    assert shown(2, 14).startswith("`VERSION` is `3.12`\n- ARG, line 2")
    assert shown(6, 52).startswith("`HOME_OF_APP` is `/app`\n- ENV, line 4")
    assert shown(4, 12).startswith("`HOME_OF_APP` is `/app`")
    assert shown(9, 14).startswith("stage `build` (line 3) ← `python:3.12`") and "- directory at its end: `/app`" in shown(9, 14)
    assert shown(7, 7).startswith("stage `build`") and shown(10, 30).startswith("stage `checked` (line 8) ← stage `build` (line 3)")
    assert shown(8, 8).startswith("stage 2 (line 9) ← `debian:12-slim`, debian bookworm")
    assert shown(12, 1).startswith("`USER USER[:GROUP]`") and shown(9, 7).startswith("`--from`")
    found = shown(6, 5)
    assert "**missing-cache-mount** (warning)" in found and "*Fix (" in found and "](https://" in found
    assert shown(1, 0).startswith("`ARG")
    assert client.end() == 0
    plain = started(directory, {})
    plain.open(name, STAGES)
    assert plain.at("textDocument/hover", name, 12, 1)["contents"]["kind"] == "plaintext"
    assert plain.end() == 0


@case
def the_outline_has_stages_with_their_instructions(directory):
    client, name = started(directory), uri(directory / "Dockerfile")
    client.open(name, STAGES)
    outline = client.result("textDocument/documentSymbol", {"textDocument": {"uri": name}})
    assert [s["name"] for s in outline] == ["ARG VERSION=3.12", "build", "checked", "debian:12-slim"], outline
    assert [c["name"].split()[0] for c in outline[3]["children"]] == ["COPY", "RUN", "USER", "CMD"]
    assert outline[3]["range"]["end"] == {"line": 13, "character": 16} and outline[1]["detail"] == "FROM python:$VERSION AS build"
    client.open(uri(directory / "fragment.Dockerfile"), "RUN ls\nLABEL\n")
    assert len(client.result("textDocument/documentSymbol", {"textDocument": {"uri": uri(directory / "fragment.Dockerfile")}})) == 2
    assert client.end() == 0
    flat = started(directory, {})
    flat.open(name, STAGES)
    found = flat.result("textDocument/documentSymbol", {"textDocument": {"uri": name}})
    assert len(found) == 12 and found[-1]["containerName"] == "debian:12-slim" and found[-1]["location"]["uri"] == name, found
    assert flat.end() == 0


@case
def definitions_of_stages_and_variables_are_found(directory):
    client, name = started(directory), uri(directory / "Dockerfile")
    text = STAGES + "ARG VERSION\nRUN echo $VERSION $NOTHING\nCOPY --from=0 /a /b\n"
    client.open(name, text)

    def place(line, character):
        return [(d["range"]["start"]["line"], d["range"]["start"]["character"]) for d in client.at("textDocument/definition", name, line, character)]
    assert place(7, 6) == place(9, 13) == [(2, 24)] and place(10, 28) == [(7, 14)]
    assert place(2, 13) == [(1, 4)] and place(6, 53) == place(4, 10) == [(3, 4)]
    assert place(15, 11) == [(14, 4), (1, 4)] and place(15, 21) == [] and place(0, 3) == [] and place(99, 0) == []
    assert client.end() == 0


@case
def what_can_be_written_is_proposed(directory):
    client, name = started(directory), uri(directory / "Dockerfile")
    client.open(name, "")
    version = 1

    def labels(text):
        """Proposals where the text has a bar; each is accepted, and must be what is then there."""
        nonlocal version
        version += 1
        at = text.index("|")
        whole = text.replace("|", "")
        client.change(name, version, {"text": whole})
        items = client.result("textDocument/completion", {"textDocument": {"uri": name}, "position": place_of(whole, at, "utf-16")})
        for item in items:
            done = applied(whole, [item["textEdit"]])
            assert item["label"] in done and not done[:at + len(item["label"])].count("\n\n\n"), (text, item)
        return [i["label"] for i in items]
    assert "FROM" in labels("|") and "RUN" in labels("FROM debian:12\nr|") and "MAINTAINER" not in labels("F|")
    assert "RUN" in labels("FROM debian:12\nONBUILD |")
    assert labels("FROM --|") == ["--platform"] and "--mount" in labels("FROM a\nRUN -|") and "--from" in labels("FROM a\nCOPY --link --|x\n")
    assert labels("FROM a\nRUN ls --|") == [] and labels("FROM a\nRUN ls -|") == []
    stages = "FROM a AS one\nFROM b AS two\n"
    assert labels(stages + "FROM |") == ["one", "two"] and labels(stages + "COPY --from=|") == ["one"]
    assert labels(stages + "FROM c\nCOPY --from=t| /a /b\n") == ["one", "two"] and labels(stages + "RUN --mount=type=bind,from=|") == ["one"]
    assert labels("FROM a\nRUN --mount=|")[0] == "type=cache" and "sharing" in labels("FROM a\nRUN --mount=type=cache,| ls")
    assert labels("FROM a\nRUN --mount=type=secret,|")[0] == "id" and labels("FROM a\nRUN --mount=type=cache,sharing=|") == ["locked", "shared", "private"]
    assert labels("FROM python:3.12\nRUN --mount=type=cache,target=| pip install x\n") == ["/root/.cache/pip"]
    assert labels("FROM python:3.12\nRUN pip install x\nRUN --mount=type=cache,target=/r|") == ["/root/.cache/pip"]
    assert "/var/cache/apt" in labels("FROM debian:12\nRUN --mount=type=cache,target=| \\\n  apt-get update && apt-get install -y x\n")
    assert labels("FROM a\nENV ONE=1 TWO=2\nARG THREE\nRUN echo ${T|") == ["THREE", "TWO", "ONE"]
    assert "VERSION" in labels("ARG VERSION=1\nFROM a:$|") and "TARGETARCH" in labels("FROM --platform=$|")
    assert "missing-cache-mount" in labels("# dockhew ignore=unpinned-base-image,miss|\nFROM a\n") and labels("# hello |") == []
    assert labels("FROM a\nRUN <<EOF\n|\nEOF\n") == [] and labels("FROM a\nHEALTHCHECK --interval=3s |") == ["CMD", "NONE"]
    assert labels("FROM a\nRUN --network=|") == ["default", "none", "host"]
    assert "--mount" in labels("FROM a\nRUN \\\n  # a comment\n  --|")
    assert client.end() == 0


@case
def optimizing_is_what_the_command_writes(directory):
    (directory / "node_modules").mkdir()
    (directory / "node_modules" / "x.js").write_text("x\n")
    (directory / "package.json").write_text('{"name": "x", "version": "1.0.0", "dependencies": {"y": "1"}}')
    (directory / "package-lock.json").write_text('{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {}}')
    text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n"
    path = project(directory, text)
    (directory / ".git").mkdir()
    shutil.copytree(directory, directory.parent / (directory.name + "-written"))
    written = directory.parent / (directory.name + "-written")
    try:
        run("optimize", "--conditional", "--write", written / "Dockerfile", cwd=written)
        path.write_text(text + "COPY node_modules /x\n")  # what is on disk is no other Dockerfile that needs something
        for capabilities, complete in ((EVERYTHING, True), (without("workspace", "workspaceEdit", "resourceOperations"), False)):
            client, name = started(directory, capabilities), uri(path)
            client.open(name, text)
            client.published(name)
            command = [a for a in client.actions(name, 0) if "conditional" in a["title"]][0]["command"]
            client.result("workspace/executeCommand", command)
            edit = client.wait(lambda m: m.get("method") == "workspace/applyEdit")["params"]["edit"]
            said = client.wait(lambda m: m.get("method") == "window/showMessage")["params"]["message"]
            assert said.startswith("dockhew: ") and "change" in said
            notes = edit["changeAnnotations"]
            assert all(note["needsConfirmation"] for note in notes.values())
            if complete:
                assert edited(text, edit, name) == (written / "Dockerfile").read_text()
                created, ignored = edit["documentChanges"][1:]
                assert created["kind"] == "create" and created["uri"] == uri(directory / ".dockerignore")
                assert applied("", ignored["edits"]) == (written / ".dockerignore").read_text()
            else:
                assert len(edit["documentChanges"]) == 1 and edited(text, edit, name) != text
            client.change(name, 2, {"text": "FROM debian:12@sha256:" + "0" * 64 + "\nUSER 1000\n"})
            assert client.result("workspace/executeCommand", command) is None
            assert "nothing to improve" in client.wait(lambda m: m.get("method") == "window/showMessage")["params"]["message"]
            assert client.end() == 0
    finally:
        shutil.rmtree(written)


@case
def diagnostics_can_be_pulled(directory):
    path = project(directory)
    pulls = json.loads(json.dumps(EVERYTHING))
    pulls["textDocument"]["diagnostic"] = {}
    pulls["workspace"]["diagnostics"] = {"refreshSupport": True}
    client = started(directory, pulls)
    client.open(uri(path), NAIVE)
    answer = client.result("textDocument/diagnostic", {"textDocument": {"uri": uri(path)}})
    assert answer["kind"] == "full" and "missing-cache-mount" in codes(answer["items"])
    client.change(uri(path), 2, {"text": "FROM debian:12\n"})
    assert "missing-cache-mount" not in codes(client.result("textDocument/diagnostic", {"textDocument": {"uri": uri(path)}})["items"])
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    client.wait(lambda m: m.get("method") == "workspace/diagnostic/refresh")
    assert not any(m.get("method") == "textDocument/publishDiagnostics" for m in client.kept)
    assert client.result("textDocument/diagnostic", {"textDocument": {"uri": "untitled:x"}})["items"] == []
    assert client.end() == 0


COMPOSE = """services:
  app:
    build:
      context: .
      args:
        NOBODY: 1
      target: releese
"""


@case
def files_that_build_a_dockerfile_have_findings_too(directory):
    path, compose = project(directory), directory / "compose.yaml"
    path.write_text("FROM debian:12 AS release\nRUN true\n")
    compose.write_text(COMPOSE)
    client = started(directory)
    client.open(uri(compose), COMPOSE, language="yaml")
    found = {d["code"]: d for d in client.published(uri(compose), 1)}
    assert set(found) == {"unknown-build-target", "unused-build-argument"}, found
    assert found["unknown-build-target"]["range"] == {"start": {"line": 6, "character": 14}, "end": {"line": 6, "character": 21}}
    assert found["unknown-build-target"]["codeDescription"]["href"].endswith("/unknown-build-target.md")
    # Places follow what is typed; what is typed upon says nothing until it is saved.
    client.change(uri(compose), 2, {"text": "# é\n" + COMPOSE})
    assert sorted(d["range"]["start"]["line"] for d in client.published(uri(compose), 2)) == [6, 7]
    client.change(uri(compose), 3, {"text": COMPOSE.replace("releese", "release")})
    assert codes(client.published(uri(compose), 3)) == ["unused-build-argument"]
    compose.write_text(COMPOSE.replace("releese", "release"))
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri(compose)}})
    assert codes(client.published(uri(compose), 3)) == ["unused-build-argument"]
    path.write_text("FROM debian:12 AS final\nARG NOBODY\nRUN echo $NOBODY\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri(path)}})
    assert codes(client.published(uri(compose), 3)) == ["unknown-build-target"]
    assert client.at("textDocument/hover", uri(compose), 0, 1) is None and client.actions(uri(compose), 0) == []
    bake = directory / "docker-bake.hcl"
    bake.write_text('target "app" {\n  target = "nowhere"\n}\n')
    client.open(uri(bake), bake.read_text(), language="terraform")
    assert codes(client.published(uri(bake))) == ["unknown-build-target"]
    client.open(uri(directory / "unsaved" / "compose.yaml"), COMPOSE, language="yaml")
    assert client.published(uri(directory / "unsaved" / "compose.yaml")) == []
    (directory / ".dockhew.yaml").write_text("nonsense: 1\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert codes(client.published(uri(compose), 3)) == ["configuration"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri(compose)}})
    assert client.published(uri(compose)) == []
    assert client.end() == 0


@case
def what_is_remembered_is_dropped_when_files_change(directory):
    path = project(directory)
    client = started(directory)
    registered = client.wait(lambda m: m.get("method") == "client/registerCapability")["params"]["registrations"][0]
    globs = [w["globPattern"] for w in registered["registerOptions"]["watchers"]]
    assert "**/.dockhew.{yaml,yml}" in globs and "**/package.json" in globs and "**/*.dockerignore" in globs
    client.open(uri(path), NAIVE)
    assert "missing-cache-mount" in codes(client.published(uri(path)))
    configuration = directory / ".dockhew.yaml"
    configuration.write_text("ignore: [missing-cache-mount]\n")
    client.change(uri(path), 2, {"text": NAIVE + "\n"})
    assert "missing-cache-mount" in codes(client.published(uri(path), 2))  # nobody has said so yet
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri(configuration), "type": 1}]})
    assert "missing-cache-mount" not in codes(client.published(uri(path), 2))
    configuration.write_text("nonsense: 1\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri(path)}})
    wrong, = client.published(uri(path), 2)
    assert wrong["code"] == "configuration" and wrong["severity"] == 1 and "nonsense" in wrong["message"]
    rules = directory / "rules.yaml"
    rules.write_text("rules: [{id: mine, message: not here, command: pip ...}]\n")
    configuration.write_text("rules: [rules.yaml]\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri(path)}})
    assert "user/mine" in codes(client.published(uri(path), 2))
    rules.write_text("rules: [{id: other, message: not here, command: pip ...}]\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri(path)}})
    assert "user/other" in codes(client.published(uri(path), 2))
    configuration.unlink()
    (directory / "compose.yaml").write_text("services: {a: {build: {context: ., dockerfile: Dockerfile, args: {V: 1}}}}\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert client.published(uri(path), 2)
    assert client.end() == 0


@case
def several_documents_are_open_at_once(directory):
    path, client = project(directory), started(directory)
    client.open(uri(path), NAIVE)
    client.open("untitled:Untitled-1", "FROM debian\n")
    client.open(uri(directory / "a b é" / "Dockerfile"), "FROM debian\nRUN sudo ls\n")
    client.open(uri(directory / "x.yaml"), "a: b\n", language="yaml")
    assert "missing-cache-mount" in codes(client.published(uri(path)))
    assert "unpinned-base-image" in codes(client.published("untitled:Untitled-1"))
    assert "sudo-in-run" in codes(client.published(uri(directory / "a b é" / "Dockerfile")))
    client.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:Untitled-1"}})
    assert client.published("untitled:Untitled-1") == []
    assert client.at("textDocument/hover", "untitled:Untitled-1", 0, 1) is None
    client.change("untitled:Untitled-1", 2, {"text": "x"})
    client.change("untitled:never", 2, {"text": "x"})
    assert client.actions(uri(directory / "x.yaml"), 0) == []
    assert not any(m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"].endswith(".yaml") for m in client.kept)
    assert client.end() == 0


@case
def the_life_of_a_server_is_that_of_the_protocol(directory):
    client = Client(cwd=directory)
    assert client.ask("textDocument/hover")["error"]["code"] == -32002
    client.open("untitled:early", "FROM debian\n")
    client.initialize(directory)
    assert client.ask("initialize")["error"]["code"] == -32600
    assert client.ask("textDocument/formatting")["error"]["code"] == -32601
    assert client.ask("workspace/executeCommand", {"command": "rm"})["error"]["code"] == -32602
    assert client.ask("codeAction/resolve", {"title": "x", "data": {}})["error"]["code"] == -32602
    assert client.result("codeAction/resolve", {"title": "x", "command": {}}) == {"title": "x", "command": {}}
    client.notify("$/unknown")
    client.notify("$/cancelRequest", {"id": 77})
    client.send({"id": 1234, "result": None})  # a response to nothing
    client.write(framed({"jsonrpc": "2.0", "id": "a", "method": "textDocument/hover", "params": {}}) +
                 framed({"jsonrpc": "2.0", "id": "b", "method": "textDocument/hover", "params": {}}) +
                 framed({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "b"}}))
    assert client.wait(lambda m: m.get("id") == "a")["result"] is None
    late = client.wait(lambda m: m.get("id") == "b")
    assert late.get("error", {}).get("code") == -32800 or late["result"] is None
    assert client.result("shutdown") is None
    assert client.ask("textDocument/hover")["error"]["code"] == -32600
    client.notify("exit")
    assert client.process.wait(timeout=60) == 0
    rude = started(directory)
    rude.notify("exit")
    assert rude.process.wait(timeout=60) == 1
    gone = started(directory)
    gone.process.stdin.close()
    assert gone.process.wait(timeout=60) == 1
    assert subprocess.run([dockhew, "lsp", "--stdio"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode == 1


@case
def broken_messages_do_not_end_it(directory):
    client = started(directory)
    for body, code in ((b"{", -32700), (b"", -32700), (b"[]", -32600), (b"[{}]", -32600), (b"17", -32600), (b'{"id": 5}', -32600),
                       (b'{"method": 5, "id": 5}', -32600), (b"[" * 10_000, -32700), (b'"\xff"', -32700), (b'{"jsonrpc": "2.0"}', -32600)):
        client.write(framed(body))
        assert client.wait(lambda m: "error" in m)["error"]["code"] == code, body
    client.write(b"Content-Length: nonsense\r\n\r\nNo-Header\r\n\r\n\r\nContent-Length: -5\r\n\r\n" + b"x" * 100_000 + b"\n")
    client.write(b"CONTENT-LENGTH :  2 \nContent-Type: utf-8\n\n{}")
    assert client.wait(lambda m: "error" in m)["error"]["code"] == -32600
    for params in (None, [], 5, "x", {"textDocument": None}, {"textDocument": {"uri": 5}}, {"textDocument": {"uri": "untitled:x"}, "position": -1}):
        for method in ("textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose", "workspace/didChangeWatchedFiles"):
            client.send({"method": method, "params": params})
        for method in ("textDocument/hover", "textDocument/codeAction", "textDocument/completion", "textDocument/definition", "textDocument/documentSymbol",
                       "textDocument/diagnostic", "codeAction/resolve", "workspace/executeCommand"):
            client.ask(method, params)
    assert client.end() == 0


@case
def a_message_that_is_too_long_is_skipped(directory):
    client = started(directory)
    client.write(b"Content-Length: 67108865\r\n\r\n" + b" " * 67108865)
    assert client.wait(lambda m: "error" in m)["error"]["code"] == -32700
    client.open("untitled:x", "FROM debian:12\n" + "RUN echo x\n" * 200_000)
    assert client.published("untitled:x")
    assert client.end() == 0


@case
def random_bytes_as_messages_are_survived(directory):
    chooser = random.Random(7)
    whole = framed({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": EVERYTHING}}) + framed(
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "untitled:x", "version": 1, "languageId": "dockerfile", "text": STAGES}}}) + b"".join(
        framed({"jsonrpc": "2.0", "id": 2, "method": "textDocument/" + method, "params": {
            "textDocument": {"uri": "untitled:x"}, "position": {"line": 9, "character": 14}, "range": {"start": {"line": 0}, "end": {"line": 20}}}})
        for method in ("hover", "definition", "completion", "documentSymbol", "codeAction", "diagnostic"))
    for number in range(60):
        data = bytearray(whole if number % 2 else chooser.randbytes(5000))
        for _ in range(chooser.randrange(60)):
            data[chooser.randrange(len(data))] = chooser.randrange(256)
        done = subprocess.run([dockhew, "lsp"], input=bytes(data), capture_output=True, timeout=60, cwd=directory)
        assert done.returncode in (0, 1), (number, done.returncode, done.stderr)


@case
def every_place_of_every_text_can_be_asked(directory):
    """Whatever is asked at any place while a file is being written, there is an answer."""
    chooser = random.Random(3)
    texts = [p.read_text(errors="replace") for p in sorted((root / "fixtures" / "rules").glob("*/example/Dockerfile"))[::6]] + [STAGES]
    client = started(directory)
    for number, text in enumerate(texts):
        name = f"untitled:{number}"
        for version in range(4):
            cut = text[:chooser.randrange(len(text) + 1)] + chooser.choice(["", "\\\n", "$", "--mount=", "<<EOF\n", "\"", "# dockhew ignore="])
            client.open(name, cut, version=version)
            for offset in [len(cut), *(chooser.randrange(len(cut) + 1) for _ in range(8))]:
                place = place_of(cut, offset, "utf-16")
                for method in ("hover", "definition", "completion"):
                    client.result("textDocument/" + method, {"textDocument": {"uri": name}, "position": place})
                for action in client.actions(name, place["line"], place["character"]):
                    if "edit" in action:
                        edited(cut, action["edit"], name)
            client.result("textDocument/documentSymbol", {"textDocument": {"uri": name}})
    assert client.end() == 0 and client.noise == b"", client.noise


@case
def shellcheck_never_keeps_anybody_waiting(directory):
    slow = directory / "bin"
    slow.mkdir()
    # It answers for each script that names a variable, after a second.
    (slow / "shellcheck").write_text("""#!/usr/bin/env python3
import json, sys, time
open(sys.argv[0] + ".calls", "a").write("x")
time.sleep(1)
found = [a for a in sys.argv[1:] if not a.startswith("-") and "$unquoted" in open(a).read()]
print(json.dumps({"comments": [{"file": f, "line": 2, "endLine": 2, "column": 1, "endColumn": 3, "level": "warning", "code": 2115, "message": "Quote it."} for f in found]}))
""")
    (slow / "shellcheck").chmod(0o755)
    env = {"PATH": f"{slow}:{os.environ['PATH']}", "DOCKHEW_SHELLCHECK": "auto", "XDG_CACHE_HOME": str(directory / "cache")}
    client, name = started(directory, env=env), uri(directory / "Dockerfile")
    text = "FROM debian:12\nRUN ls $unquoted\nRUN true\n"
    client.open(name, text)
    assert "SC2115" not in codes(client.published(name, 1))
    begin = time.monotonic()
    client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and "SC2115" in codes(m["params"]["diagnostics"]))
    for version in range(2, 12):  # it stays while something else is typed, and nobody waits for the next answer
        client.change(name, version, {"range": {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 4}}, "text": "x"})
        assert "SC2115" in codes(client.published(name, version))
    assert time.monotonic() - begin < 30
    client.change(name, 12, {"range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 4}}, "text": "x"})
    assert "SC2115" not in codes(client.published(name, 12))
    client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and "SC2115" in codes(m["params"]["diagnostics"]))
    ignore = [a["title"] for a in client.actions(name, 1)]
    assert "Ignore SC2115 on this line" in ignore, ignore
    assert client.end() == 0
    assert len((slow / "shellcheck.calls").read_text()) <= 6


report()
