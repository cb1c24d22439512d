"""Makes every package of an executable, or of one for each processor: Debian, Python, npm, an OCI image, an archive with a Homebrew formula,
the repository for pre-commit, the list of what is inside, and checksums. The executables should be the static ones of `tools/dev release`.
Usage: package.py SOURCE_ROOT DIRECTORY DOCKHEW…"""
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
    root, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    releases = [read_release(executable, root) for executable in sys.argv[3:]]
    directory.mkdir(parents=True, exist_ok=True)
    archives = [binary_archive(release) for release in releases]
    packages = [*archives, formula(releases, archives), npm_package(releases)]
    for release in releases:
        packages += [debian_package(release), wheel(release), image(release), bill_of_materials(release)]
    for name, content in packages:
        (directory / name).write_bytes(content)
        print(f"{len(content):>10}  {name}")
    for path, mode, content in hook_repository(releases[0]):
        file = directory / "pre-commit" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    print(f"{'':>10}  pre-commit/")
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(packages))
    (directory / "SHA256SUMS").write_text(sums)


main()
