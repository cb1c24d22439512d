"""An npm package whose command is the executable itself: https://docs.npmjs.com/cli/v10/configuring-npm/package-json
A registry has one package of a name and version, so that executables for several processors are in one, and a script of the shell starts the
right one: Node itself would take longer to start than a file takes to lint."""
import json

from archives import FILE, PROGRAM, compressed, tar
from release import AUTHOR, HOMEPAGE, LICENSE, SUMMARY

PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}


# npm makes the command a link to this script.
STARTER = """#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/dockhew-$(uname -m)" "$@"
"""


def programs(releases):
    """(path, mode, bytes) of what is started."""
    if len(releases) == 1:
        return [("package/bin/dockhew", PROGRAM, releases[0].executable)]
    return [("package/bin/dockhew", PROGRAM, STARTER.encode()),
            *((f"package/bin/dockhew-{each.machine}", PROGRAM, each.executable) for each in releases)]


def npm_package(releases):
    """(file name, bytes)"""
    release, processors = releases[0], [PROCESSORS[each.machine] for each in releases]
    manifest = {"name": "dockhew", "version": release.version, "description": SUMMARY, "homepage": HOMEPAGE,
                "repository": {"type": "git", "url": f"git+{HOMEPAGE}.git"}, "license": LICENSE, "author": AUTHOR,
                "bin": {"dockhew": "bin/dockhew"}, "os": ["linux"], "cpu": processors, "files": ["bin", "NOTICES"],
                "keywords": ["docker", "dockerfile", "lint", "optimizer"]}
    files = [("package/LICENSE", FILE, release.license), ("package/NOTICES", FILE, release.notices),
             ("package/README.md", FILE, release.readme.encode()), *programs(releases),
             ("package/package.json", FILE, (json.dumps(manifest, indent=2) + "\n").encode())]
    return f"dockhew-{release.version}-linux-{'-'.join(processors)}.tgz", compressed(tar(files, release.epoch, directories=False))
