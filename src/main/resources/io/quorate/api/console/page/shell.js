// What surrounds every view: the head with the ways to the views, messages, the login.

import { call, words } from "./api.js";
import { ask } from "./dialog.js";
import { button, h, refill } from "./dom.js";
import { session } from "./session.js";

const WAYS = [["keys", "Keys"], ["watch", "Watch"], ["leases", "Leases"], ["locks", "Locks"], ["cluster", "Cluster"],
  ["calls", "Calls"], ["settings", "Settings"], ["access", "Users"]];
const BELOW_KEYS = ["key", "history", "past"];
const MESSAGE_MILLIS = 8000;

export class Shell {
  pane = h("main", { id: "view", tabindex: "-1" });
  #ways = new Map(WAYS.map(([name, label]) => [name, h("a", { href: `#/${name}` }, label)]));
  #user = h("div", { class: "user" });
  #mode = h("span", { class: "mode" });
  #said = h("div", { class: "said", role: "status", "aria-live": "polite" });
  #wrong = h("div", { class: "wrong", role: "alert" });
  #gone = h("div", { class: "gone", role: "alert" });
  #asking = false;
  #leaving = null;
  #isUnsaved;

  /** Asks isUnsaved whether something is written that would be lost. */
  constructor(isUnsaved) {
    this.#isUnsaved = isUnsaved;
    document.body.append(
      h("a", { class: "skip", href: "#view", onClick: (event) => { event.preventDefault(); this.pane.focus(); } },
        "Skip to the content"),
      h("header", null,
        h("a", { class: "name", href: "#/keys" }, h("img", { src: "icon.svg", alt: "", width: 24, height: 24 }), "Quorate"),
        h("nav", { "aria-label": "Views" }, Array.from(this.#ways.values())),
        h("div", { class: "right" }, this.#mode, this.#user, this.#theme())),
      this.#gone, this.#said, this.#wrong, this.pane);
  }

  #theme() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const node = h("button", { type: "button", "aria-pressed": String(dark), class: "plain" }, "Dark");
    node.addEventListener("click", () => {
      const next = node.getAttribute("aria-pressed") !== "true";
      node.setAttribute("aria-pressed", String(next));
      document.documentElement.dataset.theme = next ? "dark" : "light";
    });
    return node;
  }

  /** A view begins. */
  arrive(view) {
    const way = BELOW_KEYS.includes(view) ? "keys" : view;
    for (const [name, link] of this.#ways) {
      if (name === way) {
        link.setAttribute("aria-current", "page");
        document.title = `${link.textContent} – Quorate`;
      } else {
        link.removeAttribute("aria-current");
      }
    }
    refill(this.#wrong);
    refill(this.pane);
  }

  /** Tells who has logged in, and what the page offers. */
  session() {
    this.#mode.textContent = session.writable ? "" : "read-only";
    const node = session.token !== null
      ? [h("bdi", null, session.user), button("Sign out", () => this.#signOut(), { class: "plain" })]
      : session.authOn ? [button("Sign in", () => this.signIn(), { class: "plain" })] : [];
    refill(this.#user, node);
  }

  connected(answers) {
    refill(this.#gone, answers ? [] : "This member does not answer. The page tries again every second.");
  }

  /** Says what has happened. */
  say(text) {
    refill(this.#wrong);
    const said = h("p", null, text);
    refill(this.#said, said);
    setTimeout(() => said.remove(), MESSAGE_MILLIS);
  }

  /** Takes back what was said: something else is told now. */
  hush() {
    refill(this.#said);
    refill(this.#wrong);
  }

  /** Says what failed, until something else happens. */
  fail(failure) {
    if (failure.status === 0) {
      return; // that is told already, for as long as it lasts
    }
    refill(this.#said);
    refill(this.#wrong, h("p", null, words(failure)));
  }

  /** Does something and says what became of it; returns whether it went well. */
  async attempt(action, done) {
    try {
      await action();
      if (done) {
        this.say(done);
      }
      return true;
    } catch (failure) {
      this.fail(failure);
      return false;
    }
  }

  /** Asked again while the question is open, it is the same question. */
  async mayLeave() {
    this.#leaving ??= ask({
      title: "Leave without saving?", text: "What was changed here is not saved.", action: "Leave", danger: true,
    });
    try {
      return await this.#leaving !== null;
    } finally {
      this.#leaving = null;
    }
  }

  async #signOut() {
    if (!this.#isUnsaved() || await this.mayLeave()) {
      session.signOut();
    }
  }

  async signIn() {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      const entered = await ask({
        title: "Sign in",
        text: "With a user of this cluster. The login is kept in this page only, and gone when it is closed or loaded again.",
        action: "Sign in",
        fields: [
          { name: "name", label: "Name", autocomplete: "username", required: true },
          { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
        ],
      });
      if (entered !== null) {
        const login = await call("POST", "auth/token", { json: entered });
        session.signIn(entered.name, login.token);
        this.say("Signed in.");
      }
    } catch (failure) {
      this.fail(failure);
    } finally {
      this.#asking = false;
    }
  }
}
