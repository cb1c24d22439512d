"""Registries for the tests: Debian's docker-registry with images that are pushed over HTTP, and one in Python that counts what it
is asked and has faults on purpose. Images are tiny: a configuration, and one layer that nobody reads."""
import base64
import hashlib
import http.client
import http.server
import io
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import tarfile
import threading
import time

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Image:
    """The blobs and the manifest of one image for one platform."""

    def __init__(self, platform="linux/amd64", docker=False, layers=(), history=(), **configuration):
        system, architecture, *variant = platform.split("/")
        self.platform = {"os": system, "architecture": architecture, **({"variant": variant[0]} if variant else {})}
        self.layers = list(layers) or [b"layer of " + platform.encode()]
        self.configuration = json.dumps({**self.platform, "config": configuration, "rootfs": {"type": "layers", "diff_ids": []},
                                         **({"history": [{"created_by": step, "empty_layer": empty} for step, empty in history]} if history else {})}).encode()
        kind = "docker.container.image" if docker else "oci.image.config"
        self.type = DOCKER_MANIFEST if docker else OCI_MANIFEST
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": self.type,
            "config": {"mediaType": f"application/vnd.{kind}.v1+json", "digest": digest(self.configuration), "size": len(self.configuration)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar" + ("+gzip" if layer.startswith(b"\x1f\x8b") else ""),
                        "digest": digest(layer), "size": len(layer)} for layer in self.layers]}).encode()
        self.digest = digest(self.manifest)
        self.parts = [self]

    def blobs(self):
        return [self.configuration, *self.layers]


def layer(*entries, compressed=True):
    """A layer of an image: of names with what is in the files, or with `-> target` of a link; a name that ends with a slash is a directory.
    A third value is the owner."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz" if compressed else "w") as tar:
        for name, content, *owner in entries:
            entry = tarfile.TarInfo(name.rstrip("/"))
            entry.uid = owner[0] if owner else 0
            if name.endswith("/"):
                entry.type = tarfile.DIRTYPE
            elif isinstance(content, str) and content.startswith("-> "):
                entry.type, entry.linkname = tarfile.SYMTYPE, content[3:]
            elif isinstance(content, str):
                entry.size = len(content.encode())
            else:
                entry.size = content
            tar.addfile(entry, io.BytesIO(content.encode()) if isinstance(content, str) and entry.isreg() else None)
    return data.getvalue()


class Index:
    """Images for several platforms under one name."""

    def __init__(self, *images, docker=False):
        self.type = DOCKER_LIST if docker else OCI_INDEX
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": self.type,
            "manifests": [{"mediaType": i.type, "digest": i.digest, "size": len(i.manifest), "platform": i.platform} for i in images]}).encode()
        self.digest = digest(self.manifest)
        self.parts = [*images, self]

    def blobs(self):
        return []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificates(directory, names="DNS:localhost,IP:127.0.0.1"):
    """An authority, and the keys and certificates that it has signed: of a server with these names, and of a client."""
    directory.mkdir(parents=True, exist_ok=True)

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=directory)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 3, "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.crt")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (directory / "names").write_text(f"subjectAltName={names}\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", 3, "-extfile", "names", "-out", "server.crt")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=somebody", "-keyout", "client.key", "-out", "client.csr")
    openssl("x509", "-req", "-in", "client.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", 3, "-out", "client.cert")


class RealRegistry:
    """Debian's docker-registry, as a context; None as a program where it is not installed."""
    program = shutil.which("docker-registry")

    def __init__(self, directory, password=None, tls=False, clients=False):
        self.port, self.directory, self.tls = free_port(), pathlib.Path(directory), tls
        self.host = f"localhost:{self.port}"
        self.headers = {}
        self.directory.mkdir(parents=True, exist_ok=True)
        settings = {"version": "0.1", "log": {"level": "error", "accesslog": {"disabled": True}},
                    "storage": {"filesystem": {"rootdirectory": str(self.directory / "storage")}}, "http": {"addr": f"127.0.0.1:{self.port}"}}
        if password:
            user, secret = password
            line = subprocess.run(["htpasswd", "-nbB", user, secret], check=True, capture_output=True, text=True).stdout
            (self.directory / "htpasswd").write_text(line)
            settings["auth"] = {"htpasswd": {"realm": "test", "path": str(self.directory / "htpasswd")}}
            self.headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
        if tls:
            certificates(self.directory / "tls")
            settings["http"]["tls"] = {"certificate": str(self.directory / "tls/server.crt"), "key": str(self.directory / "tls/server.key")}
            if clients:
                settings["http"]["tls"]["clientcas"] = [str(self.directory / "tls/ca.crt")]
        (self.directory / "config.yml").write_text(json.dumps(settings))

    def __enter__(self):
        self.process = subprocess.Popen([self.program, "serve", str(self.directory / "config.yml")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("docker-registry does not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def send(self, method, path, body=b"", **headers):
        if self.tls:
            context = ssl.create_default_context(cafile=str(self.directory / "tls/ca.crt"))
            context.load_cert_chain(self.directory / "tls/client.cert", self.directory / "tls/client.key")
            connection = http.client.HTTPSConnection("localhost", self.port, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, {**self.headers, **headers})
        answer = connection.getresponse()
        answer.read()
        assert answer.status < 300, (method, path, answer.status)
        return answer

    def push(self, name, tag, image):
        for part in image.parts:
            for blob in part.blobs():
                place = self.send("POST", f"/v2/{name}/blobs/uploads/").getheader("Location")
                path = place[place.index("/v2/"):]
                self.send("PUT", f"{path}&digest={digest(blob)}", blob, **{"Content-Type": "application/octet-stream"})
            self.send("PUT", f"/v2/{name}/manifests/{part.digest}", part.manifest, **{"Content-Type": part.type})
        self.send("PUT", f"/v2/{name}/manifests/{tag}", image.manifest, **{"Content-Type": image.type})

    def delete(self, name, image):
        self.send("DELETE", f"/v2/{name}/manifests/{image.digest}")


class FakeRegistry:
    """A registry in Python, as a context. `answers` maps a path to a function of the request's handler, which answers in its own way;
    everything that was pushed is answered as the specification has it. `log` has what was asked."""

    def __init__(self, tls=None):
        self.answers, self.log, self.lock = {}, [], threading.Lock()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                path = self.path.partition("?")[0]
                length = int(self.headers.get("Content-Length") or 0)
                self.form = self.rfile.read(length).decode()
                with fake.lock:
                    fake.log.append((self.command, self.path, dict(self.headers), self.form))
                found = fake.answers.get(path)
                if found is None:
                    self.send(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
                elif callable(found):
                    found(self)
                else:
                    self.send(200, found[0], found[1])

            do_GET = do_HEAD = do_POST = answer

            def send(self, status, body=b"", headers=None):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls / "server.crt", tls / "server.key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.host = f"localhost:{self.port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def push(self, name, tag, image, **headers):
        for part in image.parts:
            for blob in part.blobs():
                self.answers[f"/v2/{name}/blobs/{digest(blob)}"] = (blob, {"Content-Type": "application/octet-stream"})
            kept = (part.manifest, {"Content-Type": part.type, "Docker-Content-Digest": part.digest, **headers})
            self.answers[f"/v2/{name}/manifests/{part.digest}"] = kept
            self.answers[f"/v2/{name}/manifests/{tag}"] = kept

    def asked(self, part=""):
        return [(method, path) for method, path, _, _ in self.log if part in path]


class Proxy:
    """A proxy for HTTPS, as a context: connects whoever asks for one of the names in `places` to a port of this machine, and wants a user
    and a password where there is one. `log` has what was asked."""

    def __init__(self, places, password=None):
        self.places, self.password, self.log = places, password, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(connection,), daemon=True).start()

    def connect(self, connection):
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(4096)
                if not data:
                    return
                head += data
            first, *headers = head.decode().split("\r\n")
            self.log.append(first)
            if self.password and "Proxy-Authorization: Basic " + base64.b64encode(":".join(self.password).encode()).decode() not in headers:
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
                return
            port = self.places.get(first.split(" ")[1]) if first.startswith("CONNECT ") else None
            if port is None:
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with socket.create_connection(("127.0.0.1", port)) as other:
                threading.Thread(target=self.copy, args=(other, connection), daemon=True).start()
                self.copy(connection, other)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass
