// Locks and elections by their name: who holds, who waits. Both have a key for each client below their name, in the order of its creation.

import { get, keyPath } from "./api.js";
import { beginning, fromLink, ofView, shown, text, toLink, utf8 } from "./bytes.js";
import { button, field, h, refill, table } from "./dom.js";

const VALUE_CHARS_MAX = 200;

export async function show(pane, route, shell) {
  const name = fromLink(route.rest);
  const input = h("input", { type: "text", value: text(name) ?? "", spellcheck: "false", autocomplete: "off" });
  const found = h("section", { class: "card", "aria-label": "Holder and waiting", hidden: true });
  refill(pane, h("h1", null, "Locks and elections"),
    h("form", {
      class: "search",
      onSubmit: (event) => {
        event.preventDefault();
        location.hash = `#/locks/${toLink(utf8(input.value))}`;
      },
    }, field("Name", input, "As clients give it, for instance what is behind etcdctl lock."),
    h("button", { type: "submit", class: "main" }, "Show")), found);
  if (name.length > 0) {
    await shell.attempt(() => read(name, found, shell));
  }
}

async function read(name, found, shell) {
  const queue = await get(keyPath("locks", name), { encoding: "base64" });
  const rows = [];
  if (queue.holder) {
    rows.push(["holds", ...cells(queue.holder)]);
  }
  queue.waiting.forEach((one, i) => rows.push([`waits, place ${i + 1}`, ...cells(one)]));
  refill(found, rows.length === 0 ? h("p", null, "Nobody holds it.")
    : table("Holder and waiting", ["Client", "Key", "Since revision", "Lease", "Value"], rows),
  h("div", { class: "actions" },
    button("Read again", () => shell.attempt(() => read(name, found, shell)), { class: "plain" })));
  found.hidden = false;
}

function cells(one) {
  const key = ofView(one.key, one.key_encoding);
  return [h("a", { href: `#/key/${toLink(key)}` }, h("bdi", null, shown(key))), one.create_revision, one.lease ?? "none",
    h("bdi", null, beginning(one.value, one.encoding, VALUE_CHARS_MAX))];
}
