"""Runs the hooks through pre-commit itself, in a scratch repository. Exits 77 (skipped) without pre-commit.
Usage: pre_commit.py DOCKHEW SOURCE_ROOT"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

if not shutil.which("pre-commit") or not shutil.which("git"):
    print("skipped: pre-commit and git are needed")
    sys.exit(77)

dockhew, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
with tempfile.TemporaryDirectory() as directory:
    hooks, project = pathlib.Path(directory, "hooks"), pathlib.Path(directory, "project")
    environment = dict(os.environ, PATH=f"{dockhew.parent}:{os.environ['PATH']}", HOME=directory, PRE_COMMIT_HOME=directory + "/cache",
                       GIT_CONFIG_GLOBAL=directory + "/gitconfig")

    def run(*command, cwd):
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)

    pathlib.Path(directory, "gitconfig").write_text("[user]\nname = t\nemail = t@example.com\n")
    for path in (hooks, project):
        path.mkdir()
        run("git", "init", "-q", cwd=path)
    shutil.copy(root / ".pre-commit-hooks.yaml", hooks)
    (project / "Dockerfile").write_text("FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir flask==3.0.3\nUSER 1000\n")
    for path in (hooks, project):
        run("git", "add", "-A", cwd=path)
        run("git", "commit", "-qm", "x", cwd=path)

    done = run("pre-commit", "try-repo", str(hooks), "dockhew", "--all-files", cwd=project)
    assert done.returncode == 1 and "cache-mount-defeated" in done.stdout, done.stdout + done.stderr
    done = run("pre-commit", "try-repo", str(hooks), "dockhew-fix", "--all-files", cwd=project)
    assert "files were modified by this hook" in done.stdout, done.stdout + done.stderr
    assert "--no-cache-dir" not in (project / "Dockerfile").read_text()
    run("git", "add", "-A", cwd=project)
    done = run("pre-commit", "try-repo", str(hooks), "dockhew", "--all-files", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
