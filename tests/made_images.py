"""Archives of images that tests make, as `docker save` writes them."""
import io
import tarfile


def tar_of(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in entries:
            header = tarfile.TarInfo(name)
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
    return out.getvalue()


def image_of(*layers, config=b"{}", more=()):
    names = ", ".join(f'"l{number}"' for number in range(len(layers)))
    manifest = b'[{"Config": "c.json", "Layers": [%s]}]' % names.encode()
    return tar_of(("c.json", config), *((f"l{number}", layer) for number, layer in enumerate(layers)), *more, ("manifest.json", manifest))
