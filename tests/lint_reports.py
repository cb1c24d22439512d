"""Which files `lint` reads and how it says what it found: formats for people and services, several at once, statistics, exclusions and the name of
standard input. Prints TAP. Usage: lint_reports.py DOCKHEW SOURCE_ROOT"""
import json
import re

from command_case import NAIVE, case, project, report, run

DEFEATED = "FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip echo 'äöü' && pip install --no-cache-dir flask==3.0\n"
BAD = "FROM debian\nRUN a | b; cd /x\n"


def paths_of(done):
    return sorted(file["path"] for file in json.loads(done.stdout)["files"])


@case
def several_reports_are_written_at_once(directory):
    project(directory)
    done = run("lint", "--format", "sarif:out.sarif", "--format", "junit:out.xml", "--format", "concise", "Dockerfile", cwd=directory)
    assert done.returncode == 1 and done.stdout.startswith(b"Dockerfile:1:6: info build-tools-in-final-image ")
    assert json.loads((directory / "out.sarif").read_text())["version"] == "2.1.0" and (directory / "out.xml").read_text().startswith("<?xml")
    for name in ("sarif", "junit", "json", "text"):
        alone = run("lint", "--format", name, "Dockerfile", cwd=directory).stdout
        assert run("lint", "--format", name, "-o", "one", "Dockerfile", cwd=directory).stdout == b"" and (directory / "one").read_bytes() == alone, name
        assert run("lint", "--format", name, "-o", "-", "Dockerfile", cwd=directory).stdout == alone
    coloured = run("lint", "--color", "always", "--format", "text:plain.txt", "--format", "text", "Dockerfile", cwd=directory).stdout
    assert b"\x1b" in coloured and b"\x1b" not in (directory / "plain.txt").read_bytes()
    for arguments, words in ((["--format", "json", "--format", "sarif"], b"two reports cannot both be printed"), (["--format", "json:x", "--format", "sarif:x"], b"both be written to `x`"),
                             (["--format", "json:"], b"names no file"), (["-o", "x", "--format", "json", "--format", "text:y"], b"--output takes one report"),
                             (["--statistics", "--format", "json"], b"two reports cannot"), (["--format", "jsn"], b"is `json` meant?")):
        done = run("lint", *arguments, "Dockerfile", cwd=directory)
        assert done.returncode == 2 and words in done.stderr, (arguments, done)
    done = run("lint", "--format", "sarif:no/such/directory", "Dockerfile", cwd=directory)
    assert done.returncode == 2 and b"no/such/directory: cannot write" in done.stderr, done.stderr


@case
def concise_is_one_line_each(directory):
    path = project(directory, BAD)
    lines = run("lint", "--select", "all", "--format", "concise", path).stdout.decode().splitlines()
    assert lines and all(re.fullmatch(r".*/Dockerfile:\d+:\d+: (error|warning|info|style) [a-z0-9-]+ .+", line) for line in lines), lines
    assert run("lint", "--select", "all", "--format", "tty", path).stdout.decode().splitlines() == lines
    for name in ("codeclimate", "gitlab_codeclimate"):
        assert run("lint", "--format", name, path).stdout == run("lint", "--format", "gitlab", path).stdout


@case
def azure_format_has_one_command_a_line(directory):
    path = project(directory, "FROM debian\nRUN cd '/a;b]%0d##vso[task.x]' && ls | cat\n")
    (directory / "a;b]c").mkdir()
    lines = run("lint", "--select", "all", "--format", "azure", path, project(directory / "a;b]c", BAD), directory / "missing").stdout.decode().splitlines()
    pattern = r"##vso\[task\.logissue type=(error|warning);sourcepath=[^;\]]+(;linenumber=\d+;columnnumber=\d+;code=[a-z0-9-]+)?\][^\];]+"
    assert all(re.fullmatch(pattern, line) for line in lines), [line for line in lines if not re.fullmatch(pattern, line)]
    assert any("a%3Bb%5Dc/Dockerfile" in line for line in lines) and "missing]no such file" in lines[-1], lines


@case
def markdown_has_a_table_a_file(directory):
    project(directory, "FROM debian\nRUN wget 'http://x/|<b>_y_'\n")
    (directory / "missing").mkdir()
    project(directory / "missing", "FROM scratch\nCOPY a /a\n")
    text = run("lint", "--select", "all", "--format", "markdown", "Dockerfile", "nowhere", cwd=directory).stdout.decode()
    assert text.startswith("### `Dockerfile`\n\n| line | severity | finding | rule |\n| ---: | --- | --- | --- |\n| "), text
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| li") and not line.startswith("| --")]
    assert rows and all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows), rows
    assert "### `nowhere`\n\nno such file" in text and re.search(r"\d+ warnings?, \d+ notes? in 2 files\n$", text), text


@case
def rdjson_has_positions_in_bytes_and_suggestions(directory):
    path = project(directory, DEFEATED)
    answer = json.loads(run("lint", "--format", "rdjson", path).stdout)
    assert answer["source"]["name"] == "dockhew" and answer["diagnostics"]
    line = path.read_bytes().splitlines()[1]
    for diagnostic in answer["diagnostics"]:
        assert diagnostic["severity"] in ("ERROR", "WARNING", "INFO") and diagnostic["code"]["url"].endswith(diagnostic["code"]["value"] + ".md")
    found = next(d for d in answer["diagnostics"] if d["code"]["value"] == "cache-mount-defeated")
    cut = lambda place: line[place["start"]["column"] - 1:place["end"]["column"] - 1]
    assert cut(found["location"]["range"]) == b"--no-cache-dir", found
    assert cut(found["suggestions"][0]["range"]) == b" --no-cache-dir" and found["suggestions"][0]["text"] == ""


@case
def statistics_count_the_findings_of_each_rule(directory):
    for name in "abc":
        (directory / name).mkdir()
        project(directory / name, NAIVE if name == "a" else BAD)
    done = run("lint", "--statistics", directory)
    rows = [line.split() for line in done.stdout.decode().splitlines()[:-2]]
    counts = [int(row[0]) for row in rows]
    assert done.returncode == 1 and counts == sorted(counts, reverse=True) and rows[0][:3] == ["2", "warning", "unpinned-base-image"], rows
    assert [row[2:] for row in rows if row[2] == "missing-cache-mount"] == [["missing-cache-mount", "1", "with", "`--fix`"]], rows
    assert b"warnings, " in done.stdout.splitlines()[-1] and done.stdout.splitlines()[-2] == b""


@case
def text_says_how_many_can_be_fixed(directory):
    path = project(directory, DEFEATED + DEFEATED.splitlines()[1] + "\n")
    assert run("lint", path).stdout.endswith(b" in 1 file\n1 fixable with `--fix`\n")  # said once, of both lines
    run("lint", "--fix", path)
    assert b"fixable" not in run("lint", path).stdout


@case
def what_is_excluded_is_not_found(directory):
    for name in ("Dockerfile", "test/Dockerfile", "a/test/x/Dockerfile", "a/Dockerfile.dev", "vendored/b/Dockerfile"):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text("FROM debian\n")
    (directory / "a/compose.yaml").write_text("services: {}\n")
    found = lambda *arguments, cwd=directory: paths_of(run("lint", "--format", "json", *arguments, cwd=cwd))
    assert found("--exclude", "test", ".") == ["./Dockerfile", "./a/Dockerfile.dev", "./vendored/b/Dockerfile"]
    assert found("--exclude", "test/", "--exclude", "*.dev", "--exclude", "vendored/**", ".") == ["./Dockerfile"]
    assert found("--exclude", "./test", ".") == ["./Dockerfile", "./a/Dockerfile.dev", "./vendored/b/Dockerfile"]
    assert found("--exclude", "b/Dockerfile", "vendored") == ["vendored/b/Dockerfile"], "a path counts from here"
    assert found("--exclude", "Dockerfile", "Dockerfile") == ["Dockerfile"], "what is named is read"
    (directory / ".dockhew.yaml").write_text("exclude: [vendored, a/test]\n")
    assert found(".") == ["./Dockerfile", "./a/Dockerfile.dev", "./test/Dockerfile"]
    assert found("..", cwd=directory / "a") == ["../Dockerfile", "../a/Dockerfile.dev", "../test/Dockerfile"]
    assert found("--exclude", "test", ".") == ["./Dockerfile", "./a/Dockerfile.dev"], "both count"
    assert run("lint", "vendored", cwd=directory).returncode == 0 and b"no Dockerfiles" not in run("lint", "vendored", cwd=directory).stderr
    assert b"vendored" not in run("optimize", "--write", ".", cwd=directory).stdout


@case
def standard_input_has_a_name(directory):
    (directory / "deep").mkdir()
    (directory / "deep/.dockhew.yaml").write_text("ignore: [source-copied-before-dependencies]\n")
    (directory / "deep/requirements.txt").write_text("flask==3.0\n")
    name = str(directory / "deep/Dockerfile")
    done = run("lint", "--stdin-filename", name, "-", stdin=NAIVE.encode(), cwd=directory)
    assert done.stdout.decode().startswith(name + ":1:6: info: ") and b"source-copied" not in done.stdout, done.stdout
    assert paths_of(run("lint", "--format", "json", "--stdin-filename", name, "-", stdin=NAIVE.encode())) == [name]
    done = run("optimize", "--unsafe", "--stdin-filename", name, "--output", "-", "-", stdin=NAIVE.encode(), cwd=directory)
    assert b"--mount=type=cache" in done.stdout, done
    assert b"--stdin-filename is the name of standard input" in run("lint", "--stdin-filename", "x", name).stderr


report()
