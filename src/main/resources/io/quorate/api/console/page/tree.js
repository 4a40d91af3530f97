// The tree of keys. Each level is read when it is opened, page by page; nothing is read that is not shown.

import { get, keyPath } from "./api.js";
import { join, ofView, shown, toLink } from "./bytes.js";
import { button, h, refill } from "./dom.js";

const PAGE_NODES = 100;

/** How many counts are asked for at the same time. */
const COUNTERS = 4;

/** Counts branches, a few at a time; what is not on the page any more is not counted. */
class Counter {
  #waiting = [];
  #running = 0;

  add(prefix, node) {
    this.#waiting.push({ prefix, node });
    this.#next();
  }

  stop() {
    this.#waiting = [];
  }

  async #next() {
    const one = this.#running < COUNTERS ? this.#waiting.shift() : undefined;
    if (!one) {
      return;
    }
    this.#running++;
    try {
      if (one.node.isConnected) {
        one.node.textContent = (await count(one.prefix)).toLocaleString("en");
      }
    } catch (uncounted) {
      one.node.textContent = "?";
    } finally {
      this.#running--;
      this.#next();
    }
  }
}

/** How many keys begin so. */
export async function count(prefix) {
  const found = await get(keyPath("keys", prefix), { encoding: "base64", prefix: "", count_only: "", serializable: "" });
  return found.count;
}

/** The tree below a prefix. */
export class Tree {
  #counter = new Counter();
  #selected = null;

  /** The separator is text; failures go to onFailure; keys and branches are chosen in a selection, if there is one. */
  constructor(prefix, separator, onFailure, selection) {
    this.separator = separator;
    this.onFailure = onFailure;
    this.selection = selection;
    this.node = h("div", { class: "tree" });
    this.#level(prefix, this.node);
  }

  close() {
    this.#counter.stop();
  }

  /** The keys that are shown, as links have them. */
  shown() {
    return Array.from(this.node.querySelectorAll("a.leaf"), (link) => link.dataset.key);
  }

  /** Shows only those of the keys that are in a set; all if it is null. */
  only(links) {
    for (const link of this.node.querySelectorAll("a.leaf")) {
      link.closest("li").hidden = links !== null && !links.has(link.dataset.key);
    }
    this.selection?.prune();
  }

  /** Marks the key that is shown beside the tree. */
  select(key) {
    this.#selected = key === null ? null : toLink(key);
    for (const link of this.node.querySelectorAll("a.leaf")) {
      this.#mark(link);
    }
  }

  #mark(link) {
    if (link.dataset.key === this.#selected) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }

  async #level(prefix, into) {
    const list = h("ul");
    const state = h("p", { class: "hint" }, "Reading…");
    into.append(list, state);
    await this.#page(prefix, list, state, undefined);
  }

  async #page(prefix, list, state, next) {
    let level;
    try {
      level = await get(keyPath("tree", prefix),
        { encoding: "base64", separator: this.separator, limit: PAGE_NODES, continue: next });
    } catch (failure) {
      refill(state, button("Read again", () => this.#page(prefix, list, state, next), { class: "plain" }));
      this.onFailure(failure);
      return;
    }
    const nodes = level.nodes.map((one) => this.#node(prefix, one));
    list.append(...nodes);
    if (level.continue !== undefined) {
      refill(state, button("Show more", async () => {
        await this.#page(prefix, list, state, level.continue);
      }, { class: "plain" }));
    } else {
      refill(state, list.childElementCount === 0 ? "No keys." : []);
    }
  }

  #node(prefix, one) {
    const key = ofView(one.key, one.key_encoding);
    const name = shown(key.subarray(prefix.length));
    return one.branch ? this.#branch(key, name) : this.#leaf(key, name, one);
  }

  #leaf(key, name, one) {
    const link = h("a", {
      class: "leaf", href: `#/key/${toLink(key)}`, "data-key": toLink(key),
      title: `revision ${one.mod_revision}, version ${one.version}`,
    }, h("bdi", null, name === "" ? "(this key)" : name), one.lease ? h("span", { class: "tag" }, "lease") : null);
    this.#mark(link);
    const revision = one.mod_revision;
    return h("li", null, this.selection
      ? h("div", { class: "row" }, this.selection.box(name, { key, revision, branch: false }), link) : link);
  }

  #branch(prefix, name) {
    const below = h("div", { class: "below", hidden: true });
    const counted = h("span", { class: "count", title: "keys" });
    const toggle = h("button", { type: "button", class: "branch", "aria-expanded": "false" }, h("bdi", null, name), counted);
    toggle.addEventListener("click", () => {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", String(open));
      below.hidden = !open;
      below.replaceChildren(); // what is closed takes no memory, and is read anew
      this.selection?.prune();
      if (open) {
        this.#level(prefix, below);
      }
    });
    queueMicrotask(() => this.#counter.add(prefix, counted));
    return h("li", null,
      h("div", { class: "row" }, this.selection?.box(name, { key: prefix, branch: true }), toggle,
        h("a", { href: `#/keys/${toLink(prefix)}`, class: "enter", title: "Only this", "aria-label": `Only ${name}` }, "→")),
      below);
  }
}

/** The prefixes above a prefix, from the top, itself included. */
export function ancestors(prefix, separator) {
  const all = [];
  let start = 0;
  for (let i = 0; i + separator.length <= prefix.length; i++) {
    if (separator.every((byte, at) => prefix[i + at] === byte)) {
      const end = i + separator.length;
      all.push({ prefix: prefix.slice(0, end), name: prefix.slice(start, end) });
      start = end;
    }
  }
  if (start < prefix.length) {
    all.push({ prefix: join(prefix, new Uint8Array(0)), name: prefix.slice(start) });
  }
  return all;
}
