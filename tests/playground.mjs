// Asks the module of the playground about every Dockerfile that is named on standard input, as the page does, and prints what it
// answers, one JSON document a line. Usage: node playground.mjs WRAPPER MODULE
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [wrapper, module] = process.argv.slice(2);
const { Dockhew } = await import(pathToFileURL(wrapper));
const dockhew = await Dockhew.from(readFileSync(module));
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = readFileSync(path, "utf8");
  const begun = performance.now();
  const lint = dockhew.lint(text), linted = performance.now();
  const optimize = Object.fromEntries(["unsafe", "conditional", "safe"].map((least) => [least, dockhew.optimize(text, least)]));
  console.log(JSON.stringify({ lint, optimize, milliseconds: linted - begun }));
}
