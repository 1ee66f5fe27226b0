// What stands in the cells of tables that need more than a text.

function changesCell(row) {
  if (row.changes.length === 0) return row.source ? [told(row.note), block("", sourceOf(row.source))] : [told(row.note)];
  return row.changes.map((change) =>
    block(
      "change",
      element("span", { class: "path" }, told(change.path)),
      element("span", { class: "side" }, element("span", { class: "which" }, "declared "), told(change.declared)),
      element("span", { class: "side" }, element("span", { class: "which" }, "found "), told(change.found)),
      sourceOf(change.source),
    ),
  );
}

function labelCell(row) {
  const title = block("title", told(row.label));
  return row.note && row.changes.length ? [title, block("note", told(row.note))] : [title];
}

function actionCell(row) {
  return [block("title", told(row.label)), ...row.changes.map(becomes)];
}

// A field, and what it becomes.
function becomes(change) {
  const from = change.found === "—" ? [] : [told(change.found), " → "];
  return block("becomes", element("span", { class: "path" }, told(change.path)), " ", ...from, told(change.declared));
}

function lineCell(row) {
  return [sourceOf(row.source)];
}

function effectCell(row) {
  return row.note ? [told(row.effect), block("note", told(row.note))] : [told(row.effect)];
}

function findingCell(row) {
  const parts = [block("title", told(row.label)), block("message", told(row.message))];
  return row.source ? [...parts, sourceOf(row.source)] : parts;
}

// Why, and what to do: told once where one finding after another has the same.
function remedyCell(row, before) {
  if (before && before.rule === row.rule && before.remedy === row.remedy) return [block("note", "as above")];
  return [block("remedy", told(row.remedy)), block("note", "Why: ", told(row.why))];
}

function standingCell(row) {
  const isDeclared = row.declared && row.standing === "stopped";
  return isDeclared ? [badge(row.standing), block("note", "as declared")] : [badge(row.standing)];
}

function ageCell(row) {
  if (row.age === null) return [""];
  const age = counted(row.age, "day", "days");
  return row.allowed ? [age, block("note", `due every ${row.allowed === 1 ? "day" : `${row.allowed} days`}`)] : [age];
}

function healthCell(row) {
  return row.error ? [badge(row.health), block("note", told(row.error))] : [badge(row.health)];
}

function originCell(row) {
  if (!row.origin) return [""];
  return row.fresh ? [element("span", { class: "new" }, "new"), " ", badge(row.origin)] : [badge(row.origin)];
}
