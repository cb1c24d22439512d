"""Sums up meson's JUnit report in one line: "N passed, N failed". Usage: summary.py REPORT PREFIX STATUS"""
import sys
import xml.etree.ElementTree

passed = failed = skipped = 0
for case in xml.etree.ElementTree.parse(sys.argv[1]).iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif case.find("skipped") is not None:
        skipped += 1
    else:
        passed += 1
if sys.argv[3] != "0" and failed == 0:
    failed = 1
line = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
print(f"{sys.argv[2]} {line}".strip())
sys.exit(failed != 0)
