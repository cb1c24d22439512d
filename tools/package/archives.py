"""Archives that come out the same whenever they are made: files in order, one time, no owner but root."""
import gzip
import io
import tarfile
import time
import zipfile

PROGRAM, FILE = 0o755, 0o644


def tar(files, epoch, directories=True):
    """Of (path, mode, bytes), uncompressed. With the directories above each file, which dpkg wants to know."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        seen = set()
        for path, mode, content in files:
            parts = path.removeprefix("./").split("/")
            for length in range(1, len(parts)) if directories else ():
                above = "/".join(parts[:length])
                if above not in seen:
                    seen.add(above)
                    add(archive, ("./" if path.startswith("./") else "") + above, tarfile.DIRTYPE, PROGRAM, b"", epoch)
            add(archive, path, tarfile.REGTYPE, mode, content, epoch)
    return out.getvalue()


def add(archive, path, kind, mode, content, epoch):
    entry = tarfile.TarInfo(path)
    entry.type, entry.mode, entry.mtime, entry.size = kind, mode, epoch, len(content)
    entry.uname = entry.gname = "root"
    archive.addfile(entry, io.BytesIO(content))


def compressed(content):
    return gzip.compress(content, mtime=0)


def ar(members, epoch):
    """The archive that a Debian package is."""
    out = b"!<arch>\n"
    for name, content in members:
        out += f"{name:<16}{epoch:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content + b"\n" * (len(content) % 2)
    return out


def zipped(files, epoch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, mode, content in files:
            entry = zipfile.ZipInfo(path, time.gmtime(epoch)[:6])
            entry.external_attr, entry.compress_type = (0o100000 | mode) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
