"""The executable as an archive of its own, and a Homebrew formula that installs it: https://docs.brew.sh/Formula-Cookbook"""
import hashlib

from archives import FILE, PROGRAM, compressed, tar
from release import HOMEPAGE, LICENSE, SUMMARY

PROCESSORS = {"x86_64": "intel", "aarch64": "arm"}


def binary_archive(release):
    """(file name, bytes)"""
    root = f"dockhew-{release.version}-{release.machine}-linux"
    files = [("LICENSE", FILE, release.license), ("NOTICES", FILE, release.notices), ("README.md", FILE, release.readme.encode()),
             ("dockhew", PROGRAM, release.executable)]
    if release.manual:
        files.append(("dockhew.1", FILE, release.manual))
    files += [(f"completions/dockhew.{shell}", FILE, content) for shell, content in release.completions.items()]
    return root + ".tar.gz", compressed(tar([(f"{root}/{path}", mode, content) for path, mode, content in sorted(files)], release.epoch))


def formula(releases, archives):
    """(file name, bytes). `archives`: what binary_archive gives of each."""
    release = releases[0]
    lines = ["class Dockhew < Formula", f'  desc "{SUMMARY}"', f'  homepage "{HOMEPAGE}"', f'  version "{release.version}"',
             f'  license "{LICENSE}"', "", "  depends_on :linux"]
    if len(releases) == 1:
        lines.append(f"  depends_on arch: :{release.machine if release.machine == 'x86_64' else 'arm64'}")
    for each, (name, content) in zip(releases, archives):
        lines += ["", f"  on_{PROCESSORS[each.machine]} do", f'    url "{HOMEPAGE}/releases/download/v{each.version}/{name}"',
                  f'    sha256 "{hashlib.sha256(content).hexdigest()}"', "  end"]
    lines += ["", "  def install", '    bin.install "dockhew"']
    if release.manual:
        lines.append('    man1.install "dockhew.1"')
    for shell in release.completions:
        lines.append({"bash": '    bash_completion.install "completions/dockhew.bash" => "dockhew"',
                      "zsh": '    zsh_completion.install "completions/dockhew.zsh" => "_dockhew"',
                      "fish": '    fish_completion.install "completions/dockhew.fish"'}[shell])
    lines += ["  end", "", "  test do", '    (testpath/"Dockerfile").write("FROM debian:12\\nMAINTAINER me\\n")',
              '    assert_match "maintainer-instruction", shell_output("#{bin}/dockhew lint Dockerfile")', "  end", "end", ""]
    return "dockhew.rb", "\n".join(lines).encode()
