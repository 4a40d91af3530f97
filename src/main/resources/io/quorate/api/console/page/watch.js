// Changes as they happen.

import { keyPath, words } from "./api.js";
import { beginning, fromLink, ofView, shown, text, toLink, utf8 } from "./bytes.js";
import { field, h, refill } from "./dom.js";
import { follow } from "./events.js";

/** So many changes stay on the page, so much of each value. */
const CHANGES_MAX = 200;
const VALUE_CHARS_MAX = 500;

export async function show(pane, route) {
  return new WatchView(pane, route);
}

class WatchView {
  #list = h("ol", { class: "events", "aria-label": "Changes, the newest first" });
  #state = h("p", { class: "hint", role: "status" });
  #stop = null;

  constructor(pane, route) {
    const key = fromLink(route.rest);
    const whole = route.parameters.has("prefix") || route.rest === "";
    refill(pane, h("h1", null, "Watch"), this.#form(key, whole), this.#state, this.#list);
    if (route.rest !== "" || route.parameters.has("prefix")) {
      this.#run(key, whole, route.parameters.get("from"));
    }
  }

  /** It goes on behind the last change; begun anew, it would miss some. */
  recovers() {
    return this.#stop !== null;
  }

  close() {
    this.#stop?.();
  }

  #form(key, whole) {
    const name = h("input", { type: "text", value: text(key) ?? "", spellcheck: "false", autocomplete: "off" });
    const prefix = h("input", { type: "checkbox", checked: whole });
    const from = h("input", { type: "number", min: 1, class: "short" });
    return h("form", {
      class: "search",
      onSubmit: (event) => {
        event.preventDefault();
        const parameters = new URLSearchParams();
        if (prefix.checked) {
          parameters.set("prefix", "");
        }
        if (from.value) {
          parameters.set("from", from.value);
        }
        location.hash = `#/watch/${toLink(utf8(name.value))}?${parameters}`;
      },
    }, field("Key", name), h("label", null, prefix, " and all that begin so"), field("From revision", from),
    h("button", { type: "submit", class: "main" }, "Watch"));
  }

  #run(key, whole, from) {
    this.#stop = follow(keyPath("watch", key),
      { encoding: "base64", ...(whole ? { prefix: "" } : {}), ...(from ? { from } : {}) },
      (event) => this.#tell(event),
      (state, failure) => {
        this.#state.textContent = state === "open" ? "Watching." : "Not connected. The watch goes on behind the last change.";
        if (failure?.status >= 400 && failure.status < 500) {
          this.#state.textContent = words(failure);
        }
      });
  }

  #tell(event) {
    if (event.name === "error") {
      if (event.data.status >= 400 && event.data.status < 500) {
        this.#stop(); // it would be refused again
      }
      this.#state.textContent = event.data.compact_revision
        ? `${event.data.detail} (up to revision ${event.data.compact_revision})` : event.data.detail;
    } else if (event.name === "put" || event.name === "delete") {
      this.#list.prepend(this.#item(event.data));
      while (this.#list.childElementCount > CHANGES_MAX) {
        this.#list.lastElementChild.remove();
      }
    }
  }

  #item(change) {
    const key = ofView(change.key, change.key_encoding);
    return h("li", null,
      h("span", { class: "tag" }, change.type), ` ${change.revision} `,
      h("a", { href: `#/key/${toLink(key)}` }, h("bdi", null, shown(key))),
      change.type === "put" && h("pre", null, h("bdi", null,
        beginning(change.value, change.encoding, VALUE_CHARS_MAX, "\n\t"))));
  }
}
