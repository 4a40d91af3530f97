// A value in one of several forms.

import { base64, equal, fromBase64, fromHex, hex, size, text, utf8 } from "./bytes.js";
import { h } from "./dom.js";
import { indented, isJson } from "./json.js";
import { decoded, isKubernetes } from "./kubernetes.js";
import { fromJson, mistake } from "./yaml.js";

/** More than that is shown only in part, until all is asked for. */
const SHOWN_BYTES = 256 * 1024;

const FORMS = {
  text: { label: "Text", of: text, to: utf8 },
  json: {
    label: "JSON",
    of: (bytes) => {
      const known = text(bytes);
      return known !== null && isJson(known) ? indented(known) : null;
    },
    to: (entered) => {
      if (!isJson(entered)) {
        throw new Error("This is no JSON.");
      }
      return utf8(entered);
    },
  },
  yaml: {
    label: "YAML",
    of: (bytes) => {
      const known = text(bytes);
      return known !== null && isJson(known) ? fromJson(known) : known;
    },
    to: utf8,
    only: (bytes) => text(bytes) !== null && isJson(text(bytes)), // saved as YAML, it would be JSON no more
    check: mistake,
  },
  hex: { label: "Hex", of: (bytes) => hex(bytes).replace(/(.{64})(?=.)/g, "$1\n"), to: fromHex },
  base64: { label: "Base64", of: base64, to: fromBase64 },
  kubernetes: { label: "Kubernetes", of: decoded, to: null },
};

let groups = 0;

/** The form in which a value is shown at first. */
function usual(bytes) {
  const known = text(bytes);
  if (decoded(bytes) !== null) {
    return "kubernetes";
  }
  return known === null ? "base64" : /^\s*\{/.test(known) && FORMS.json.of(bytes) !== null ? "json" : "text";
}

export class Editor {
  #original;
  #bytes;
  #form;
  #shownText = "";
  #lineEnds = false;
  #cut = false;
  #area;
  #writable;
  #onChange;
  #note = h("p", { class: "hint" });
  #mistake = h("p", { class: "mistake", role: "status" });
  #radios = new Map();

  constructor(bytes, writable, onChange) {
    this.#original = bytes;
    this.#bytes = bytes;
    this.#writable = writable;
    this.#onChange = onChange;
    this.#area = h("textarea", {
      rows: 12, spellcheck: "false", autocomplete: "off", wrap: "soft", "aria-label": "Value",
      onInput: () => {
        this.#check();
        onChange();
      },
    });
    this.node = h("div", { class: "editor" }, this.#choice(), this.#area, this.#mistake, this.#note);
    this.#use(usual(bytes));
  }

  #choice() {
    const group = `form-${++groups}`;
    return h("fieldset", { class: "forms" }, h("legend", { class: "unseen" }, "Form of the value"),
      Object.entries(FORMS).filter(([name]) => name !== "kubernetes" || isKubernetes(this.#bytes)).map(([name, form]) => {
        const radio = h("input", {
          type: "radio", name: group, value: name, onChange: () => this.#switch(name),
        });
        this.#radios.set(name, radio);
        return h("label", null, radio, form.label);
      }));
  }

  /** Whether it is something else than at first. */
  changed() {
    return (!this.#cut && this.#area.value !== this.#shownText) || !equal(this.#bytes, this.#original);
  }

  /** What is entered; throws an Error if it is nothing in its form. */
  bytes() {
    if (this.#cut || this.#area.value === this.#shownText) {
      return this.#bytes;
    }
    const entered = this.#lineEnds ? this.#area.value.replaceAll("\n", "\r\n") : this.#area.value;
    return FORMS[this.#form].to(entered);
  }

  /** The same, to be saved: what is typed from now on is another change. */
  take() {
    this.#bytes = this.bytes();
    this.#shownText = this.#area.value;
    return this.#bytes;
  }

  /** These bytes are stored now; what was typed since they were taken is not. */
  saved(bytes) {
    this.#original = bytes;
    this.#onChange();
  }

  #switch(name) {
    try {
      this.#bytes = this.bytes();
      if (FORMS[name].of(this.#bytes) === null) {
        throw new Error(name !== "json" && name !== "yaml" ? "This is nothing of that form."
          : isJson(text(this.#bytes) ?? "") ? "This JSON is too deep or too long to be shown in lines."
            : name === "json" ? "This is no JSON." : "This is no text.");
      }
    } catch (mistake) {
      this.#note.textContent = mistake.message;
      this.#radios.get(this.#form).checked = true;
      return;
    }
    this.#use(name);
    this.#onChange();
  }

  #use(name, whole = false) {
    this.#form = name;
    this.#radios.get(name).checked = true;
    const all = FORMS[name].of(this.#bytes);
    this.#cut = !whole && this.#bytes.length > SHOWN_BYTES;
    this.#area.value = this.#cut ? all.slice(0, SHOWN_BYTES) : all;
    this.#shownText = this.#area.value; // as the field has changed the ends of lines
    this.#area.readOnly = this.#cut || !this.#writable || FORMS[name].to === null || FORMS[name].only?.(this.#bytes) === true;
    const lone = /(^|[^\r])\n|\r(?!\n)/.test(all);
    this.#lineEnds = all.includes("\r\n") && !lone; // a field has only \n, so these are put back
    this.#note.replaceChildren(...this.#remarks(name, all.includes("\r") && lone));
    this.#check();
  }

  /** Tells what is wrong with the text in its form; it can be saved all the same. */
  #check() {
    this.#mistake.textContent = (!this.#cut && FORMS[this.#form].check?.(this.#area.value)) || "";
  }

  #remarks(name, mixed) {
    if (!this.#cut && FORMS[name].only?.(this.#bytes)) {
      return [this.#writable ? "This is JSON, and is changed as JSON." : "This is JSON."];
    }
    if (!this.#cut) {
      return mixed ? ["Ends of lines differ here; all become alike if this is changed. Hex and Base64 keep them."] : [];
    }
    return [`The beginning of ${size(this.#bytes.length)}. `,
      h("button", { type: "button", class: "plain", onClick: () => this.#use(name, true) }, "Show all")];
  }
}
