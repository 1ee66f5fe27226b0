// The page as a whole: its controls, its address, its keys, and paper.

const search = document.getElementById("search");
const vault = document.getElementById("vault");
const clear = document.getElementById("clear");
const status = document.getElementById("status");
const choices = [...document.querySelectorAll(".choice")];
const vaults = [...vault.options].map((option) => option.value);
const tables = [...document.querySelectorAll("section.table[id]")].map((place) => new Table(place, changed));

// Do something to the view, and show it, in the address too.
function changed(change) {
  change();
  const told = fragment();
  history.replaceState(null, "", told ? `#${told}` : location.href.split("#")[0]);
  show();
}

function show() {
  if (search.value !== view.search) search.value = view.search;
  vault.value = view.vault;
  clear.hidden = !isFiltered();
  for (const choice of choices) {
    choice.setAttribute("aria-pressed", String(view.chosen[choice.dataset.facet].has(choice.dataset.value)));
  }
  const terms = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const numbers = tables.map((table) => [table, table.show(terms)]);
  for (const [table, number] of numbers) {
    const link = document.querySelector(`.toolbar a[data-for="${table.id}"]`);
    link.hidden = number === 0;
    link.querySelector(".count").textContent = number.toLocaleString("en");
  }
  tell(numbers.filter(([, number]) => number));
}

// In words what is shown, and by which filters: heard by who cannot see it, and printed.
function tell(numbers) {
  const rows = numbers.map(([table, number]) => counted(number, ...table.section.words)).join(", ");
  const found = rows || (isFiltered() ? "Nothing matches" : "Nothing differs");
  status.textContent = isFiltered() ? `${found}. Filtered by ${filters().join("; ")}.` : `${found}.`;
}

function filters() {
  const words = FACETS.flatMap((facet) => [...view.chosen[facet]]);
  const told = view.search.trim() ? [`“${view.search.trim()}”`] : [];
  if (view.vault) told.push(`vault ${view.vault}`);
  return words.length ? [...told, words.join(", ")] : told;
}

function choose({ facet, value }) {
  const chosen = view.chosen[facet];
  if (!chosen.delete(value)) chosen.add(value);
}

// A link inside the page goes to its place; the address is for the filters.
function follow(event) {
  const place = document.getElementById(event.currentTarget.hash.slice(1));
  event.preventDefault();
  place.scrollIntoView();
  place.focus({ preventScroll: true });
}

function pressed(event) {
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && event.target === search) {
    changed(() => (view.search = ""));
  }
}

// Paper has no pages to turn: it gets every row of the view.
function onPaper(isPrinting) {
  for (const table of tables) {
    if (table.onPaper !== isPrinting) {
      table.onPaper = isPrinting;
      table.draw();
    }
  }
}

function readAddress() {
  const told = location.hash.slice(1);
  readFragment(told.includes("=") ? told : "", vaults);
  show();
}

search.addEventListener("input", () => changed(() => (view.search = search.value)));
vault.addEventListener("change", () => changed(() => (view.vault = vault.value)));
clear.addEventListener("click", () => {
  changed(clearView);
  search.focus();
});
for (const choice of choices) {
  choice.disabled = false;
  choice.addEventListener("click", () => changed(() => choose(choice.dataset)));
}
for (const link of document.querySelectorAll('a[href^="#"]')) link.addEventListener("click", follow);
document.addEventListener("keydown", pressed);
window.addEventListener("hashchange", readAddress);
window.addEventListener("beforeprint", () => onPaper(true));
window.addEventListener("afterprint", () => onPaper(false));
matchMedia("print").addEventListener("change", (media) => onPaper(media.matches));
readAddress();
