"""A Python wheel that carries the executable as a script: https://packaging.python.org/en/latest/specifications/binary-distribution-format/"""
import base64
import hashlib

from archives import FILE, PROGRAM, zipped
from release import AUTHOR, EMAIL, HOMEPAGE, LICENSE, SUMMARY

# A static executable needs no C library, so it is for glibc and for musl.
PLATFORMS = ("manylinux2014", "manylinux_2_17", "musllinux_1_1")
# `python -m dockhew`, for environments whose scripts are not in PATH.
MAIN = '''import os
import sys
import sysconfig

program = os.path.join(sysconfig.get_path("scripts"), "dockhew")
os.execv(program, [program, *sys.argv[1:]])
'''


def wheel(release):
    """(file name, bytes)"""
    platforms = [f"{platform}_{release.machine}" for platform in PLATFORMS]
    info = f"dockhew-{release.version}.dist-info"
    metadata = (f"Metadata-Version: 2.1\nName: dockhew\nVersion: {release.version}\nSummary: {SUMMARY}\nHome-page: {HOMEPAGE}\n"
                f"Author: {AUTHOR}\nAuthor-email: {EMAIL}\nLicense: {LICENSE}\nRequires-Python: >=3.7\n"
                f"Description-Content-Type: text/markdown\n\n{release.readme}")
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in platforms)
    files = [("dockhew/__init__.py", FILE, b""), ("dockhew/__main__.py", FILE, MAIN.encode()),
             (f"dockhew-{release.version}.data/scripts/dockhew", PROGRAM, release.executable),
             (f"{info}/METADATA", FILE, metadata.encode()),
             (f"{info}/WHEEL", FILE, f"Wheel-Version: 1.0\nGenerator: dockhew\nRoot-Is-Purelib: false\n{tags}".encode()),
             (f"{info}/licenses/LICENSE", FILE, release.license), (f"{info}/licenses/NOTICES", FILE, release.notices)]
    record = "".join(f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()},{len(content)}\n"
                     for path, _, content in files)
    files.append((f"{info}/RECORD", FILE, f"{record}{info}/RECORD,,\n".encode()))
    return f"dockhew-{release.version}-py3-none-{'.'.join(platforms)}.whl", zipped(files, release.epoch)
