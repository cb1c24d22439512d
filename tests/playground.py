"""The playground of the website: its module says of each fixture what the command says of standard input, and its page does so while somebody
types, in Chromium. Exits 77 (skipped) where the module was not built (`tools/dev playground`), or without Node.js or Chromium.
Usage: playground.py DOCKHEW SOURCE_ROOT SITE"""
import concurrent.futures
import functools
import gzip
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

dockhew, root, site = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
module = site / "playground/dockhew.wasm"
NAIVE = "FROM node:18\nCOPY . .\nRUN npm install\n"
LINES = 40
for needed, there in ((module, module.is_file()), ("node", shutil.which("node")), ("chromium", shutil.which("chromium"))):
    if not there:
        print(f"skipped: there is no {needed}")
        sys.exit(77)


def of_command(path):
    text = path.read_bytes()
    with tempfile.TemporaryDirectory() as empty:
        def run(*arguments):
            return json.loads(subprocess.run([dockhew, *arguments, "--no-config", "--format", "json", "-"], input=text, capture_output=True,
                                             cwd=empty, check=False).stdout)
        return run("lint", "--shellcheck", "off"), {least: run("optimize", f"--{least}") for least in ("unsafe", "conditional", "safe")}


def check_module():
    """Every fixture that is UTF-8: a text field of a page has no other bytes."""
    paths = []
    for path in sorted((root / "fixtures").rglob("Dockerfile")):
        try:
            path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        paths.append(path)
    with tempfile.TemporaryDirectory() as directory:
        wrapper = pathlib.Path(directory, "dockhew.mjs")  # as Node calls a file that the page loads as a module
        wrapper.write_text((site / "playground/dockhew.js").read_text())
        answers = subprocess.run(["node", root / "tests/playground.mjs", wrapper, module], input="\n".join(map(str, paths)), capture_output=True,
                                 text=True, check=True).stdout.splitlines()
    assert len(answers) == len(paths)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for path, answer, expected in zip(paths, map(json.loads, answers), pool.map(of_command, paths)):
            assert answer["lint"] == expected[0], f"{path}: lint\n{answer['lint']}\n{expected[0]}"
            for least, said in expected[1].items():
                assert answer["optimize"][least] == said, f"{path}: optimize {least}\n{answer['optimize'][least]}\n{said}"
    size = module.read_bytes()
    print(f"ok - the module says what the command says of {len(paths)} files; it has {len(size)} bytes, {len(gzip.compress(size))} compressed")


class Browser:
    """Chromium, asked through pipes in its own protocol."""
    def __init__(self, directory):
        to_read, self.to_write = os.pipe()
        self.to_read, to_write = os.pipe()
        for end in (to_read, to_write):
            os.set_inheritable(end, True)
        arguments = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={directory}", "about:blank"]
        # It reads from 3 and writes to 4; neither may be closed before it is in its place.
        self.process = subprocess.Popen(["sh", "-c", f'exec 8<&{to_read} 9>&{to_write}; exec 3<&8 4>&9; exec "$@"', "sh", *arguments],
                                        pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read), os.close(to_write)
        self.count, self.buffer, self.session = 0, b"", None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def ask(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters} | ({"sessionId": self.session} if self.session else {})
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                read = os.read(self.to_read, 1 << 16)
                assert read, "Chromium ended"
                self.buffer += read
            answer, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(answer)
            if answer.get("id") == self.count:
                assert "error" not in answer, answer
                return answer["result"]

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression):
        for _ in range(200):
            if self.value(expression):
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {expression}\n{self.value('document.body.innerText')}")

    def close(self):
        self.ask("Browser.close")
        self.process.wait(30)


def type_text(browser, text):
    """As somebody does: the field is emptied, and the text is put in as input."""
    browser.value("document.getElementById('text').focus(); document.getElementById('text').select()")
    browser.value("document.getElementById('state').textContent = ''")
    browser.ask("Input.insertText", text=text)
    browser.wait_for("document.getElementById('state').textContent.includes(' in ')")


def check_page(address, directory):
    browser = Browser(directory)
    browser.ask("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.ask("Page.navigate", url=address + "/playground/")
    browser.wait_for("document.getElementById('state')?.textContent.includes(' in ')")
    type_text(browser, NAIVE)
    found = browser.value("[...document.querySelectorAll('#findings li')].map((item) => item.innerText)")
    assert any(each.startswith("2:1 warning source-copied-before-dependencies") for each in found), found
    links = browser.value("[...document.querySelectorAll('#findings a')].map((link) => new URL(link.href).pathname)")
    assert "/rules/source-copied-before-dependencies.html" in links and all((site / link[1:]).is_file() for link in links), links
    diff = browser.value("document.getElementById('diff').textContent")
    assert "+COPY package*.json ./\n" in diff and "-RUN npm install\n" in diff, diff
    width = browser.value("document.documentElement.scrollWidth")
    assert width <= 390, f"the page is {width} wide"
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    picture = os.environ.get("PLAYGROUND_PICTURE")  # to look at it
    if picture:
        import base64
        pathlib.Path(picture).write_bytes(base64.b64decode(browser.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))
    browser.value("document.querySelector('#findings button').click()")
    assert browser.value("document.getElementById('text').selectionEnd") > 0
    browser.value("document.getElementById('take').click()")
    taken = browser.value("document.getElementById('text').value")
    assert taken.startswith("FROM node:18\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm"), taken
    assert browser.value("document.getElementById('diff').textContent") == "nothing to improve\n"
    type_text(browser, "FROM debian:12\nRUN " + "$(" * 5000 + "\n")
    assert "cannot be followed" in browser.value("document.getElementById('declined').textContent")
    type_text(browser, "FROM node:18\nCOPIE . .\n")
    assert "instruction-error" in browser.value("document.getElementById('findings').textContent")
    text = "FROM debian:12\n" + "".join(f"RUN apt-get update && apt-get install -y package{n} && echo \"$HOME\" > /tmp/{n}\n" for n in range(LINES - 1))
    milliseconds = browser.value(f"""(async () => {{
        const {{ Dockhew }} = await import("./dockhew.js");
        const dockhew = await Dockhew.from(await (await fetch("dockhew.wasm")).arrayBuffer());
        const text = {json.dumps(text)}, times = [];
        for (let n = 0; n < 21; ++n) {{ const before = performance.now(); dockhew.lint(text); times.push(performance.now() - before); }}
        return [times[0], times.sort((a, b) => a - b)[10]];
    }})()""")
    browser.close()
    print(f"ok - the page, on a phone's screen in the dark; a file of {LINES} lines is linted in {milliseconds[1]:.1f} ms, the first time in {milliseconds[0]:.1f}")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


check_module()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    check_page(f"http://127.0.0.1:{server.server_port}", profile)
server.shutdown()
