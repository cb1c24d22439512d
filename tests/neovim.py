"""A real client: Neovim, without its screen, opens a Dockerfile and uses the language server; neovim.lua is what it does.
Skipped where Neovim is not installed. Prints TAP. Usage: neovim.py DOCKHEW SOURCE_ROOT [--session]"""
import json
import os
import shutil
import subprocess
import sys

from command_case import case, dockhew, project, report, root, run

TEXT = """FROM python:3.12 AS build
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN apt-get update
RUN apt-get install -y --no-install-recommends curl
FROM python:3.12-slim
COPY --from=build /app /app
USER 1000
CMD ["python", "/app/a.py"]
"""
SHOWN = "--session" in sys.argv  # print what happened, too, for a person


@case
def neovim_opens_sees_fixes_and_hovers(directory):
    nvim = shutil.which("nvim")
    if nvim is None:
        raise RuntimeError("skipped: Neovim is not installed")
    path = project(directory, TEXT)
    out = directory / "out.jsonl"
    done = subprocess.run([nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile " + str(root / "tests" / "neovim.lua"), path],
                          cwd=directory, env={**os.environ, "DOCKHEW": dockhew, "OUT": str(out), "XDG_STATE_HOME": str(directory / "state"),
                                              "XDG_CACHE_HOME": str(directory / "cache")}, capture_output=True, timeout=300)
    told = [json.loads(line) for line in out.read_text().splitlines()]
    if SHOWN:
        for step in told:
            print(f"# {step['what']}:", *(["", *step["value"]] if step["what"] in ("text", "hover") else [step["value"]]), sep="\n#   " if step["what"] in ("text", "hover") else " ")
    steps = {}
    for step in told:
        steps.setdefault(step["what"], []).append(step["value"])
    assert done.returncode == 0, (told[-1:], done.stderr)
    before, after = steps["found"]
    assert "missing-cache-mount" in before and "stale-package-lists" in before, before
    assert set(before) - set(after) == {"missing-cache-mount"}, (before, after)
    assert steps["first"][0][2] == "dockhew"
    fixed, safe, optimized = ("\n".join(text) + "\n" for text in steps["text"])
    assert "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install" in fixed, fixed
    assert any("based on" in line or "python:3.12" in line for line in steps["hover"][0]), steps["hover"]
    assert steps["jumped"] == [[1, 20]] and steps["completed"] == [["build"]], steps
    # What it has then is what the command makes of the same text.
    path.write_text(fixed)
    run("lint", "--fix", path, cwd=directory)
    assert safe == path.read_text(), safe
    run("optimize", "--conditional", "--write", path, cwd=directory)
    assert optimized == path.read_text(), optimized


report()
