"""What `optimize` shows, takes and leaves by how sure it is, and its reports for programs. Prints TAP.
Usage: optimize.py DOCKHEW SOURCE_ROOT"""
import json
import shutil

from command_case import case, report, root, run

SURE, ALL = b"--mount=type=cache", b"AS builder"


def rust(directory):
    shutil.copytree(root / "fixtures/optimize/rust-naive/context", directory, dirs_exist_ok=True)
    return shutil.copy(root / "fixtures/optimize/rust-naive/Dockerfile", directory)


@case
def write_leaves_what_changes_the_image_and_says_so(directory):
    path = directory / "Dockerfile"
    rust(directory)
    done = run("optimize", "--write", "Dockerfile", cwd=directory)
    text, notes = path.read_bytes(), done.stderr.decode()
    assert done.returncode == 0 and SURE in text and ALL not in text, text
    assert "Dockerfile: written with 3 safe changes, 1 conditional\n" in notes and "  assuming build-directory-is-scratch: " in notes, notes
    assert "left as it is: build in a separate stage" in notes and "`dockhew optimize --write --unsafe Dockerfile` takes it" in notes, notes
    again = run("optimize", "--write", "Dockerfile", cwd=directory)
    assert path.read_bytes() == text and "written" not in again.stderr.decode() and "left as it is" in again.stderr.decode()
    done = run("optimize", "--write", "--unsafe", "Dockerfile", cwd=directory)
    assert ALL in path.read_bytes() and "written with 1 unsafe change\n  check: " in done.stderr.decode(), done.stderr
    assert run("optimize", "Dockerfile", cwd=directory).returncode == 0


@case
def what_only_the_new_form_needs_says_so(directory):
    for path, text in {
            "Dockerfile": "FROM node:20-alpine\nWORKDIR /app\nRUN apk add --no-cache python3 make g++\nCOPY package.json package-lock.json ./\n"
                          "RUN npm ci\nCOPY . .\nRUN npm run build\nCMD [\"npm\", \"start\"]\n",
            ".dockerignore": "node_modules\ndist\n.git\n", "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}\n', "src/index.ts": "\n",
            "package.json": '{"name": "a", "version": "1.0.0", "scripts": {"build": "tsc", "start": "node dist/index.js"}, "dependencies": {"pg": "8.0.0"},'
                            ' "devDependencies": {"typescript": "5.0.0"}}\n',
            "package-lock.json": '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"dependencies": {"pg": "8.0.0"}, "devDependencies": {"typescript": "5.0.0"}},'
                                 ' "node_modules/pg": {"version": "8.0.0"}, "node_modules/typescript": {"version": "5.0.0", "dev": true}}}\n'}.items():
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).write_text(text)
    shown = run("optimize", "--no-config", ".", cwd=directory).stdout.decode()
    assert "AS builder" in shown and "  after the other changes, every source change prunes" in shown, shown
    assert "\n  every source change prunes" not in shown, shown


@case
def every_way_of_writing_takes_the_same(directory):
    for options, sure, all_ in (([], True, False), (["--safe"], True, False), (["--conditional"], True, False), (["--unsafe"], True, True)):
        rust(directory)
        printed = run("optimize", *options, "-o", "-", "Dockerfile", cwd=directory).stdout
        run("optimize", *options, "-o", "new", "Dockerfile", cwd=directory)
        run("optimize", *options, "-w", "Dockerfile", cwd=directory)
        assert printed == (directory / "new").read_bytes() == (directory / "Dockerfile").read_bytes(), options
        assert (SURE in printed, ALL in printed) == (sure, all_), options
        assert (b"Cargo.lock" in printed) == ("--safe" not in options), options


@case
def the_configuration_can_take_all_of_it(directory):
    rust(directory)
    (directory / ".dockhew.yaml").write_text("unsafe: true\n")
    shown = run("optimize", "Dockerfile", cwd=directory).stdout.decode()
    assert "To take this:\n  dockhew optimize --write Dockerfile  # 3 safe changes, 1 conditional, 1 unsafe\n" in shown, shown
    assert ALL not in run("optimize", "--conditional", "-o", "-", "Dockerfile", cwd=directory).stdout
    assert ALL not in run("optimize", "--no-config", "-o", "-", "Dockerfile", cwd=directory).stdout
    run("optimize", "--write", "Dockerfile", cwd=directory)
    assert ALL in (directory / "Dockerfile").read_bytes()
    (directory / ".dockhew.yaml").write_text("unsafe: maybe\n")
    assert run("optimize", "Dockerfile", cwd=directory).returncode == 2


@case
def the_diff_shows_all_and_says_how_to_take_it(directory):
    rust(directory)
    done = run("optimize", "--jobs", "2", "--context", ".", "Dockerfile", cwd=directory)
    shown = done.stdout.decode()
    assert done.returncode == 1 and "+FROM rust:1.81 AS builder" in shown
    heads = [shown.index(head) for head in ("\nWhy:\nSafe, ", "\nConditional, ", "\nUnsafe, ", "\nTo take this:\n")]
    assert heads == sorted(heads)
    assert shown.endswith("  dockhew optimize --write --context . Dockerfile           # without what is unsafe: 3 safe changes, 1 conditional\n"
                          "  dockhew optimize --write --unsafe --context . Dockerfile  # all of it: 3 safe changes, 1 conditional, 1 unsafe\n"), shown
    only = run("optimize", "--safe", "Dockerfile", cwd=directory).stdout.decode()
    assert only.endswith("To take this:\n  dockhew optimize --write --safe Dockerfile  # 3 safe changes\n") and "Safe, whatever" not in only, only
    (directory / "it's here").mkdir()
    shutil.copy(directory / "Dockerfile", directory / "it's here")
    assert "dockhew optimize --write 'it'\\''s here'" in run("optimize", "it's here", cwd=directory).stdout.decode()
    assert "To take this" not in run("optimize", "-", stdin=(directory / "Dockerfile").read_bytes(), cwd=directory).stdout.decode()


@case
def what_is_unsafe_throughout_is_not_promised_without_it(directory):
    (directory / "Dockerfile").write_text('FROM openjdk:8-jre-alpine\nCMD ["java", "-version"]\n')
    shown = run("optimize", "Dockerfile", cwd=directory).stdout.decode()
    assert shown.endswith("\nTo take this:\n  dockhew optimize --write --unsafe Dockerfile  # 1 unsafe change\n"), shown


@case
def json_has_the_diff_the_text_and_the_reasons(directory):
    rust(directory)
    (directory / ".git").mkdir()
    (directory / ".dockerignore").unlink()
    (directory / "empty.Dockerfile").write_text("FROM scratch\n")
    done = run("optimize", "--format", "json", "Dockerfile", "empty.Dockerfile", "missing", cwd=directory)
    answer = json.loads(done.stdout)
    assert answer["version"] == 1 and done.returncode == 2
    files = {file["path"]: file for file in answer["files"]}
    assert "no such file" in files["missing"]["error"], files["missing"]
    assert not files["empty.Dockerfile"]["changed"] and files["empty.Dockerfile"]["diff"] == "" and files["empty.Dockerfile"]["text"] == "FROM scratch\n"
    file = files["Dockerfile"]
    assert file["changed"] and file["text"].encode() == run("optimize", "--unsafe", "-o", "-", "Dockerfile", cwd=directory).stdout
    assert set(file) == {"path", "changed", "diff", "text", "changes", "not_changed", "not_judged", "builds_now", "failing", "other_fixes", "contexts", "needs_buildkit"}
    levels = {change["applicability"]: change for change in file["changes"]}
    assert set(levels) == {"safe", "conditional", "unsafe"} and levels["conditional"]["assumptions"] and levels["unsafe"]["checklist"], levels
    assert set(levels["safe"]) == {"rule", "line", "title", "message", "applicability", "assumptions", "checklist"}
    assert files[".dockerignore"]["text"] == ".git\n" and files[".dockerignore"]["changes"][0]["title"] == "add `.git`", files[".dockerignore"]
    done = run("optimize", "--write", "--format", "json", "Dockerfile", cwd=directory)
    written = json.loads(done.stdout)["files"][0]
    assert done.returncode == 0 and (directory / "Dockerfile").read_text() == written["text"] and "AS builder" not in written["text"]


@case
def json_says_why_something_is_left(directory):
    (directory / "Dockerfile").write_text("FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && ./unknown.sh\nCMD [\"node\", \"a.js\"]\n")
    file = json.loads(run("optimize", "--format", "json", directory / "Dockerfile").stdout)["files"][0]
    assert all(set(each) == {"rule", "line", "message", "reason"} for each in file["not_changed"]) and file["not_changed"], file
    assert all(set(each) == {"line", "reason"} for each in file["not_judged"])


@case
def a_directory_without_improvements_is_not_silent(directory):
    for name in ("a.Dockerfile", "b.Dockerfile"):
        (directory / name).write_text("FROM debian:12\nUSER 1000\n")
    done = run("optimize", "--no-config", ".", cwd=directory)
    assert (done.returncode, done.stdout) == (0, b"nothing to improve in 2 files\n"), done


@case
def sarif_has_one_fix_that_makes_the_file(directory):
    rust(directory)
    before = (directory / "Dockerfile").read_text()
    done = run("optimize", "--format", "sarif", "Dockerfile", cwd=directory)
    one = json.loads(done.stdout)["runs"][0]
    assert done.returncode == 1 and len(one["results"]) == 5
    for result in one["results"]:
        assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] and result["level"] == "note"
    fixes = [result["fixes"] for result in one["results"] if "fixes" in result]
    assert len(fixes) == 1 and "(unsafe)" in fixes[0][0]["description"]["text"]
    data = before.encode()
    for each in sorted(fixes[0][0]["artifactChanges"][0]["replacements"], key=lambda r: -r["deletedRegion"]["byteOffset"]):
        begin, size = each["deletedRegion"]["byteOffset"], each["deletedRegion"]["byteLength"]
        data = data[:begin] + each["insertedContent"]["text"].encode() + data[begin + size:]
    assert data == run("optimize", "--unsafe", "-o", "-", "Dockerfile", cwd=directory).stdout
    assert json.loads(run("optimize", "--format", "sarif", "--select", "unpinned-package", "Dockerfile", cwd=directory).stdout)


@case
def a_compose_file_is_written_when_a_place_is_named(directory):
    rust(directory)
    (directory / "compose.yaml").write_text("services:\n  web:\n    build: .\n    image: example.org/web\n")
    run("optimize", "--write", "--cache-export", "registry", "compose.yaml", cwd=directory)
    assert "cache_to" in (directory / "compose.yaml").read_text() and ALL not in (directory / "Dockerfile").read_bytes()


@case
def a_form_for_an_older_builder_can_be_built_or_is_not_written(directory):
    (directory / "r.txt").write_text("flask\n")
    path, twin = directory / "Dockerfile", directory / "Dockerfile.legacy"
    text = "FROM python:3.12-slim\nCOPY r.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r r.txt\n"
    write = lambda builder: run("optimize", "--builder", builder, "--unsafe", "--output", twin, path)
    path.write_text(text)
    assert write("legacy").returncode == 0 and twin.read_text() == text.replace("--mount=type=cache,target=/root/.cache/pip ", ""), twin.read_text()
    twin.unlink()
    path.write_text(text + "COPY <<EOF /motd\nhi\nEOF\n")
    for builder, name in (("legacy", "Docker's legacy builder"), ("kaniko", "Kaniko")):
        done = write(builder)
        assert done.returncode == 2 and not twin.exists() and f"not written, because it could not be built: line 4: {name} does not support heredocs" in done.stderr.decode(), done.stderr


report()
