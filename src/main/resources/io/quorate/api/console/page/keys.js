// Keys: the tree at one side, a key at the other.

import { ApiError, call, keyPath, send } from "./api.js";
import { equal, fromLink, ofView, parent, shown, text, toLink, utf8 } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, field, h, refill } from "./dom.js";
import { having } from "./find.js";
import { KeyPane } from "./key.js";
import { Selection } from "./selection.js";
import { session } from "./session.js";
import { exportKeys, importKeys } from "./transfer.js";
import { Tree, ancestors, count } from "./tree.js";

let separator = "/";

export async function show(pane, route, shell) {
  return new KeysView(pane, route, shell);
}

class KeysView {
  #shell;
  #prefix;
  #tree;
  #side = h("section", { class: "side", "aria-label": "Tree of keys" });
  #detail = h("section", { class: "detail", "aria-label": "Key" });
  #key = null;

  constructor(pane, route, shell) {
    this.#shell = shell;
    separator = route.parameters.get("separator") || separator;
    const key = route.view === "key" ? fromLink(route.rest) : null;
    this.#prefix = key === null ? fromLink(route.rest) : parent(key, utf8(separator));
    refill(pane, h("div", { class: "split" }, this.#side, this.#detail));
    this.#browse();
    this.#open(key);
  }

  /** Goes to another key of the same tree, which stays as it is. */
  moves(route) {
    if (route.view !== "key") {
      return false;
    }
    this.#open(fromLink(route.rest));
    return true;
  }

  dirty() {
    return this.#key?.dirty() === true;
  }

  close() {
    this.#tree?.close();
    this.#key?.close();
  }

  #open(key) {
    this.#key?.close();
    this.#tree.select(key);
    if (key === null) {
      this.#key = null;
      refill(this.#detail, h("h1", { class: "unseen" }, "Keys"), h("p", { class: "hint" }, "Choose a key of the tree, or look for one by its name."));
      return;
    }
    this.#key = new KeyPane(this.#detail, key, this.#shell, () => this.#browse());
    if (matchMedia("(max-width: 55rem)").matches) {
      this.#detail.scrollIntoView();
    }
  }

  #browse() {
    this.#tree?.close();
    const selection = session.writable ? new Selection(this.#shell, (gone) => this.#deleted(gone)) : null;
    this.#tree = new Tree(this.#prefix, separator, (failure) => this.#shell.fail(failure), selection);
    this.#tree.select(this.#key?.key ?? null);
    refill(this.#side, this.#search(), this.#path(), this.#valueSearch(this.#tree), selection?.node, this.#tree.node);
  }

  /** Looks into the values of the keys that are shown, and shows only those which have a text. */
  #valueSearch(tree) {
    const input = h("input", { type: "search", spellcheck: "false", autocomplete: "off" });
    const told = h("p", { class: "hint", role: "status" });
    const find = h("button", { type: "submit" }, "Find");
    return h("details", { class: "find" }, h("summary", null, "Find by value"),
      h("form", {
        class: "search",
        onSubmit: async (event) => {
          event.preventDefault();
          find.disabled = true;
          await this.#shell.attempt(() => this.#find(tree, input.value, told));
          find.disabled = false;
        },
      }, field("Values that have", input), find), told);
  }

  async #find(tree, wanted, told) {
    if (wanted === "") {
      tree.only(null);
      refill(told);
      return;
    }
    const links = tree.shown();
    const found = await having(links.map(fromLink), wanted, (read) => { told.textContent = `${read} of ${links.length} read…`; });
    tree.only(found);
    told.textContent = `${found.size} of the ${links.length} keys that are shown have it. Find nothing to see all again.`;
  }

  #deleted(gone) {
    this.#browse();
    const lost = this.#key && gone.some((one) => (one.branch
      ? equal(this.#key.key.subarray(0, one.key.length), one.key) : equal(this.#key.key, one.key)));
    if (lost && !this.dirty()) {
      this.#open(null);
    }
  }

  #search() {
    const input = h("input", { type: "search", value: text(this.#prefix) ?? "", spellcheck: "false", autocomplete: "off" });
    const by = h("input", { type: "text", value: separator, class: "short", autocomplete: "off", maxlength: 16 });
    return h("form", {
      class: "search", role: "search",
      onSubmit: (event) => {
        event.preventDefault();
        separator = by.value || "/";
        location.hash = `#/keys/${toLink(utf8(input.value))}?${new URLSearchParams({ separator })}`;
      },
    }, field("Keys that begin with", input), field("Levels end with", by),
    h("button", { type: "submit" }, "Show"));
  }

  #path() {
    const counted = h("span", { class: "count" });
    count(this.#prefix).then((keys) => { counted.textContent = `${keys.toLocaleString("en")} ${keys === 1 ? "key" : "keys"}`; },
      (failure) => this.#shell.fail(failure));
    const steps = ancestors(this.#prefix, utf8(separator));
    return h("div", { class: "path" },
      h("nav", { "aria-label": "Levels above" },
        h("a", { href: "#/keys/" }, "all keys"),
        steps.map((step) => [" ", h("a", { href: `#/keys/${toLink(step.prefix)}` }, h("bdi", null, shown(step.name)))])),
      counted,
      h("div", { class: "actions" },
        h("a", { href: `#/past/${toLink(this.#prefix)}` }, "As they were"),
        this.#prefix.length > 0 && h("a", { href: `#/watch/${toLink(this.#prefix)}?prefix` }, "Watch"),
        session.writable && button("New key", () => this.#create(), { class: "plain" }),
        button("Export", () => this.#export(), { class: "plain" }),
        session.writable && button("Import", () => this.#import(), { class: "plain" }),
        session.writable && this.#prefix.length > 0
          && button("Delete all", () => this.#deleteAll(), { class: "plain danger" })));
  }

  async #create() {
    const entered = await ask({
      title: "New key", action: "Create",
      fields: [
        { name: "key", label: "Key", value: text(this.#prefix) ?? "", required: true },
        { name: "value", label: "Value", hint: "As text. Other bytes can be written after it is there." },
        { name: "lease", label: "Lease", hint: "Its id in hexadecimal, or nothing." },
      ],
    });
    if (entered === null) {
      return;
    }
    const key = utf8(entered.key);
    await this.#shell.attempt(async () => {
      try {
        await send("PUT", keyPath("keys", key), {
          query: { encoding: "base64", lease: entered.lease.trim() || undefined },
          headers: { "Content-Type": "application/octet-stream", "If-None-Match": "*" },
          body: utf8(entered.value),
        });
      } catch (failure) {
        throw failure.status === 412 ? new ApiError(412, { detail: "There is such a key already." }) : failure;
      }
      this.#browse();
      location.hash = `#/key/${toLink(key)}`;
    }, "The key was created.");
  }

  async #export() {
    const entered = await ask({
      title: "Save keys to a file", action: "Save", text: "All that begin so, as they are at one revision.",
      fields: [{ name: "form", label: "As", options: [{ value: "json", label: "JSON" }, { value: "csv", label: "CSV" }] }],
    });
    if (entered === null) {
      return;
    }
    await this.#shell.attempt(async () => {
      const keys = await exportKeys(this.#prefix, entered.form);
      this.#shell.say(`${keys.toLocaleString("en")} keys were saved to a file.`);
    });
  }

  async #import() {
    await this.#shell.attempt(async () => {
      const done = await importKeys();
      if (done !== null) {
        this.#shell.say(done);
        this.#browse();
      }
    });
  }

  async #deleteAll() {
    const prefix = this.#prefix;
    await this.#shell.attempt(async () => {
      const answer = await send("DELETE", keyPath("keys", prefix),
        { query: { encoding: "base64", prefix: "", dry_run: "" } });
      const trial = await answer.json();
      const sample = trial.keys.map((one) => h("li", null, h("bdi", null, shown(ofView(one.key, one.key_encoding)))));
      const sure = await ask({
        title: `Delete ${trial.count.toLocaleString("en")} ${trial.count === 1 ? "key" : "keys"}?`,
        text: [["These begin with ", h("bdi", null, shown(prefix)), ":"], h("ul", { class: "sample" }, sample)]
          .map((part) => Array.isArray(part) ? h("p", null, part) : part),
        action: "Delete", danger: true, word: shown(prefix),
      });
      if (sure === null) {
        return;
      }
      try {
        const done = await call("DELETE", keyPath("keys", prefix), {
          query: { encoding: "base64", prefix: "" }, headers: { "If-Match": answer.headers.get("ETag") },
        });
        this.#shell.say(`${done.deleted.toLocaleString("en")} keys were deleted.`);
      } catch (failure) {
        throw failure.status === 412
          ? new ApiError(412, { detail: "Nothing was deleted: one of the keys was written meanwhile." }) : failure;
      }
      this.#browse();
      if (this.#key && equal(this.#key.key.subarray(0, prefix.length), prefix)) {
        this.#open(null);
      }
    });
  }
}
