// Keys and branches of the tree that are chosen, to be deleted together.

import { ApiError, call, keyPath, send } from "./api.js";
import { equal, ofView, shown } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, h, refill } from "./dom.js";

const SAMPLE = 10;

export class Selection {
  #chosen = new Map(); // by box
  #onDeleted;
  #shell;
  node = h("div", { class: "chosen", role: "group", "aria-label": "Chosen keys" });

  /** Tells onDeleted which prefixes and keys are gone. */
  constructor(shell, onDeleted) {
    this.#shell = shell;
    this.#onDeleted = onDeleted;
  }

  /** A box to choose a key, as it was at a revision, or a branch. */
  box(name, what) {
    const box = h("input", { type: "checkbox", "aria-label": `Choose ${name}` });
    box.addEventListener("change", () => {
      if (box.checked) {
        this.#chosen.set(box, what);
      } else {
        this.#chosen.delete(box);
      }
      this.#tell();
    });
    return box;
  }

  /** What is not on the page any more is not chosen. */
  prune() {
    for (const box of this.#chosen.keys()) {
      if (!box.isConnected || box.closest("[hidden]")) {
        box.checked = false;
        this.#chosen.delete(box);
      }
    }
    this.#tell();
  }

  #clear() {
    for (const box of this.#chosen.keys()) {
      box.checked = false;
    }
    this.#chosen.clear();
    this.#tell();
  }

  #tell() {
    const { size } = this.#chosen;
    refill(this.node, size > 0 && [
      h("span", { role: "status" }, `${size} chosen `),
      button("Delete these", () => this.#delete(), { class: "plain danger" }),
      button("Choose none", () => this.#clear(), { class: "plain" }),
    ]);
  }

  /** What is chosen, without what lies in a branch that is chosen, too. */
  #tops() {
    const all = Array.from(this.#chosen.values());
    const branches = all.filter((one) => one.branch);
    return all.filter((one) => !branches.some((branch) => branch !== one && branch.key.length <= one.key.length
      && equal(one.key.subarray(0, branch.key.length), branch.key)));
  }

  async #delete() {
    await this.#shell.attempt(async () => {
      const parts = await Promise.all(this.#tops().map((one) => (one.branch ? trial(one) : {
        ...one, count: 1, sample: [one.key], tag: `"${one.revision}"`,
      })));
      const count = parts.reduce((sum, part) => sum + part.count, 0);
      const keys = parts.flatMap((part) => part.sample);
      const sure = await ask({
        title: `Delete ${plural(count)}?`,
        text: [h("ul", { class: "sample" }, keys.slice(0, SAMPLE).map((key) => h("li", null, h("bdi", null, shown(key))))),
          count > Math.min(keys.length, SAMPLE) && `and ${(count - Math.min(keys.length, SAMPLE)).toLocaleString("en")} more.`].filter(Boolean),
        action: "Delete", danger: true, word: count.toLocaleString("en"),
      });
      if (sure !== null) {
        await this.#remove(parts);
      }
    });
  }

  /** One after the other; what was written since it was shown stays. */
  async #remove(parts) {
    let deleted = 0;
    let left = 0;
    const gone = [];
    try {
      for (const part of parts) {
        const done = await remove(part);
        if (done === null) {
          left += part.count;
        } else {
          deleted += done;
          gone.push(part);
        }
      }
    } catch (failure) {
      throw new ApiError(failure.status, { detail: `${failure.message}; ${plural(deleted)} were deleted before.` });
    } finally {
      this.#clear();
      this.#onDeleted(gone);
    }
    this.#shell.say(`${plural(deleted)} deleted${left === 0 ? "." : `; ${left.toLocaleString("en")} left, as they were written meanwhile.`}`);
  }
}

function plural(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "key" : "keys"}`;
}

/** What would go with a branch. */
async function trial(branch) {
  const answer = await send("DELETE", keyPath("keys", branch.key), { query: { encoding: "base64", prefix: "", dry_run: "" } });
  const found = await answer.json();
  return {
    ...branch, count: found.count, tag: answer.headers.get("ETag"),
    sample: found.keys.map((one) => ofView(one.key, one.key_encoding)),
  };
}

/** How many keys went; null if one of them is not what it was. */
async function remove(part) {
  try {
    const done = await call("DELETE", keyPath("keys", part.key), {
      query: { encoding: "base64", prefix: part.branch ? "" : undefined }, headers: { "If-Match": part.tag },
    });
    return done.deleted;
  } catch (failure) {
    if (failure.status === 412 || failure.status === 404) {
      return null;
    }
    throw failure;
  }
}
