"""Which Dockerfiles of a directory are read: those that `git ls-files --cached --others --exclude-standard` lists, in repositories made at random
whose ignore files have every kind of pattern, and in some of a kind each. Exits 77 (skipped) without git. Prints TAP.
Usage: discovery.py DOCKHEW [REPOSITORIES], or discovery.py DOCKHEW DIRECTORY… to compare whole repositories that are there"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

dockhew = os.path.abspath(sys.argv[1])
DEFAULT_COUNT = 150
NAMES = ["Dockerfile", "Dockerfile.a", "a.dockerfile", "Dockerfile.b c", "Containerfile", "Dockerfile.[x]", "Dockerfile.#", "dockerfile"]
FOLDERS = ["a", "b", "a b", "[x]", "build", "out", ".hid", "b*", "a\\b"]
PARTS = ["*", "**", "a", "b", "build", "out", "?", "[ab]", "[!a]*", "[^a]*", "[]x]", "Dockerfile", "Dockerfile*", "*.dockerfile", "Dockerfile.?", "a**",
         "**b", "***", "a\\ b", "a b", "\\[x\\]", "[[:alpha:]]", "[[:digit:]]*", "[[:upper:]]ockerfile", "[a-c]", "[a-", "[\\]x]", ".hid", ".*", "*file*",
         "b\\*", "\\a", "[x-z]*", "[!-a]", "o[u]t", "Dockerfile.\\#", "Dockerfile.[[]x[]]", "[[.a]", "[[:wrong:]]"]
if not shutil.which("git"):
    print("skipped: git is not installed")
    sys.exit(77)


def pattern(chance):
    text = "/".join(chance.choice(PARTS) for _ in range(chance.choice((1, 1, 1, 2, 2, 3))))
    text = chance.choice(["", "", "", "!", "!", "/", "**/", "!/", "\\", "\\!", "#", " "]) + text
    return text + chance.choice(["", "", "", "/", "/", "/*", "/**", "/**/*", " ", "\\ ", "\t", "\\", "\r", "\\\\ ", "\\  "])


def ignore_file(chance):
    lines = [pattern(chance) for _ in range(chance.randrange(1, 6))]
    return (chance.choice(["", "", "", "\ufeff"]) + "\n".join(lines) + chance.choice(["", "\n"])).encode()


def run(*command, cwd, environment=None, check=True):
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=check).stdout


def make_repository(chance, root, environment):
    run("git", "init", "-q", ".", cwd=root, environment=environment)
    folders = [""]
    for _ in range(chance.randrange(3, 9)):
        folder = os.path.join(chance.choice(folders), chance.choice(FOLDERS))
        folders.append(folder)
        os.makedirs(root / folder, exist_ok=True)
    for folder in folders:
        for name in chance.sample(NAMES, chance.randrange(1, 5)):
            (root / folder / name).write_text("FROM debian:12\n")
        if not folder or chance.random() < 0.4:
            (root / folder / ".gitignore").write_bytes(ignore_file(chance))
    if chance.random() < 0.4:
        (root / ".git/info").mkdir(exist_ok=True)
        (root / ".git/info/exclude").write_bytes(ignore_file(chance))
    if chance.random() < 0.4:
        kept = chance.sample(listed(root), min(3, len(listed(root))))
        run("git", "add", "-f", "--", *(":(literal)" + os.fsdecode(path) for path in kept), cwd=root, environment=environment)


def listed(root):
    return [os.fsencode(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink() and ".git" not in path.parts and path.name in NAMES]


def of_git(root, environment):
    return set(run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root, environment=environment).split(b"\0")) - {b""}


def of_dockhew(root, environment, *options):
    output = run(dockhew, "lint", "--no-config", "--shellcheck", "off", "--select", "maintainer-instruction", "--format", "json", *options, ".", cwd=root, environment=environment, check=False)
    return {os.fsencode(os.path.normpath(file["path"])) for file in json.loads(output)["files"]}


def compare(root, environment):
    """What one has and the other has not, of the files that the names let be Dockerfiles."""
    git, own = of_git(root, environment), of_dockhew(root, environment)
    candidates = {path for path in git if os.path.basename(os.fsdecode(path)) in NAMES and (root / os.fsdecode(path)).is_file()}
    return sorted(candidates - own), sorted(path for path in own - git)


def environment_of(home):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_"))}
    return clean | {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


def at_random(count):
    for seed in range(count):
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory() as directory:
            root, home = pathlib.Path(directory, "root"), pathlib.Path(directory, "home")
            root.mkdir(), home.mkdir()
            if chance.random() < 0.3:
                (home / ".config/git").mkdir(parents=True)
                (home / ".config/git/ignore").write_bytes(ignore_file(chance))
            elif chance.random() < 0.3:
                (home / ".gitconfig").write_text('[user]\n\tname = x\n[Core] ; of all\n\texcludesFile = "~/left \\"alone" # here\n')
                (home / 'left "alone').write_bytes(ignore_file(chance))
            environment = environment_of(home)
            make_repository(chance, root, environment)
            missing, more = compare(root, environment)
            if missing or more:
                rules = "\n".join(f"{path}: {path.read_bytes()!r}" for path in [*sorted(root.rglob(".gitignore")), root / ".git/info/exclude", *home.rglob("*ignore"), *home.glob("left*")] if path.is_file())
                raise AssertionError(f"seed {seed}: not found {missing}, found too many {more}\n{rules}")


def written(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def expect(root, found, *options):
    own = {os.fsdecode(path) for path in of_dockhew(root, environment_of(root.parent / "home"), *options)}
    assert own == set(found), (sorted(own), sorted(found))


FROM = "FROM debian:12\n"


def a_directory_below_the_root(root):
    """Whose files the ignore files above it name."""
    written(root, {".gitignore": "sub/out/\n*.dockerfile\n", "sub/out/Dockerfile": FROM, "sub/a.dockerfile": FROM, "sub/Dockerfile": FROM})
    run("git", "init", "-q", ".", cwd=root)
    expect(root / "sub", ["Dockerfile"])


def a_directory_that_is_named_although_git_leaves_it_alone(root):
    written(root, {".gitignore": "out/\nout/*\n", "out/Dockerfile": FROM, "out/x/Dockerfile": FROM, "out/.gitignore": "/x\n"})
    run("git", "init", "-q", ".", cwd=root)
    expect(root / "out", ["Dockerfile"])


def no_repository(root):
    written(root, {"Dockerfile": FROM, ".gitignore": "/out\n", "out/Dockerfile": FROM, "a/.gitignore": "b\n", "a/b/Dockerfile": FROM, "a/c/Dockerfile": FROM})
    expect(root, ["Dockerfile", "a/c/Dockerfile"])


def several_repositories(root):
    """Below a directory that is in none; each is searched, but not what is in one of them."""
    written(root, {".gitignore": "*.dockerfile\n", "one/.gitignore": "out\n", "one/a.dockerfile": FROM, "one/out/Dockerfile": FROM, "two/Dockerfile": FROM, "one/inner/Dockerfile": FROM})
    for name in ("one", "one/inner", "two"):
        run("git", "init", "-q", ".", cwd=root / name)
    expect(root, ["one/a.dockerfile", "two/Dockerfile"])
    expect(root / "one", ["a.dockerfile"])
    expect(root / "one/inner", ["Dockerfile"])


def another_working_tree(root):
    """Whose .git is a file, and whose exclude file is that of the repository."""
    main = root / "main"
    written(main, {"Dockerfile": FROM, "kept.dockerfile": FROM})
    words = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q", "."], ["add", "-A"], ["commit", "-qm", "x"], ["worktree", "add", "-q", "../tree"]):
        run("git", *words, *command, cwd=main)
    (main / ".git/info").mkdir(exist_ok=True)
    (main / ".git/info/exclude").write_text("*.dockerfile\n")
    written(root / "tree", {"left.dockerfile": FROM})
    expect(root / "tree", ["Dockerfile", "kept.dockerfile"])


def nothing_of_the_repository_is_started(root):
    """As `git ls-files` itself would: core.fsmonitor names a program."""
    written(root, {"Dockerfile": FROM})
    run("git", "init", "-q", ".", cwd=root)
    (root / "spy").write_text(f"#!/bin/sh\ntouch '{root}/started'\n")
    (root / "spy").chmod(0o755)
    run("git", "config", "core.fsmonitor", str(root / "spy"), cwd=root)
    expect(root, ["Dockerfile"])
    assert not (root / "started").exists()


def what_a_repository_names_is_no_device(root):
    written(root, {"Dockerfile": FROM})
    run("git", "init", "-q", ".", cwd=root)
    run("git", "config", "core.excludesFile", "/dev/zero", cwd=root)
    expect(root, ["Dockerfile"])
    os.mkfifo(root / ".git/info/pipe")
    run("git", "config", "core.excludesFile", str(root / ".git/info/pipe"), cwd=root)
    expect(root, ["Dockerfile"])


CASES = [a_directory_below_the_root, a_directory_that_is_named_although_git_leaves_it_alone, no_repository, several_repositories, another_working_tree,
         nothing_of_the_repository_is_started, what_a_repository_names_is_no_device]


def whole_repositories(directories):
    wrong = 0
    for root in map(pathlib.Path, directories):
        git, own = of_git(root, None), of_dockhew(root, None)
        fold = lambda path: os.path.basename(os.fsdecode(path)).lower()
        missing = {path for path in git - own if fold(path) in ("dockerfile", "containerfile") and (root / os.fsdecode(path)).is_file() and not (root / os.fsdecode(path)).is_symlink()}
        print(f"{root}: {len(own)} found, not listed by git: {sorted(own - git)[:5]}, not found: {sorted(missing)[:5]}")
        wrong += bool(missing or own - git)
    print(f"{wrong} of {len(directories)} repositories differ")


def main():
    if len(sys.argv) > 2 and not sys.argv[2].isdigit():
        return whole_repositories(sys.argv[2:])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_COUNT
    print(f"TAP version 13\n1..{len(CASES) + 1}")
    for number, case in enumerate([*CASES, at_random], 1):
        name = case.__name__.replace("_", " ")
        try:
            if case is at_random:
                at_random(count)
                name = f"{count} repositories made at random"
            else:
                with tempfile.TemporaryDirectory() as directory:
                    root = pathlib.Path(directory, "root")
                    root.mkdir()
                    case(root)
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:
            print(f"not ok {number} - {name}", flush=True)
            for line in (str(error).splitlines() or [repr(error)])[:30]:
                print(f"# {line}", flush=True)


main()
