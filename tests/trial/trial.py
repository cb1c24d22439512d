"""What dockhew does to whole projects, as a table for a reader who judges it. Nothing of the projects is copied here.

Usage: trial.py DOCKHEW PROJECTS [--table FILE] [--verify] [--diffs DIRECTORY]

PROJECTS is a directory with one project in each directory of it, with its whole build context. The table is Markdown,
one row for each Dockerfile: what was changed and declined, what each kind of change costs before and after by the
model, findings at default settings, with `--verify` what a builder says of those that were changed, and the verdict.
The verdict is a person's: A as an expert would, B right but something is missing, C almost nothing though much could
be done, D wrong. Verdicts and remarks in an existing FILE are kept for the Dockerfiles whose output is still the same.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess

HEADER = "| project | changed | not changed | rebuilds: first, source, dependencies | findings | verify | output | verdict | remark |"


def run(binary, *arguments, timeout=60):
    try:
        done = subprocess.run([binary, *arguments], capture_output=True, text=True, errors="replace", timeout=timeout)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, "", "did not end in time"


def section(text, title):
    """The lines of one part of what `optimize` prints, from its title to the next empty line."""
    found = re.search(rf"^{title}:\n(.*?)(?:\n\n|\Z)", text, re.M | re.S)
    return found[1].splitlines() if found else []


def rules_in(lines):
    counted = collections.Counter(rule for line in lines for rule in re.findall(r"\[([\w-]+)(?:, [\w-]+)?\]$", line))
    return ", ".join(rule + (f" ({n})" if n > 1 else "") for rule, n in sorted(counted.items())) or "–"


def costs(binary, path):
    status, out, _ = run(binary, "layers", "--format", "json", path)
    if status != 0:
        return "–"
    scenarios = {each["name"]: each for each in json.loads(out)["files"][0]["scenarios"]}
    return ", ".join(f"{scenarios[name]['original']:.0f} → {scenarios[name]['optimized']:.0f}"
                     for name in ("first build", "source changed", "dependencies changed"))


def findings(binary, path):
    _, out, error = run(binary, "lint", "--format", "json", path)
    try:
        found = [finding for file in json.loads(out)["files"] for finding in file["findings"]]
    except (ValueError, KeyError):
        return "error: " + error.strip()[:60]
    return str(len(found))


def verdict_of_builder(binary, path):
    status, _, error = run(binary, "verify", path, timeout=3600)
    last = error.strip().splitlines()[-1:]
    return {0: "equivalent", 1: "**differs**"}.get(status, ": ".join(["not built", *last])[:72])


def kept_verdicts(table):
    """(project, output) → verdict and remark, of an earlier run."""
    kept = {}
    if table and table.exists():
        for line in table.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == HEADER.count("|") - 1:
                kept[cells[0], cells[6]] = cells[7:9]
    return kept


def dockerfiles(project):
    for path in sorted(project.rglob("*")):
        name = path.name.lower()
        inside = path.relative_to(project).parts
        if path.is_file() and not {"node_modules", ".git", "vendor"} & set(inside) and (
                name == "dockerfile" or name.startswith("dockerfile.") or name.endswith(".dockerfile")):
            yield path


def row(options, project, path, kept):
    status, out, error = run(options.dockhew, "optimize", path)
    name = str(path.relative_to(options.projects))
    output = hashlib.sha256((out + error).replace(str(options.projects), "").encode()).hexdigest()[:10]
    changed = out.startswith("---")
    if options.diffs:
        options.diffs.mkdir(parents=True, exist_ok=True)
        (options.diffs / (name.replace("/", "__") + ".txt")).write_text(out + error)
    builder = verdict_of_builder(options.dockhew, path) if options.verify and changed else "–"
    problem = "**" + error.strip()[:80] + "**" if status not in (0, 1) else None
    cells = [name, problem or rules_in(section(out, "Why")), rules_in(section(out, "Not changed")), costs(options.dockhew, path),
             findings(options.dockhew, path), builder, output, *kept.get((name, output), ["", ""])]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dockhew")
    parser.add_argument("projects", type=pathlib.Path)
    parser.add_argument("--table", type=pathlib.Path, help="write the table here, and keep its verdicts")
    parser.add_argument("--verify", action="store_true", help="also build what was changed")
    parser.add_argument("--diffs", type=pathlib.Path, help="write what optimize prints into this directory")
    options = parser.parse_args()
    options.projects = options.projects.resolve()
    kept = kept_verdicts(options.table)
    rows = [row(options, project, path, kept) for project in sorted(p for p in options.projects.iterdir() if p.is_dir())
            for path in dockerfiles(project)]
    table = "\n".join([HEADER, "|" + " --- |" * (HEADER.count("|") - 1), *rows]) + "\n"
    if options.table:
        options.table.write_text(table)
    print(table, end="")


main()
