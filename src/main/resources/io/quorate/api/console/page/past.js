// Keys as they were at a revision, with a slider through the revisions that are not compacted.

import { get, keyPath } from "./api.js";
import { beginning, fromLink, ofView, shown, text, toLink, utf8 } from "./bytes.js";
import { button, field, h, refill, table } from "./dom.js";
import { sums } from "./metrics.js";

const PAGE_KEYS = 50;
const VALUE_CHARS_MAX = 120;

export async function show(pane, route, shell) {
  return new PastView(pane, route, shell);
}

class PastView {
  #prefix;
  #shell;
  #slider = h("input", { type: "range", min: 1, max: 1, step: 1 });
  #number = h("input", { type: "number", min: 1, class: "short" });
  #bounds = h("p", { class: "hint" });
  #found = h("section", { class: "card", "aria-label": "Keys at this revision" });
  #more = h("div");
  #reads = 0;

  constructor(pane, route, shell) {
    this.#prefix = fromLink(route.rest);
    this.#shell = shell;
    const name = h("input", { type: "text", value: text(this.#prefix) ?? "", spellcheck: "false", autocomplete: "off" });
    this.#slider.addEventListener("input", () => { this.#number.value = this.#slider.value; });
    this.#slider.addEventListener("change", () => this.#go(Number(this.#slider.value)));
    this.#number.addEventListener("change", () => this.#go(Number(this.#number.value)));
    refill(pane, h("h1", null, "Keys as they were"),
      h("form", {
        class: "search",
        onSubmit: (event) => {
          event.preventDefault();
          location.hash = `#/past/${toLink(utf8(name.value))}`;
        },
      }, field("Keys that begin with", name), field("Revision", this.#number), h("button", { type: "submit" }, "Show")),
      field("Through the revisions", this.#slider), this.#bounds, this.#found, this.#more);
    shell.attempt(() => this.#begin(Number(route.parameters.get("revision"))));
  }

  async #begin(wanted) {
    const { revision } = await get("status");
    const oldest = Math.max(await compacted(), 1);
    this.#slider.min = oldest;
    this.#slider.max = revision;
    this.#bounds.textContent = `Revisions ${oldest} to ${revision} are kept.`;
    await this.#go(wanted || revision);
  }

  async #go(revision) {
    this.#slider.value = revision;
    this.#number.value = revision;
    this.#reads++;
    refill(this.#more);
    await this.#page(revision, undefined, []);
  }

  /** One page more; what was asked for before that is not shown any more. */
  async #page(revision, next, rows) {
    const mine = this.#reads;
    await this.#shell.attempt(async () => {
      const page = await get(keyPath("keys", this.#prefix),
        { encoding: "base64", prefix: "", limit: PAGE_KEYS, ...(next ? { continue: next } : { revision }) });
      if (mine !== this.#reads) {
        return;
      }
      const all = [...rows, ...page.keys.map((one) => this.#row(one))];
      refill(this.#found, h("p", null, `${(all.length + page.remaining).toLocaleString("en")} keys at revision ${revision}`),
        table("Keys at this revision", ["Key", "Value", "Changed at", "Version"], all));
      refill(this.#more, page.continue && button("Show more", () => this.#page(revision, page.continue, all), { class: "plain" }));
    });
  }

  #row(one) {
    const key = ofView(one.key, one.key_encoding);
    const value = beginning(one.value, one.encoding, VALUE_CHARS_MAX);
    return [h("a", { href: `#/history/${toLink(key)}` }, h("bdi", null, shown(key))), h("bdi", null, value),
      one.mod_revision, one.version];
  }
}

/** The revision up to which history is gone, as the member counts it; 0 if it does not tell. */
async function compacted() {
  const answer = await fetch("../metrics", { cache: "no-store" });
  return answer.ok ? sums(await answer.text()).get("etcd_debugging_mvcc_compact_revision") ?? 0 : 0;
}
