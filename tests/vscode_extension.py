"""The VS Code extension is checked, bundled and packaged from its sources, and its bundle is loaded in the place of the
editor: it must register the commands that its package.json promises. Skipped without npm or without what npm downloads.
Prints TAP. Usage: vscode_extension.py DOCKHEW SOURCE_ROOT"""
import json
import shutil
import subprocess
import zipfile

from command_case import case, report, root

# As much of an editor as the extension needs to be loaded: anything there is may be called and extended.
EDITOR = r"""
const Module = require("module"), path = process.argv[2], registered = [];
const anything = () => new Proxy(class {}, {
  get: (target, name) => name in target || typeof name === "symbol" || name === "then" ? target[name] : anything(),
  apply: () => anything(), construct: () => ({}),
});
const vscode = new Proxy({
  commands: { registerCommand: (name) => (registered.push(name), { dispose() {} }), executeCommand: async () => undefined },
  workspace: { getConfiguration: () => ({ get: (name, otherwise) => (name === "path" ? "/nowhere/dockhew" : otherwise) }),
               onDidChangeConfiguration: () => ({ dispose() {} }) },
  window: { showErrorMessage: async () => undefined },
}, { get: (target, name) => (name in target ? target[name] : anything()) });
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require(path);
Promise.race([extension.activate({ subscriptions: [] }), new Promise((done) => setTimeout(done, 3000))]).catch(() => {}).then(() => {
  console.log(JSON.stringify({ registered, exported: Object.keys(extension).sort() }));
  process.exit(0);
});
process.on("unhandledRejection", () => {});
"""


@case
def the_extension_is_packaged_from_its_sources(directory):
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise RuntimeError("skipped: npm is not installed")
    work = directory / "extension"
    done = subprocess.run([str(root / "tools" / "vscode" / "build"), str(work)], capture_output=True, timeout=500)
    if done.returncode != 0 and not (work / "node_modules" / "esbuild").exists():
        raise RuntimeError("skipped: npm cannot download what the extension needs")
    assert done.returncode == 0, (done.stdout.decode()[-2000:], done.stderr.decode()[-2000:])
    with zipfile.ZipFile(work / "dockhew.vsix") as package:
        names = sorted(package.namelist())
        manifest = json.loads(package.read("extension/package.json"))
    assert names == ["[Content_Types].xml", "extension.vsixmanifest", "extension/LICENSE.txt", "extension/out/extension.js", "extension/package.json",
                     "extension/readme.md"], names
    (directory / "editor.js").write_text(EDITOR)
    loaded = subprocess.run(["node", str(directory / "editor.js"), str(work / "out" / "extension.js")], capture_output=True, timeout=60)
    assert loaded.returncode == 0, loaded.stderr.decode()[-2000:]
    answer = json.loads(loaded.stdout)
    assert answer["exported"] == ["activate", "deactivate"], answer
    promised = [command["command"] for command in manifest["contributes"]["commands"]]
    assert sorted(answer["registered"]) == sorted(promised), answer
    assert not (root / "tools" / "vscode" / "node_modules").exists()


@case
def the_extension_has_the_version_of_the_project(_):
    version = json.loads((root / "tools" / "vscode" / "package.json").read_text())["version"]
    assert f"version: '{version}'" in (root / "meson.build").read_text()


report()
