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
  #facts = null;
  #conflict = h("div", { role: "alert" });
  #save = null;
  #saving = false;
  #reads = 0;
  #closed = false;

  /** Shows a key; onChanged is told when there is one more or less. */
  constructor(into, key, shell, onChanged) {
    this.#into = into;
    this.key = key;
    this.#shell = shell;
    this.#changed = onChanged;
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

  /** Reads and shows the key anew; nothing can be typed meanwhile. */
  async #read() {
    this.#editor = null;
    refill(this.#into, this.#title(), h("p", { class: "hint" }, "Reading…"));
    const isOld = this.#begun();
    try {
      const found = await readKey(this.key);
      if (!isOld()) {
        this.#show(found);
      }
    } catch (failure) {
      if (!isOld()) {
        refill(this.#into, this.#title(), button("Read again", () => this.#read()));
        this.#shell.fail(failure);
      }
    }
  }

  /** Another read begins; tells whether its answer comes too late to be shown. */
  #begun() {
    const mine = ++this.#reads;
    return () => this.#closed || mine !== this.#reads;
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
      refill(this.#into, this.#title(), facts(found), this.#ways(),
        h("div", { class: "actions" }, button("Read again", () => this.#read(), { class: "plain" }), way));
      this.#shell.fail(failure);
    }
  }

  #showValue(found, way) {
    this.#save = session.writable
      ? h("button", { type: "button", class: "main", disabled: true, onClick: () => this.#write(this.#found) }, "Save") : null;
    this.#editor = new Editor(found.value, session.writable, () => this.#offer());
    this.#facts = facts(found);
    refill(this.#into, this.#title(), this.#facts, this.#ways(), this.#editor.node, this.#conflict,
      h("div", { class: "actions" }, this.#save,
        button("Read again", () => this.#readAgain(), { class: "plain" }), way));
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

  /** Only what is not stored can be saved, one after the other. */
  #offer() {
    if (this.#save) {
      this.#save.disabled = this.#saving || this.#editor?.changed() !== true;
    }
  }

  /** Saves if the key is still what was read: it keeps the lease that it has then. */
  #write(read) {
    return this.#store("Saved.", read,
      (value) => writeKey(this.key, value, { "If-Match": read.tag }, read.lease ? { keep_lease: "" } : {}));
  }

  /** Stores what is entered. The field can be used meanwhile, and what is typed there is saved by the next time. */
  async #store(done, read, write) {
    if (this.#saving) {
      return;
    }
    const editor = this.#editor;
    let value;
    try {
      value = editor.take();
    } catch (mistake) {
      this.#shell.fail(new ApiError(400, { detail: mistake.message }));
      return;
    }
    this.#saving = true;
    this.#offer();
    try {
      const tag = await write(value);
      editor.saved(value);
      this.#shell.say(done);
      if (editor === this.#editor) {
        await this.#follow({ ...read, tag, value });
      } else if (!this.#closed && !this.dirty()) {
        await this.#read();
      }
    } catch (failure) {
      await this.#refused(failure);
    } finally {
      this.#saving = false;
      this.#offer();
    }
  }

  /** Tells what is known of the key that was written. What is in the field stays, unless it is stored and another one has written since. */
  async #follow(written) {
    this.#conflict.replaceChildren();
    this.#found = written;
    const isOld = this.#begun();
    await this.#shell.attempt(async () => {
      const now = await readKey(this.key);
      if (isOld()) {
        return;
      }
      if (now?.tag === written.tag) {
        this.#found = now;
        const known = facts(now);
        this.#facts.replaceWith(known);
        this.#facts = known;
      } else if (!this.dirty()) {
        this.#show(now);
      }
    });
  }

  /** Nothing was written; what is entered stays. */
  async #refused(failure) {
    if (failure.status === 412 && this.#closed) {
      this.#shell.fail(new ApiError(412, { detail: `Not saved: ${shown(this.key)} was changed meanwhile.` }));
    } else if (failure.status === 412) {
      await this.#showConflict();
    } else if (failure.status === 401) {
      this.#shell.fail(new ApiError(401, { detail: "Not saved: the login does not count any more. Sign in and save again." }));
    } else {
      this.#shell.fail(failure);
    }
  }

  async #showConflict() {
    this.#shell.hush();
    await this.#shell.attempt(async () => {
      const theirs = await readKey(this.key);
      refill(this.#conflict, h("div", { class: "conflict" }, theirs === null ? this.#deleted() : this.#changedTo(theirs)));
      this.#conflict.scrollIntoView({ block: "nearest" });
    });
  }

  #deleted() {
    const { lease } = this.#found;
    return [
      h("p", null, `Not saved: the key was deleted meanwhile.${lease ? ` It had the lease ${lease}.` : ""}`),
      h("div", { class: "actions" },
        lease && button("Create it with this value and that lease", () => this.#create(lease)),
        button(lease ? "Create it with this value, without a lease" : "Create it with this value", () => this.#create())),
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

  #create(lease) {
    return this.#store("The key was created again.", { ...this.#found, lease }, async (value) => {
      const tag = await writeKey(this.key, value, { "If-None-Match": "*" }, { lease });
      this.#changed();
      return tag;
    });
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
      await this.#read();
    });
  }
}

/** What is known of a key beside its value. */
function facts(found) {
  const known = [
    ["Changed at revision", found.modRevision],
    ["Created at revision", found.createRevision],
    ["Version", found.version],
    ["Size", size(found.value.length)],
  ];
  if (found.lease) {
    known.push(["Lease", found.lease]);
  }
  return h("dl", { class: "facts" }, known.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}
