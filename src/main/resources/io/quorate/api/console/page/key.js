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
  #reads = 0;
  #closed = false;

  /** Shows a key; onChanged is told when there is one more or less. */
  constructor(into, key, shell, onChanged) {
    this.#into = into;
    this.key = key;
    this.#shell = shell;
    this.#changed = onChanged;
    refill(into, this.#title(), h("p", { class: "hint" }, "Reading…"));
    this.#read();
  }

  /** A login that has run out does not count here: what was written is not saved all the same. */
  dirty() {
    return this.#editor?.changed() === true;
  }

  /** Another key is shown: answers that come late are not. */
  close() {
    this.#closed = true;
  }

  #title() {
    return h("h1", { tabindex: "-1" }, h("bdi", null, shown(this.key)));
  }

  async #read() {
    const mine = ++this.#reads;
    const isOld = () => this.#closed || mine !== this.#reads;
    try {
      const found = await readKey(this.key);
      if (!isOld()) {
        this.#show(found);
      }
    } catch (failure) {
      if (!isOld()) {
        this.#editor = null;
        refill(this.#into, this.#title(), button("Read again", () => this.#read()));
        this.#shell.fail(failure);
      }
    }
  }

  #show(found) {
    this.#found = found;
    this.#editor = null;
    this.#conflict.replaceChildren();
    if (found === null) {
      refill(this.#into, this.#title(), h("p", null, "There is no such key."), this.#ways());
      return;
    }
    const way = session.writable && button("Delete", () => this.#delete(), { class: "plain danger" });
    try {
      this.#showValue(found, way);
    } catch (failure) {
      refill(this.#into, this.#title(), this.#facts(found), this.#ways(),
        h("div", { class: "actions" }, button("Read again", () => this.#read(), { class: "plain" }), way));
      this.#shell.fail(failure);
    }
  }

  #showValue(found, way) {
    this.#save = session.writable ? button("Save", () => this.#write(found), { class: "main", disabled: true }) : null;
    this.#editor = new Editor(found.value, session.writable, () => {
      if (this.#save) {
        this.#save.disabled = !this.#editor.changed();
      }
    });
    refill(this.#into, this.#title(), this.#facts(found), this.#ways(), this.#editor.node, this.#conflict,
      h("div", { class: "actions" }, this.#save,
        button("Read again", () => this.#readAgain(), { class: "plain" }), way));
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

  /** Saves if the key is still what was read: it keeps the lease that it has then. */
  async #write(read) {
    let value;
    try {
      value = this.#editor.bytes();
    } catch (mistake) {
      this.#shell.fail(new ApiError(400, { detail: mistake.message }));
      return;
    }
    try {
      await writeKey(this.key, value, { "If-Match": read.tag }, read.lease ? { keep_lease: "" } : {});
      await this.#written("Saved.");
    } catch (failure) {
      await this.#refused(failure, value);
    }
  }

  async #written(done) {
    this.#editor = null; // what it has is stored
    await this.#read();
    this.#shell.say(done);
  }

  /** Nothing was written; what is entered stays. */
  async #refused(failure, value) {
    if (failure.status === 412 && this.#closed) {
      this.#shell.fail(new ApiError(412, { detail: `Not saved: ${shown(this.key)} was changed meanwhile.` }));
    } else if (failure.status === 412) {
      await this.#showConflict(value);
    } else if (failure.status === 401) {
      this.#shell.fail(new ApiError(401, { detail: "Not saved: the login does not count any more. Sign in and save again." }));
    } else {
      this.#shell.fail(failure);
    }
  }

  async #showConflict(mine) {
    this.#shell.hush();
    await this.#shell.attempt(async () => {
      const theirs = await readKey(this.key);
      refill(this.#conflict, h("div", { class: "conflict" }, theirs === null ? this.#deleted(mine) : this.#changedTo(theirs)));
      this.#conflict.scrollIntoView({ block: "nearest" });
    });
  }

  #deleted(mine) {
    const { lease } = this.#found;
    return [
      h("p", null, `Not saved: the key was deleted meanwhile.${lease ? ` It had the lease ${lease}.` : ""}`),
      h("div", { class: "actions" },
        lease && button("Create it with this value and that lease", () => this.#create(mine, lease)),
        button(lease ? "Create it with this value, without a lease" : "Create it with this value", () => this.#create(mine))),
    ];
  }

  #changedTo(theirs) {
    return [
      h("p", null, `Not saved: the key was changed meanwhile, at revision ${theirs.modRevision}. `,
        theirs.lease ? `It has the lease ${theirs.lease}, which it keeps. ` : this.#found.lease && "It has no lease any more. ",
        "It is now:"),
      new Editor(theirs.value, false, () => {}).node,
      h("div", { class: "actions" },
        button("Take that, and forget what is above", () => this.#show(theirs)),
        button("Save what is above nevertheless", () => this.#write(theirs), { class: "danger" })),
    ];
  }

  async #create(value, lease) {
    try {
      await writeKey(this.key, value, { "If-None-Match": "*" }, { lease });
      this.#changed();
      await this.#written("The key was created again.");
    } catch (failure) {
      await this.#refused(failure, value);
    }
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
