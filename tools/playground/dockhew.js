// Starts the library's module and asks it: a text goes in, a JSON document comes out. It works in a page and in Node.

// What libraries would want of a system, the module has no use for: each call is refused with ENOSYS of WASI.
const refused = 52;

function refusals(module) {
  const imports = {};
  for (const { module: name, name: call } of WebAssembly.Module.imports(module))
    (imports[name] ??= {})[call] = call === "proc_exit" ? (code) => { throw new Error(`the module ended with ${code}`); } : () => refused;
  return imports;
}

export class Dockhew {
  #module; #calls;

  static async from(bytes) { return new Dockhew(await WebAssembly.compile(bytes)); }

  constructor(module) { this.#module = module; }

  lint(text) { return this.#ask(text, (calls) => calls.lint()); }
  optimize(text, least) { return this.#ask(text, (calls) => calls.optimize({ unsafe: 1, conditional: 2, safe: 3 }[least])); }

  #ask(text, question) {
    // After a trap its memory may be anything, so that the next question gets a new instance.
    const calls = this.#calls ?? this.#start();
    this.#calls = undefined;
    const bytes = new TextEncoder().encode(text);
    const place = calls.reserve(bytes.length);
    new Uint8Array(calls.memory.buffer, place, bytes.length).set(bytes);
    const answer = question(calls);
    const json = new TextDecoder().decode(new Uint8Array(calls.memory.buffer, answer, calls.answer_size()));
    this.#calls = calls;
    return JSON.parse(json);
  }

  #start() {
    const { exports } = new WebAssembly.Instance(this.#module, refusals(this.#module));
    exports._initialize?.();
    return exports;
  }
}
