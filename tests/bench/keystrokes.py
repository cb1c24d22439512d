"""keystrokes.py DOCKHEW DOCKERFILE [COUNT]: how long an editor waits for the findings after a keystroke: the file is opened
where it is, a character is typed into a RUN in its middle again and again, and each time the new findings are waited for.
Prints milliseconds; the first includes reading the project."""
import pathlib
import statistics
import sys
import time

sys.argv = [sys.argv[0], sys.argv[1], str(pathlib.Path(__file__).parent.parent.parent), *sys.argv[2:]]
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from language_client import Client, uri  # noqa: E402

path = pathlib.Path(sys.argv[3]).resolve()
count = int(sys.argv[4]) if len(sys.argv) > 4 else 100
text = path.read_text()
lines = text.split("\n")
runs = [i for i, line in enumerate(lines) if line.startswith("RUN ")]
line = runs[len(runs) // 2]
client = Client(cwd=path.parent, env={"DOCKHEW_SHELLCHECK": "off"})
client.initialize(path.parent)
begin = time.perf_counter()
client.open(uri(path), text)
client.published(uri(path))
first = (time.perf_counter() - begin) * 1000
taken = []
for version in range(2, count + 2):
    end = {"line": line, "character": 4}
    begin = time.perf_counter()
    client.change(uri(path), version, {"range": {"start": end, "end": end}, "text": "x"})
    client.published(uri(path), version)
    taken.append((time.perf_counter() - begin) * 1000)
client.end()
print(f"{path}: {len(lines)} lines; opened in {first:.1f} ms; {count} keystrokes: median {statistics.median(taken):.1f} ms, "
      f"nine of ten within {sorted(taken)[int(len(taken) * 0.9)]:.1f} ms, longest {max(taken):.1f} ms")
