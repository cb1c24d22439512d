"""A repository with three services in Compose files, a bake file, a workflow, a script and a Makefile (compose/): what one
`dockhew optimize --write .` makes of it is built by Compose, and the containers say and answer the same as before."""
import json
import shutil
import subprocess
import time

from projects import prepared

# What each container prints, and what asks it when it runs as the image says.
SERVICES = {
    "orchestration": ("./target/release/orchestration --once", "curl --fail --silent http://localhost:8080/"),
    "worker": ("python -m worker", "curl --fail --silent http://localhost:8081/health"),
    "web": ("node dist/server.js --once", "node -e \"fetch('http://localhost:3000/?name=you').then(a => a.text()).then(console.log)\""),
}
IMAGES = ["rust:1.63-bookworm", "debian:bookworm-slim", "python:3.11-bookworm", "python:3.11-slim-bookworm", "node:18-bookworm", "node:18-bookworm-slim"]
REVISION = "0123abc"


def missing_program():
    return next((program for program in ("docker-compose", "git") if shutil.which(program) is None), None)


def checked(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, (command, result.stdout[-2000:] + result.stderr[-3000:])
    return result.stdout


def committed(scratch):
    """The project as a clone of it would be."""
    project = prepared("compose", scratch)
    for command in (["init", "--quiet"], ["add", "--all"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=first"]):
        checked(["git", *command], cwd=project)
    return project


def built(project, network, tag, docker):
    """By the developer's files, and then by those for production; answers the images."""
    variables = {**docker, "DOCKER_BUILDKIT": "1", "COMPOSE_DOCKER_CLI_BUILD": "1", "TAG": tag, "GIT_SHA": REVISION}
    for extra in ("override", "prod"):
        checked(["docker-compose", "--file=docker-compose.yml", f"--file=docker-compose.{extra}.yml", f"--file={network}", "build"], cwd=project, env=variables)
    return {service: f"registry.example.com/tasks/{service}:{tag}" for service in SERVICES}


def answer(image, question, docker):
    container = checked(["docker", "run", "--detach", "--network=none", image], env=docker).strip()
    try:
        for _ in range(100):
            asked = subprocess.run(["docker", "exec", container, "sh", "-c", question], env=docker, capture_output=True, text=True)
            if asked.returncode == 0:
                return asked.stdout
            time.sleep(0.2)
        raise AssertionError((image, asked.stderr, subprocess.run(["docker", "logs", container], env=docker, capture_output=True, text=True)))
    finally:
        checked(["docker", "rm", "--force", "--volumes", container], env=docker)


def behaviour(images, docker):
    said = {}
    for service, image in images.items():
        prints, question = SERVICES[service]
        said[service] = (checked(["docker", "run", "--rm", "--network=none", "--entrypoint=sh", image, "-c", prints], env=docker), answer(image, question, docker))
        labels = json.loads(checked(["docker", "image", "inspect", "--format={{json .Config.Labels}}", image], env=docker))
        assert service != "orchestration" or labels["org.opencontainers.image.revision"] == REVISION, labels
    return said


def size(images, docker):
    return sum(int(checked(["docker", "image", "inspect", "--format={{.Size}}", image], env=docker)) for image in images.values())


def texts(project):
    return {str(p.relative_to(project)): p.read_bytes() for p in sorted(project.rglob("*")) if p.is_file() and ".git" not in p.relative_to(project).parts}


def written_and_built(dockhew, docker):
    def run(scratch, _temporary):
        project, network = committed(scratch), scratch / "network.yml"
        # The tests' daemon has no network of its own.
        network.write_text("version: '3.8'\nservices:\n" + "".join(f"  {service}:\n    build:\n      network: host\n" for service in SERVICES))
        images = built(project, network, "naive", docker)
        expected, lines = behaviour(images, docker), [f"naive: {size(images, docker) / 1e6:.0f} MB"]
        for title, options in (("--write", []), ("--write --unsafe", ["--unsafe"])):
            before = texts(project)
            result = subprocess.run([dockhew, "optimize", "--no-config", "--write", *options, "."], cwd=project, capture_output=True, text=True)
            after = texts(project)
            changed = sorted(path for path in after if after[path] != before.get(path))
            assert result.returncode in (0, 1) and changed, (title, result)
            images = built(project, network, "written" + "-".join(options), docker)
            said = behaviour(images, docker)
            assert said == expected, (title, said, expected)
            again = subprocess.run([dockhew, "optimize", "--no-config", "--write", *options, "."], cwd=project, capture_output=True, text=True)
            assert texts(project) == after, (title, "the second run changes something", again.stdout)
            findings = json.loads(subprocess.run([dockhew, "lint", "--no-config", "--format", "json", "."], cwd=project, capture_output=True, text=True).stdout)
            errors = [finding for file in findings["files"] for finding in file["findings"] if finding["severity"] == "error"]
            assert errors == [], (title, errors)
            lines.append(f"{title}: {size(images, docker) / 1e6:.0f} MB; {', '.join(changed)}")
        return "\n".join(lines)
    return run


def all_services_verified(verify, docker):
    """The four scenarios of the three services, before and after."""
    def run(scratch, temporary):
        project = committed(scratch)
        result = verify(temporary, "--format", "json", str(project / "docker-compose.yml"), docker=docker)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        report = json.loads(result.stdout)
        assert {service["name"]: service["state"] for service in report["services"]} == dict.fromkeys(SERVICES, "verified"), report["services"]
        return "\n".join(f"{scenario['name']}: {scenario['original']:.2f} s, {scenario['optimized']:.2f} s" for scenario in report["sum"]["scenarios"])
    return run
