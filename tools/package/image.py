"""An OCI image from scratch with nothing but the executable, as an archive that `docker load`, `podman load` and `skopeo` read:
https://github.com/opencontainers/image-spec/blob/main/image-layout.md"""
import hashlib
import json
import time

from archives import FILE, PROGRAM, compressed, tar
from release import HOMEPAGE, LICENSE, SUMMARY

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def text(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def image(release):
    """(file name, bytes)"""
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.epoch))
    tree = tar([("LICENSE", FILE, release.license), ("NOTICES", FILE, release.notices), ("usr/bin/dockhew", PROGRAM, release.executable)], release.epoch)
    layer = compressed(tree)
    configuration = text({
        "architecture": ARCHITECTURES[release.machine], "os": "linux", "created": created,
        # Who lets it write mounts a directory and says `--user`.
        "config": {"Entrypoint": ["/usr/bin/dockhew"], "WorkingDir": "/work", "User": "65532:65532", "Env": ["PATH=/usr/bin"],
                   "Labels": {"org.opencontainers.image.title": "dockhew", "org.opencontainers.image.description": SUMMARY,
                              "org.opencontainers.image.source": HOMEPAGE, "org.opencontainers.image.licenses": LICENSE,
                              "org.opencontainers.image.version": release.version}},
        "rootfs": {"type": "layers", "diff_ids": [digest(tree)]},
        "history": [{"created": created, "created_by": "tools/package"}]})

    def described(kind, content, **more):
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": digest(content), "size": len(content), **more}

    manifest = text({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                     "config": described("config.v1+json", configuration), "layers": [described("layer.v1.tar+gzip", layer)]})
    index = text({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        described("manifest.v1+json", manifest, platform={"architecture": ARCHITECTURES[release.machine], "os": "linux"},
                  annotations={"org.opencontainers.image.ref.name": release.version, "io.containerd.image.name": f"dockhew:{release.version}"})]})
    blobs = {digest(content)[7:]: content for content in (configuration, layer, manifest)}
    # Docker before 25 only loads what has its own manifest.
    own = text([{"Config": "blobs/sha256/" + digest(configuration)[7:], "RepoTags": [f"dockhew:{release.version}"],
                 "Layers": ["blobs/sha256/" + digest(layer)[7:]]}])
    files = [(f"blobs/sha256/{name}", FILE, content) for name, content in sorted(blobs.items())]
    files += [("index.json", FILE, index), ("manifest.json", FILE, own), ("oci-layout", FILE, text({"imageLayoutVersion": "1.0.0"}))]
    return f"dockhew-{release.version}-{release.machine}.oci.tar", tar(files, release.epoch)
