"""Runs `conformance` over the data that DOCKHEW_CONFORMANCE points to, as one TAP test; skipped without it.
Usage: conformance.py CONFORMANCE DEVIATIONS"""
import os
import subprocess
import sys

folder = os.environ.get("DOCKHEW_CONFORMANCE", "")
print("TAP version 13\n1..1")
if not os.path.isdir(os.path.join(folder, "buildkit")):
    print("ok 1 - BuildKit's own facts # SKIP no conformance data (DOCKHEW_CONFORMANCE)")
    sys.exit(0)
done = subprocess.run([sys.argv[1], folder, sys.argv[2]], capture_output=True, text=True, errors="replace")
print("ok 1 - BuildKit's own facts" if done.returncode == 0 else "not ok 1 - BuildKit's own facts")
print(done.stdout + "".join("# " + line + "\n" for line in done.stderr.splitlines()))
