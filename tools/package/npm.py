"""An npm package whose command is the executable itself: https://docs.npmjs.com/cli/v10/configuring-npm/package-json"""
import json

from archives import FILE, PROGRAM, compressed, tar
from release import AUTHOR, HOMEPAGE, LICENSE, SUMMARY

PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}


def npm_package(release):
    """(file name, bytes)"""
    processor = PROCESSORS[release.machine]
    manifest = {"name": "dockhew", "version": release.version, "description": SUMMARY, "homepage": HOMEPAGE,
                "repository": {"type": "git", "url": f"git+{HOMEPAGE}.git"}, "license": LICENSE, "author": AUTHOR,
                "bin": {"dockhew": "bin/dockhew"}, "os": ["linux"], "cpu": [processor], "files": ["bin", "NOTICES"],
                "keywords": ["docker", "dockerfile", "lint", "optimizer"]}
    files = [("package/LICENSE", FILE, release.license), ("package/NOTICES", FILE, release.notices),
             ("package/README.md", FILE, release.readme.encode()), ("package/bin/dockhew", PROGRAM, release.executable),
             ("package/package.json", FILE, (json.dumps(manifest, indent=2) + "\n").encode())]
    return f"dockhew-{release.version}-linux-{processor}.tgz", compressed(tar(files, release.epoch, directories=False))
