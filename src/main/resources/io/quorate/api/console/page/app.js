// The way from the address to a view. Everything is behind the #, so the member serves one page only.

import { get, line, isConnected, setConnected } from "./api.js";
import { session } from "./session.js";
import { Shell } from "./shell.js";

/** Views are loaded when they are visited: each module has a function show(pane, route) that may return an object:
 * close() ends it, dirty() tells whether something is not saved, recovers() whether it goes on by itself when the member answers again,
 * moves(route) whether it has gone to another address of its own. */
const VIEWS = {
  keys: () => import("./keys.js"),
  key: () => import("./keys.js"),
  history: () => import("./history.js"),
  past: () => import("./past.js"),
  watch: () => import("./watch.js"),
  leases: () => import("./leases.js"),
  locks: () => import("./locks.js"),
  cluster: () => import("./cluster.js"),
  calls: () => import("./calls.js"),
  settings: () => import("./settings.js"),
  access: () => import("./access.js"),
};

const ANSWER_PAUSE_MILLIS = 1000;

let current = null;
const shell = new Shell(() => current?.dirty?.() === true);
let shownHash = null;
let visit = 0;

/** The parts of a fragment: #/view/rest?parameters. */
function route() {
  const hash = location.hash.slice(1);
  const end = hash.indexOf("?");
  const path = end < 0 ? hash : hash.slice(0, end);
  const parts = /^\/([a-z]+)(?:\/(.*))?$/s.exec(path);
  const known = parts !== null && Object.hasOwn(VIEWS, parts[1]);
  return {
    view: known ? parts[1] : "keys",
    rest: known ? parts[2] ?? "" : "",
    parameters: new URLSearchParams(end < 0 ? "" : hash.slice(end + 1)),
  };
}

/** Whether what is shown may give way to what the address says now. */
async function mayGo() {
  if (!current?.dirty?.()) {
    return true;
  }
  if (location.hash !== shownHash && !await shell.mayLeave()) {
    history.replaceState(null, "", shownHash);
  }
  return location.hash !== shownHash; // it may have come back while the question was open
}

async function show() {
  if (await mayGo()) {
    await shell.attempt(visitView);
  }
}

async function visitView() {
  const mine = ++visit;
  const to = route();
  const view = await VIEWS[to.view]();
  if (mine !== visit) {
    return;
  }
  shownHash = location.hash;
  if (current?.moves?.(to)) {
    return;
  }
  current?.close?.();
  current = null;
  shell.arrive(to.view);
  const opened = await view.show(shell.pane, to, shell);
  if (mine === visit) {
    current = opened ?? null;
    if (mine > 1 && document.activeElement === document.body) {
      shell.pane.focus({ preventScroll: true }); // what had it is gone
    }
  } else {
    opened?.close?.();
  }
}

/** Shows the same again, unless something is being written there that is to be kept. */
function refresh(keep = true) {
  if (!keep || !current?.dirty?.()) {
    current?.close?.();
    current = null;
    show();
  }
}

async function awaitAnswer() {
  while (!isConnected()) {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_PAUSE_MILLIS));
    try {
      const answer = await fetch("../version", { cache: "no-store" });
      setConnected(answer.ok);
    } catch (stillGone) {
      setConnected(false);
    }
  }
}

line.addEventListener("change", () => {
  shell.connected(isConnected());
  if (isConnected()) {
    shell.say("The member answers again.");
    if (!current?.recovers?.()) {
      refresh();
    }
  } else {
    awaitAnswer();
  }
});
session.addEventListener("change", () => {
  shell.session();
  refresh();
});
session.addEventListener("left", () => {
  shell.session();
  refresh(false);
});
session.addEventListener("wanted", () => shell.signIn());
window.addEventListener("hashchange", show);
window.addEventListener("beforeunload", (event) => {
  if (current?.dirty?.()) {
    event.preventDefault();
  }
});

/** Whether calls need a user. */
async function isAuthOn() {
  try {
    return (await get("auth")).enabled;
  } catch (refused) {
    return refused.status === 401 || refused.status === 403;
  }
}

async function start() {
  const [settings, authOn] = await Promise.all([fetch("settings.json").then((answer) => answer.json()), isAuthOn()]);
  session.setUp(settings, authOn);
  shell.session();
  await show();
}

start();
