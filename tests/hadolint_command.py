"""dockhew in the place of hadolint: its options, environment, configuration, formats and exit status. Prints TAP.
Usage: hadolint_command.py DOCKHEW SOURCE_ROOT"""
import json
import os
import subprocess
import xml.etree.ElementTree

from command_case import case, dockhew, project, report, run

BAD = "FROM debian:12\nRUN apt-get install -y curl\nWORKDIR a\n"
CODES = ["DL3008", "DL3015", "DL3000"]
NOWHERE = {**{key: value for key, value in os.environ.items() if not key.startswith("HADOLINT")}, "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}


def hadolint(directory, *arguments, stdin=None, **variables):
    link = directory / "bin/hadolint"
    if not link.exists():
        link.parent.mkdir()
        link.symlink_to(dockhew)
    done = subprocess.run([link, *map(str, arguments)], input=stdin, capture_output=True, cwd=directory, env={**NOWHERE, **variables})
    named = run("hadolint", *arguments, stdin=stdin, cwd=directory, env={**NOWHERE, **variables})
    assert (done.returncode, done.stdout, done.stderr) == (named.returncode, named.stdout, named.stderr), (done, named)
    return done


def codes(done):
    assert not done.stderr, done.stderr
    return sorted(each["code"] for each in json.loads(done.stdout))


def codes_of(path):
    return sorted(each["code"] for each in json.loads(path.read_text()))


@case
def findings_have_hadolints_shape_and_status(directory):
    project(directory, BAD)
    done = hadolint(directory, "Dockerfile")
    assert done.returncode == 1 and done.stdout.startswith(b"Dockerfile:2 DL3"), done
    assert b"Dockerfile:3 DL3000 error: " in done.stdout
    done = hadolint(directory, "-f", "json", "Dockerfile")
    assert codes(done) == sorted(CODES) and set(json.loads(done.stdout)[0]) == {"code", "column", "file", "level", "line", "message"}
    assert hadolint(directory, "-", stdin=BAD.encode()).stdout.startswith(b"-:2 DL3")
    assert hadolint(directory, "missing").returncode == 1 and hadolint(directory).returncode == 1 and hadolint(directory, "--nonsense").returncode == 1
    (directory / "clean").write_text("FROM debian:12\n")
    assert hadolint(directory, "clean").returncode == 0 and hadolint(directory, "-f", "json", "clean").stdout == b"[]\n"
    (directory / "broken").write_text("FROM debian:12\nFOO\n")
    assert b"broken:2 DL1000 error: " in hadolint(directory, "-t", "error", "broken").stdout and hadolint(directory, "-t", "error", "broken").returncode == 1
    assert codes(hadolint(directory, "-f", "json", "Dockerfile", "clean", "Dockerfile")) == sorted(CODES * 2)
    assert b"in place of hadolint 2.15" in hadolint(directory, "--version").stdout and b"--failure-threshold" in hadolint(directory, "--help").stdout


@case
def options_are_those_of_hadolint(directory):
    project(directory, BAD + "# hadolint ignore=DL3020\nADD a /a\nLABEL b=c\n")
    base = ("-f", "json", "Dockerfile")
    assert codes(hadolint(directory, "--ignore", "DL3008", "--ignore", "DL3000", "--ignore", "DL9999", *base)) == ["DL3015"]
    assert codes(hadolint(directory, "--disable-ignore-pragma", *base)) == sorted([*CODES, "DL3020"])
    assert codes(hadolint(directory, "--trusted-registry", "example.org", *base)) == sorted([*CODES, "DL3026"])
    assert codes(hadolint(directory, "--require-label", "b:semver", "--strict-labels", *base)) == sorted([*CODES, "DL3056"])
    assert b"NAME:TYPE" in hadolint(directory, "--require-label", "b", "Dockerfile").stderr
    levels = lambda *arguments: {each["code"]: each["level"] for each in json.loads(hadolint(directory, *arguments, *base).stdout)}
    assert levels() == {"DL3008": "warning", "DL3015": "info", "DL3000": "error"}
    assert levels("--info", "DL3000", "--error", "DL3015", "--style", "DL3015", "--warning", "DL3008") == {"DL3008": "warning", "DL3015": "error", "DL3000": "info"}
    for threshold, status in (("error", 1), ("none", 1), ("ignore", 1)):
        assert hadolint(directory, "--failure-threshold", threshold, "Dockerfile").returncode == status
    assert hadolint(directory, "-t", "warning", "--info", "DL3000", "--info", "DL3008", "Dockerfile").returncode == 0
    assert hadolint(directory, "-t", "loud", "Dockerfile").returncode == 1
    assert hadolint(directory, "--no-fail", "--no-color", "Dockerfile").returncode == 0
    said = hadolint(directory, "--verbose", "--ignore", "DL3008", "Dockerfile").stderr.decode()
    assert said.startswith("configuration: none\nedition: ") and "ignore: [DL3008]" in said, said
    assert hadolint(directory, "--file-path-in-report", "other/name", "Dockerfile").stdout.startswith(b"other/name:2 ")


@case
def configuration_and_environment_are_found_where_hadolint_finds_them(directory):
    (directory / "below").mkdir()
    project(directory / "below", BAD)
    (directory / "below/.hadolint.yaml").write_text("ignored: [DL3000]\n")
    base = ("-f", "json", "below/Dockerfile")
    assert codes(hadolint(directory, *base)) == sorted(CODES), "the directory of the Dockerfile does not count"
    assert codes(hadolint(directory, "-c", "below/.hadolint.yaml", *base)) == ["DL3008", "DL3015"]
    (directory / ".dockhew.yaml").write_text("ignore: [all]\n")
    assert codes(hadolint(directory, *base)) == sorted(CODES)
    (directory / ".hadolint.yml").write_text("ignored: [DL3015]\nfailure-threshold: error\nformat: json\noverride: {warning: [DL3000]}\n")
    assert codes(hadolint(directory, "below/Dockerfile")) == ["DL3000", "DL3008"] and hadolint(directory, "below/Dockerfile").returncode == 0
    assert codes(hadolint(directory, "--ignore", "DL3008", "below/Dockerfile", HADOLINT_IGNORE="DL3000")) == [], "all lists count"
    assert hadolint(directory, "-t", "warning", "below/Dockerfile").returncode == 1
    (directory / ".hadolint.yml").unlink()
    (directory / "home/.config").mkdir(parents=True)
    (directory / "home/.config/hadolint.yaml").write_text("ignored: [DL3008]\n")
    assert codes(hadolint(directory, *base, HOME=str(directory / "home"), XDG_CONFIG_HOME="")) == ["DL3000", "DL3015"]
    assert hadolint(directory, "below/Dockerfile", HADOLINT_FORMAT="nonsense,json", HADOLINT_NOFAIL="Yes").returncode == 0
    assert codes(hadolint(directory, "below/Dockerfile", HADOLINT_FORMAT="nonsense,json", HADOLINT_IGNORE="DL3008,DL3015")) == ["DL3000"]
    assert hadolint(directory, "below/Dockerfile", HADOLINT_FAILURE_THRESHOLD="error", HADOLINT_OVERRIDE_INFO="DL3000").returncode == 0
    assert hadolint(directory, "-c", "missing", "below/Dockerfile").returncode == 1


@case
def every_format_is_written(directory):
    project(directory, BAD)
    out = lambda name: hadolint(directory, "-f", name, "Dockerfile").stdout.decode()
    assert out("gnu").startswith("hadolint:Dockerfile:2: DL3")
    errors = xml.etree.ElementTree.fromstring(out("checkstyle")).findall("file/error")
    assert sorted(error.get("source") for error in errors) == sorted(CODES)
    issues = [json.loads(each) for each in out("codeclimate").split("\0") if each]
    assert {issue["check_name"]: issue["severity"] for issue in issues} == {"DL3008": "major", "DL3015": "info", "DL3000": "blocker"}
    issues = json.loads(out("gitlab_codeclimate"))
    assert len({issue["fingerprint"] for issue in issues}) == 3 and issues[0]["location"]["path"] == "Dockerfile"
    decoder, text, found = json.JSONDecoder(), out("codacy"), []
    while text:
        each, end = decoder.raw_decode(text)
        found, text = [*found, each["patternId"]], text[end:]
    assert sorted(found) == sorted(CODES)
    assert {issue["ruleId"]: issue["severity"] for issue in json.loads(out("sonarqube"))["issues"]} == {"DL3008": "MAJOR", "DL3015": "MINOR", "DL3000": "CRITICAL"}
    assert json.loads(out("sarif"))["version"] == "2.1.0" and xml.etree.ElementTree.fromstring(out("junit")).tag == "testsuites"
    assert hadolint(directory, "-f", "codeclimate", "Dockerfile").returncode == hadolint(directory, "-f", "codacy", "Dockerfile").returncode == 0
    assert hadolint(directory, "-f", "gitlab_codeclimate", "Dockerfile").returncode == 1
    assert b"--format takes tty" in hadolint(directory, "-f", "xml", "Dockerfile").stderr
    done = hadolint(directory, "-f", "json", "-o", "a.json", "-f", "sarif", "-o", "b.sarif", "-f", "tty", "Dockerfile")
    assert done.stdout.startswith(b"Dockerfile:2 ") and codes_of(directory / "a.json") == sorted(CODES) and json.loads((directory / "b.sarif").read_text())


report()
