"""The scripts of the GitHub Action, as a runner calls them: with the archive that `tools/package` makes, in a project with findings.
Prints TAP. Usage: action.py DOCKHEW SOURCE_ROOT"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

dockhew, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
action = root / "tools/action"
results = []


def step(script, directory, **variables):
    files = {name: str(directory / name.lower()) for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        pathlib.Path(file).touch()
    path = f"{directory / 'dockhew'}:{os.environ['PATH']}"
    environment = dict(os.environ, PATH=path, RUNNER_TEMP=str(directory), GITHUB_ACTION_PATH=str(action), **files, **variables)
    done = subprocess.run(["bash", str(action / script)], cwd=directory / "project", env=environment, capture_output=True, text=True, check=False)
    return done, {name: pathlib.Path(file).read_text() for name, file in files.items()}


def tell(name, function):
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        (directory / "project").mkdir()
        (directory / "project/Dockerfile").write_text("FROM debian\nMAINTAINER me\nUSER 1000\n")
        try:
            function(directory)
            results.append((name, ""))
        except Exception as error:
            results.append((name, str(error) or repr(error)))


def archive(directory):
    subprocess.run([sys.executable, str(root / "tools/package/package.py"), str(root), str(directory / "packages"), str(dockhew)], check=True, capture_output=True)
    file = next((directory / "packages").glob("*.tar.gz"))
    version = re.match(r"dockhew-([^-]+)-", file.name).group(1)
    return {"DOCKHEW_VERSION": version, "DOCKHEW_URL": file.as_uri(), "DOCKHEW_CHECKSUM": hashlib.sha256(file.read_bytes()).hexdigest()}


def it_installs_what_has_the_checksum(directory):
    variables = archive(directory)
    done, files = step("install.sh", directory, **variables)
    assert done.returncode == 0 and files["GITHUB_PATH"].strip() == str(directory / "dockhew"), done.stdout + done.stderr
    assert variables["DOCKHEW_VERSION"] in done.stdout
    (directory / "dockhew/dockhew").unlink()
    done, _ = step("install.sh", directory, **dict(variables, DOCKHEW_CHECKSUM="0" * 64))
    assert done.returncode == 1 and "another checksum" in done.stdout and not (directory / "dockhew/dockhew").exists(), done.stdout


def it_lints(directory):
    (directory / "dockhew").mkdir()
    shutil.copy(dockhew, directory / "dockhew/dockhew")
    done, files = step("lint.sh", directory, DOCKHEW_FAIL_ON="warning")
    assert done.returncode == 1 and "::warning file=" in done.stdout, done.stdout + done.stderr
    report = json.loads(pathlib.Path(files["GITHUB_OUTPUT"].strip().removeprefix("sarif-file=")).read_text())
    assert {result["ruleId"] for result in report["runs"][0]["results"]} == {"unpinned-base-image", "maintainer-instruction"}
    assert "unpinned-base-image" in files["GITHUB_STEP_SUMMARY"] and "What a change rebuilds" in files["GITHUB_STEP_SUMMARY"]
    done, files = step("lint.sh", directory, DOCKHEW_FAIL_ON="error", DOCKHEW_ARGUMENTS="--ignore DL4000", DOCKHEW_LAYERS="false")
    assert done.returncode == 0 and "maintainer" not in done.stdout, done.stdout + done.stderr


def its_inputs_are_what_the_scripts_read(directory):
    text = (action / "action.yml").read_text()
    inputs = set(re.findall(r"^  ([a-z-]+):$", text.split("inputs:")[1].split("outputs:")[0], re.M))
    used = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert inputs == used, inputs ^ used
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", (root / "docs/ci.md").read_text(), re.M))
    assert inputs == documented, inputs ^ documented
    given = set(re.findall(r"(DOCKHEW_[A-Z_]+):", text))
    read = {name for script in ("install.sh", "lint.sh") for name in re.findall(r"DOCKHEW_[A-Z_]+", (action / script).read_text())}
    assert given == read, given ^ read


if not all(shutil.which(program) for program in ("bash", "curl", "sha256sum")):
    print("TAP version 13\n1..1\nok 1 - the action # SKIP skipped: bash, curl and sha256sum are needed")
    sys.exit(0)
for test in (it_installs_what_has_the_checksum, it_lints, its_inputs_are_what_the_scripts_read):
    tell(test.__name__.replace("_", " "), test)
print(f"TAP version 13\n1..{len(results)}")
for number, (name, message) in enumerate(results, 1):
    print(f"{'not ok' if message else 'ok'} {number} - {name}")
    for line in message.splitlines():
        print(f"# {line}")
