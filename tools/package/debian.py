"""A Debian package. What dpkg needs of one: https://www.debian.org/doc/debian-policy/ch-controlfields.html and deb(5)."""
import hashlib

from archives import FILE, PROGRAM, ar, compressed, tar
from release import AUTHOR, DESCRIPTION, EMAIL, HOMEPAGE, LICENSE, SUMMARY

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
COMPLETIONS = {"bash": "usr/share/bash-completion/completions/dockhew", "zsh": "usr/share/zsh/vendor-completions/_dockhew",
               "fish": "usr/share/fish/vendor_completions.d/dockhew.fish"}


def copyright_file(release):
    return (f"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: dockhew\nSource: {HOMEPAGE}\n\n"
            f"Files: *\nCopyright: {AUTHOR}\nLicense: {LICENSE}\n On Debian systems, the text of this licence is in\n"
            " /usr/share/common-licenses/Apache-2.0.\n\n").encode() + b"\n".join(b" " + line for line in release.notices.splitlines()) + b"\n"


def debian_package(release):
    """(file name, bytes)"""
    architecture = ARCHITECTURES[release.machine]
    files = [("usr/bin/dockhew", PROGRAM, release.executable), ("usr/share/doc/dockhew/copyright", FILE, copyright_file(release))]
    if release.manual:
        files.append(("usr/share/man/man1/dockhew.1.gz", FILE, compressed(release.manual)))
    files += [(COMPLETIONS[shell], FILE, text) for shell, text in release.completions.items()]
    files.sort()
    size = sum(len(content) for _, _, content in files) // 1024 + 1
    control = (f"Package: dockhew\nVersion: {release.version}\nArchitecture: {architecture}\nMaintainer: {AUTHOR} <{EMAIL}>\n"
               f"Installed-Size: {size}\nSection: devel\nPriority: optional\nRecommends: curl, shellcheck\nHomepage: {HOMEPAGE}\n"
               f"Description: {SUMMARY}\n {DESCRIPTION}\n").encode()
    sums = "".join(f"{hashlib.md5(content).hexdigest()}  {path}\n" for path, _, content in files).encode()
    members = [("debian-binary", b"2.0\n"),
               ("control.tar.gz", compressed(tar([("./control", FILE, control), ("./md5sums", FILE, sums)], release.epoch, directories=False))),
               ("data.tar.gz", compressed(tar([("./" + path, mode, content) for path, mode, content in files], release.epoch)))]
    return f"dockhew_{release.version}_{architecture}.deb", ar(members, release.epoch)
