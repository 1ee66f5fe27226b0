// A table: a page of the rows that the view asks for, sorted. On paper it has all of them.

const PAGE = 100;

class Table {
  constructor(place, changed) {
    this.id = place.id;
    this.section = SECTIONS[place.id];
    this.rows = rowsOf(place.id);
    this.place = place;
    this.body = place.querySelector("tbody");
    this.headings = [...place.querySelectorAll("thead th")];
    this.columns = this.headings.map((heading) => heading.dataset.column);
    this.pager = place.querySelector(".pager");
    this.page = 0;
    this.onPaper = false;
    for (const heading of this.headings) {
      heading.firstElementChild.addEventListener("click", () => changed(() => this.sortBy(heading.dataset.column)));
    }
    for (const step of this.pager.querySelectorAll("button")) {
      step.addEventListener("click", () => this.turn(Number(step.dataset.step)));
    }
  }

  // Upwards, downwards, then as the report has it.
  sortBy(column) {
    const now = view.sorts[this.id];
    if (now?.column !== column) view.sorts[this.id] = { column, descending: false };
    else if (!now.descending) view.sorts[this.id] = { column, descending: true };
    else delete view.sorts[this.id];
  }

  turn(step) {
    const page = this.page + step;
    if (page < 0 || page * PAGE >= this.matching.length) return;
    this.page = page;
    this.draw();
    this.place.scrollIntoView();
  }

  // Show what the view asks for, from its first page on; returns how many rows that is.
  show(terms) {
    const asked = isAskedFor(this.section);
    const found = asked ? this.rows.filter((row) => isShown(row, this.section, terms)) : [];
    const sort = view.sorts[this.id];
    const isKnown = sort && this.columns.includes(sort.column);
    this.matching = isKnown ? sorted(found, sort) : found;
    this.page = 0;
    for (const heading of this.headings) {
      const isSorted = isKnown && heading.dataset.column === sort.column;
      if (isSorted) heading.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    this.place.hidden = this.matching.length === 0;
    this.draw();
    return this.matching.length;
  }

  draw() {
    const first = this.onPaper ? 0 : this.page * PAGE;
    const rows = this.onPaper ? this.matching : this.matching.slice(first, first + PAGE);
    this.body.replaceChildren(...rows.map((row, at) => this.line(row, rows[at - 1])));
    const number = this.matching.length;
    this.place.querySelector("h2 .count").textContent = number.toLocaleString("en");
    this.pager.hidden = this.onPaper || number <= PAGE;
    const [previous, next] = this.pager.querySelectorAll("button");
    previous.setAttribute("aria-disabled", String(first === 0));
    next.setAttribute("aria-disabled", String(first + PAGE >= number));
    const shown = `${(first + 1).toLocaleString("en")}–${(first + rows.length).toLocaleString("en")}`;
    this.pager.querySelector("span").textContent = `${shown} of ${number.toLocaleString("en")}`;
  }

  line(row, before) {
    const cells = this.columns.map((column, at) => {
      const isHeading = column === this.section.heading;
      const cell = this.section.cells[column]?.(row, before) ?? [told(String(row[column]))];
      const attributes = { "data-column": column, "data-heading": this.headings[at].textContent };
      return isHeading
        ? element("th", { ...attributes, scope: "row", role: "rowheader" }, ...cell)
        : element("td", { ...attributes, role: "cell" }, ...cell);
    });
    return element("tr", { role: "row" }, ...cells);
  }
}
