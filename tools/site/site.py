"""Makes a website of README.md and docs/: the same pages, with links between them, a list of all and a search; and, where the library was
built for it (`tools/dev playground`), a page that lints what is typed. It needs Debian's python3-markdown, no server and no other address.
Usage: site.py SOURCE_ROOT DIRECTORY [MODULE]"""
import html
import json
import os
import pathlib
import re
import sys

import markdown

HERE = pathlib.Path(__file__).resolve().parent
PLAYGROUND = HERE.parent / "playground"
REPOSITORY = "https://github.com/dockhew/dockhew/blob/main/"
# The pages that the head of each page names.
NAMED = {"Install": "docs/install.md", "Guides": "docs/guides.md", "Rules": "docs/rules/README.md", "Configuration": "docs/configuration.md",
         "Fixes": "docs/fixes.md", "Verify": "docs/verify.md", "In CI": "docs/ci.md"}


def target_of(source):
    """Where the page of a Markdown file is, from the root of the site."""
    path = source.removeprefix("docs/")
    if path.endswith("README.md"):
        return path.removesuffix("README.md") + "index.html"
    return path.removesuffix(".md") + ".html"


def with_links(text, source, pages):
    """Links to other pages lead to these, and those to files of the source to the repository."""
    def link(match):
        address = html.unescape(match.group(2))
        if re.match(r"[a-z]+:|#", address):
            return match.group(0)
        path, mark, anchor = address.partition("#")
        file = os.path.normpath(os.path.join(os.path.dirname(source), path))
        if file in pages:
            address = os.path.relpath(target_of(file), os.path.dirname(target_of(source)) or ".") + mark + anchor
        else:
            address = REPOSITORY + file + mark + anchor
        return f'{match.group(1)}="{html.escape(address)}"'

    return re.sub(r'(href|src)="([^"]*)"', link, text)


def anchor(text, separator):
    """As GitHub makes it, so that a link holds in both places."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", separator)


def framed(target, title, body, pages, scripts=""):
    """A page with the head that all have."""
    root = os.path.relpath(".", os.path.dirname(target) or ".") + "/"
    links = "".join(f'<a href="{root}{address}">{name}</a>' for name, address in pages)
    head = (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>{html.escape(title)}</title><link rel="stylesheet" href="{root}style.css"></head><body data-root="{root}">'
            f'<header><b><a href="{root}index.html">dockhew</a></b>{links}<input id="search" type="search" placeholder="Search" aria-label="Search">'
            f'</header><ul id="found"></ul><main>')
    return head + body + f'</main><script src="{root}search.js"></script>{scripts}</body></html>\n'


def page(source, text, sources, named):
    reader = markdown.Markdown(extensions=["tables", "fenced_code", "toc", "sane_lists"], extension_configs={"toc": {"slugify": anchor}})
    body = reader.convert(text)
    body = body.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    title = re.search(r"^# (.*)$", text, re.M).group(1).replace("`", "")
    paragraphs = [part for part in re.sub(r"```.*?```", "", text, flags=re.S).split("\n\n") if part and not part.startswith(("#", "|", "-", "<"))]
    summary = re.sub(r"[`*]|\[|\]\([^)]*\)", "", paragraphs[0] if paragraphs else "").replace("\n", " ")[:160]
    about = {"path": target_of(source), "title": title, "summary": summary, "text": (title + " " + re.sub(r"\s+", " ", text)).lower()[:4000]}
    return framed(target_of(source), title, with_links(body, source, sources), named), about


def add_playground(module, root, directory, named):
    target = directory / "playground"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("dockhew.js", "page.js"):
        (target / name).write_text((PLAYGROUND / name).read_text())
    (target / "dockhew.wasm").write_bytes(module.read_bytes())
    rules = sorted(path.stem for path in (root / "docs/rules").glob("*.md") if path.stem != "README")
    scripts = f'<script type="application/json" id="rules">{json.dumps(rules)}</script><script type="module" src="page.js"></script>'
    (target / "index.html").write_text(framed("playground/index.html", "Playground", (PLAYGROUND / "page.html").read_text(), named, scripts))


def main():
    root, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    module = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    sources = ["README.md", *sorted(str(path.relative_to(root)) for path in (root / "docs").rglob("*.md"))]
    pages, found = set(sources), []
    named = [(name, target_of(file)) for name, file in NAMED.items() if file in pages]
    if module and module.is_file():
        named.insert(1, ("Playground", "playground/index.html"))
        add_playground(module, root, directory, named)
        found.append({"path": "playground/index.html", "title": "Playground", "summary": "Lint and optimize a Dockerfile in this page.",
                      "text": "playground try wasm webassembly online lint optimize"})
    for source in sources:
        text, about = page(source, (root / source).read_text(), pages, named)
        target = directory / target_of(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        found.append(about)
    (directory / "pages.json").write_text(json.dumps(found))
    for name in ("style.css", "search.js"):
        (directory / name).write_text((HERE / name).read_text())
    (directory / "dockhew.schema.json").write_text((root / "docs/dockhew.schema.json").read_text())
    print(f"{len(found)} pages in {directory}" + ("" if module and module.is_file() else ", without the playground (tools/dev playground)"))


main()
