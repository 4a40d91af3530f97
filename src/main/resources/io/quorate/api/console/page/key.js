// One key: what is known of it, its value, and what can be done with it.

import { ApiError, call, keyPath, readKey, writeKey } from "./api.js";
import { shown, size, toLink } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, h, refill } from "./dom.js";
import { Editor } from "./editor.js";
import { session } from "./session.js";

export class KeyPane {
  #into;
  #shell;
  #changed;
  #found = null;
  #editor = null;
  #conflict = h("div", { role: "alert" });
  #save = null;

  /** Shows a key; onChanged is told when there is one more or less. */
  constructor(into, key, shell, onChanged) {
    this.#into = into;
    this.key = key;
    this.#shell = shell;
    this.#changed = onChanged;
    refill(into, this.#title(), h("p", { class: "hint" }, "Reading…"));
    this.#read();
  }

  dirty() {
    return session.writable && this.#editor?.changed() === true;
  }

  #title() {
    return h("h1", { tabindex: "-1" }, h("bdi", null, shown(this.key)));
  }

  async #read() {
    try {
      this.#found = await readKey(this.key);
    } catch (failure) {
      refill(this.#into, this.#title(), button("Read again", () => this.#read()));
      this.#shell.fail(failure);
      return;
    }
    if (this.#found === null) {
      this.#editor = null;
      refill(this.#into, this.#title(), h("p", null, "There is no such key."), this.#ways());
    } else {
      this.#show();
    }
  }

  #show() {
    const found = this.#found;
    this.#conflict.replaceChildren();
    this.#save = session.writable ? button("Save", () => this.#write(found.tag), { class: "main", disabled: true }) : null;
    this.#editor = new Editor(found.value, session.writable, () => {
      if (this.#save) {
        this.#save.disabled = !this.#editor.changed();
      }
    });
    refill(this.#into, this.#title(), this.#facts(found), this.#ways(), this.#editor.node, this.#conflict,
      h("div", { class: "actions" }, this.#save,
        button("Read again", () => this.#readAgain(), { class: "plain" }),
        session.writable && button("Delete", () => this.#delete(), { class: "plain danger" })));
  }

  #facts(found) {
    const facts = [
      ["Changed at revision", found.modRevision],
      ["Created at revision", found.createRevision],
      ["Version", found.version],
      ["Size", size(found.value.length)],
    ];
    if (found.lease) {
      facts.push(["Lease", found.lease]);
    }
    return h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
  }

  #ways() {
    return h("p", null, h("a", { href: `#/history/${toLink(this.key)}` }, "History"), " · ",
      h("a", { href: `#/watch/${toLink(this.key)}` }, "Watch"));
  }

  async #readAgain() {
    if (!this.dirty() || await this.#shell.mayLeave()) {
      await this.#read();
    }
  }

  /** Saves if the key is still what was read. */
  async #write(tag) {
    let value;
    try {
      value = this.#editor.bytes();
    } catch (mistake) {
      this.#shell.fail(new ApiError(400, { detail: mistake.message }));
      return;
    }
    try {
      await writeKey(this.key, value, { "If-Match": tag }, this.#found.lease ? { keep_lease: "" } : {});
      this.#editor = null; // what it has is saved
      await this.#read();
      this.#shell.say("Saved.");
    } catch (failure) {
      if (failure.status === 412) {
        await this.#showConflict(value);
      } else {
        this.#shell.fail(failure);
      }
    }
  }

  async #showConflict(mine) {
    this.#shell.hush();
    let theirs;
    try {
      theirs = await readKey(this.key);
    } catch (failure) {
      this.#shell.fail(failure);
      return;
    }
    if (theirs === null) {
      refill(this.#conflict, h("div", { class: "conflict" },
        h("p", null, "Not saved: the key was deleted meanwhile."),
        button("Create it with this value", () => this.#create(mine))));
      return;
    }
    refill(this.#conflict, h("div", { class: "conflict" },
      h("p", null, `Not saved: the key was changed meanwhile, at revision ${theirs.modRevision}. It is now:`),
      new Editor(theirs.value, false, () => {}).node,
      h("div", { class: "actions" },
        button("Take that, and forget what is above", () => {
          this.#found = theirs;
          this.#show();
        }),
        button("Save what is above nevertheless", () => this.#write(theirs.tag), { class: "danger" }))));
    this.#conflict.scrollIntoView({ block: "nearest" });
  }

  async #create(value) {
    await this.#shell.attempt(async () => {
      await writeKey(this.key, value, { "If-None-Match": "*" });
      this.#changed();
      await this.#read();
    }, "The key was created again.");
  }

  async #delete() {
    const sure = await ask({
      title: "Delete this key?", text: h("p", null, h("bdi", null, shown(this.key))), action: "Delete", danger: true,
    });
    if (sure === null) {
      return;
    }
    await this.#shell.attempt(async () => {
      try {
        await call("DELETE", keyPath("keys", this.key),
          { query: { encoding: "base64" }, headers: { "If-Match": this.#found.tag } });
      } catch (failure) {
        if (failure.status === 412) {
          throw new ApiError(412, { detail: "Not deleted: the key was changed meanwhile. Read it again first." });
        }
        throw failure;
      }
      this.#shell.say("Deleted.");
      this.#changed();
      this.#editor = null;
      await this.#read();
    });
  }
}
