"""Sums up meson's JUnit report in one line: "N passed, N failed". Before it stands what the tests that failed have said, because meson
does not print it. Usage: summary.py REPORT PREFIX STATUS"""
import sys
import xml.etree.ElementTree


def failures(output):
    """The lines of a TAP report that say what failed, and the remarks under each."""
    failing = False
    for line in output.splitlines():
        failing = line.startswith("not ok") or (failing and line.startswith("#"))
        if failing:
            yield line


passed = failed = skipped = 0
for suite in xml.etree.ElementTree.parse(sys.argv[1]).iter("testsuite"):
    before = failed
    for case in suite.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    if failed > before:
        output = (suite.findtext("system-out") or "") + (suite.findtext("system-err") or "")
        for line in list(failures(output)) or output.splitlines()[-20:]:  # the end, where a crash is reported
            print(f"{suite.get('name')}: {line}")
if sys.argv[3] != "0" and failed == 0:
    failed = 1
line = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
print(f"{sys.argv[2]} {line}".strip())
sys.exit(failed != 0)
