"""Each layer of lib/ may include only the layers before it in the list; rules/ and tools/ may include all of lib/. See docs/architecture.md."""
import pathlib
import re
import sys

LAYERS = ["text", "image", "syntax", "facts", "model", "buildkit", "edits", "effects", "ecosystems", "caches", "flow", "layers",
          "stages", "lint", "rewrite", "report"]

root = pathlib.Path(sys.argv[1])
wrong = []
for path in sorted((root / "lib").rglob("*.[ch]pp")):
    parts = path.relative_to(root / "lib").parts
    if len(parts) == 1 or parts[0] == "pch":
        continue
    layer = LAYERS.index(parts[0])
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'#include "([^/"]+)/([^"]+)"', line)
        if match and match[1] in LAYERS and LAYERS.index(match[1]) > layer:
            wrong.append(f"{path.relative_to(root)}:{number}: {parts[0]} includes {match[1]}")
        if re.match(r"#include <(fstream|iostream|filesystem|cstdio)>", line):
            wrong.append(f"{path.relative_to(root)}:{number}: the library does no input or output")
listed = set(re.findall(r"^  '([\w/]+\.cpp)',$", (root / "lib/meson.build").read_text(), re.M))
present = {str(p.relative_to(root / "lib")) for p in (root / "lib").rglob("*.cpp")}
folders = re.findall(r"^  '(\w+)': \[(.*)\],$", (root / "lib/ecosystems/meson.build").read_text(), re.M)
listed |= {f"ecosystems/{folder}/{name}.cpp" for folder, names in folders for name in [folder, *re.findall(r"'(\w+)'", names)]}
wrong += [f"lib/meson.build and the directory differ: {name}" for name in sorted(listed ^ present)]
rules = set(re.findall(r"^  '(\w+)',", (root / "rules/meson.build").read_text(), re.M))
wrong += [f"rules/meson.build and the directory differ: {name}" for name in sorted(rules ^ {p.stem for p in (root / "rules").glob("*.cpp")})]
print("\n".join(wrong))
sys.exit(bool(wrong))
