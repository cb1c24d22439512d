"""The website made of the docs: every link inside it leads to a page and a heading that are there, and every page is well-formed.
Exits 77 (skipped) without python3-markdown. Usage: site.py SOURCE_ROOT"""
import html.parser
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import markdown  # noqa: F401
except ImportError:
    print("skipped: python3-markdown is not installed")
    sys.exit(77)

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.anchors, self.links, self.wrong = [], set(), [], []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.anchors.add(value)
            if name in ("href", "src"):
                self.links.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


root = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as directory:
    site, module = pathlib.Path(directory, "site"), pathlib.Path(directory, "dockhew.wasm")
    module.write_bytes(b"\0asm\1\0\0\0")  # that of the playground, as far as the pages know
    subprocess.run([sys.executable, str(root / "tools/site/site.py"), str(root), str(site), str(module)], check=True)
    assert (site / "playground/dockhew.wasm").read_bytes() == module.read_bytes()
    pages = {path: Page(path.read_text()) for path in site.rglob("*.html")}
    assert len(pages) > 100, len(pages)
    problems = []
    for path, page in pages.items():
        problems += [f"{path.relative_to(site)}: <{tag}> is not closed" for tag in page.wrong]
        for link in page.links:
            if ":" in link.split("#")[0]:
                continue
            name, _, anchor = link.partition("#")
            target = pathlib.Path(os.path.normpath(path.parent / name)) if name else path
            if not target.is_file():
                problems.append(f"{path.relative_to(site)}: {link} leads nowhere")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                problems.append(f"{path.relative_to(site)}: {link} has no such heading")
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
