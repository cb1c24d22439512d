"""The command as a user sees it: exit status, messages, files that are written. Prints TAP.
Usage: command.py DOCKHEW SOURCE_ROOT"""
import json
import os
import shutil
import stat
import subprocess

from command_case import NAIVE, case, dockhew, project, report, root, run


@case
def lint_exits_1_on_findings_and_0_below_fail_on(directory):
    path = project(directory)
    assert run("lint", path).returncode == 1
    assert run("lint", "--fail-on", "error", path).returncode == 0
    assert run("lint", "--fail-on", "never", path).returncode == 0
    assert run("lint", "--select", "unpinned-base-image", path).returncode == 0


@case
def bad_paths_are_one_line_and_do_not_hide_other_files(directory):
    path = project(directory)
    binary = directory / "binary"
    binary.write_bytes(b"\x7fELF\0\0")
    (directory / "empty").mkdir()
    done = run("lint", directory / "missing", binary, directory / "empty", path)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2 and len(lines) == 3, done.stderr
    assert b"Dockerfile:3:1" in done.stdout


@case
def a_directory_is_searched_for_dockerfiles_and_nothing_else(directory):
    yes = ("dockerfile", "Dockerfile.dev", "Dockerfile.go", "dockerfile.alpine", "api.Dockerfile", "api.dockerfile", "Containerfile",
           "Dockerfile-debug", "web.containerfile")
    no = ("Dockerfile.template", "Dockerfile.j2", "Dockerfile.erb", "Dockerfile.md", "Dockerfile.bak", "Dockerfile.cpu.backup", "Dockerfile.bkp", "Dockerfile~", "dockerfile.go",
          "dockerfile_test.go", "dockerfile.ex", "dockerfile_test.exs", "DockerfileParser.java", "DockerfileDebug.run.xml", "Dockerfile.xml", "dockerfile-notes.markdown", "Dockerfile.dockerignore", "dockerfile.ts", "Dockerfile-linux.template",
          "Dockerfile.tmpl", "mydockerfile")
    for name in yes + no:
        (directory / name).write_text("FROM alpine\n")
    (directory / "Dockerfile.js").write_text("// what a Dockerfile is\nconnection = new Mongo();\n")
    found = {file["path"].rsplit("/", 1)[1] for file in json.loads(run("lint", "--format", "json", directory).stdout)["files"]}
    assert found == set(yes), found
    assert run("lint", directory / "Dockerfile.template").returncode == 1  # named, it is read


@case
def a_nul_is_a_byte_like_any_other(directory):
    path = directory / "Dockerfile"
    path.write_bytes(b"FROM alpine\nRUN echo a\0b\n")
    assert run("lint", path).returncode == 1 and b"alpine" in run("lint", path).stdout
    path.write_bytes("FROM alpine\nRUN echo é\0\n".encode() * 500)
    assert run("lint", path).returncode == 1
    for data in ("FROM alpine\n".encode("utf-16"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"FROM a\0\n\xff\xfe\xfd\xfc"):
        path.write_bytes(data)
        assert run("lint", path).returncode == 2, data


@case
def an_unreadable_file_is_reported(directory):
    path = project(directory)
    path.chmod(0)
    if os.geteuid() == 0:
        raise RuntimeError("skipped: root reads every file")
    done = run("lint", path)
    assert done.returncode == 2 and b"Permission denied" in done.stderr


@case
def unknown_options_rules_and_commands_exit_2(directory):
    path = project(directory)
    for arguments in (["lint", "--nonsense", path], ["lint", "--select", "lost-cache-artefact", path], ["frobnicate"], [], ["dump"],
                      ["lint", "--format", "xml", path], ["explain", "nothing"], ["optimize", "--write", "--output", "x", path]):
        done = run(*arguments)
        assert done.returncode == 2 and len(done.stderr.decode().splitlines()) == 1, (arguments, done.stderr)
    assert b"did you mean `lost-cache-artifact`" in run("lint", "--select", "lost-cache-artefact", path).stderr


@case
def a_broken_table_exits_2_with_its_place(directory):
    path = project(directory)
    table = directory / "t.json"
    table.write_text('{"tools": [{"id": "x"}]}')
    done = run("lint", "--data", table, path)
    assert done.returncode == 2 and b"t.json: tools[0]" in done.stderr, done.stderr


@case
def a_table_that_names_a_copy_of_debian_knows_its_numbers(directory):
    path, table = directory / "Dockerfile", directory / "t.json"
    path.write_text("FROM registry.example/base:12.5\nRUN apt-get update && apt-get install -y netcat\n")
    table.write_text('{"images": [{"names": ["registry.example/base"], "distribution": "debian"}]}')
    found = run("lint", "--data", table, path).stdout
    assert b"is not in Debian bookworm" in found, found
    assert b"missing-system-package" not in run("lint", path).stdout


@case
def the_nearest_configuration_counts_and_the_command_line_overrides_it(directory):
    (directory / ".dockhew.yaml").write_text("ignore: [source-copied-before-dependencies, missing-cache-mount]\n")
    (directory / "deep").mkdir()
    path = project(directory / "deep")
    assert run("lint", path).returncode == 0
    assert run("lint", "--no-config", path).returncode == 1
    assert run("lint", "--ignore", "runs-as-root", path).returncode == 1
    (directory / "deep" / ".dockhew.yaml").write_text("fail-on: error\n")
    assert run("lint", path).returncode == 0 and b"missing-cache-mount" in run("lint", path).stdout
    assert run("lint", "--fail-on", "warning", path).returncode == 1
    assert run("optimize", "--config", directory / ".dockhew.yaml", "--safe", path).returncode == 0


@case
def many_files_at_once_give_what_one_after_the_other_gives(directory):
    (directory / "rules.yaml").write_text("rules:\n  - {id: no-run, message: no RUN here, instruction: RUN}\n")
    (directory / ".dockhew.yaml").write_text("rules: [rules.yaml]\n")
    paths = sorted((root / "fixtures").rglob("Dockerfile"))[::8] + [directory / "missing", project(directory), directory / "compose.yaml"]
    (directory / "compose.yaml").write_text("services: {web: {build: .}}\n")
    commands = [("lint", "--format", name) for name in ("text", "concise", "markdown", "json", "sarif", "github", "gitlab", "azure", "rdjson", "checkstyle", "junit")]
    commands += [("optimize", "--format", "json"), ("optimize", "--format", "sarif")]
    for command in (*commands, ("optimize",), ("layers",), ("layers", "--format", "json")):
        one, four = (run(*command, "--jobs", jobs, *paths) for jobs in (1, 4))
        assert (one.stdout, one.stderr, one.returncode) == (four.stdout, four.stderr, four.returncode), command
        assert b"missing: no such file" in one.stderr and one.stdout.count(b"\n") > len(paths), command
    assert b"user/no-run" in run("lint", "--format", "sarif", *paths).stdout


@case
def jobs_write_every_file_once_and_take_a_number(directory):
    for i in range(12):
        (directory / ("%d.Dockerfile" % i)).write_text("from debian as build\nRUN cd /x\n")
    done = run("lint", "--fix", "--select", "default,from-as-casing,inconsistent-instruction-casing", "--jobs", "4", directory, directory / "0.Dockerfile")
    fixed = [line for line in done.stderr.decode().splitlines() if ": fixed: " in line]
    assert len(fixed) == 12 * (len(fixed) // 12) and fixed == sorted(fixed, key=lambda line: line.split(":")[0]) and fixed, fixed
    for value in ("0", "x", "-1", "1001"):
        assert run("lint", "--jobs", value, directory).returncode == 2, value


@case
def select_buildkit_answers_as_docker_build_check_does(directory):
    path = project(directory, "FROM python:3.12 as B\nENV a $x\nCOPY ignored \\\n  /a\nSTOPSIGNAL no\nMAINTAINER x\n")
    (directory / ".dockerignore").write_text("ignored\n")
    result = run("lint", "--select", "buildkit", "--format", "json", path)
    findings = json.loads(result.stdout)["files"][0]["findings"]
    places = [(f["aliases"][:1], f["range"]["start"]["line"], f["range"]["end"]["line"]) for f in findings]
    assert places == [
        (["FromAsCasing"], 1, 1), (["StageNameCasing"], 1, 1), (["MaintainerDeprecated"], 6, 6),
        (["UndefinedVar"], 2, 2), (["LegacyKeyValueFormat"], 2, 2), (["CopyIgnoredFile"], 3, 4), ([], 5, 5)], places
    assert findings[-1]["message"] == "invalid signal: no" and result.returncode == 1
    skipped = run("lint", "--select", "buildkit", path, env={**os.environ, "BUILDKIT_DOCKERFILE_CHECK": "skip=all"})
    assert b"FromAsCasing" not in skipped.stdout and b"invalid signal" in skipped.stdout
    assert run("lint", "--select", "buildkit", "--ignore", "StageNameCasing", path).stdout.count(b"StageNameCasing") == 0
    # Together with other names it is a group like any other, and every error is reported.
    mixed = run("lint", "--select", "buildkit,unpinned-package", path).stdout
    assert b"MaintainerDeprecated" in mixed and b"FromAsCasing" in mixed


@case
def what_repeats_is_said_once_to_people_and_in_each_place_to_programs(directory):
    path = project(directory, "FROM debian:12\nRUN apt-get update && apt-get install -y clang\nUSER 1\nUSER 0\nRUN apt-get update && apt-get install -y ffmpeg\nUSER 1\n")
    text = run("lint", path).stdout.decode()
    assert text.count("missing-cache-mount") == 1 and "= also in line 5" in text and "1 note in" in text, text
    github = run("lint", "--format", "github", path).stdout.decode()
    assert github.count("missing-cache-mount") == 1 and "(also in line 5)" in github, github
    assert len(json.loads(run("lint", "--format", "json", path).stdout)["files"][0]["findings"]) == 2
    why = run("optimize", path).stdout.decode().split("Why:")[1]
    assert "- lines 2 and 5: add a cache mount for APT" in why and why.count("[missing-cache-mount") == 1, why


@case
def what_a_stage_downloads_once_is_one_finding_in_every_format(directory):
    path = project(directory, "FROM node:22 AS build\nCOPY package.json ./\nRUN npm install\nCOPY . .\nRUN npm install && npm run build\nUSER 1\nFROM node:22\nCOPY package.json ./\nRUN npm install\n")
    (directory / "package.json").write_text('{"dependencies": {"left-pad": "1"}}')
    answer = lambda form: run("lint", "--select", "missing-cache-mount", "--format", form, path).stdout.decode()
    found = json.loads(answer("json"))["files"][0]["findings"]
    assert [(each["range"]["start"]["line"], [other["range"]["start"]["line"] for other in each.get("related", [])]) for each in found] == [(3, [5]), (9, [])], found
    assert len(found[0]["fixes"][0]["edits"]) == 2, found
    sarif = json.loads(answer("sarif"))["runs"][0]["results"]
    assert [len(each.get("relatedLocations", [])) for each in sarif] == [1, 0], sarif
    for form in ("checkstyle", "junit", "gitlab"):
        assert answer(form).count("(also in line 5)") >= 1, answer(form)


@case
def nothing_to_improve_is_said_only_where_all_was_understood(directory):
    def optimized(text):
        return run("optimize", project(directory, text)).stdout.decode()
    assert optimized("FROM debian:12\nRUN mkdir /a\n") == "nothing to improve\n"
    text = optimized("FROM debian:12\nRUN bazel build //a\nRUN bazel build //b\n")
    assert "nothing to improve" not in text and "- lines 2 and 3: `bazel` is not known" in text, text
    assert "the builder rejects this" in optimized("FROM debian:12\nRUNN x\n")


@case
def style_is_off_until_it_is_asked_for(directory):
    path = project(directory, "FROM python:3.12 as b\nENV a b\nUSER 1\n")
    assert run("lint", path).returncode == 0
    assert run("lint", "--select", "all", path).returncode == 1
    assert run("lint", "--select", "default", path).returncode == 0


def codes(*arguments, **options):
    document = json.loads(run("lint", "--format", "json", *arguments, **options).stdout)
    return [(f["aliases"][-1] if f["aliases"] else f["rule"], f["severity"]) for f in document["files"][0]["findings"]]


@case
def a_code_that_is_asked_for_reports_what_hadolint_would(directory):
    path = project(directory, "FROM private:1\nUSER dev\nRUN sudo make && pip install --upgrade pip\n")
    assert [code for code, _ in codes(path)] == []
    assert codes("--select", "DL3004", path) == [("DL3004", "info")]
    assert ("DL3004", "error") in codes("--select", "hadolint", path)
    assert codes("--select", "DL3013,sudo-in-run", path) == [("DL3013", "warning")]


@case
def a_code_selects_and_ignores_what_it_stands_for(directory):
    path = project(directory, "FROM debian:12\nRUN apt-get install -y a && pip install b\nMAINTAINER x\n")
    assert codes("--select", "DL3008", path) == [("DL3008", "warning")]
    assert codes("--select", "unpinned-package,unpinned-system-package", "--ignore", "dl3008", path) == [("DL3013", "warning")]
    assert codes("--select", "DL4000,unpinned-package", path) == [("DL3013", "warning"), ("DL4000", "info")]
    assert codes("--select", "hadolint", "--ignore", "DL3015,DL3059,DL3042,DL3057", path) == [
        ("DL3008", "warning"), ("DL3013", "warning"), ("DL4000", "error")]


@case
def the_environment_stands_between_the_configuration_and_the_command_line(directory):
    path = project(directory, "FROM debian\n")
    (directory / ".dockhew.yaml").write_text("select: [DL3007]\nfail-on: never\n")
    env = {**os.environ, "DOCKHEW_SELECT": "DL3006", "DOCKHEW_FAIL_ON": "warning"}
    assert run("lint", path).returncode == 0 and codes(path) == []
    assert run("lint", path, env=env).returncode == 1 and codes(path, env=env) == [("DL3006", "warning")]
    assert run("lint", "--fail-on", "error", path, env=env).returncode == 0
    assert codes("--select", "DL3007", path, env=env) == []
    assert codes(path, env={**os.environ, "DOCKHEW_IGNORE": "DL3007"}) == []
    other = directory / "other.yaml"
    other.write_text("severity: {DL3006: error}\n")
    assert codes(path, env={**os.environ, "DOCKHEW_CONFIG": str(other)}) == [("DL3006", "error")]
    assert run("lint", path, env={**os.environ, "DOCKHEW_FAIL_ON": "loud"}).returncode == 2


@case
def a_configuration_sets_severities_options_and_exceptions_for_paths(directory):
    (directory / "test").mkdir()
    for place in (directory, directory / "test"):
        project(place, "FROM quay.io/a/b\nLABEL version=one\n# dockhew ignore=DL3028\nRUN gem install x\n")
    (directory / ".dockhew.yaml").write_text(
        "edition: 2026\nselect: [default]\nseverity: {DL3006: error}\ntrusted-registries: [docker.io]\nlabels: {version: semver}\n"
        "overrides:\n  - files: ['test/**']\n    ignore: [DL3026]\n    severity: {unpinned-base-image: 'off', DL3006: info}\n")
    assert sorted(codes(directory / "Dockerfile")) == [("DL3006", "error"), ("DL3026", "error"), ("DL3056", "warning")]
    assert codes(directory / "test" / "Dockerfile") == [("DL3006", "info"), ("DL3056", "warning")]
    (directory / ".dockhew.yaml").write_text("select: [DL3028]\nignore-comments: false\n")
    assert codes(directory / "Dockerfile") == [("DL3028", "warning")]


@case
def a_repository_of_hadolint_passes_and_fails_as_before(directory):
    path = project(directory, "FROM debian\n# hadolint ignore=DL3008\nRUN apt-get update && apt-get install -y clang && cd /x\nCMD a\n")
    config = directory / ".hadolint.yaml"
    # At hadolint's own default threshold a note fails the run.
    config.write_text("ignored: [DL3006, DL3025, DL3015]\noverride: {info: [DL3003]}\n")
    assert codes(path) == [("DL3009", "info"), ("DL3003", "info")] and run("lint", path).returncode == 1
    config.write_text("ignored: [DL3006, DL3025, DL3015]\noverride: {info: [DL3003]}\nfailure-threshold: warning\n")
    assert run("lint", path).returncode == 0
    config.write_text("failure-threshold: error\noverride: {error: [DL3006]}\nsome-key: 1\n")
    assert ("DL3006", "error") in codes(path) and run("lint", path).returncode == 1
    config.write_text("no-fail: true\n")
    assert run("lint", path).returncode == 0 and len(codes(path)) == 5, codes(path)
    config.write_text("disable-ignore-pragma: true\nlabel-schema: {a: url}\nstrict-labels: true\ntrustedRegistries: [quay.io]\n")
    assert {"DL3008", "DL3049", "DL3026"} <= {code for code, _ in codes(path)}
    # Our own rules, and the rewrite, are available on request.
    assert run("lint", "--select", "default", path).stdout.count(b"missing-cache-mount") == 1
    assert b"--mount=type=cache" in run("optimize", path).stdout
    # The configuration that replaces it is equivalent.
    before = codes(path)
    assert run("migrate", directory).returncode == 0 and codes(path) == before
    assert run("migrate", directory).returncode == 2
    config.unlink()
    assert codes(path) == before and run("migrate", directory).returncode == 2


@case
def an_unknown_key_names_the_closest(directory):
    path = project(directory)
    for text, hint in (("fail_on: error\n", b":1:1: unknown key `fail_on`; is `fail-on` meant?"),
                       ("overrides:\n  - file: [a]\n", b":2:5: unknown key `file`; is `files` meant?"),
                       ("ignore: [DL3OO8]\n", b"unknown rule `DL3OO8`"),
                       ("labels: {a: semwer}\n", b"the type of a label must be one of"),
                       ("edition: 2031\n", b"known are 2026"),
                       ("severity: {DL3008: loud}\n", b"a severity must be off, style")):
        (directory / ".dockhew.yaml").write_text(text)
        done = run("lint", path)
        assert done.returncode == 2 and hint in done.stderr, (text, done.stderr)


@case
def the_builder_decides_what_is_proposed(directory):
    path = project(directory, "FROM python:3.12\nRUN pip install a==1\nRUN --mount=type=cache,target=/x <<EOF\ny\nEOF\nCOPY --link a /a\nUSER 1\n")
    assert b"--mount=type=cache,target=/root/.cache/pip" in run("optimize", path).stdout
    for arguments in (["--builder", "kaniko"], ["--builder", "legacy"], ["--cache", "ephemeral"]):
        assert b"cache/pip" not in run("optimize", *arguments, path).stdout, arguments
        assert b"missing-cache-mount" not in run("lint", *arguments, path).stdout, arguments
    def unsupported(name):
        return run("lint", "--builder", name, path).stdout.decode().count("[unsupported-by-builder]")
    assert [unsupported(name) for name in ("buildkit", "buildah", "kaniko", "legacy")] == [0, 0, 2, 3]
    (directory / ".dockhew.yaml").write_text("builder: kaniko\n")
    assert b"unsupported-by-builder" in run("lint", path).stdout and b"unsupported" not in run("lint", "--builder", "buildkit", path).stdout
    assert run("lint", "--builder", "bazel", path).returncode == 2


@case
def rules_of_the_user_are_rules_like_others(directory):
    path = project(directory, "FROM registry.old.example/base:1\nRUN set -e; \\\n  curl -fsSL https://x.example/i.sh | sudo bash -s -- a && true\n"
                              "ADD --chmod=777 a b\nRUN [\"npm\", \"install\", \"left-pad\"]\nRUN npm install left-pad && npm install x\n")
    rules = directory / "rules.yaml"
    rules.write_text("""rules:
  - {id: no-piped-script, message: no scripts from the net, severity: error, command: 'curl ... | bash ...'}
  - {id: no-left-pad, message: use padStart, why: It is built in., command: 'npm install left-pad', replace: 'true', fix: safe}
  - {id: old-registry, message: it moves in May, severity: info, image: 'registry.old.example/*'}
  - {id: no-777, message: everybody can write, instruction: add, flag: chmod=777}
""")
    def found(*arguments):
        document = json.loads(run("lint", "--no-config", "--select", "user/none", "--format", "json", "--rules", rules, *arguments, path).stdout)
        return [(f["rule"], f["severity"], f["range"]["start"]["line"], f["range"]["start"]["column"]) for f in document["files"][0]["findings"]]
    everything = [("user/old-registry", "info", 1, 1), ("user/no-piped-script", "error", 3, 3), ("user/no-777", "warning", 4, 5),
                  ("user/no-left-pad", "warning", 5, 7), ("user/no-left-pad", "warning", 6, 5)]
    assert found() == everything, found()
    assert found("--ignore", "user/no-777,user/old-registry") == everything[1:2] + everything[3:]
    path.write_text(path.read_text().replace("ADD", "# dockhew ignore=user/no-777: on purpose\nADD"))
    assert ("user/no-777", "warning", 5, 5) not in found() and len(found()) == 4
    assert run("lint", "--rules", rules, "--format", "sarif", path).returncode == 1
    (directory / ".dockhew.yaml").write_text("rules: [rules.yaml]\nseverity: {user/no-left-pad: 'off'}\n")
    assert b"user/no-piped-script" in run("lint", path).stdout and b"no-left-pad" not in run("lint", path).stdout
    for text, hint in (("rules: [{id: A, message: m, image: x}]", b"an `id` consists of lower-case"),
                       ("rules: [{id: a, message: m}]", b"exactly one of command, image and instruction"),
                       ("rules: [{id: a, message: m, command: 'a && b'}]", b"not a single shell command or pipeline"),
                       ("rules: [{id: a, message: m, instruction: RUNN}]", b"there is no instruction `RUNN`"),
                       ("rules: [{id: a, mesage: m}]", b"is `message` meant?")):
        rules.write_text(text)
        done = run("lint", "--rules", rules, path)
        assert done.returncode == 2 and hint in done.stderr and b"rules.yaml:1:" in done.stderr, (text, done.stderr)


@case
def the_schema_of_the_configuration_knows_every_key(directory):
    schema = json.loads((root / "docs" / "dockhew.schema.json").read_text())
    (directory / ".dockhew.yaml").write_text("nonsense-that-is-close-to-nothing-at-all: 1\n")
    message = run("lint", project(directory)).stderr.decode()
    assert sorted(schema["properties"]) == message.strip().rsplit("the keys are ", 1)[1].split(", "), message


@case
def a_broken_configuration_exits_2_with_its_place(directory):
    good, bad = directory / "good", directory / "bad"
    for folder, text in ((good, ""), (bad, "fail-on: error\nignroe: []\n")):
        folder.mkdir()
        project(folder)
        (folder / ".dockhew.yaml").write_text(text)
    for text in ("fail-on: error\nignroe: []\n", "ignore: [nonsense]\n", "a: [", "- x\n", "fail-on: loud\n", "ignore: {a: b}\n"):
        (bad / ".dockhew.yaml").write_text(text)
        done = run("lint", bad / "Dockerfile", good / "Dockerfile")
        assert done.returncode == 2 and len(done.stderr.decode().splitlines()) == 1, (text, done.stderr)
        assert b".dockhew.yaml" in done.stderr and b"good/Dockerfile" in done.stdout
    (bad / ".dockhew.yaml").write_text("fail-on: error\nignroe: []\n")
    assert b".dockhew.yaml:2:1: unknown key `ignroe`" in run("lint", bad / "Dockerfile").stderr


@case
def a_table_of_the_user_adds_an_image(directory):
    path = project(directory, "FROM mycompany/python:1\nRUN pip install torch==1\n")
    table = directory / "t.json"
    table.write_text('{"images": [{"names": ["mycompany/python"], "distribution": "debian"}]}')
    assert b"(conditional)" in run("lint", path).stdout
    assert b"(safe)" in run("lint", "--data", table, path).stdout


@case
def a_directory_is_searched_and_ignores_are_honoured(directory):
    for name in ("Dockerfile", "api.Dockerfile", "x/Containerfile.dev", "node_modules/a/Dockerfile", "out/Dockerfile", "Dockerfile.dockerignore",
                 "vendor/modules.txt", "vendor/example.org/a/Dockerfile", "php/vendor/autoload.php", "php/vendor/a/Dockerfile", "shop/vendor/Dockerfile",
                 "pkg/testdata/Dockerfile", "pkg/_test/Dockerfile.test1", "web/__snapshots__/Dockerfile"):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text("FROM debian\n")
    (directory / ".gitignore").write_text("out/\n")
    found = json.loads(run("lint", "--format", "json", directory).stdout)["files"]
    assert sorted(os.path.relpath(f["path"], directory) for f in found) == ["Dockerfile", "api.Dockerfile", "shop/vendor/Dockerfile", "x/Containerfile.dev"], found


@case
def standard_input_is_a_path(directory):
    done = run("lint", "-", stdin=b"FROM debian\n")
    assert done.returncode == 1 and done.stdout.startswith(b"-:1:6: warning:"), done.stdout
    assert run("optimize", "--output", "-", "-", stdin=b"FROM a:1\n").stdout == b"FROM a:1\n"


@case
def optimize_shows_a_diff_that_patch_applies(directory):
    path = project(directory)
    done = run("optimize", path.name, cwd=directory)
    assert done.returncode == 1
    wanted = run("optimize", "--unsafe", "--output", "-", path).stdout
    subprocess.run(["patch", "-s", "-p0"], input=done.stdout, cwd=directory, check=True, capture_output=True)
    assert path.read_bytes() == wanted
    assert run("optimize", path).returncode == 0


@case
def write_keeps_mode_line_endings_and_the_missing_last_newline(directory):
    path = project(directory, NAIVE.replace("\n", "\r\n").rstrip("\r\n"))
    path.chmod(0o640)
    assert run("optimize", "--safe", "--write", path).returncode == 0
    text = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert b"--mount=type=cache" in text and text.count(b"\n") == text.count(b"\r\n") and not text.endswith(b"\n"), text
    assert sorted(p.name for p in directory.iterdir()) == ["Dockerfile", "requirements.txt"]


@case
def write_follows_a_link_to_its_file(directory):
    path = project(directory)
    path.rename(directory / "real")
    path.symlink_to("real")
    assert run("optimize", "--write", path).returncode == 0
    assert path.is_symlink() and b"--mount" in (directory / "real").read_bytes()


IGNORED = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"a.js\"]\n"


def node_project(directory, dockerignore=None):
    path = project(directory, IGNORED)
    for name, text in {"package.json": "{}", "package-lock.json": "{}", "a.js": "", ".gitignore": "node_modules/\n"}.items():
        (directory / name).write_text(text)
    (directory / ".git").mkdir()
    if dockerignore is not None:
        (directory / ".dockerignore").write_bytes(dockerignore)
    return path


@case
def optimize_proposes_lines_of_the_ignore_file(directory):
    path = node_project(directory)
    done = run("optimize", "--context", directory, path)
    assert b"+++ " in done.stdout and b"\n+.git\n+node_modules\n" in done.stdout, done.stdout
    assert not (directory / ".dockerignore").exists()
    assert run("optimize", "--context", directory, "--output", directory / "x", path).returncode == 0
    assert not (directory / ".dockerignore").exists()
    assert run("optimize", "--context", directory, "--write", path).returncode == 0
    assert (directory / ".dockerignore").read_bytes() == b".git\nnode_modules\n"
    assert b".dockerignore" not in run("optimize", "--context", directory, path).stdout


CARGO = "FROM rust:1.83-bookworm\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"/app/target/release/app\"]\n"


def cargo_project(directory):
    path = project(directory, CARGO)
    for name, text in {"Cargo.toml": "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nitoa = \"1\"\n", "Cargo.lock": "version = 3\n", ".env": "DATABASE_PASSWORD=correct-horse\n",
                       ".gitignore": "target\n.env\n", "src/main.rs": "fn main() {}\n", "target/release/old": "", "config/app.yaml": ""}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=directory, check=True, capture_output=True)
    return path


@case
def a_rewrite_counts_on_the_lines_of_the_ignore_file(directory):
    path = cargo_project(directory)
    assert run("optimize", "--context", directory, "--write", "--unsafe", path).returncode == 0
    text = path.read_bytes()
    assert (directory / ".dockerignore").read_bytes() == b".env\n.git\ntarget\n"
    assert b"fn main() {}" in text and b"/app/config" in text and b".env" not in text, text
    again = run("optimize", "--context", directory, path)
    assert again.returncode == 0 and b"+++" not in again.stdout, again.stdout


@case
def without_an_ignore_file_nothing_counts_on_it(directory):
    path = cargo_project(directory)
    written = run("optimize", "--context", directory, "--unsafe", "--output", "-", path).stdout
    assert b"fn main() {}" not in written and not (directory / ".dockerignore").exists(), written


@case
def what_a_stage_hands_on_is_not_ignored(directory):
    path = cargo_project(directory)
    path.write_text(CARGO.replace("rust:1.83-bookworm", "rust:1.83-bookworm AS build") + "FROM debian:bookworm-slim\nCOPY --from=build /app/.env /app/target/release/app /srv/\n")
    done = run("optimize", "--context", directory, path).stdout
    assert b"+target\n" in done and b"+.env" not in done and b"a COPY takes it from the stage" in done, done


@case
def lines_of_the_ignore_file_keep_what_is_there(directory):
    path = node_project(directory, b"# ours\r\ndocs\r\n!docs/a")
    assert run("optimize", "--context", directory, "--write", path).returncode == 0
    assert (directory / ".dockerignore").read_bytes() == b"# ours\r\ndocs\r\n!docs/a\r\n.git\r\nnode_modules\r\n"


@case
def an_ignore_file_of_its_own_gets_the_lines(directory):
    path = node_project(directory, b".git\n")
    (directory / "Dockerfile.dockerignore").write_text("node_modules\n")
    assert run("optimize", "--context", directory, "--write", path).returncode == 0
    assert (directory / "Dockerfile.dockerignore").read_bytes() == b"node_modules\n.git\n"
    assert (directory / ".dockerignore").read_bytes() == b".git\n"


@case
def an_ignore_file_that_is_a_link_is_left_alone(directory):
    path = node_project(directory)
    (directory / "elsewhere").write_text("")
    (directory / ".dockerignore").symlink_to("elsewhere")
    run("optimize", "--context", directory, "--write", path)
    assert (directory / "elsewhere").read_bytes() == b""


@case
def what_another_dockerfile_copies_is_not_ignored(directory):
    path = node_project(directory)
    (directory / "Dockerfile.dev").write_text("FROM node:22\nCOPY node_modules /node_modules\n")
    output = run("optimize", "--context", directory, path).stdout
    assert b"+.git\n" in output and b"+node_modules" not in output, output


@case
def what_git_keeps_is_not_ignored(directory):
    path = node_project(directory)
    shutil.rmtree(directory / ".git")
    (directory / "node_modules").mkdir()
    (directory / "node_modules" / "own.js").write_text("")
    git = lambda *words: subprocess.run(["git", *words], cwd=directory, check=True, capture_output=True)
    git("init", "-q")
    git("add", "-f", ".")
    output = run("optimize", "--context", directory, path).stdout
    assert b"+.git\n" in output and b"+node_modules" not in output, output


@case
def a_link_out_of_the_context_is_not_followed(directory):
    context = directory / "context"
    context.mkdir()
    path = project(context)
    (directory / "outside.txt").write_text("-e .\n")
    (context / "requirements.txt").unlink()
    (context / "requirements.txt").symlink_to("../outside.txt")
    assert b"`requirements.txt` could not be read" in run("optimize", "--context", context, path).stdout


@case
def the_context_is_the_nearest_directory_that_holds_what_is_copied(directory):
    (directory / ".git").mkdir()
    (directory / "docker").mkdir()
    (directory / "requirements.txt").write_text("-e .\n")
    path = directory / "docker" / "Dockerfile"
    path.write_text("FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt /x\nCOPY . .\nRUN pip install -r requirements.txt\n")
    assert b"names a local path" in run("optimize", path).stdout
    (directory / "requirements.txt").unlink()
    assert b"assuming self-contained-requirements" in run("optimize", path).stdout


@case
def lint_fix_applies_the_safe_fixes_only(directory):
    path = project(directory)
    done = run("lint", "--fix", path)
    assert b"fixed:" in done.stderr and b"AS builder" not in path.read_bytes() and b"--mount=type=cache" in path.read_bytes()


@case
def json_has_the_documented_shape(directory):
    document = json.loads(run("lint", "--format", "json", project(directory)).stdout)
    assert document["version"] == 1 and document["summary"]["files"] == 1
    finding = next(f for f in document["files"][0]["findings"] if f["rule"] == "missing-cache-mount")
    assert finding["range"] == {"start": {"line": 4, "column": 5}, "end": {"line": 4, "column": 8}}, finding
    assert set(finding) == {"rule", "aliases", "severity", "message", "range", "bytes", "url", "fixes"}
    fix = finding["fixes"][0]
    assert {"title", "applicability", "assumptions", "edits"} <= set(fix) and {"range", "bytes", "text"} == set(fix["edits"][0])
    text = NAIVE
    for edit in sorted(fix["edits"], key=lambda e: -e["bytes"][0]):
        text = text[:edit["bytes"][0]] + edit["text"] + text[edit["bytes"][1]:]
    assert "RUN --mount=type=cache,target=/root/.cache/pip" in text


@case
def output_for_people_is_escaped(directory):
    path = project(directory, "FROM debian\x1b[31m\nRUN apt-get install \x1b]0;x\x07\n")
    assert b"\x1b" not in run("lint", path).stdout
    assert b"\x1b[31mdebian" not in run("lint", "--color", "always", path).stdout


@case
def no_colours_without_a_terminal(directory):
    assert b"\x1b" not in run("lint", project(directory)).stdout
    assert b"\x1b" in run("lint", "--color", "always", project(directory)).stdout


@case
def dump_prints_both_forms_and_errors_exit_2(directory):
    path = project(directory, "FROM a\nRUN b && c\n")
    assert run("dump", "--as", "buildkit", path).stdout == b'(from "a")\n(run "b && c")\n'
    assert b"and-if" in run("dump", path).stdout
    path.write_text("ONBUILD ENV A=1\nRUN --mount=type=cache,target=/x <<E\nhi\nE\n")
    first, second = json.loads(run("dump", "--json", path).stdout)["instructions"]
    assert first["trigger"]["pairs"][0]["name"] == "A" and second["lines"] == [2, 4], second
    assert second["flags"][0]["value"] == "type=cache,target=/x" and second["heredocs"][0]["content"] == "hi\n"
    path.write_text("FOO\n")
    done = run("dump", path)
    assert done.returncode == 2 and b"unknown instruction: FOO" in done.stderr


@case
def a_full_device_is_an_error(directory):
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            assert subprocess.run([dockhew, "rules"], stdout=full, stderr=subprocess.PIPE).returncode == 2
            assert subprocess.run([dockhew, "lint", str(project(directory))], stdout=full, stderr=subprocess.PIPE).returncode == 2


@case
def explain_and_rules_know_every_rule(directory):
    names = [line.split()[0] for line in run("rules").stdout.decode().splitlines()]
    assert len(names) >= 10
    for name in names:
        assert run("explain", name).stdout.decode().startswith(name + ": ")


report()
