"""The repository that pre-commit is given: hooks that bring the executable with them, by depending on the wheel. It has a build backend
of its own, because that of others would have to be downloaded for every installation, and there is nothing to build."""
from archives import FILE
from release import HOMEPAGE, LICENSE

HOOKS = """- id: dockhew
  name: dockhew
  description: Lint Dockerfiles
  entry: dockhew lint
  language: python
  types: [dockerfile]
- id: dockhew-fix
  name: dockhew (safe fixes)
  description: Lint Dockerfiles and apply the safe fixes
  entry: dockhew lint --fix
  language: python
  types: [dockerfile]
- id: dockhew-optimize
  name: dockhew (optimize)
  description: Rewrite Dockerfiles into their optimized form
  entry: dockhew optimize --write
  language: python
  types: [dockerfile]
- id: hadolint
  name: hadolint, by dockhew
  description: Lint Dockerfiles by hadolint's rules
  entry: dockhew hadolint
  language: python
  types: [dockerfile]
"""
BACKEND = '''"""A wheel without files, which depends on the one that has them."""
import zipfile

NAME, VERSION = "dockhew_pre_commit", "%(version)s"


def build_wheel(directory, config_settings=None, metadata_directory=None):
    info = f"{NAME}-{VERSION}.dist-info"
    file = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(f"{directory}/{file}", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {NAME}\\nVersion: {VERSION}\\nRequires-Dist: dockhew=={VERSION}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: dockhew\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return file
'''


def hook_repository(release):
    """(path, mode, bytes) of each file of it."""
    readme = (f"# dockhew for pre-commit\n\nHooks that bring [dockhew]({HOMEPAGE}) with them:\n\n```yaml\nrepos:\n  - repo: {HOMEPAGE}-pre-commit\n"
              f"    rev: v{release.version}\n    hooks:\n      - id: dockhew\n```\n\n"
              "`dockhew-fix` applies the safe fixes, `dockhew-optimize` writes the optimized form, and `hadolint` reports by hadolint's rules.\n")
    project = ('[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n'
               f'[project]\nname = "dockhew-pre-commit"\nversion = "{release.version}"\nlicense = {{text = "{LICENSE}"}}\n'
               f'dependencies = ["dockhew=={release.version}"]\n')
    return [(".pre-commit-hooks.yaml", FILE, HOOKS.encode()), ("README.md", FILE, readme.encode()), ("LICENSE", FILE, release.license),
            ("backend.py", FILE, (BACKEND % {"version": release.version}).encode()), ("pyproject.toml", FILE, project.encode())]
