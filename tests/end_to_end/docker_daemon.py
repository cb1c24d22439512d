"""A separate Docker daemon for the tests, for its BuildKit: with its own images and socket and without a network of its own, so that the machine's Docker is not touched. The base images come from Buildah's storage, where images.sh has put them."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def find_client():
    """The first `docker` that can use BuildKit: before 23 by itself, later through its buildx component."""
    for directory in os.environ.get("PATH", "").split(":"):
        docker = shutil.which("docker", path=directory)
        if docker is None:
            continue
        if subprocess.run([docker, "buildx", "version"], capture_output=True).returncode == 0:
            return docker
        version = subprocess.run([docker, "--version"], capture_output=True, text=True).stdout.split("version ")[-1]
        if version.split(".")[0].isdigit() and int(version.split(".")[0]) < 23:
            return docker
    return None


@contextlib.contextmanager
def running_daemon(directory, environment):
    """Yields the variables with which `docker` finds the daemon, or a sentence that says why there is none."""
    daemon, client = shutil.which("dockerd"), find_client()
    if daemon is None or client is None:
        yield "dockerd is not installed" if daemon is None else "no docker here can use BuildKit"
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as temporary:
        temporary = pathlib.Path(temporary)
        (temporary / "docker").symlink_to(client)
        socket = f"unix://{temporary}/socket"
        variables = {**environment, "DOCKER_HOST": socket, "PATH": f"{temporary}:{os.environ['PATH']}"}
        with open(directory / "dockerd.log", "w") as log:
            process = subprocess.Popen([daemon, "--data-root", str(directory / "docker"), "--exec-root", str(temporary / "exec"), "--host", socket,
                                        "--pidfile", str(temporary / "pid"), "--iptables=false", "--ip6tables=false", "--bridge=none"],
                                       stdout=log, stderr=log)
        try:
            if not answers(process, variables):
                yield "dockerd does not start here; dockerd.log says why"
                return
            yield variables
        finally:
            process.terminate()
            process.wait(timeout=60)


def answers(process, variables):
    for _ in range(300):
        if subprocess.run(["docker", "info"], env=variables, capture_output=True).returncode == 0:
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def loaded_images(images, variables):
    """Inside, the daemon has the images. Afterwards, they and everything built are removed: all projects together take 6 GB."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as temporary:
        archive = pathlib.Path(temporary) / "image.tar"
        for image in images:
            subprocess.run(["buildah", "push", "--quiet", f"docker.io/library/{image}", f"docker-archive:{archive}:{image}"], env=variables, check=True)
            subprocess.run(["docker", "load", "--quiet", "--input", str(archive)], env=variables, check=True, stdout=subprocess.DEVNULL)
            archive.unlink()
    try:
        yield
    finally:
        for kind in ("image", "builder"):
            subprocess.run(["docker", kind, "prune", "--all", "--force"], env=variables, check=True, stdout=subprocess.DEVNULL)
