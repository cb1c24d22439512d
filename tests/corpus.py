"""Runs `corpus` over the real Dockerfiles that DOCKHEW_CONFORMANCE points to, as one TAP test; skipped without them."""
import os
import subprocess
import sys

folder = os.path.join(os.environ.get("DOCKHEW_CONFORMANCE", ""), "real", "files")
print("TAP version 13\n1..1")
if not os.path.isdir(folder):
    print("ok 1 - real Dockerfiles # SKIP no folder of real Dockerfiles (DOCKHEW_CONFORMANCE)")
    sys.exit(0)
done = subprocess.run([sys.argv[1], folder], capture_output=True, text=True)
print("ok 1 - real Dockerfiles" if done.returncode == 0 else "not ok 1 - real Dockerfiles")
print("# " + done.stdout.strip().replace("\n", "\n# ") + done.stderr)
