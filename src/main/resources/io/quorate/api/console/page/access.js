// Users, their roles, and what these allow.

import { call, get } from "./api.js";
import { fromBase64, shown, utf8, visible } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, h, refill } from "./dom.js";
import { session } from "./session.js";

export async function show(pane, route, shell) {
  return new AccessView(pane, shell);
}

class AccessView {
  #shell;
  #state = h("section", { class: "card", "aria-label": "Authentication" });
  #users = h("section", { class: "card", "aria-label": "Users" });
  #roles = h("section", { class: "card", "aria-label": "Roles" });
  #roleNames = [];

  constructor(pane, shell) {
    this.#shell = shell;
    refill(pane, h("h1", null, "Users and roles"), this.#state, h("div", { class: "cards" }, this.#users, this.#roles));
    this.#read();
  }

  async #read() {
    await this.#shell.attempt(async () => {
      this.#showState(await get("auth"));
      this.#roleNames = (await get("roles")).roles;
      const { users } = await get("users");
      refill(this.#users, h("h2", null, "Users"), users.length === 0 && h("p", null, "There is none."),
        users.map((name) => this.#user(name)),
        session.writable && h("div", { class: "actions" }, button("Add a user", () => this.#addUser(), { class: "plain" })));
      refill(this.#roles, h("h2", null, "Roles"), this.#roleNames.length === 0 && h("p", null, "There is none."),
        this.#roleNames.map((name) => this.#role(name)),
        session.writable && h("div", { class: "actions" }, button("Add a role", () => this.#addRole(), { class: "plain" })));
    });
  }

  #showState(auth) {
    refill(this.#state, h("p", null, auth.enabled
      ? "Authentication is on: each call needs a user, and may what the roles of the user allow."
      : "Authentication is off: who reaches this port may do everything."),
    session.writable && h("div", { class: "actions" }, auth.enabled
      ? button("Turn it off", () => this.#turnOff(), { class: "plain danger" })
      : button("Turn it on", () => this.#turnOn(), { class: "plain" })));
  }

  async #do(question, action, done) {
    const entered = await ask(question);
    if (entered !== null && await this.#shell.attempt(() => action(entered), done)) {
      await this.#read();
    }
  }

  #turnOn() {
    return this.#do({
      title: "Turn authentication on?", action: "Turn on", danger: true, word: "auth on",
      text: "There must be a user root with a role root. Calls without a user are refused from then on, those of this page too.",
    }, () => call("PUT", "auth"), "Authentication is on.");
  }

  #turnOff() {
    return this.#do({
      title: "Turn authentication off?", action: "Turn off", danger: true, word: "auth off",
      text: "Who reaches this port may do everything then.",
    }, () => call("DELETE", "auth"), "Authentication is off.");
  }

  /** Opened, it tells more; only then that is read. */
  #fold(name, read) {
    const inside = h("div", { class: "inside" });
    const node = h("details", null, h("summary", null, h("bdi", null, visible(name))), inside);
    const fill = () => this.#shell.attempt(async () => refill(inside, await read(fill)));
    node.addEventListener("toggle", () => {
      if (node.open) {
        fill();
      }
    });
    return node;
  }

  #user(name) {
    return this.#fold(name, async (again) => {
      const path = `users/${encodeURIComponent(name)}`;
      const { roles } = await get(path);
      return [
        h("ul", null, roles.map((role) => h("li", null, h("bdi", null, visible(role)), " ", session.writable && button("Take away",
          () => this.#takeAway(`Take the role ${visible(role)} away from ${visible(name)}?`, null,
            () => call("DELETE", `${path}/roles/${encodeURIComponent(role)}`), "The role was taken away.", again), { class: "plain" })))),
        roles.length === 0 && h("p", null, "No roles."),
        session.writable && h("div", { class: "actions" },
          button("Give a role", () => this.#grant(name, path, again), { class: "plain" }),
          button("New password", () => this.#password(name, path), { class: "plain" }),
          button("Remove", () => this.#do({
            title: `Remove the user ${visible(name)}?`, action: "Remove", danger: true, word: visible(name),
          }, () => call("DELETE", path), "The user was removed."), { class: "plain danger" })),
      ];
    });
  }

  /** Can be given again: to be asked is enough, without a word to type. */
  async #takeAway(title, text, action, done, again) {
    if (await ask({ title, text, action: "Take away", danger: true }) !== null) {
      await this.#shell.attempt(action, done);
      await again();
    }
  }

  async #grant(name, path, again) {
    const entered = await ask({
      title: `Give ${visible(name)} a role`, action: "Give",
      fields: [{ name: "role", label: "Role", options: this.#roleNames }],
    });
    if (entered?.role) {
      await this.#shell.attempt(() => call("PUT", `${path}/roles/${encodeURIComponent(entered.role)}`), "The role was given.");
      await again();
    }
  }

  async #password(name, path) {
    const entered = await ask({
      title: `New password of ${visible(name)}`, action: "Change",
      fields: [{ name: "password", label: "Password", type: "password", autocomplete: "new-password", required: true }],
    });
    if (entered !== null) {
      await this.#shell.attempt(() => call("PUT", `${path}/password`, { json: entered }), "The password was changed.");
    }
  }

  #addUser() {
    return this.#do({
      title: "Add a user", action: "Add",
      fields: [
        { name: "name", label: "Name", required: true },
        { name: "password", label: "Password", type: "password", autocomplete: "new-password",
          hint: "Without one, only a certificate names this user." },
      ],
    }, ({ name, password }) => call("POST", "users", {
      json: password === "" ? { name, no_password: true } : { name, password },
    }), "The user was added.");
  }

  #addRole() {
    return this.#do({
      title: "Add a role", action: "Add", fields: [{ name: "name", label: "Name", required: true }],
    }, ({ name }) => call("POST", "roles", { json: { name } }), "The role was added.");
  }

  #role(name) {
    return this.#fold(name, async (again) => {
      const path = `roles/${encodeURIComponent(name)}`;
      const { permissions } = await get(path);
      return [
        h("ul", null, permissions.map((one) => h("li", null, described(one), " ", session.writable && button("Take away",
          () => this.#takeAway(`Take this permission away from ${visible(name)}?`, h("p", null, described(one)),
            () => call("DELETE", `${path}/permissions`, { query: range(one) }), "The permission was taken away.", again),
          { class: "plain" })))),
        permissions.length === 0 && h("p", null, name === "root" ? "It may do everything." : "No permissions."),
        session.writable && h("div", { class: "actions" },
          button("Give a permission", () => this.#permit(name, path, again), { class: "plain" }),
          button("Remove", () => this.#do({
            title: `Remove the role ${visible(name)}?`, action: "Remove", danger: true, word: visible(name),
          }, () => call("DELETE", path), "The role was removed."), { class: "plain danger" })),
      ];
    });
  }

  async #permit(name, path, again) {
    const entered = await ask({
      title: `Give ${visible(name)} a permission`, action: "Give",
      fields: [
        { name: "type", label: "To", options: ["read", "write", "readwrite"], value: "read" },
        { name: "key", label: "Key" },
        { name: "prefix", label: "And all that begin so", type: "checkbox", value: true },
      ],
    });
    if (entered !== null) {
      await this.#shell.attempt(() => call("POST", `${path}/permissions`, { json: entered }), "The permission was given.");
      await again();
    }
  }
}

const bytes = (value, encoding) => (encoding === "base64" ? fromBase64(value) : utf8(value));

function described(one) {
  const key = h("bdi", null, shown(bytes(one.key, one.key_encoding)));
  if (one.prefix) {
    return one.key === "" ? [`${one.type} all keys`] : [`${one.type} all that begin with `, key];
  }
  return one.end === undefined ? [`${one.type} `, key]
    : [`${one.type} from `, key, " to before ", h("bdi", null, shown(bytes(one.end, one.end_encoding)))];
}

function range(one) {
  return {
    key: one.key, key_encoding: one.key_encoding, ...(one.prefix ? { prefix: "" } : {}),
    ...(one.end === undefined ? {} : { end: one.end, end_encoding: one.end_encoding }),
  };
}
