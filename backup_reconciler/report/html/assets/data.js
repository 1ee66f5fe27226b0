"use strict";

// The report, as it stands in the page: rows refer to texts and to lists of differences by number.
const report = JSON.parse(document.getElementById("report").textContent);

const NUMBERS = new Set(["order", "age", "allowed", "fresh", "declared"]);
const CHANGE = ["path", "declared", "found", "source"];

const changes = report.changes.map((list) =>
  list.map((change) => Object.fromEntries(CHANGE.map((field, at) => [field, report.texts[change[at]]]))),
);

// A value of a row, by the name of its field.
function restored(field, value) {
  if (field === "changes") return changes[value];
  return NUMBERS.has(field) ? value : report.texts[value];
}

// The rows of a table as objects.
function rowsOf(id) {
  const { fields, rows } = report.tables[id];
  return rows.map((row) => Object.fromEntries(fields.map((field, at) => [field, restored(field, row[at])])));
}

// Everything that a row says, in lower case: what the search looks in. Worked out when it is first asked for.
const sayings = new WeakMap();

function saying(row) {
  if (!sayings.has(row)) {
    const texts = Object.values(row).flatMap((value) => (Array.isArray(value) ? value.flatMap(Object.values) : value));
    sayings.set(row, texts.filter((text) => typeof text === "string").join("\n").toLowerCase());
  }
  return sayings.get(row);
}
