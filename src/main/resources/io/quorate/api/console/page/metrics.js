// The member's own metrics, as graphs.

import { size } from "./bytes.js";
import { h, refill, svg } from "./dom.js";

const STEP_MILLIS = 2000;
const POINTS = 90;
const WIDTH = 300;
const HEIGHT = 80;

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[^}]*\})? ([^ ]+)/;

/** Sums of the metrics in Prometheus' text format, by name; labels are added up. */
export function sums(page) {
  const found = new Map();
  for (const line of page.split("\n")) {
    const parts = LINE.exec(line);
    if (parts && !line.startsWith("#")) {
      found.set(parts[1], (found.get(parts[1]) ?? 0) + Number(parts[2]));
    }
  }
  return found;
}

const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });
const rate = (value) => `${number(value)} /s`;
const millis = (value) => `${number(value * 1000)} ms`;

const perSecond = (name) => (now, before, seconds) => (now.get(name) - before.get(name)) / seconds;
const level = (name) => (now) => now.get(name);
const mean = (name) => (now, before) => {
  const count = now.get(`${name}_count`) - before.get(`${name}_count`);
  return count > 0 ? (now.get(`${name}_sum`) - before.get(`${name}_sum`)) / count : 0;
};

const GRAPHS = [
  ["Puts", perSecond("etcd_mvcc_put_total"), rate],
  ["Ranges", perSecond("etcd_mvcc_range_total"), rate],
  ["Transactions", perSecond("etcd_mvcc_txn_total"), rate],
  ["Unary calls, mean time", mean("etcd_server_request_duration_seconds"), millis],
  ["Fsync of the log, mean time", mean("etcd_disk_wal_fsync_duration_seconds"), millis],
  ["Write of a batch, mean time", mean("etcd_disk_backend_commit_duration_seconds"), millis],
  ["Apply, mean time", mean("etcd_server_apply_duration_seconds"), millis],
  ["Round trip to members, mean", mean("etcd_network_peer_round_trip_time_seconds"), millis],
  ["Proposals that wait", level("etcd_server_proposals_pending"), number],
  ["Messages for consensus that wait", level("quorate_raft_inbox_depth"), number],
  ["Committed, not applied", level("quorate_apply_gap_entries"), number],
  ["Slow calls", perSecond("quorate_slow_calls_total"), rate],
  ["Watches", level("etcd_debugging_mvcc_watcher_total"), number],
  ["Events sent", perSecond("etcd_debugging_mvcc_events_total"), rate],
  ["Connections of clients", level("quorate_client_connections"), number],
  ["Keys", level("etcd_debugging_mvcc_keys_total"), number],
  ["Store in use", level("etcd_mvcc_db_total_size_in_use_in_bytes"), size],
];

/** Graphs of the last minutes, read every two seconds while the page is in sight. */
export class Graphs {
  node = h("div", { class: "cards graphs" });
  #note = h("p", { class: "hint" }, "Reading…");
  #graphs = [];
  #before = null;
  #closed = false;

  constructor() {
    this.node.append(this.#note);
    this.#run();
  }

  close() {
    this.#closed = true;
  }

  async #run() {
    while (!this.#closed) {
      if (!document.hidden) {
        await this.#step();
      }
      await new Promise((resolve) => setTimeout(resolve, STEP_MILLIS));
    }
  }

  async #step() {
    let answer;
    try {
      answer = await fetch("../metrics", { cache: "no-store" });
    } catch (gone) {
      this.#note.textContent = "The metrics of this member cannot be read.";
      return;
    }
    if (!answer.ok) {
      this.#note.textContent = `The metrics of this member cannot be read: status ${answer.status}.`;
      return;
    }
    const now = { at: performance.now(), values: sums(await answer.text()) };
    const before = this.#before;
    this.#before = now;
    if (this.#graphs.length === 0) {
      this.#graphs = GRAPHS.map(([title, read, show]) => ({ read, graph: new Graph(title, show) }));
      refill(this.node, this.#graphs.map((one) => one.graph.node));
    }
    for (const { read, graph } of before === null ? [] : this.#graphs) {
      graph.add(read(now.values, before.values, (now.at - before.at) / 1000));
    }
  }
}

class Graph {
  #values = [];
  #show;
  #line = svg("polyline", { class: "line" });
  #now = h("strong");
  #most = h("span", { class: "hint" });

  constructor(title, show) {
    this.#show = show;
    this.node = h("figure", { class: "card" },
      h("figcaption", null, title, " ", this.#now, " ", this.#most),
      svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, this.#line));
  }

  add(value) {
    if (!Number.isFinite(value)) {
      return; // this member does not count that
    }
    this.#values.push(value);
    this.#values.splice(0, this.#values.length - POINTS);
    const most = Math.max(...this.#values, 0);
    const points = this.#values.map((one, i) => {
      const x = (WIDTH * (POINTS - this.#values.length + i)) / (POINTS - 1);
      const y = HEIGHT - 2 - (most === 0 ? 0 : (one / most) * (HEIGHT - 4));
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    this.#line.setAttribute("points", points.join(" "));
    this.#now.textContent = this.#show(value);
    this.#most.textContent = `at most ${this.#show(most)}`;
  }
}
