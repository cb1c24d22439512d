"""Makes every package of one executable: Debian, Python, npm, an OCI image, an archive with a Homebrew formula, the repository for
pre-commit, the list of what is inside, and checksums. The executable should be the static one of `tools/dev release`.
Usage: package.py DOCKHEW SOURCE_ROOT DIRECTORY"""
import hashlib
import pathlib
import sys

from bill_of_materials import bill_of_materials
from debian import debian_package
from formula import binary_archive, formula
from hooks import hook_repository
from image import image
from npm import npm_package
from release import read_release
from wheel import wheel


def main():
    executable, root, directory = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    release = read_release(executable, root)
    directory.mkdir(parents=True, exist_ok=True)
    archive = binary_archive(release)
    packages = [archive, formula(release, archive), debian_package(release), wheel(release), npm_package(release), image(release),
                bill_of_materials(release)]
    for name, content in packages:
        (directory / name).write_bytes(content)
        print(f"{len(content):>10}  {name}")
    for path, mode, content in hook_repository(release):
        file = directory / "pre-commit" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    print(f"{'':>10}  pre-commit/")
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(packages))
    (directory / "SHA256SUMS").write_text(sums)


main()
