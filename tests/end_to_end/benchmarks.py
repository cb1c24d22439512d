"""Measures the projects next to this file before and after `dockhew optimize`, with BuildKit, and prints the table of docs/benchmarks.md.
Results stay in DIRECTORY, so that single rows can be measured again, on a machine that has nothing else to do.
Usage: benchmarks.py DOCKHEW DIRECTORY [--repeat N] [PROJECT…]: without names, those that have no result yet."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import compose_project
from docker_daemon import loaded_images, running_daemon
from projects import PROJECTS, environment, here, name_to_make, prepared, verify

NAMES = [*PROJECTS, "compose"]
SCENARIOS = ("first build", "nothing changed", "source changed", "dependencies changed")


def measure(dockhew, directory, name, repeat, docker):
    """What `verify` says about one project, and how busy the machine was: its load when the builds began."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        scratch = pathlib.Path(scratch)
        temporary = scratch / "tmp"
        temporary.mkdir()
        copy = compose_project.committed(scratch) if name == "compose" else prepared(name, scratch)
        subject = [str(copy / "docker-compose.yml")] if name == "compose" else ["--run", PROJECTS[name][1], str(copy / "Dockerfile")]
        result = verify(dockhew, directory, temporary, "--format", "json", "--repeat", str(repeat), *subject, docker=docker)
    if result.returncode not in (0, 1):
        print(result.stderr, file=sys.stderr)
        return False
    (directory / "benchmarks" / f"{name}.json").write_text(json.dumps({"load": load, "repeat": repeat, **json.loads(result.stdout)}))
    return True


def change(before, after, unit):
    """Differences of less than a third of a second are those of two builds of the same file."""
    digits = 1 if unit == "s" else 0
    percent = f" ({100 * (after - before) / before:+.0f} %)".replace("-", "−") if unit == "MB" or abs(after - before) >= 0.3 else ""
    return f"{before:.{digits}f} → {after:.{digits}f} {unit}{percent}"


def images_of(name):
    return compose_project.IMAGES if name == "compose" else PROJECTS[name][0]


def seconds(scenario, form):
    """Of a Dockerfile, or of the sum over the services of a Compose file; None where there was nothing to change."""
    measured = scenario[form]
    return measured if not isinstance(measured, dict) else measured["median"] if measured["seconds"] else None


def row(title, result, command):
    cells = []
    for scenario in result["scenarios"]:
        pair = [seconds(scenario, form) for form in ("original", "optimized")]
        cells.append("–" if None in pair else change(*pair, "s"))
    cells.append(change(result["bytes"]["original"] / 1e6, result["bytes"]["optimized"] / 1e6, "MB"))
    return f"| {title} | {' | '.join(cells)} | {command} |"


def rows(name, result):
    command = f"`tools/dev benchmarks {name}`"
    if name != "compose":
        return [row(name, result, command)]
    return [row(f"{name}: {service['name']}", service["verification"], command) for service in result["services"]] + [row("compose, in sum", result["sum"], command)]


def table(folder):
    results = {file.stem: json.loads(file.read_text()) for file in folder.glob("*.json")}
    print(f"| project | {' | '.join(SCENARIOS)} | image size | command |\n| --- |{' ---: |' * 5} --- |")
    for name in NAMES:
        if name in results:
            print("\n".join(rows(name, results[name])))
    for name, result in sorted(results.items()):
        differ = "" if result["equivalent"] else ", BUT THE IMAGES DIFFER: not for the table"
        print(f"# {name}: {result['builder']}, {result['repeat']} of each, load {result['load']:.1f}{differ}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dockhew", type=os.path.abspath)
    parser.add_argument("directory", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("projects", nargs="*")
    options = parser.parse_args()
    folder = options.directory / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = options.projects or [name for name in NAMES if not (folder / f"{name}.json").exists()]
    failed = []
    if wanted:
        variables = environment(options.directory, "/var/tmp")
        made = sorted({name_to_make(image) for name in wanted for image in images_of(name)})
        subprocess.run(["sh", str(here / "images.sh"), str(options.directory / "trees"), *made], check=True, env=variables)
        with running_daemon(options.directory, variables) as docker:
            if isinstance(docker, str):
                sys.exit(docker)
            for name in wanted:
                with loaded_images(images_of(name), docker):
                    if not measure(options.dockhew, options.directory, name, options.repeat, docker):
                        failed.append(name)
    table(folder)
    if failed:
        sys.exit("not measured: " + ", ".join(failed))


main()
