"""docs/rules/*.md are generated from the rules' own metadata and from the fixture named `example`; this reports when they are stale, and with --update writes them. Usage: rule_pages.py DOCKHEW SOURCE_ROOT [--update]"""
import pathlib
import re
import subprocess
import sys

dockhew, root, update = sys.argv[1], pathlib.Path(sys.argv[2]), "--update" in sys.argv


def output(*arguments):
    return subprocess.run([dockhew, *arguments], capture_output=True, text=True, check=True).stdout


def page(name):
    head, facts, rest = output("explain", name).split("\n\n", 2)
    body = rest.rsplit("\n\n", 1)[0]
    summary = head.split(": ", 1)[1]
    text = f"# {name}\n\n{summary[0].upper()}{summary[1:]}.\n\n"
    text += "".join(f"- {line}\n" for line in facts.splitlines()) + "\n## Why\n\n" + body + "\n"
    example = root / "fixtures/rules" / name / "example"
    builds = example / "compose.yaml"  # of a rule about files that say what is built
    text += "\n## Example\n\n" + (f"```yaml\n{builds.read_text()}```\n\n" if builds.exists() else "")
    text += "```dockerfile\n" + (example / "Dockerfile").read_text() + "```\n\n```text\n" + (example / "expected.txt").read_text().rstrip() + "\n```\n"
    if (example / "fixed.Dockerfile").exists():
        text += "\nbecomes\n\n```dockerfile\n" + (example / "fixed.Dockerfile").read_text() + "```\n"
    if (example / "fixed.yaml").exists():
        text += "\nbecomes\n\n```yaml\n" + (example / "fixed.yaml").read_text() + "```\n"
    return text


names = [line.split()[0] for line in output("rules").splitlines()]
pages = {root / "docs/rules" / f"{name}.md": page(name) for name in names}
index = "# Rules\n\n| rule | what it says | also known as |\n| --- | --- | --- |\n"
for line in output("rules").splitlines():
    match = re.match(r"(\S+)\s+(.*?)(?: \(([A-Z].*)\))?$", line)
    index += f"| [{match[1]}]({match[1]}.md) | {match[2]} | {match[3] or ''} |\n"
pages[root / "docs/rules/README.md"] = index

stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
stale += [path for path in (root / "docs/rules").glob("*.md") if path not in pages]
if update:
    (root / "docs/rules").mkdir(exist_ok=True)
    for path in stale:
        path.write_text(pages[path]) if path in pages else path.unlink()
    sys.exit(0)
for path in stale:
    print(f"{path.relative_to(root)} is stale; run `tools/dev docs` to regenerate it")
sys.exit(bool(stale))
