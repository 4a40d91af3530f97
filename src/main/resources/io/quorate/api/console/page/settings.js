// The settings in force, to be read only: they are changed by those who start the member.

import { get } from "./api.js";
import { visible } from "./bytes.js";
import { field, h, refill, table } from "./dom.js";

export async function show(pane, route, shell) {
  const filter = h("input", { type: "search", spellcheck: "false", autocomplete: "off" });
  const changed = h("input", { type: "checkbox" });
  const found = h("section", { class: "card", "aria-label": "Settings" });
  refill(pane, h("h1", null, "Settings of this member"),
    h("form", { class: "search", onSubmit: (event) => event.preventDefault() },
      field("Names and values that have", filter), field("Only those that are set", changed)),
    found);
  await shell.attempt(async () => {
    const { settings } = await get("settings");
    const list = () => {
      const wanted = filter.value.toLowerCase();
      const shown = settings.filter((one) => `${one.name} ${one.value}`.toLowerCase().includes(wanted)
        && (!changed.checked || one.origin !== "default"));
      refill(found, h("p", { class: "hint", role: "status" }, `${shown.length} of ${settings.length} settings`),
        table("Settings", ["Name", "Value", "Set by", "A change counts at"], shown.map((one) =>
          [one.name, h("bdi", null, visible(one.value)), h("bdi", null, visible(one.origin)), one.change])));
    };
    filter.addEventListener("input", list);
    changed.addEventListener("change", list);
    list();
  });
  return {};
}
