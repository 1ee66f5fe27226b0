// What is looked at: search, vault, chosen words, sorting. All of it is in the address, after the #.

const FACETS = ["risk", "state", "severity", "standing", "health", "origin"];

const view = { search: "", vault: "", chosen: {}, sorts: {} };

function clearView() {
  Object.assign(view, { search: "", vault: "", chosen: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])) });
}

function isFiltered() {
  return Boolean(view.search.trim() || view.vault || FACETS.some((facet) => view.chosen[facet].size));
}

function fragment() {
  const told = new URLSearchParams();
  if (view.search.trim()) told.set("q", view.search.trim());
  if (view.vault) told.set("vault", view.vault);
  for (const facet of FACETS) {
    if (view.chosen[facet].size) told.set(facet, [...view.chosen[facet]].join(","));
  }
  for (const [table, { column, descending }] of Object.entries(view.sorts)) {
    told.append("sort", `${table}.${column}.${descending ? "descending" : "ascending"}`);
  }
  return told.toString();
}

// Read the address; what it says that this report does not have is left aside.
function readFragment(text, vaults) {
  clearView();
  view.sorts = {};
  const told = new URLSearchParams(text);
  view.search = told.get("q") ?? "";
  view.vault = vaults.includes(told.get("vault")) ? told.get("vault") : "";
  for (const facet of FACETS) {
    const words = (told.get(facet) ?? "").split(",");
    view.chosen[facet] = new Set(words.filter((word) => report.words[facet].includes(word)));
  }
  for (const sort of told.getAll("sort")) {
    const [table, column, way] = sort.split(".");
    if (Object.hasOwn(report.tables, table)) view.sorts[table] = { column, descending: way === "descending" };
  }
}

// Once words are chosen anywhere, a table is shown only if some of its own are among them.
function isAskedFor(section) {
  const any = FACETS.some((facet) => view.chosen[facet].size);
  return !any || section.facets.some((facet) => view.chosen[facet].size);
}

function isShown(row, section, terms) {
  if (view.vault && row.vault !== view.vault) return false;
  for (const facet of section.facets) {
    if (view.chosen[facet].size && !view.chosen[facet].has(row[facet])) return false;
  }
  const unasked = section.unasked;
  if (unasked && unasked.values.includes(row[unasked.facet]) && !view.chosen[unasked.facet].size) return false;
  return terms.every((term) => saying(row).includes(term));
}
