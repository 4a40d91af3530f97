// Builds elements. Text goes in as text nodes and nothing is parsed as markup, so that no key or value becomes a part of the page.

const PROPERTIES = new Set(["value", "checked", "disabled", "readOnly", "selected", "hidden", "open", "required"]);

/** An element: properties and attributes by name, listeners as onName, then children: nodes, texts, lists of them, or nothing. */
export function h(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for a part of a drawing. */
export function svg(name, properties, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

function fill(node, properties, children) {
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (key.startsWith("on")) {
      node.addEventListener(key.slice(2).toLowerCase(), value);
    } else if (PROPERTIES.has(key)) {
      node[key] = value;
    } else {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  node.append(...present(children));
  return node;
}

/** Puts children in the place of those that are there. */
export function refill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
}

let ids = 0;

/** A label with its field below it. */
export function field(label, input, hint) {
  input.id = input.id || `field-${++ids}`;
  const note = hint ? h("p", { class: "hint", id: `${input.id}-hint` }, hint) : null;
  if (note) {
    input.setAttribute("aria-describedby", note.id);
  }
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, note);
}

/** A button; while what it does is under way it cannot be pressed again. */
export function button(label, action, properties) {
  const node = h("button", { type: "button", ...properties }, label);
  node.addEventListener("click", async () => {
    node.disabled = true;
    try {
      await action();
    } finally {
      node.disabled = false;
    }
  });
  return node;
}

/** A table with a caption for those who do not see it. */
export function table(caption, heads, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", null,
      h("caption", { class: "unseen" }, caption),
      h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell) => h("td", null, cell)))))));
}
