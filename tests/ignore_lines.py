"""Which lines `optimize` proposes for an ignore file, and for which one: not what something of the project reads, and only where a builder
of the project looks. Prints TAP. Usage: ignore_lines.py DOCKHEW SOURCE_ROOT"""
import shutil
import subprocess

from command_case import case, report, run

PYTHON = "FROM python:3.12\nWORKDIR /a\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
NODE = "FROM node:22\nWORKDIR /a\nCOPY package.json .\nRUN npm i\nCOPY . .\n"
RUST = "FROM rust:1.90\nWORKDIR /a\nCOPY . .\nRUN cargo build --release\nCMD [\"target/release/a\"]\n"
CARGO = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n'


def answer(directory, files, *arguments, links=()):
    """Of a repository in which all but `.env` is committed."""
    root = directory / "shop"
    shutil.rmtree(root, ignore_errors=True)
    for path, text in {".gitignore": ".env\nnode_modules\ntarget\n", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path in links:
        (root / path).symlink_to(links[path])
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(git + words, cwd=root, check=True)
    (root / ".env").write_text("PASSWORD=x\n")
    return run("optimize", "--no-config", *arguments, "Dockerfile", cwd=root).stdout.decode()


def package(start="node i.js", dependency="ms", kind="dependencies"):
    return '{"scripts": {"start": "%s", "build": "%s"}, "%s": {"%s": "1"}}\n' % (start, start, kind, dependency)


def check(directory, line, cases):
    for files, proposed in cases:
        said = answer(directory, files)
        assert (f"\n+{line}\n" in said) == proposed, (files, proposed, said)


@case
def settings_that_a_program_reads_by_itself(directory):
    def node(start="node i.js", dependency="ms", command="CMD [\"npm\", \"start\"]\n", **files):
        return {"Dockerfile": NODE + command, "package.json": package(start, dependency), "i.js": "1\n", **files}

    def python(command, requirement="flask"):
        return {"Dockerfile": PYTHON + f"CMD {command}\n", "requirements.txt": requirement + "\n", "a.py": "1\n"}

    check(directory, ".env", (
        (node(), True),
        (node(**{"i.js": "process.loadEnvFile()\n"}), False),
        (node(command="CMD [\"sh\", \"start.sh\"]\n", **{"start.sh": "F=${ENV_FILE:-.env}\n. ./$F\n"}), False),
        # Another file, and a part of another name.
        (node(command="CMD [\"sh\", \"start.sh\"]\n", **{"start.sh": "cat ./local-.env_sample\n"}), True),
        (node("strapi start", "@strapi/strapi"), False),
        (node("medusa start", "@medusajs/medusa"), False),
        (node("directus start", "directus"), False),
        (node("nx serve", "nx"), False),
        (node("parcel build i.html", "parcel"), False),
        (node("rsbuild build", "@rsbuild/core"), False),
        (node("webpack", "webpack"), True),
        ({"Dockerfile": "FROM oven/bun:1\nWORKDIR /a\nCOPY . .\nCMD [\"i.ts\"]\n", "i.ts": "1\n"}, False),
        ({"Dockerfile": "FROM denoland/deno:2\nWORKDIR /a\nCOPY . .\nCMD [\"run\", \"--env\", \"-A\", \"i.ts\"]\n", "i.ts": "1\n"}, False),
        ({"Dockerfile": "FROM denoland/deno:2\nWORKDIR /a\nCOPY . .\nCMD [\"task\", \"start\"]\n", "i.ts": "1\n", "deno.json": '{"tasks": {"start": "deno run --env-file -A i.ts"}}'}, False),
        ({"Dockerfile": "FROM denoland/deno:2\nWORKDIR /a\nCOPY . .\nCMD [\"run\", \"-A\", \"i.ts\"]\n", "i.ts": "1\n"}, True),
        (python('["honcho", "start"]', "honcho"), False),
        (python('["pipenv", "run", "a"]', "pipenv"), False),
        (python('["chainlit", "run", "a.py"]', "chainlit"), False),
        (python('["dagster", "api", "grpc"]', "dagster"), False),
        (python('["python", "a.py"]'), True),
        ({"Dockerfile": "FROM ruby:3.4\nWORKDIR /a\nCOPY . .\nRUN bundle install\nCMD [\"foreman\", \"start\"]\n", "Gemfile": "source 'https://rubygems.org'\ngem 'foreman'\n"}, False),
        ({"Dockerfile": "FROM ruby:3.4\nWORKDIR /a\nCOPY . .\nRUN bundle install\nCMD [\"bin/rails\", \"server\"]\n", "Gemfile": "source 'https://rubygems.org'\n", "bin/dev": "#!/bin/sh\nexec foreman start\n"}, True),
        ({"Dockerfile": RUST, "Cargo.toml": CARGO + '[dependencies]\nsqlx = "0.8"\n', "src/main.rs": 'fn main() { sqlx::query!("select 1"); }\n'}, False),
        ({"Dockerfile": RUST, "Cargo.toml": CARGO + '[dependencies]\nsqlx = "0.8"\n', "src/main.rs": 'fn main() { sqlx::query("select 1"); }\n'}, True)))


@case
def data_of_git_that_a_build_reads(directory):
    sphinx = {"Dockerfile": PYTHON + "RUN sphinx-build docs out\n", "requirements.txt": "sphinx\n", "docs/conf.py": 'import subprocess\nrelease = subprocess.check_output(["git", "describe"])\n'}
    debian = "FROM debian:12\nRUN apt-get update && apt-get install -y git cmake g++\nWORKDIR /a\nCOPY . .\n"
    task = {"Taskfile.yml": 'version: "3"\nvars:\n  V: {sh: git describe --tags}\n'}
    node = lambda start, dependency, **files: {"Dockerfile": NODE + "RUN npm run build\n", "package.json": package(start, dependency), **files}
    rust = lambda dependency: {"Dockerfile": RUST, "Cargo.toml": CARGO + f'[build-dependencies]\n{dependency} = "0.0.6"\n', "src/main.rs": "fn main() {}\n"}
    page = {"eleventy.config.js": "1\n", "index.md": "---\ndate: git Last Modified\n---\nx\n"}
    check(directory, ".git", (
        (sphinx, False),
        ({**sphinx, "Dockerfile": PYTHON + "RUN make -C docs html\n", "docs/Makefile": "html:\n\tsphinx-build . out\n"}, False),
        # Nobody builds them in the image.
        ({**sphinx, "Dockerfile": PYTHON + "CMD [\"python\", \"a.py\"]\n"}, True),
        ({"Dockerfile": debian + "RUN cmake -B b\n", "CMakeLists.txt": "find_package(Git REQUIRED)\nexecute_process(COMMAND ${GIT_EXECUTABLE} describe)\n"}, False),
        ({"Dockerfile": debian + "RUN cmake -B b\n", "CMakeLists.txt": "find_package(GitBook REQUIRED)\n"}, True),
        ({"Dockerfile": debian + "RUN task build\n", **task}, False),
        ({"Dockerfile": debian + "RUN cmake -B b\n", **task}, True),
        ({"Dockerfile": "FROM ruby:3.4\nWORKDIR /a\nCOPY . .\nRUN rake build\n", "Rakefile": "V = `git describe`\n"}, False),
        (rust("crate-git-revision"), False),
        (rust("cc"), True),
        ({"Dockerfile": "FROM haskell:9\nWORKDIR /a\nCOPY . .\nRUN stack build\n", "package.yaml": "name: a\ndependencies: [githash]\n"}, False),
        ({"Dockerfile": "FROM swift:6\nWORKDIR /a\nCOPY . .\nRUN swift build\n", "Package.swift": "\n", "Plugins/V/p.swift": 'p.executableURL = URL(fileURLWithPath: "/usr/bin/git"); p.arguments = ["describe"]\n'}, False),
        (node("turbo run build --filter=[HEAD^1]", "turbo"), False),
        (node("turbo run build --filter=web", "turbo"), True),
        (node("eleventy", "@11ty/eleventy", **page), False),
        (node("eleventy", "@11ty/eleventy", **{**page, "index.md": "---\ndate: 2020-01-01\n---\nWrite `date: git Last Modified`.\n"}), True),
        ({"Dockerfile": "FROM php:8.4-cli\nCOPY . /a\n", "composer.json": "{}", "i.php": "<?php Composer\\InstalledVersions::getRootPackage()['reference'];\n"}, False)))


@case
def commits_that_libraries_ask_git_for(directory):
    dotnet = lambda text, image="8.0": {"Dockerfile": f"FROM mcr.microsoft.com/dotnet/sdk:{image} AS b\nWORKDIR /s\nCOPY . .\nRUN dotnet publish -o /o\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=b /o /a\n",
                                        "a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web" />\n', "Program.cs": text}
    python = lambda text, image="3.13", more="": {"Dockerfile": f"FROM python:{image}\n{more}WORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"a.py\"]\n", "requirements.txt": "sentry-sdk\n", "a.py": text}
    ruby = lambda text, image="3.4": {"Dockerfile": f"FROM ruby:{image}\nWORKDIR /a\nCOPY . .\nRUN bundle install\nCMD [\"ruby\", \"a.rb\"]\n", "Gemfile": "gem 'sentry-ruby'\n", "a.rb": text}
    node = lambda text, image="22": {"Dockerfile": f"FROM node:{image} AS b\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build\nFROM nginx\nCOPY --from=b /a/dist /usr/share/nginx/html\n", "package.json": package("vite"), "vite.config.js": text}
    go = lambda text, image="1.25": {"Dockerfile": f"FROM golang:{image} AS b\nWORKDIR /a\nCOPY . .\nRUN go build -o /b .\nFROM scratch\nCOPY --from=b /b /b\n", "go.mod": "module a\n", "main.go": text}
    init = 'import sentry_sdk\nsentry_sdk.init(dsn="x"%s)\n'
    check(directory, ".git", (
        (dotnet("var v = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();\n"), False),
        (dotnet("var v = FileVersionInfo.GetVersionInfo(path).ProductVersion;\n"), False),
        (dotnet('builder.WebHost.UseSentry(o => o.Dsn = "x");\n'), False),
        (dotnet('builder.WebHost.UseSentry(o => o.Release = "a@1");\n'), True),
        (dotnet("var v = typeof(Program).Assembly.GetName().Version;\n"), True),
        (python(init % ""), False),
        (python("from sentry_sdk import init\ninit('x')\n"), False),
        (python(init % ', release="a@1"'), True),
        (python(init % "", more="ARG COMMIT\nENV SENTRY_RELEASE=$COMMIT\n"), True),
        (python("from sentry_sdk import capture_message\n"), True),
        # It has no git that could be asked.
        (python(init % "", image="3.13-slim"), True),
        (python(init % "", image="3.13-slim", more="RUN apt-get update && apt-get install -y git\n"), False),
        (ruby("Sentry.init\n"), False),
        (ruby("Sentry.init { |config| config.release = '1' }\n"), True),
        (ruby("Sentry.init\n", image="3.4-slim"), True),
        (node("export default {plugins: [sentryVitePlugin({org: 'a'})]}\n"), False),
        (node("export default {plugins: [sentryVitePlugin({org: 'a', release: {name: '1'}})]}\n"), True),
        (node("export default {plugins: [sentryVitePlugin({org: 'a'})]}\n", image="22-alpine"), True),
        (go('package main\nfunc main() { sentry.Init(sentry.ClientOptions{Dsn: "x"}) }\n'), False),
        (go('package main\nfunc main() { sentry.Init(sentry.ClientOptions{Release: "1"}) }\n'), True)))


@case
def ignore_files_of_podman(directory):
    """It takes `.containerignore` before the other one; BuildKit does not know it."""
    files = {"Dockerfile": RUST, "Cargo.toml": CARGO + "[dependencies]\nlog = \"0.4\"\n", "Cargo.lock": 'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = ["log"]\n\n[[package]]\nname = "log"\nversion = "0.4.22"\n', "src/main.rs": "fn main() {}\n"}
    podman, docker = {"Makefile": "x:\n\tpodman build -t a .\n"}, {"Makefile": "x:\n\tdocker build -t a .\n"}
    lock, out = {".containerignore": "Cargo.lock\n"}, {".containerignore": ".git\n.env\ntarget\n"}
    copies = "+COPY Cargo.toml Cargo.lock ./"
    for more, expected, not_expected in (
            (podman, (copies, "+++ .dockerignore"), ()),
            ({**podman, **lock}, ("+COPY Cargo.toml ./", "+++ .containerignore"), (copies, ".dockerignore")),
            ({**docker, **lock}, (copies, "+++ .dockerignore"), ("containerignore",)),
            # Not known who builds it: what is not right for both is not done.
            (lock, ("and there the fix would be another one", "+++ .containerignore"), ("+COPY Cargo",)),
            ({**lock, ".dockerignore": "target\n"}, ("which read `.containerignore`", "+++ .dockerignore"), ("+COPY Cargo", "+++ .containerignore")),
            ({**lock, ".dockerignore": "Cargo.lock\ntarget\n"}, ("+COPY Cargo.toml ./",), (copies,)),
            ({**podman, **out}, (copies,), ("ignore\n",)),
            # One of the Dockerfile alone is Docker's too.
            ({**podman, "Dockerfile.dockerignore": "target\n", "Dockerfile.containerignore": "Cargo.lock\n"}, (copies, "+++ Dockerfile.dockerignore"), ()),
            ({**podman, "Dockerfile.containerignore": "Cargo.lock\n", ".containerignore": ""}, ("+COPY Cargo.toml ./", "+++ Dockerfile.containerignore"), (copies,))):
        said = answer(directory, {**files, **more})
        assert all(text in said for text in expected) and not any(text in said for text in not_expected), (more, expected, not_expected, said)
    # A link to the other file is the same file.
    said = answer(directory, {**files, **podman, ".dockerignore": "Cargo.lock\n"}, links={".containerignore": ".dockerignore"})
    assert "+COPY Cargo.toml ./" in said and copies not in said, said
    said = answer(directory, {**files, **lock}, "--builder", "buildkit")
    assert copies in said and "+++ .dockerignore" in said, said
    said = answer(directory, {**files, **lock}, "--builder", "buildah")
    assert copies not in said and "+++ .containerignore" in said, said


@case
def builders_that_the_project_names(directory):
    """What a mount needs is said of them, and of Docker where it is not known who builds."""
    files = {"Dockerfile": PYTHON, "requirements.txt": "flask\n"}
    for more, expected in (({"Makefile": "x:\n\tpodman build -t a .\n"}, "Needs Podman 4.0 or later\n"),
                           ({"Makefile": "x:\n\tbuildah bud -t a .\n"}, "Needs Buildah 1.24 or later\n"),
                           ({"Makefile": "x:\n\tbuildah bud -t a .\n\tpodman build .\n"}, "Needs Podman 4.0 or Buildah 1.24, or later\n"),
                           ({"Makefile": "x:\n\tbuildah bud -t a .\n\tdocker build .\n"}, "Needs BuildKit: Docker 23 or later"),
                           ({}, "Needs BuildKit: Docker 23 or later")):
        said = answer(directory, {**files, **more})
        assert expected in said, (more, said)


report()
