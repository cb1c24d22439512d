"""A property of the conversion to several stages, over generated projects: what the original image has from the build context, except source code, is also in the last stage of the result, in the same place; and a non-root user owns the working directory as before. It reads
both files in BuildKit's form and evaluates the COPYs, the WORKDIRs and `chown` independently. Prints TAP. Usage: runtime_stage.py DOCKHEW"""
import os
import pathlib
import posixpath
import random
import re
import subprocess
import sys
import tempfile

from dockerfile_dump import expanded, instructions, make, named

MANIFESTS = {"package.json": '{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5"}}', "package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
             "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}', "go.mod": "module x\n", "go.sum": "", "requirements.txt": "flask==3.0.0\n",
             "Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n', "Cargo.lock": "version = 3\n", "pom.xml": "<project></project>\n",
             "build.gradle": "plugins { id 'java' }\n"}
# Base image, a user that it has, manifests, other files, commands, what the container runs, and what goes into the program.
PROJECTS = [
    ("node:20", "node", ["package.json", "package-lock.json"], ["tsconfig.json", "src/a.ts", "public/x.css", "views/a.ejs"], ["npm ci", "npm run build"], '["node", "dist/a.js"]', r"^$"),
    ("python:3.12", "", ["requirements.txt"], ["main.py", "app/a.py", "templates/x.html"], ["pip install -r requirements.txt"], '["python", "main.py"]', r"^$"),
    ("golang:1.22-bookworm", "", ["go.mod", "go.sum"], ["main.go", "internal/x.go", "templates/a.html", "conf.yaml"], ["go build -o server ."], '["./server"]', r"\.go$|^go\."),
    ("rust:1.80-bookworm", "", ["Cargo.toml", "Cargo.lock"], ["src/main.rs", "assets/a.css", "Rocket.toml"], ["cargo build --release"], '["./target/release/x"]', r"^src/|^Cargo"),
    ("maven:3.9-eclipse-temurin-17", "", ["pom.xml"], ["src/main/java/A.java", "config/app.yml", "data.json"], ["mvn package"], '["java", "-jar", "target/a.jar"]', r"^src/|^pom"),
    ("gradle:8-jdk17", "gradle", ["build.gradle"], ["src/main/java/A.java", "config/app.yml"], ["gradle build"], "java $OPTIONS -jar build/libs/*.jar", r"^src/|gradle$"),
]
MADE_PROJECTS = 150
PLACE = "/app"

dockhew = os.path.abspath(sys.argv[1])


def made_project(number, directory):
    """Writes a project whose directory is created by WORKDIR, COPY or RUN, for root or for another user. Returns what is only source."""
    chance = random.Random(number)
    base, own_user, manifests, others, commands, start, source = chance.choice(PROJECTS)
    for name in manifests + others:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(MANIFESTS.get(name, name))
    if chance.random() < 0.8:
        (directory / ".dockerignore").write_text("node_modules\ndist\ntarget\nbuild\n")
    user = chance.choice([own_user or "app", "1001"])
    owner = chance.choice(["", "", f"--chown={user}:{user} ", f"--chown={user} "])
    absolute = chance.random() < 0.5
    into = lambda name="": f"{PLACE}/{name}" if absolute else f"./{name}"
    lines = [f"RUN useradd --create-home {user}"] if user == "app" else []
    workdir = [f"WORKDIR {PLACE}"] if not absolute or chance.random() < 0.5 else []
    prepared = chance.choice([[], [], [f"RUN mkdir -p {PLACE} && chown {user}:{user} {PLACE}"]])
    lines += prepared + workdir
    late_workdir = [] if workdir else [f"WORKDIR {PLACE}"]
    rest = list(commands)
    if chance.random() < 0.4:
        lines.append(f"COPY {owner}{' '.join(manifests)} {into()}")
        if len(commands) > 1 or base.startswith("python"):
            lines += late_workdir + [f"RUN {rest.pop(0)}"]
            late_workdir = []
    if chance.random() < 0.5:
        lines.append(f"COPY {owner}. {into()}")
    else:
        folders = sorted({name.split("/")[0] for name in others if "/" in name})
        files = [name for name in manifests + others if "/" not in name]
        copies = [f"COPY {owner}{folder} {into(folder)}" for folder in folders] + [f"COPY {owner}{' '.join(files)} {into()}"]
        chance.shuffle(copies)
        lines += copies
    lines += late_workdir
    if rest:
        lines.append(f"RUN {' && '.join(rest)}{chance.choice(['', f' && chown -R {user}:{user} {PLACE}'])}")
    lines += chance.choice([[], [f"RUN chown -R {user} {PLACE}"], ["RUN mkdir -p /data && chown 1001 /data"]]) + [f"USER {user}"]
    (directory / "Dockerfile").write_text("\n".join([f"FROM {base}", *lines, f"CMD {start}", ""]))
    return source


def last_stage(context, file):
    """Where the context files are in it, and who owns its working directory."""
    stages, by_name = [], {}
    for keyword, flags, words in file:
        if keyword == "from":
            parent = by_name.get(words[0].lower())
            home = "/home/gradle" if words[0].startswith("gradle") else "/go" if words[0].startswith("golang") else "/"
            stages.append({"files": dict(parent["files"]), "owners": dict(parent["owners"]), "workdir": parent["workdir"], "user": parent["user"]} if parent
                          else {"files": {}, "owners": {home: "root"}, "workdir": home, "user": "root"})
            by_name[words[2].lower() if len(words) > 2 else str(len(stages) - 1)] = stages[-1]
        elif keyword == "user":
            stages[-1]["user"] = words[0]
        elif keyword == "workdir":
            stages[-1]["workdir"] = posixpath.normpath(posixpath.join(stages[-1]["workdir"], words[0]))
            make(stages[-1]["owners"], stages[-1]["workdir"], stages[-1]["user"])
        elif keyword == "copy":
            copy(context, stages[-1], by_name, flags, words)
        elif keyword == "run":
            run(stages[-1], " ".join(words))
    return stages[-1]["files"], stages[-1]["owners"].get(stages[-1]["workdir"])


def copy(context, stage, by_name, flags, words):
    options = dict(flag.lstrip("-").split("=", 1) for flag in flags)
    destination = posixpath.normpath(posixpath.join(stage["workdir"], words[-1]))
    origin = by_name[options["from"].lower()]["files"] if "from" in options else {"/" + str(file.relative_to(context)): str(file.relative_to(context)) for file in context.rglob("*") if file.is_file()}
    for word in words[:-1]:
        sources = [posixpath.normpath(word)] if "from" in options else [posixpath.normpath("/" + path) for path in named(context, expanded(word, {}))]
        for source in sources:
            if source in origin:
                into = words[-1].endswith("/") or len(words) > 2 or words[-1] == "."
                stage["files"][posixpath.join(destination, posixpath.basename(source)) if into else destination] = origin[source]
            for path, content in origin.items():
                if path.startswith(source.rstrip("/") + "/"):
                    stage["files"][posixpath.normpath(posixpath.join(destination, path[len(source.rstrip("/")) + 1:]))] = content
    is_file = len(words) == 2 and not words[-1].endswith("/") and posixpath.splitext(words[0])[1] and words[0] not in (".", "./")
    make(stage["owners"], posixpath.dirname(destination) if is_file else destination, options.get("chown", "root").split(":")[0])


def run(stage, script):
    for directory in re.findall(r"mkdir -p (\S+)", script):
        make(stage["owners"], posixpath.normpath(posixpath.join(stage["workdir"], directory)), stage["user"])
    for recursive, owner, directory in re.findall(r"chown (-R )?(\S+) (\S+)", script):
        for path in [directory, *stage["owners"]]:
            if path == directory or (recursive and path.startswith(directory + "/")):
                stage["owners"][path] = owner.split(":")[0]


wrong, converted = [], 0
with tempfile.TemporaryDirectory() as scratch:
    for number in range(MADE_PROJECTS):
        project = pathlib.Path(scratch) / f"project-{number}"
        project.mkdir()
        source = made_project(number, project)
        dockerfile, result = project / "Dockerfile", pathlib.Path(scratch) / "result"
        subprocess.run([dockhew, "optimize", "--no-config", "--unsafe", "--output", result, dockerfile], capture_output=True, check=False)
        if not result.is_file():
            continue
        before, after = instructions(dockhew, dockerfile), instructions(dockhew, result)
        converted += sum(keyword == "from" for keyword, _, _ in after) > 1
        (files, owner), (new_files, new_owner) = last_stage(project, before), last_stage(project, after)
        result.unlink()
        wrong += [f"project {number}: {content} is not at {place}" for place, content in sorted(files.items())
                  if content not in ("Dockerfile", ".dockerignore") and not re.search(source, content) and new_files.get(place) != content]
        if owner != new_owner:
            wrong.append(f"project {number}: the working directory is {owner}'s before, {new_owner}'s after")
print(f"TAP version 13\n1..1\n{'not ok' if wrong else 'ok'} 1 - {MADE_PROJECTS} generated projects, {converted} of them in several stages")
for sentence in wrong:
    print(f"# {sentence}")
# A test in which nothing is converted proves nothing.
if converted < MADE_PROJECTS / 2:
    print(f"Bail out! only {converted} of them are converted")
    sys.exit(1)
