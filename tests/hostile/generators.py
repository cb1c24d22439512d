"""Files that someone might write to keep a linter busy, as functions of a size.

Each generator gives the text of a Dockerfile for n, or files of a project by their names, and twice n is twice the file: what a program does for it must not
grow faster. growth.py counts instructions over them; cases.py takes some of the same shapes to the edge.
"""
import json


def lines(head, line, n):
    return head + "\n" + "".join(line.replace("@", str(i)) + "\n" for i in range(n))


# ---- many instructions ----------------------------------------------------------------------------------------------

def runs_of_apt(n): return lines("FROM debian:12", "RUN apt-get install -y pkg@", n)
def runs_of_yum(n): return lines("FROM rockylinux:9", "RUN yum install -y pkg@", n)
def runs_of_pip(n): return lines("FROM python:3.12", "RUN pip install pkg@", n)
def runs_of_echo(n): return lines("FROM debian:12", "RUN echo @", n)
def runs_of_cd(n): return lines("FROM debian:12", "RUN cd d@ && make", n)
def node_pairs(n): return lines("FROM node:20\nWORKDIR /app", "COPY . .\nRUN npm ci", n)
# So few that each is looked at, in a file of the same size.
def node_pairs_apart(n): return lines("FROM node:20\nWORKDIR /app", "COPY . .\nRUN npm ci\n# " + "-" * 240, n)
def python_pairs(n): return lines("FROM python:3.12\nWORKDIR /app", "COPY . .\nRUN pip install -r requirements.txt", n)
def copies(n): return lines("FROM debian:12", "COPY a@ /b@", n)
def env_steps(n): return lines("FROM debian:12", "ENV A@=@", n)
def env_reads(n): return lines("FROM debian:12", "ENV A@=$A0", n)
def arg_steps(n): return lines("FROM debian:12", "ARG A@=@", n)
def global_arguments(n): return lines("ARG B=1", "ARG A@=$B", n) + "FROM debian:12\n"
def workdirs(n): return lines("FROM debian:12", "WORKDIR d", n)
def workdirs_rooted(n): return lines("FROM debian:12", "WORKDIR /d@", n)
def users(n): return lines("FROM debian:12", "USER u@", n)
def shells(n): return lines("FROM debian:12", 'SHELL ["/bin/bash", "-c"]\nRUN echo @', n)
def onbuilds(n): return lines("FROM debian:12", "ONBUILD RUN echo @", n)
def exposes(n): return lines("FROM debian:12", "EXPOSE @", n)
def labels(n): return lines("FROM debian:12", "LABEL a@=@", n)
def commands(n): return lines("FROM debian:12", 'CMD ["a", "@"]', n)
def healthchecks(n): return lines("FROM debian:12", "HEALTHCHECK CMD curl -f http://localhost/@", n)
def unknown_instructions(n): return lines("FROM debian:12", "RUN true\nFOO @", n)
def mounts_each(n): return lines("FROM debian:12", "RUN --mount=type=cache,target=/c@ make", n)
def maintainers(n): return lines("FROM debian:12", "MAINTAINER a@", n)


def conda_runs(n): return lines("FROM debian:12", "RUN conda install -y pandas", n)
def prunes(n): return lines("FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci", "RUN npm install --production", n)
def made_directories(n): return "FROM python:3.12\nCOPY requirements.txt .\nRUN " + "".join(f"mkdir $D{i}; " for i in range(n)) + "pip install -r requirements.txt\n"
def dummies(n): return lines("FROM rust:1.75\nWORKDIR /app", "RUN echo > src/main.rs && cargo build || true", n) + "COPY . .\nRUN cargo build\n"


# ---- many stages ----------------------------------------------------------------------------------------------------

def stages(n): return lines("FROM debian:12 AS s", "FROM debian:12 AS s@\nRUN echo @", n)
def unnamed_stages(n): return lines("FROM debian:12", "FROM debian:12\nRUN echo", n)
def stage_chain(n): return lines("FROM debian:12 AS s0", "", 0) + "".join(
    f"FROM s{i} AS s{i + 1}\nENV E{i}=1\n" for i in range(n))
def stage_chain_runs(n): return lines("FROM debian:12 AS s0", "", 0) + "".join(
    f"FROM s{i} AS s{i + 1}\nRUN echo {i}\n" for i in range(n))
def stage_fan(n): return lines("FROM debian:12 AS s\nENV A=1 B=2", "FROM s AS t@\nRUN echo $A", n)
def copies_from_one(n): return lines("FROM debian:12 AS s\nFROM debian:12", "COPY --from=s /a@ /a@", n)
def copies_from_each(n): return lines("FROM debian:12 AS s", "FROM debian:12 AS s@\nRUN touch /a", n) + \
    "FROM debian:12\n" + "".join(f"COPY --from=s{i} /a /a{i}\n" for i in range(n))
def copies_of_outputs(n): return "FROM debian:12 AS s\nRUN --mount=type=cache,target=/c " + " && ".join(f"touch /a{i}" for i in range(n)) + \
    "\nFROM debian:12\n" + "".join(f"COPY --from=s /a{i} /a{i}\n" for i in range(n))
def copies_of_one_command(n): return "FROM debian:12 AS s\nRUN --mount=type=cache,target=/c touch " + " ".join(f"/a{i}" for i in range(n)) + \
    "\nFROM debian:12\n" + "".join(f"COPY --from=s /a{i} /a{i}\n" for i in range(n))
def copies_of_steps(n): return lines("FROM debian:12 AS s", "RUN --mount=type=cache,target=/c touch /a@", n) + \
    "FROM debian:12\n" + "".join(f"COPY --from=s /a{i} /a{i}\n" for i in range(n))
def copies_of_mounts(n): return lines("FROM debian:12 AS s", "RUN --mount=type=cache,target=/c touch /c/a@", n) + \
    "FROM debian:12\n" + "".join(f"COPY --from=s /c/a{i} /a{i}\n" for i in range(n))
def copies_relative(n): return lines("FROM debian:12", "FROM debian:12\nCOPY a ./\nRUN cat /a", n)
def copies_owned(n): return lines("FROM debian:12 AS s", "FROM debian:12\nCOPY --from=s /a /app/a\nRUN useradd u && chown -R u /app", n)
def copies_owned_later(n): return lines("FROM debian:12 AS s\nFROM debian:12", "COPY --from=s /a /app/a@", n) + "RUN useradd u && chown -R u /app\n"
def copies_by_shell(n): return lines("FROM debian:12", "COPY a /b@ || true", n)
def copies_from_unknown(n): return lines("FROM debian:12", "COPY --from=image@ /a /a@", n)
def mounts_from(n): return lines("FROM debian:12 AS s\nFROM debian:12", "RUN --mount=from=s,target=/a@ true", n)


# ---- one long instruction -------------------------------------------------------------------------------------------

def run(text): return "FROM debian:12\nRUN " + text + "\n"


def semicolons(n): return run("; ".join(["sudo wget x"] * n))
def ands(n): return run(" && ".join(["sudo wget x"] * n))
def pipes(n): return run(" | ".join(["cat"] * n))
def newlines(n): return run(" && \\\n".join(["echo a"] * n))
def changes_of_directory(n): return run(" && ".join(["cd d"] * n))
def changes_up(n): return run(" && ".join(["cd .."] * n))
def installs_in_one(n): return run(" && ".join(f"apt-get install -y p{i}" for i in range(n)))
def packages_in_one(n): return run("apt-get update && apt-get install -y " + " ".join(f"p{i}" for i in range(n)))
def pip_packages(n): return "FROM python:3.12\nRUN pip install " + " ".join(f"p{i}" for i in range(n)) + "\n"
def words(n): return run("echo " + "a " * n)
def long_word(n): return run("echo " + "a" * n)
def quotes(n): return run("echo " + '"a"' * n)
def single_quotes(n): return run("echo " + "'a'" * n)
def parameters(n): return run("echo " + "$A " * n)
def assignments(n): return run("; ".join(f"A{i}=b" for i in range(n)))
def prefix_assignments(n): return run("A=b " * n + "true")
def growing_assignments(n): return run("; ".join(["A=${A}b"] * n) + "; echo $A")
def ors(n): return run(" || ".join(["true"] * n))
def redirects(n): return run("echo a " + "> f " * n)
def ifs(n): return run("; ".join(["if a; then b; else c; fi"] * n))
def loops(n): return run("; ".join(["for a in b; do c; done"] * n))
def cases(n): return run("case a in " + "b) c;; " * n + "esac")
def case_words(n): return run("case a in " + "b | " * n + "c) d;; esac")
def functions(n): return run("; ".join(["f() { a; }"] * n))
def groups(n): return run("; ".join(["{ a; }"] * n))
def subshells(n): return run("; ".join(["(a)"] * n))
def substitutions(n): return run("echo " + "$(a) " * n)
def substitutions_flat(n): return run("echo " + "$(echo $(echo a)) " * n)
def tests(n): return run("; ".join(["[[ -n a ]]"] * n))
def arithmetic(n): return run("echo " + "$((1 + 2)) " * n)
def arithmetic_open(n): return run("echo " + "$(( " * n)
def arithmetic_open_quoted(n): return run('echo "' + "$((" * n)
def arithmetic_unclosed(n): return run("echo " + "$((1) " * n)
def arithmetic_commands_open(n): return run("((" * n)
def arithmetic_commands_flat(n): return run("; ((a " * n)
def arithmetic_for_open(n): return run("for ((a; " * n)
def subscripts_open(n): return run("a[" * n)
def subscripts_words(n): return run("a[b " * n)
def subscripts_commands(n): return run("a[b; " * n)
def subscripts(n): return run("; ".join(["a[1]=b"] * n))
def backquotes(n): return run("echo " + "`a` " * n)
def backquotes_open(n): return run("echo " + "\\`" * n + "`")
def braces_open(n): return run("echo " + "${" * min(n, 150) + "a " * n)
def io_numbers(n): return run("1" * n)
def io_names(n): return run("{a " * n)
def io_name_long(n): return run("echo " + "{" + "a" * n)
def names_long(n): return run(("a" * 40 + " ") * n)
def bangs(n): return run("! " * n + "a")
def comments_in_run(n): return "FROM debian:12\nRUN a && \\\n" + "# c\n" * n + " b\n"
def ignores_in_run(n): return "FROM debian:12\nRUN a && \\\n" + "# dockhew ignore=DL3008\n" * n + " b\n"
def empty_lines_in_run(n): return "FROM debian:12\nRUN a && \\\n" + "\n" * n + " b\n"
def shell_comments(n): return "FROM debian:12\nRUN <<EOF\n" + "# c\n" * n + "a\nEOF\n"
def shell_lines(n): return "FROM debian:12\nRUN <<EOF\n" + "echo a\n" * n + "EOF\n"
def shell_heredocs(n): return "FROM debian:12\nRUN <<EOF\n" + "cat <<E\nx\nE\n" * n + "EOF\n"
def shell_heredocs_one_line(n): return "FROM debian:12\nRUN <<EOF\ncat " + "<<E " * n + "\n" + "x\nE\n" * n + "EOF\n"
def shell_heredocs_open(n): return "FROM debian:12\nRUN <<EOF\n" + "cat <<E\nx\n" * n + "EOF\n"
def shell_heredocs_pending(n): return run("cat " + "<<E " * n)
def shell_heredocs_failing(n): return "FROM debian:12\nRUN <<EOF\n" + "case a in b) cat <<E\nx\nE\n" * min(n, 30) + \
    "echo a\n" * n + "EOF\n"
def crlf(n): return "FROM debian:12\r\n" + "RUN a \\\r\n && b\r\n" * n
def nested_shells(n): return run(" && ".join(["sh -c 'echo a; echo b'"] * n))
def wrappers(n): return run("sudo " * n + "a")
def env_wrappers(n): return run("env " + "A=b " * n + "a")
def exports(n): return run("export " + " ".join(f"A{i}=b" for i in range(n)) + " && echo $A0")
def run_mounts(n): return "FROM debian:12\nRUN " + " ".join(f"--mount=type=cache,target=/c{i}" for i in range(n)) + " make\n"
def run_binds(n): return "FROM debian:12\nRUN " + " ".join(f"--mount=type=bind,source=c{i},target=/c{i}" for i in range(n)) + " make\n"
def mount_fields(n): return "FROM debian:12\nRUN --mount=type=cache" + ",uid=1" * n + ",target=/c make\n"
def env_pairs(n): return "FROM debian:12\nENV " + " ".join(f"A{i}={i}" for i in range(n)) + "\n"
def env_pairs_continued(n): return "FROM debian:12\nENV " + " \\\n ".join(f"A{i}={i}" for i in range(n)) + "\n"
def env_pairs_read(n): return "FROM debian:12\nENV A=1\nENV " + " ".join(f"A{i}=$A" for i in range(n)) + "\n"
def label_pairs(n): return "FROM debian:12\nLABEL " + " \\\n ".join(f"a{i}={i}" for i in range(n)) + "\n"
def arguments_in_one(n): return "FROM debian:12\nARG " + " ".join(f"A{i}={i}" for i in range(n)) + "\n"
def copy_sources(n): return "FROM debian:12\nCOPY " + " ".join(f"a{i}" for i in range(n)) + " /b/\n"
def copy_sources_expanded(n): return "FROM debian:12\nENV A=" + "a" * 1000 + "\nCOPY " + "$A " * n + "/b/\n"
def copy_excludes(n): return "FROM debian:12\nCOPY " + "--exclude=a " * n + "b /c\n"
def copy_flags(n): return "FROM debian:12\nCOPY " + "--chown=a " * n + "b /c\n"
def expose_ports(n): return "FROM debian:12\nEXPOSE " + " ".join(str(i % 60000 + 1) for i in range(n)) + "\n"
def volumes(n): return "FROM debian:12\nVOLUME " + " ".join(f"/v{i}" for i in range(n)) + "\n"
def json_words(n): return "FROM debian:12\nCMD [" + ", ".join('"a"' for _ in range(n)) + "]\n"
def json_run(n): return "FROM debian:12\nRUN [" + ", ".join('"a"' for _ in range(n)) + "]\n"
def json_open(n): return "FROM debian:12\nCMD " + "[" * n + "\n"
def json_objects(n): return "FROM debian:12\nCMD [" + '{"a":' * n + "\n"
def json_quotes(n): return "FROM debian:12\nCMD [" + '"' * n + "\n"
def deep_path(n): return "FROM debian:12\nWORKDIR /" + "a/" * n + "\nRUN make\n"
def deep_paths(n): return "FROM debian:12\nWORKDIR /" + "a/" * n + "\n" + "RUN make\n" * n
def up_path(n): return "FROM debian:12\nWORKDIR " + "../" * n + "\nRUN cd " + "../" * n + "\n"


# ---- heredocs, comments, directives ---------------------------------------------------------------------------------

def heredocs(n): return lines("FROM debian:12", "RUN <<EOF\necho @\nEOF", n)
def heredocs_of_one_run(n): return "FROM debian:12\nRUN " + "<<E " * n + "\n" + "echo\nE\n" * n
def heredocs_of_one_run_open(n): return "FROM debian:12\nRUN " + "<<E " * n + "\n" + "echo\n" * n
def heredocs_of_copy(n): return lines("FROM debian:12", "COPY <<EOF /a@\nb\nEOF", n)
def heredocs_of_one_copy(n): return "FROM debian:12\nCOPY " + "".join(f"<<E{i} " for i in range(n)) + "/d/\n" + "".join(
    f"a\nE{i}\n" for i in range(n))
def heredoc_tabs(n): return "FROM debian:12\nRUN <<-EOF\n" + "\techo\n" * n + "\tEOF\n"
def heredocs_open(n): return "FROM debian:12\n" + "RUN <<E\n" * n
def heredoc_marks(n): return "FROM debian:12\nRUN " + "<< " * n + "\n"
def comments(n): return lines("FROM debian:12", "# c\nRUN a", n)
def comments_above(n): return "FROM debian:12\n" + "# c\n" * n + "RUN a\n"
def ignore_comments(n): return lines("FROM debian:12", "# dockhew ignore=DL3008\nRUN apt-get install -y pkg@", n)
def ignore_comments_unused(n): return lines("FROM debian:12", "# dockhew ignore=DL3007\nRUN true", n)
def ignore_comments_above(n): return "FROM debian:12\n" + "# dockhew ignore=DL3008\n" * n + "RUN apt-get install a\n"
def ignore_comments_global(n): return "# dockhew global ignore=DL3008\n" * n + lines(
    "FROM debian:12", "RUN apt-get install -y pkg@", n)
def ignore_comments_stage(n): return lines("", "# dockhew stage ignore=DL3008\nFROM debian:12\nRUN apt-get install a", n)
def ignore_names(n): return "FROM debian:12\n# dockhew ignore=" + ",".join(f"a{i}" for i in range(n)) + "\nRUN a\n"
def ignore_names_known(n): return "FROM debian:12\n# dockhew ignore=" + ",".join(["DL3008"] * n) + "\nRUN apt-get install a\n"
def ignore_names_unknown(n): return lines("FROM debian:12", "# dockhew ignore=a@\nRUN a", n)
def shell_directives(n): return lines("FROM debian:12", "# dockhew shell=bash\nRUN echo @", n)
def shell_directives_above(n): return "# dockhew shell=bash\n" * n + "FROM debian:12\n" + "RUN a\n" * n
def check_comments(n): return lines("FROM debian:12", "# check=skip=JSONArgsRecommended\nCMD a", n)
def directives(n): return "# escape=\\\n" * n + "FROM debian:12\n"
def descriptions(n): return lines("", "# a about\nFROM debian:12 AS a@", n)


# ---- findings: many on one line, many of one kind -------------------------------------------------------------------

def findings_on_one_line(n): return semicolons(n)
def findings_undefined(n): return "FROM debian:12\nLABEL " + " ".join(f"a{i}=$B{i}" for i in range(n)) + "\n"
def findings_undefined_steps(n): return lines("FROM debian:12", "LABEL a=$B@", n)
def findings_duplicates(n): return lines("FROM debian:12 AS a", "FROM debian:12 AS a", n)
def findings_casing(n): return lines("FROM debian:12", "run a", n)
def findings_errors(n): return lines("FROM debian:12", "COPY a", n)
def findings_multibyte(n): return run("echo \u00e9; " + "; ".join(["sudo wget \u00e9"] * n))
def secrets(n): return run("; ".join(["curl https://user:secretpw@host/"] * n))
def secret_schemes(n): return run("://" * n)
def secret_keys(n): return lines("FROM debian:12", "RUN echo -----BEGIN PRIVATE KEY", n)
def secret_keys_one_line(n): return run("-----BEGIN " * n)


# ---- values ---------------------------------------------------------------------------------------------------------

def env_copies(n): return "FROM debian:12\nENV A=" + "x" * n + "\n" + "".join(f"ENV B{i}=$A\n" for i in range(n))
def env_appends(n): return lines("FROM debian:12", "ENV A=${A}x", n)
def env_path(n): return lines("FROM debian:12", "ENV PATH=/a@:$PATH", n)
def expand_words(n): return "FROM debian:12\nENV A=" + "a b " * 20 + "\nENV B=" + "$A" * n + "\n"
def expand_nested(n): return "FROM debian:12\nENV A=" + "${B:-" * min(n, 150) + "x" * n + "}" * min(n, 150) + "\n"
def trim_suffix(n): return "ARG V=" + "a" * n + "\nARG W=${V%" + "*a" * n + "b}\nFROM debian:12\n"
def trim_prefix(n): return "ARG V=" + "a" * n + "\nARG W=${V#" + "*a" * n + "b}\nFROM debian:12\n"
def trim_long_value(n): return "ARG V=" + "a" * n + "\nARG W=${V%b}\nFROM debian:12\n"
def replace_all(n): return "ARG V=" + "a" * n + "\nARG W=${V//" + "*a" * n + "b/c}\nFROM debian:12\n"
def replace_each(n): return "ARG V=" + "a" * n + "\nARG W=${V//a/b}\nFROM debian:12\n"


# ---- projects -------------------------------------------------------------------------------------------------------

RUST = "FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/a\"]\n"
PACKAGE = "[package]\nname = 'a'\nversion = '1.0.0'\n"
PYTHON = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD "
JAVA = "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\nCMD [\"java\", \"-jar\", \"target/a.jar\"]\n"
NET = "FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nRUN dotnet restore && dotnet publish -c Release -o /out\nCMD [\"dotnet\", \"/out/a.dll\"]\n"
RUBY = "FROM ruby:3.3\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD [\"bundle\", \"exec\", \"puma\"]\n"
MADE = "FROM golang:1.22 AS b\nWORKDIR /s\nCOPY . .\nRUN make\nFROM debian:12\nCOPY --from=b /app /app\nCMD [\"/app\"]\n"


def cargo_programs(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": PACKAGE + "".join(f"[[bin]]\nname = 'a{i}'\n" for i in range(n))}
def cargo_tables(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": PACKAGE + "".join(f"a{i}.b.c = 1\n" for i in range(n))}
def cargo_members(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": "[workspace]\nmembers = [" + ", ".join(f"'*{i}'" for i in range(n)) + "]\n"}
def pom_elements(n): return {"Dockerfile": JAVA, "pom.xml": "<project>" + "<a>b</a>" * n + "</project>\n"}
def supervised(n): return {"Dockerfile": PYTHON + '["supervisord", "-c", "/app/s.conf"]\n', "requirements.txt": "a==1\n",
                           "s.conf": "".join(f"[program:p{i}]\ncommand=sh p{i}.sh\n" for i in range(n))}
def supervised_lines(n): return {"Dockerfile": PYTHON + '["supervisord", "-c", "/app/s.conf"]\n', "requirements.txt": "a==1\n",
                                 "s.conf": "command=a\n" + " b\n" * n}
def procfile(n): return {"Dockerfile": PYTHON + '["honcho", "start"]\n', "requirements.txt": "a==1\n", "Procfile": "".join(f"p{i}: sh p{i}.sh\n" for i in range(n))}
def recipes(n): return {"Dockerfile": MADE, "go.mod": "module a\n", "Makefile": "all:\n" + "\tgo build -o /app .\n" * n}
def made_values(n): return {"Dockerfile": MADE, "go.mod": "module a\n", "Makefile": "".join(f"A{i} := $(shell date) $(A{i - 1})\n" for i in range(n)) + "all:\n\tgo build -o /app .\n"}
def workspaces(n): return {"Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"start\"]\n", "package-lock.json": "{}",
                           "package.json": '{"workspaces": [' + ", ".join(f'"*{i}"' for i in range(n)) + "]}"}
def solution(n): return {"Dockerfile": NET, "a.slnx": "<Solution>" + "".join(f"<Folder><Project Path='p{i}/p.csproj'/>" for i in range(n))}
def references(n): return {"Dockerfile": NET, "a.csproj": "<Project><ProjectReference" + " Include=" * n + "/></Project>\n"}
def targets(n): return {"Dockerfile": NET, "a.csproj": "<Project>" + "<Target Name='a'>" * n}
def properties(n): return {"Dockerfile": NET, "a.csproj": "<Project><Target Name='a' BeforeTargets='Restore'>" + "<PropertyGroup/>" * n + "</Target></Project>\n"}
def backticks(n): return {"Dockerfile": RUBY, "Gemfile": "gem 'puma'\n", "Gemfile.lock": "GEM\n  specs:\n    puma (1)\n", "config.ru": "`" * n}
def scripts(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": PACKAGE, "a.sh": "docker run a $(docker run b `docker run c`)\n" * n}
def braces(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": PACKAGE, "compose.yaml": "services:\n  a:\n    build: .\n    command:\n" + ("    - a" + "${a" * 50 + "\n") * (n // 16)}
def services(n): return {"Dockerfile": RUST, "Cargo.lock": "", "Cargo.toml": PACKAGE, "compose.yaml": "services:\n" + "".join(
    f"  s{i}:\n    build: .\n    extends: s{i + 1}\n    image: a\n    command: cargo run\n" for i in range(min(n, 900)))}


# ---- what only the rules and the rewrite ask -------------------------------------------------------------------------

# Many installations of a project, and what its container starts; what each reads is the same.
def started(image, step, start, files):
    return lambda n: {**files, "Dockerfile": f"FROM {image}\n" + f"WORKDIR /src\nCOPY . .\nRUN {step}\n" * n + start + "\n"}


def started_each(image, step, start, files):
    return lambda n: {**files, "Dockerfile": f"FROM {image}\nWORKDIR /src\nCOPY . .\n" + f"RUN {step}\n{start}\n" * n}


installs_of_composer = started("composer:2", "composer install", 'CMD ["php", "a.php"]', {"composer.json": "{}", "composer.lock": "{}", "a.php": ""})
installs_of_npm = started("node:20", "npm ci", 'CMD ["node", "a.js"]', {"package.json": "{}", "package-lock.json": '{"lockfileVersion": 3, "packages": {}}', "a.js": ""})
installs_of_pip = started("python:3.12", "pip install -r requirements.txt", 'CMD ["python", "a.py"]', {"requirements.txt": "a==1\n", "a.py": ""})
installs_of_bundler = started("ruby:3.3", "bundle install", 'CMD ["ruby", "a.rb"]', {"Gemfile": "gem 'a'\n", "Gemfile.lock": "GEM\n", "a.rb": ""})
builds_of_go = started("golang:1.22", "go build -o /a .", 'CMD ["/a"]', {"go.mod": "module a\n", "main.go": "package main\n"})
builds_of_cargo = started("rust:1.80", "cargo build --release", 'CMD ["./target/release/a"]', {"Cargo.toml": PACKAGE, "Cargo.lock": "version = 3\n", "src/main.rs": ""})
builds_of_net = started("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet publish -c Release -o /app", 'ENTRYPOINT ["dotnet", "/app/a.dll"]', {"a.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>'})
builds_of_maven = started("maven:3-eclipse-temurin-21", "mvn package", 'CMD ["java", "-jar", "target/a.jar"]', {"pom.xml": "<project><artifactId>a</artifactId></project>"})
starts_of_net = started_each("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet publish -c Release -o /app", 'ENTRYPOINT ["dotnet", "/app/a.dll"]', {"a.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>'})
starts_of_go = started_each("golang:1.22", "go build -o /a .", 'CMD ["/a"]', {"go.mod": "module a\n", "main.go": "package main\n"})
starts_of_script = started_each("python:3.12", "pip install -r requirements.txt", 'CMD ["./start.sh"]', {"requirements.txt": "a==1\n", "start.sh": "#!/bin/sh\nexec python a.py\n", "a.py": ""})
starts_and_copies = started_each("python:3.12", "pip install -r requirements.txt\nCOPY . .", 'CMD ["python", "a.py"]', {"requirements.txt": "a==1\n", "a.py": ""})
starts_of_wrapper = started_each("openjdk:17", '["./mvnw", "package"]\nCOPY . .', "CMD java -jar target/*.jar", {"mvnw": "#!/bin/sh\nexec mvn\n", "pom.xml": "<project><artifactId>a</artifactId></project>"})
def directories_installed(n): return {"requirements.txt": "a==1\n", "a.py": "", "Dockerfile": lines("FROM python:3.12", "WORKDIR /src@\nCOPY . .\nRUN pip install -r requirements.txt", n) + 'CMD ["python", "a.py"]\n'}


NPM = "FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\nCOPY . .\nCMD [\"node\", \"a.js\"]\n"
def lock(packages): return {"Dockerfile": NPM, "a.js": "", "package.json": '{"dependencies": {"b": "1"}}', "package-lock.json": json.dumps(
    {"lockfileVersion": 3, "packages": {"": {"dependencies": {"b": "1"}}, "node_modules/b": {}, **packages}})}
def locked_deep(n): return lock({"node_modules/" * n + "x": {"dependencies": {"b": "1"}}})
def locked_deep_and_wide(n): return lock({**{f"node_modules/q{i}": {} for i in range(n)}, "node_modules/" * n + "x": {"dependencies": {f"q{i}": "1" for i in range(n)}}})
def locked_in_each_other(n): return lock({**{f"node_modules/q{i}": {} for i in range(n)}, **{"node_modules/a/" * i + "node_modules/x": {"dependencies": {f"q{j}": "1" for j in range(n // 8)}} for i in range(8)}})
def locked_bundle(n): return lock({"node_modules/b": {"dependencies": {f"q{i}": "1" for i in range(n)}, "bundleDependencies": [f"q{n - i}" for i in range(n)]}})


READERS = {"Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n", "package.json": "{}", "package-lock.json": "{}", "a.js": "", ".env": "A=b\n", ".git/HEAD": "ref: refs/heads/a\n"}
def scripts_for_git(n): return {**READERS, **{f"scripts/s{i}.sh": "git describe\n" for i in range(n // 4)}}
def scripts_for_settings(n): return {**READERS, **{f"scripts/s{i}.sh": "cat .env\n" for i in range(n // 4)}}
def makefiles_for_git(n): return {**READERS, **{f"d{i}/Makefile": "a:\n\tgit describe\n" for i in range(n // 4)}}
def scripts_that_name_each_other(n): return {**READERS, **{f"scripts/{'a' * (i % 200)}{i}.sh": f"cat .env; ./b{'a' * (i % 200)}{i}.sh\n" for i in range(n // 4)}}

# Those that a RUN starts.
def scripts_run(n): return {"x.sh": "#!/bin/sh\napt-get install -y git\n", "Dockerfile": "FROM debian:12\nWORKDIR /a\nCOPY . .\n" + "RUN chmod +x x.sh && ./x.sh\n" * n}
def scripts_run_each(n): return {**{f"x{i}.sh": "apt-get install -y git\n" for i in range(n // 4)}, "Dockerfile": lines("FROM debian:12\nWORKDIR /a\nCOPY . .", "RUN sh x@.sh", n // 4)}
def script_of_variables(n): return {"x.sh": "".join(f"export A{i}=$A{i + 1}\nrm -rf /a$A{i}\n" for i in range(n)), "Dockerfile": "FROM debian:12\nCOPY . .\nRUN sh x.sh\n"}
def script_of_functions(n): return {"x.sh": "".join(f"f{i}() {{\n  cd a\n}}\nf{i}\n" for i in range(n)), "Dockerfile": "FROM debian:12\nCOPY . .\nRUN sh x.sh\n"}


JOB = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        x: [" + ", ".join(map(str, range(256))) + "]\n    steps:\n"
def workflow(text, **others): return {"Dockerfile": "FROM debian:12\nCOPY . /app\n", ".github/workflows/a.yml": text, **{f".github/workflows/{name}.yml": other for name, other in others.items()}}
def environment(n): return "env:\n" + "".join(f"  A{i}: a\n" for i in range(n))
def steps_and_variables(n): return workflow(environment(n) + JOB + "    - run: echo ${{matrix.x}}\n" * (n // 4))
def steps_that_build(n): return workflow(environment(n) + JOB + "    - run: docker build ${{env.A0}}\n" * (n // 4))
def builds_in_one_step(n): return workflow(JOB + "    - run: |\n" + "        docker build ${{matrix.x}}\n" * (n // 16))
def calls_of_one(n): return workflow("jobs:\n" + "".join(f"  j{i}:\n    uses: ./.github/workflows/b.yml\n" for i in range(200)), b="on: workflow_call\n" + JOB + "    - run: echo ${{matrix.x}}\n" * n)
def exclusions(n): return workflow(JOB.replace("    steps:\n", "        exclude:\n" + "        - {x: a, y: b, z: c}\n" * n + "    steps:\n") + "    - run: docker build ${{matrix.x}}\n")


# Rules that a user's file defines, and commands of which each is one of many; `...` and `$X` take what they need.
def rules_of_user(text, pattern, rules): return {"Dockerfile": text, ".dockhew.yaml": "rules: [r.yaml]\n", "r.yaml": "rules:\n" + "".join(
    f"- {{id: r{i}, message: m, command: '{pattern.replace('@', str(i))}'}}\n" for i in range(rules))}
def user_rules_and_commands(n): return rules_of_user(lines("FROM debian:12", "RUN c@ a", n), "c@ ...", n)
def user_rules_of_dots(n): return rules_of_user("FROM debian:12\n" + ("RUN curl" + " a" * 40 + "\n") * (n // 8), "curl ... ... ... x@", 100)
def user_rules_of_words(n): return rules_of_user("FROM debian:12\nRUN curl" + " a" * n + "\n", "curl ... a ... a ... x@", 100)

# What one command names, and another one beside it.
def removed_names(n): return {**READERS, "Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN cp " + " ".join(f"f{i}" for i in range(n)) + " /x/\nRUN rm -f " +
                              " ".join(f"g{i}" for i in range(n)) + "\nRUN npm ci\nRUN npm run build\n"}
def removed_names_of_context(n): return {**READERS, **{f"f{i}": "" for i in range(90)}, "Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN rm -f " +
                                         " ".join(f"g{i}" for i in range(n)) + "\nRUN npm ci\nRUN npm run build\n"}
def removed_names_of_copies(n): return {**{f"f{i}": "" for i in range(90)}, "Dockerfile": "FROM debian:12\nWORKDIR /app\n" + "".join(f"COPY f{i} .\n" for i in range(90)) +
                                        "RUN rm -f " + " ".join(f"g{i}" for i in range(n)) + "\nCOPY . .\nRUN pip install -r r.txt\n"}
def removed_names_and_packages(n): return "FROM python:3.12\nWORKDIR /app\nRUN pip install " + " ".join(f"f{i}" for i in range(n)) + "\nRUN rm -f " + " ".join(f"g{i}" for i in range(n)) + "\n"
def removed_again(n): return {**READERS, "Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN touch " + " ".join(f"f{i}" for i in range(n)) + " && rm -f " +
                              " ".join(f"f{i}" for i in range(n)) + "\nRUN npm ci\n"}
def removed_downloads(n): return "FROM debian:12\nWORKDIR /app\nRUN cp " + " ".join(f"/a/f{i}" for i in range(n)) + " .\nRUN rm -f " + " ".join(f"g{i}" for i in range(n)) + "\n"


# Programs that a base lacks, stages on one that copies the source, packages and Dockerfiles that are asked for by name.
def lacking(n): return {"Dockerfile": "FROM python:3.12-slim\n" + "RUN git status; curl a; wget b\n" * n}
def lacking_in_one(n): return {"Dockerfile": "FROM python:3.12-slim\nRUN " + "curl a; " * n + "which curl\n"}
def lacking_in_stages(n): return {"Dockerfile": "FROM python:3.12-slim\nRUN curl a\n" * n}
def stages_on_source(n): return {"package.json": "{}", "package-lock.json": "{}", "src/a.js": "", "Dockerfile": "FROM node:20 AS s0\nCOPY . /a\n" + "".join(
    f"FROM s{i} AS s{i + 1}\nWORKDIR /b{i}\nCOPY package.json package-lock.json ./\nRUN npm ci\n" for i in range(n))}
def without_manifest(n): return {"Dockerfile": "FROM node:20\nWORKDIR /a\n" + "COPY b /b\nRUN mkdir -p /c && npm ci\n" * n}
def manifests_by_name(n): return {"a.txt": "", "Dockerfile": "FROM python:3.12\nWORKDIR /a\nCOPY . .\nRUN pip install " + " ".join(f"-r r{i}.txt" for i in range(n)) + "\n"}
def unread_lists(n): return {"Dockerfile": "".join(f"FROM debian:12 AS s{i}\nRUN apt-get update\n" for i in range(n))}
def packages_by_name(n): return {"package.json": json.dumps({"dependencies": {f"p{i}": "1" for i in range(n)}}), "Dockerfile": "FROM node:20\nWORKDIR /a\nCOPY package.json ./\nRUN npm install " + " ".join(f"p{i}" for i in range(n)) + "\n"}
def dockerfiles_beside(n): return {**READERS, **{f"d{i}/Dockerfile": "FROM a\nCOPY dist /x\n" for i in range(n // 4)}, ".dockerignore": "Dockerfile*\n"}
def scripts_that_write(n): return {**READERS, "build.sh": "docker build -f - . <<EOF\nFROM a\nEOF\n" * n}


# Sources and manifests of a project that asks much of one another.
NODE_STARTED = "FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN yarn install\nCMD [\"node\", \"a.js\"]\n"
GO_STARTED = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /app/a .\nCMD [\"/app/a\"]\n"
RUBY_STARTED = "FROM ruby:3.3\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD [\"ruby\", \"a.rb\"]\n"
def sources_of_node(n): return {"Dockerfile": NODE_STARTED, "package.json": json.dumps({"dependencies": {"express": "4"}, "devDependencies": {"jest": "29"}}),
    "yarn.lock": "".join(f"b{i}@^1:\n  version 1\n" for i in range(n)), "a.js": "".join(f"require('a{i}')\n" for i in range(n))}
def sources_of_node_open(n): return {"Dockerfile": NODE_STARTED, "package.json": json.dumps({"devDependencies": {"jest": "29"}}), "yarn.lock": "", "a.js": "import { " * n}
def sources_of_rust(n): return {"Dockerfile": "FROM rust:1.80\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"/app/target/release/a\"]\n",
    "Cargo.lock": "", "Cargo.toml": PACKAGE, "build.rs": "", "src/main.rs": "include!(concat!(" + "env!(\"OUT_DIR\")," * n}
def sources_of_go(n): return {"Dockerfile": GO_STARTED, "go.mod": "module a\ngo 1.22\nrequire (\n" + "".join(f"\tb.org/m{i} v1.0.0\n" for i in range(n)) + ")\n",
    "main.go": "package main\nimport (\n" + "".join(f"\t\"c.org/m{i}\"\n" for i in range(n)) + ")\n"}
def sources_of_go_ignored(n): return {"Dockerfile": GO_STARTED, "go.mod": "module a\ngo 1.22\n", ".gitignore": "".join(f"c{i}.yml\n" for i in range(n)),
    "main.go": "package main\nvar a = []string{" + "".join(f"\"c{i}\", " for i in range(n)) + "}\n"}
def sources_of_ruby(n): return {"Dockerfile": RUBY_STARTED, "Gemfile": "gem 'ffi'\n", "Gemfile.lock": "", "a.rb": "ffi_lib 'a'; Fiddle.dlopen('b'); " * n}
def sources_of_ruby_started(n): return {"Dockerfile": RUBY_STARTED, "Gemfile": "", "Gemfile.lock": "", "a.rb": "exec " * n}
def sources_of_meson(n): return {"Dockerfile": "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN meson setup build && ninja -C build\nCMD [\"/app/build/a\"]\n", "a.cpp": "",
    **{"b/" * i + "meson.build": ("executable('a', 'a.cpp')\n" if i == 0 else "") + "subdir('b')\n" * n for i in range(9)}}


# Images that a lock file knows.
def images_lock(names):
    configurations = {"linux/amd64": {"platform": "linux/amd64", "environment": ["PATH=/usr/bin:/bin"]}}
    return json.dumps({"version": 1, "images": {name: {"digest": "sha256:" + "a" * 64, "platforms": ["linux/amd64"], "configurations": configurations} for name in sorted(names)}})
def naming(text, names, **others): return {"Dockerfile": text, "images.lock": images_lock([f"registry.example.org/{name}:1" for name in names]), **others}
def names_of_one(n): return naming("FROM registry.example.org/a:1\n" * n, ["a"])
def names_of_each(n): return naming(lines("", "FROM registry.example.org/a@:1", n), [f"a{i}" for i in range(n)])
def names_in_copies(n): return naming(lines("FROM registry.example.org/a:1", "COPY --from=registry.example.org/a:1 /a@ /b@", n), ["a"])
def names_in_mounts(n): return naming("FROM registry.example.org/a:1\nRUN " + " ".join(f"--mount=from=registry.example.org/a:1,target=/b{i}" for i in range(n)) + " true\n", ["a"])
def names_in_arguments(n): return naming(lines("", "ARG A@=1", n) + lines("", "FROM registry.example.org/a:$A@", n), ["a"])
def names_in_one_argument(n): return naming("ARG A=1\n" + "FROM registry.example.org/a:$A\n" * n, ["a"])
def names_in_services(n): return naming("FROM registry.example.org/a:1\n", ["a"], **{"compose.yaml": "services:\n" + "".join(f"  s{i}:\n    image: registry.example.org/a:1 # keep\n" for i in range(n))})


# Those that name images, which growth.py has pinned and resolved.
NAMING_IMAGES = [name for name in globals() if name.startswith("names_") and name not in ("names_long",)]

# Those whose work is that of rules: growth.py measures them in these modes, too.
ASKED_BY_RULES = [name for name in globals() if name.startswith((
    "user_rules_", "removed_", "copies", "made_directories", "installs_of_", "builds_of_", "starts_", "directories_installed", "locked_", "scripts_for_", "scripts_run", "scripts_that_", "script_of_", "makefiles_for_", "steps_", "builds_in_", "calls_of_", "exclusions",
    "lacking", "sources_of_", "stages_on_source", "packages_by_name", "without_manifest", "manifests_by_name", "unread_lists", "dockerfiles_beside"))]


def all_generators():
    return {name: f for name, f in globals().items()
            if callable(f) and name not in ("lines", "run", "rules_of_user", "started", "started_each", "lock", "workflow", "environment", "naming", "images_lock", "all_generators")}
