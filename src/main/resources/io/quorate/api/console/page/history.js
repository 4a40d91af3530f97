// What became of a key: its changes that are not compacted, with their differences.

import { ApiError, get, keyPath, writeKey } from "./api.js";
import { EMPTY, fromLink, ofView, shown, size, toLink } from "./bytes.js";
import { difference } from "./diff.js";
import { button, h, refill } from "./dom.js";
import { session } from "./session.js";

/** Few at a time: each has its whole value. */
const PAGE_CHANGES = 10;

export async function show(pane, route, shell) {
  return new HistoryView(pane, fromLink(route.rest), shell);
}

class HistoryView {
  #key;
  #shell;
  #changes = [];
  #next;
  #list = h("ol", { class: "changes" });
  #more = h("div");
  #detail = h("section", { class: "detail", "aria-label": "Change" });
  #note = h("p", { class: "hint" });

  constructor(pane, key, shell) {
    this.#key = key;
    this.#shell = shell;
    refill(pane,
      h("h1", null, "History of ", h("bdi", null, shown(key))),
      h("p", null, h("a", { href: `#/key/${toLink(key)}` }, "The key"), " · ",
        h("a", { href: `#/watch/${toLink(key)}` }, "Watch it")),
      h("div", { class: "split" },
        h("section", { class: "side", "aria-label": "Changes" }, this.#list, this.#more, this.#note), this.#detail));
    this.#read();
  }

  async #read() {
    await this.#shell.attempt(async () => {
      const found = await get(keyPath("history", this.#key),
        { encoding: "base64", limit: PAGE_CHANGES, continue: this.#next });
      const first = this.#changes.length;
      this.#changes.push(...found.changes);
      this.#next = found.continue;
      this.#list.append(...found.changes.map((change, i) => this.#item(change, first + i)));
      refill(this.#more, this.#next !== undefined && button("Show older", () => this.#read(), { class: "plain" }));
      if (this.#next === undefined) {
        this.#note.textContent = this.#changes.length === 0 ? "No change of this key is kept."
          : found.compact_revision > 0 ? `What was before revision ${found.compact_revision} is compacted.` : "";
      }
      if (first === 0 && this.#changes.length > 0) {
        this.#choose(0);
      }
    });
  }

  #item(change, at) {
    const what = change.type === "put" ? `version ${change.version}, ${size(value(change).length)}` : "deleted";
    return h("li", null, h("button", { type: "button", class: "branch", "data-at": at, onClick: () => this.#shell.attempt(() => this.#choose(at)) },
      `Revision ${change.revision}`, h("span", { class: "count" }, what)));
  }

  #choose(at) {
    for (const node of this.#list.querySelectorAll("button")) {
      node.setAttribute("aria-pressed", String(Number(node.dataset.at) === at));
    }
    const change = this.#changes[at];
    const before = this.#changes[at + 1];
    const newest = this.#changes[0];
    refill(this.#detail,
      h("h2", null, before ? `Revision ${before.revision} to ${change.revision}` : `Revision ${change.revision}`),
      difference(before ? value(before) : EMPTY, value(change)),
      at > 0 && [h("h2", null, `This to the newest, revision ${newest.revision}`), difference(value(change), value(newest))],
      session.writable && change.type === "put" && at > 0 && h("div", { class: "actions" },
        button("Put this version back", () => this.#putBack(change), { class: "main" })));
  }

  /** Writes an old value, unless the key was changed since this page read it. */
  async #putBack(change) {
    const newest = this.#changes[0];
    const condition = newest.type === "put" ? { "If-Match": `"${newest.revision}"` } : { "If-None-Match": "*" };
    const put = await this.#shell.attempt(async () => {
      try {
        await writeKey(this.#key, value(change), condition, newest.lease ? { keep_lease: "" } : {});
      } catch (failure) {
        throw failure.status === 412
          ? new ApiError(412, { detail: "Not put back: the key was changed meanwhile. Look at its history again." }) : failure;
      }
    }, `The value of revision ${change.revision} was put back.`);
    if (put) {
      this.#changes = [];
      this.#next = undefined;
      this.#list.replaceChildren();
      await this.#read();
    }
  }
}

function value(change) {
  return change.type === "put" ? ofView(change.value, change.encoding) : EMPTY;
}
