// An element. Text among its children stays text, whatever is in it.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A name or a message of Azure's or of a manifest: it cannot turn the direction of what stands around it.
function told(text) {
  return element("bdi", {}, text);
}

function block(kind, ...children) {
  return element("div", { class: kind }, ...children);
}

function sourceOf(text) {
  return element("span", { class: "source" }, told(text));
}

// A word with its colour beside it.
function badge(word) {
  const dot = element("span", { class: `dot ${report.tones[word] ?? "faint"}`, "aria-hidden": "true" });
  return element("span", { class: "badge" }, dot, word);
}

function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
