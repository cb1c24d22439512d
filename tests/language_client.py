"""A client of the language server for tests: it starts `dockhew lsp`, sends what an editor sends and waits for what that
must bring about. It applies edits as an editor does, in the encoding that was agreed on."""
import json
import os
import queue
import subprocess
import threading

from command_case import dockhew

# What an editor says that can do everything that the server uses.
EVERYTHING = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "dataSupport": True,
                       "resolveSupport": {"properties": ["edit"]}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
    },
    "workspace": {"applyEdit": True, "didChangeWatchedFiles": {"dynamicRegistration": True},
                  "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"], "changeAnnotationSupport": {}}},
}
WAIT = 60  # seconds, so that a hang ends


def framed(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def offset_of(text, position, encoding):
    """Where a position of the protocol is in a text, in characters."""
    lines = text.split("\n")
    if position["line"] >= len(lines):
        return len(text)
    begin = sum(len(line) + 1 for line in lines[:position["line"]])
    left, at = position["character"], 0
    line = lines[position["line"]]
    while at < len(line) and left > 0:
        left -= {"utf-8": len(line[at].encode()), "utf-16": len(line[at].encode("utf-16-le")) // 2, "utf-32": 1}[encoding]
        at += 1
    return begin + at


def applied(text, edits, encoding="utf-16"):
    """A text with edits that all refer to it as it is."""
    spans = [(offset_of(text, e["range"]["start"], encoding), offset_of(text, e["range"]["end"], encoding), e["newText"]) for e in edits]
    for i in sorted(range(len(spans)), key=lambda i: (spans[i][0], i), reverse=True):
        begin, end, new = spans[i]
        text = text[:begin] + new + text[end:]
    return text


class Client:
    def __init__(self, *options, cwd=None, env=None):
        self.process = subprocess.Popen([dockhew, "lsp", *map(str, options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, cwd=cwd, env={**os.environ, **(env or {})})
        self.incoming, self.kept, self.asked = queue.Queue(), [], 0
        self.noise = b""  # on standard error
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.read_noise, daemon=True).start()

    def read(self):
        out = self.process.stdout
        while True:
            header = out.readline()
            if not header:
                self.incoming.put(None)
                return
            assert header.startswith(b"Content-Length: "), header  # nothing else is ever printed
            assert out.readline() == b"\r\n"
            self.incoming.put(json.loads(out.read(int(header.split(b":")[1]))))

    def read_noise(self):
        self.noise += self.process.stderr.read()

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        self.write(framed({"jsonrpc": "2.0", **message}))

    def notify(self, method, params=None):
        self.send({"method": method, "params": params if params is not None else {}})

    def wait(self, fits):
        """The first message that fits; others are kept for later."""
        for i, message in enumerate(self.kept):
            if fits(message):
                return self.kept.pop(i)
        while True:
            message = self.incoming.get(timeout=WAIT)
            if message is None:
                self.incoming.put(None)
                raise AssertionError("the server has ended: " + self.noise.decode())
            if fits(message):
                return message
            self.kept.append(message)

    def ask(self, method, params=None):
        """The response, whatever it is."""
        self.asked += 1
        number = self.asked
        self.send({"id": number, "method": method, "params": params if params is not None else {}})
        return self.wait(lambda m: m.get("id") == number and "method" not in m)

    def result(self, method, params=None):
        response = self.ask(method, params)
        assert "error" not in response, response
        return response["result"]

    def initialize(self, root=None, capabilities=None):
        params = {"processId": None, "rootUri": uri(root) if root else None, "capabilities": EVERYTHING if capabilities is None else capabilities}
        result = self.result("initialize", params)
        self.notify("initialized")
        return result

    def open(self, name, text, language="dockerfile", version=1):
        self.notify("textDocument/didOpen", {"textDocument": {"uri": name, "languageId": language, "version": version, "text": text}})

    def change(self, name, version, *changes):
        self.notify("textDocument/didChange", {"textDocument": {"uri": name, "version": version}, "contentChanges": list(changes)})

    def published(self, name, version=None):
        """The findings that were sent for a document, of a version if one is given."""
        message = self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == name and
                            (version is None or m["params"].get("version") == version))
        return message["params"]["diagnostics"]

    def actions(self, name, line, character=0, only=None):
        place = {"line": line, "character": character}
        context = {"diagnostics": [], **({"only": only} if only else {})}
        return self.result("textDocument/codeAction", {"textDocument": {"uri": name}, "range": {"start": place, "end": place}, "context": context})

    def at(self, method, name, line, character):
        return self.result(method, {"textDocument": {"uri": name}, "position": {"line": line, "character": character}})

    def end(self):
        self.result("shutdown")
        self.notify("exit")
        return self.process.wait(timeout=WAIT)


def uri(path):
    return "file://" + str(path)
