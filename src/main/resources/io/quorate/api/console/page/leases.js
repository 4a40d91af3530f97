// Leases: what is left of them, and their keys.

import { call, get } from "./api.js";
import { ofView, shown, toLink } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, h, refill } from "./dom.js";
import { session } from "./session.js";

/** So many are looked at, until more are asked for. */
const PAGE_LEASES = 50;
const SECOND_MILLIS = 1000;

export async function show(pane, route, shell) {
  return new LeasesView(pane, shell);
}

class LeasesView {
  #shell;
  #ids = [];
  #leases = [];
  #list = h("ul", { class: "leases" });
  #more = h("div");
  #head = h("p", { class: "hint" });
  #closed = false;
  #timer;

  constructor(pane, shell) {
    this.#shell = shell;
    refill(pane, h("h1", null, "Leases"), this.#head,
      h("div", { class: "actions" },
        button("Read again", () => this.#read(), { class: "plain" }),
        session.writable && button("New lease", () => this.#grant(), { class: "plain" })),
      this.#list, this.#more);
    this.#read();
    this.#timer = setInterval(() => this.#count(), SECOND_MILLIS);
  }

  close() {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #read() {
    await this.#shell.attempt(async () => {
      this.#ids = (await get("leases")).leases;
      this.#leases = [];
      this.#list.replaceChildren();
      this.#head.textContent = this.#ids.length === 0 ? "There is none." : `${this.#ids.length.toLocaleString("en")} leases.`;
      await this.#page();
    });
  }

  async #page() {
    const ids = this.#ids.splice(0, PAGE_LEASES);
    for (const id of ids) {
      if (this.#closed) {
        return;
      }
      const lease = new LeaseItem(id, this.#shell, () => this.#read());
      this.#leases.push(lease);
      this.#list.append(lease.node);
      await lease.read();
    }
    refill(this.#more, this.#ids.length > 0
      && button(`Show ${Math.min(PAGE_LEASES, this.#ids.length)} more`, () => this.#shell.attempt(() => this.#page()), { class: "plain" }));
  }

  #count() {
    if (!document.hidden) {
      this.#leases.forEach((lease) => lease.count());
    }
  }

  async #grant() {
    const entered = await ask({
      title: "New lease", action: "Grant",
      fields: [{ name: "ttl", label: "Seconds", type: "number", value: "60", required: true }],
    });
    if (entered !== null && await this.#shell.attempt(
      () => call("POST", "leases", { json: { ttl: Number(entered.ttl) } }), "The lease was granted.")) {
      await this.#read();
    }
  }
}

class LeaseItem {
  #id;
  #shell;
  #changed;
  #left = h("span", { class: "left" });
  #keys = h("ul");
  #end = null;
  #granted = 0;

  constructor(id, shell, changed) {
    this.#id = id;
    this.#shell = shell;
    this.#changed = changed;
    this.node = h("li", { class: "card" }, h("h2", null, id), this.#left, this.#keys,
      session.writable && h("div", { class: "actions" },
        button("Keep alive", () => this.#keepAlive(), { class: "plain" }),
        button("Revoke", () => this.#revoke(), { class: "plain danger" })));
  }

  async read() {
    try {
      const lease = await get(`leases/${this.#id}`, { keys: "" });
      this.#granted = lease.granted;
      this.#end = performance.now() + lease.ttl * SECOND_MILLIS;
      refill(this.#keys, lease.keys.slice(0, 100).map((one) => {
        const key = ofView(one.key, one.key_encoding);
        return h("li", null, h("a", { href: `#/key/${toLink(key)}` }, h("bdi", null, shown(key))));
      }), lease.keys.length > 100 && h("li", null, `and ${lease.keys.length - 100} more`));
      this.count();
    } catch (failure) {
      if (failure.status !== 404) {
        throw failure;
      }
      this.#gone();
    }
  }

  #gone() {
    this.#end = null;
    this.#left.textContent = "It has run out or was revoked.";
    this.#keys.replaceChildren();
  }

  /** Shows what is left. What the member says counts: at the end it is asked again. */
  count() {
    if (this.#end === null) {
      return;
    }
    const seconds = Math.ceil((this.#end - performance.now()) / SECOND_MILLIS);
    if (seconds <= 0) {
      this.#end = null;
      this.#left.textContent = "It runs out.";
      this.#shell.attempt(() => this.read());
    } else {
      this.#left.textContent = `${seconds} of ${this.#granted} seconds left`;
    }
  }

  async #keepAlive() {
    await this.#shell.attempt(async () => {
      await call("POST", `leases/${this.#id}/keepalive`);
      await this.read();
    }, "The lease begins anew.");
  }

  async #revoke() {
    const sure = await ask({
      title: "Revoke this lease?", text: "Its keys are deleted.", action: "Revoke", danger: true, word: this.#id,
    });
    if (sure !== null && await this.#shell.attempt(() => call("DELETE", `leases/${this.#id}`), "The lease was revoked.")) {
      this.#changed();
    }
  }
}
