// Finds pages by their titles and first sentences; without it, the list of pages is enough.
const field = document.getElementById("search"), found = document.getElementById("found"), root = document.body.dataset.root;
let pages;
field.addEventListener("input", async () => {
  pages ??= await (await fetch(root + "pages.json")).json();
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length ? pages.filter((page) => words.every((word) => page.text.includes(word))).slice(0, 12) : [];
  found.replaceChildren(...hits.map((page) => {
    const item = document.createElement("li"), link = document.createElement("a"), about = document.createElement("span");
    link.href = root + page.path;
    link.textContent = page.title;
    about.textContent = " " + page.summary;
    item.append(link, about);
    return item;
  }));
});
