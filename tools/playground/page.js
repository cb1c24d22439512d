// The page: what is typed is linted and optimized when the typing pauses.
import { Dockhew } from "./dockhew.js";

const pause = 200;  // milliseconds
const at = (id) => document.getElementById(id);
const pages = new Set(JSON.parse(at("rules").textContent));
const text = at("text"), least = at("least"), take = at("take");
let dockhew, optimized = "", waiting;

function made(tag, className, ...parts) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...parts);
  return element;
}

// What is between backquotes is code.
function sentence(text) {
  return text.split("`").map((part, index, all) => index % 2 === 1 && index < all.length - 1 ? made("code", "", part) : part);
}

// The name of a rule, as a link where it has a page: what a builder rejects has none.
function rule(id) {
  if (!pages.has(id)) return made("code", "", id);
  const link = made("a", "", made("code", "", id));
  link.href = `${document.body.dataset.root}rules/${id}.html`;
  return link;
}

// Marks a place in the text, where the browser shows it.
function place({ line, column }, end) {
  const button = made("button", "place", `${line}:${column}`);
  button.type = "button";
  button.addEventListener("click", () => {
    const lines = text.value.split("\n");
    const offset = (position) => lines.slice(0, position.line - 1).reduce((sum, each) => sum + each.length + 1, 0) + position.column - 1;
    text.focus();
    text.setSelectionRange(offset({ line, column }), offset(end));
  });
  return button;
}

function finding({ rule: id, severity, message, range, fixes }) {
  const item = made("li", "", place(range.start, range.end), " ", made("b", severity, severity), " ", rule(id), " ", ...sentence(message));
  for (const fix of fixes)
    item.append(made("div", "dim", ...sentence(fix.declined ? `no fix: ${fix.declined}` : `fix (${fix.applicability}): ${fix.title}`)));
  return item;
}

function change({ rule: id, line, title, message, applicability, assumptions, checklist }) {
  const item = made("li", "", `line ${line}: `, made("b", applicability, applicability), " ", ...sentence(title), " ", rule(id), made("div", "dim", ...sentence(message)));
  for (const each of assumptions) item.append(made("div", "dim", ...sentence(`assumes that ${each.text}`)));
  for (const each of checklist) item.append(made("div", "dim", ...sentence(`look at this: ${each}`)));
  return item;
}

function diffLine(line) {
  const kind = { "+": "added", "-": "removed", "@": "dim" }[line[0]];
  return made("span", kind ?? "", line + "\n");
}

function show() {
  const before = performance.now();
  let found, file;
  try {
    found = dockhew.lint(text.value);
    file = dockhew.optimize(text.value, least.value).files[0];
  } catch (error) {
    at("state").textContent = `This text ended the library, which is a bug: ${error.message}`;
    return;
  }
  const { findings } = found.files[0];
  at("findings").replaceChildren(...findings.map(finding));
  // The two lines before a diff name files, of which there are none.
  at("diff").replaceChildren(...(file.changed ? file.diff.split("\n").slice(2, -1) : ["nothing to improve"]).map(diffLine));
  at("changes").replaceChildren(...file.changes.map(change));
  at("declined").replaceChildren(
    ...file.not_changed.map((each) => made("li", "", `line ${each.line}: `, rule(each.rule), " ", ...sentence(each.message), made("div", "dim", ...sentence(each.reason)))),
    ...file.not_judged.map((each) => made("li", "", `line ${each.line}: `, ...sentence(each.reason))));
  at("left").hidden = file.not_changed.length + file.not_judged.length === 0;
  optimized = file.text;
  take.disabled = !file.changed;
  at("state").textContent = `${findings.length} ${findings.length === 1 ? "finding" : "findings"}, in ${Math.ceil(performance.now() - before)} ms`;
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, pause);
});
least.addEventListener("change", show);
take.addEventListener("click", () => {
  text.value = optimized;
  show();
});

try {
  dockhew = await Dockhew.from(await (await fetch("dockhew.wasm")).arrayBuffer());
  show();
} catch (error) {
  at("state").textContent = `The library could not be loaded: ${error.message}`;
}
