// Questions before something is done.

import { field, h } from "./dom.js";

/**
 * Asks with fields; returns what was entered by name, or null if it was cancelled.
 * A field has a name, a label, and maybe a type, a value, a hint, a list of options, or is required.
 */
export function ask({ title, text, fields = [], action, danger, word }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const inputs = new Map(fields.map((one) => [one.name, input(one)]));
    const typed = word === undefined ? null : h("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    const go = h("button", { type: "submit", class: danger ? "danger" : "main", disabled: typed !== null }, action);
    typed?.addEventListener("input", () => {
      go.disabled = typed.value !== word;
    });
    let answer = null;
    const form = h("form", {
      onSubmit: (event) => {
        event.preventDefault();
        answer = Object.fromEntries(Array.from(inputs, ([name, node]) =>
          [name, node.type === "checkbox" ? node.checked : node.value]));
        node.close();
      },
    },
    h("h2", { id: "dialog-title" }, title),
    [text].flat().filter(Boolean).map((part) => typeof part === "string" ? h("p", null, part) : part),
    fields.map((one) => field(one.label, inputs.get(one.name), one.hint)),
    typed && field(["To go on, type ", h("strong", null, h("bdi", null, word))], typed),
    h("div", { class: "actions" },
      h("button", { type: "button", onClick: () => node.close() }, "Cancel"), go));
    const node = h("dialog", { "aria-labelledby": "dialog-title" }, form);
    node.addEventListener("close", () => {
      node.remove();
      before?.focus?.();
      resolve(answer);
    });
    document.body.append(node);
    node.showModal();
    (typed ?? inputs.values().next().value ?? go).focus();
  });
}

function input(one) {
  if (one.options) {
    return h("select", null, one.options.map((option) =>
      h("option", { value: option.value ?? option, selected: (option.value ?? option) === one.value },
        option.label ?? option)));
  }
  if (one.type === "checkbox") {
    return h("input", { type: "checkbox", checked: one.value === true });
  }
  return h("input", {
    type: one.type ?? "text", value: one.value ?? "", required: one.required === true,
    autocomplete: one.autocomplete ?? "off", spellcheck: "false",
  });
}
