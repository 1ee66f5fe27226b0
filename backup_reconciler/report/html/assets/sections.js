// How each table is told: its rows in words, what they can be chosen by, which column names a row, and special cells.
const SECTIONS = {
  actions: {
    words: ["action", "actions"],
    facets: ["risk"],
    heading: "label",
    cells: { label: actionCell, effect: effectCell, risk: (row) => [badge(row.risk)], source: lineCell },
  },
  held: { words: ["action left out", "actions left out"], facets: [], heading: "label", cells: { source: lineCell } },
  resources: {
    words: ["resource", "resources"],
    facets: ["state", "origin"],
    heading: "label",
    cells: {
      state: (row) => [badge(row.state)],
      label: labelCell,
      changes: changesCell,
      origin: originCell,
    },
    // What is as declared is many and seldom of interest, and what is blocked is told as a finding.
    unasked: { facet: "state", values: ["as declared", "blocked"] },
  },
  findings: {
    words: ["finding", "findings"],
    facets: ["severity"],
    heading: "label",
    cells: { severity: (row) => [badge(row.severity)], label: findingCell, remedy: remedyCell },
  },
  gone: {
    words: ["difference gone", "differences gone"],
    facets: [],
    heading: "label",
    cells: { state: (row) => [badge(row.state)], now: (row) => [badge(row.now)], origin: (row) => [badge(row.origin)] },
  },
  machines: {
    words: ["VM", "VMs"],
    facets: ["standing", "health"],
    heading: "name",
    cells: { standing: standingCell, age: ageCell, health: healthCell },
  },
  kept: {
    words: ["backup kept without an end", "backups kept without an end"],
    facets: [],
    heading: "label",
    cells: { age: ageCell },
  },
};
SECTIONS.undeclared = { ...SECTIONS.findings, words: ["undeclared", "undeclared"] };

// The cells whose texts are words of an enumeration are sorted by its order, and differences by their first field.
function sortValue(row, column) {
  const value = row[column];
  if (column in report.words) return report.words[column].indexOf(value);
  return Array.isArray(value) ? (value[0]?.path ?? "") : value;
}

const byText = new Intl.Collator("en", { numeric: true });

// Rows by a column; those that have nothing there come last, whichever way it goes.
function sorted(rows, { column, descending }) {
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row) => [sortValue(row, column), row]);
  keyed.sort(([one], [other]) => {
    const none = (one === "" || one === null) - (other === "" || other === null);
    if (none) return none;
    return sign * (typeof one === "string" ? byText.compare(one, other) : one - other);
  });
  return keyed.map(([, row]) => row);
}
