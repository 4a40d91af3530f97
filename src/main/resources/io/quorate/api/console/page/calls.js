// What the member does for its clients: calls that were slow, and those that go on.

import { get } from "./api.js";
import { size, visible } from "./bytes.js";
import { h, refill, table } from "./dom.js";

const STEP_MILLIS = 5000;

export async function show(pane, route, shell) {
  return new CallsView(pane, shell);
}

class CallsView {
  #shell;
  #streams = h("section", { class: "card", "aria-label": "Open streams" });
  #slow = h("section", { class: "card", "aria-label": "Slow calls" });
  #timer;
  #closed = false;

  constructor(pane, shell) {
    this.#shell = shell;
    refill(pane, h("h1", null, "Calls of this member"), this.#streams, this.#slow);
    this.#read();
    this.#timer = setInterval(() => this.#again(), STEP_MILLIS);
  }

  close() {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  /** Nothing moves under those who read or mark something. */
  async #again() {
    if (!document.hidden && getSelection().isCollapsed && !document.activeElement?.closest(".scroll")) {
      await this.#read();
    }
  }

  async #read() {
    const well = await this.#shell.attempt(async () => {
      const [streams, slow] = await Promise.all([get("calls/streams"), get("calls/slow")]);
      if (!this.#closed) {
        refill(this.#streams, h("h2", null, "Open streams"), streamTable(streams));
        refill(this.#slow, h("h2", null, "Slow calls"), slowTable(slow));
      }
    });
    if (!well) {
      clearInterval(this.#timer); // as for those who may not know; another visit tries again
    }
  }
}

const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** The client is told once for all of its streams, which follow each other. */
function streamTable({ streams, total }) {
  const clients = new Set(streams.map((one) => one.client));
  let before = null;
  const rows = streams.map((one) => {
    const first = one.client !== before;
    before = one.client;
    return [first ? one.client : "", h("bdi", null, visible(one.user ?? "")), one.method.replace(/^.*\./, ""), time(one.since),
      size(one.received_bytes), size(one.sent_bytes), one.sent_messages.toLocaleString("en")];
  });
  return [
    h("p", null, `${counted(total, "stream", "streams")} of ${counted(clients.size, "client", "clients")}`,
      total > streams.length && `, the first ${streams.length.toLocaleString("en")} here`, "."),
    streams.length > 0
      && table("Open streams", ["Client", "User", "Kind", "Since", "Received", "Sent", "Messages sent"], rows),
  ];
}

function slowTable({ calls, total, slower_than_micros: limit }) {
  const rows = calls.map((one) => [
    time(one.ended), millis(one.duration_micros), one.method.replace(/^.*\./, ""), h("bdi", null, visible(one.subject)),
    one.client, h("bdi", null, visible(one.user ?? "")), one.code,
    one.phases.map((phase) => h("div", null, `${phase.name} ${millis(phase.micros)}`)),
  ]);
  return [
    h("p", null, limit === 0 ? "None is called slow: warning-unary-request-duration is 0."
      : `${counted(total, "call", "calls")} took more than ${millis(limit)} since the member started`,
    limit !== 0 && (total > calls.length ? `; the last ${calls.length} are here.` : ".")),
    calls.length > 0
      && table("Slow calls", ["Ended", "Took", "Call", "Of", "Client", "User", "Outcome", "What it did"], rows),
  ];
}

function millis(micros) {
  return `${(micros / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} ms`;
}

function time(instant) {
  return h("time", { datetime: instant, title: instant }, instant.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"));
}
