// The cluster as this member sees it, and what operators do with it.

import { call, get } from "./api.js";
import { size, visible } from "./bytes.js";
import { ask } from "./dialog.js";
import { button, h, refill, table } from "./dom.js";
import { Graphs } from "./metrics.js";
import { session } from "./session.js";

const STEP_MILLIS = 2000;

export async function show(pane, route, shell) {
  return new ClusterView(pane, shell);
}

class ClusterView {
  #shell;
  #status = null;
  #facts = h("section", { class: "card", "aria-label": "This member" });
  #alarms = h("div");
  #members = h("section", { class: "card", "aria-label": "Members" });
  #backups = h("section", { class: "card", "aria-label": "Backups" });
  #graphs = new Graphs();
  #timer;

  constructor(pane, shell) {
    this.#shell = shell;
    refill(pane, h("h1", null, "Cluster"), this.#alarms, this.#facts, this.#members, this.#backups,
      h("h2", null, "Graphs of this member"), this.#graphs.node);
    this.#read();
    this.#timer = setInterval(() => this.#again(), STEP_MILLIS);
  }

  close() {
    clearInterval(this.#timer);
    this.#graphs.close();
  }

  async #read() {
    await this.#shell.attempt(async () => {
      await this.#readStatus();
      refill(this.#members, this.#memberTable((await get("members")).members));
      this.#showAlarms((await get("alarms")).alarms);
      this.#showBackups(await get("backups"));
    });
  }

  /** Only the numbers: buttons stay as they are while they are used. */
  async #again() {
    if (document.hidden) {
      return;
    }
    const leader = this.#status?.leader;
    if (await this.#shell.attempt(() => this.#readStatus()) && this.#status.leader !== leader) {
      await this.#read();
    }
  }

  async #readStatus() {
    const status = await get("status");
    const first = this.#status === null;
    this.#status = status;
    if (first) {
      refill(this.#facts, h("h2", null, "This member"), this.#list(), this.#work());
    } else {
      this.#facts.querySelector("dl").replaceWith(this.#list());
    }
  }

  #list() {
    const status = this.#status;
    const quota = status.db_size_quota < 0 ? "none" : size(status.db_size_quota);
    const facts = [
      ["Cluster", status.cluster_id], ["Member", status.member_id],
      ["Role", status.learner ? "learner" : status.leader === status.member_id ? "leader" : "follower"],
      ["Leader", status.leader ?? "none is known"],
      ["Version", status.version], ["Storage version", status.storage_version],
      ["Revision", status.revision], ["Term", status.raft_term],
      ["Index", status.raft_index], ["Applied", status.raft_applied_index],
      ["Store", size(status.db_size)], ["In use", size(status.db_size_in_use)], ["Quota", quota],
      ["Trouble", status.errors.length === 0 ? "none" : status.errors.join("; ")],
    ];
    return h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
  }

  #work() {
    return h("div", { class: "actions" },
      button("Download a snapshot", () => this.#download(), { class: "plain" }),
      session.writable && button("Defragment", () => this.#defragment(), { class: "plain" }),
      session.writable && button("Compact", () => this.#compact(), { class: "plain" }));
  }

  /** By a link, so that the browser writes to the disk what comes: the page would have to hold it. */
  async #download() {
    const sure = await ask({
      title: "Download a snapshot of this member?", action: "Download", word: "snapshot",
      text: `The browser saves all keys and values, and users with their roles, about ${size(this.#status.db_size_in_use)}.`,
    });
    if (sure === null) {
      return;
    }
    await this.#shell.attempt(async () => {
      const link = await call("POST", "snapshot/links");
      h("a", { href: `..${link.path}`, download: `snapshot-${this.#status.revision}.db` }).click();
      this.#shell.say(`The browser saves ${size(link.bytes)}.`);
    });
  }

  async #defragment() {
    const status = this.#status;
    const sure = await ask({
      title: "Defragment this member?",
      text: ["Its store is rewritten; it serves meanwhile, and needs the space twice.",
        status.leader === status.member_id && "It leads: the others first, the leader last."].filter(Boolean),
      action: "Defragment", word: "defragment",
    });
    if (sure !== null) {
      await this.#shell.attempt(() => call("POST", "defragment"), "The store was rewritten.");
    }
  }

  async #compact() {
    const entered = await ask({
      title: "Compact the history?", danger: true, action: "Compact", word: "compact",
      text: "Older versions of keys, and watches from older revisions, are lost for all members.",
      fields: [{ name: "revision", label: "Up to revision", type: "number", value: String(this.#status.revision), required: true }],
    });
    if (entered !== null) {
      await this.#shell.attempt(
        () => call("POST", "compaction", { json: { revision: Number(entered.revision) } }), "The history was compacted.");
    }
  }

  #showAlarms(alarms) {
    refill(this.#alarms, alarms.map((alarm) => h("div", { class: "conflict", role: "alert" },
      h("p", null, `Alarm: ${alarm.type}, member ${alarm.member}`),
      session.writable && button("End this alarm", () => this.#disarm(alarm), { class: "danger" }))));
  }

  async #disarm(alarm) {
    const sure = await ask({
      title: `End the alarm ${alarm.type}?`,
      text: "It does not make more space, nor data agree: do that before.", action: "End it", danger: true, word: alarm.type,
    });
    if (sure !== null && await this.#shell.attempt(
      () => call("DELETE", `alarms/${alarm.type}`, { query: { member: alarm.member } }), "The alarm was ended.")) {
      await this.#read();
    }
  }

  #memberTable(members) {
    const heads = ["Name", "Id", "Role", "Addresses for clients", "Addresses for members"];
    if (session.writable) {
      heads.push("What can be done");
    }
    return [h("h2", null, "Members"), table("Members", heads, members.map((member) => this.#row(member))),
      session.writable && h("div", { class: "actions" }, button("Add a member", () => this.#add(), { class: "plain" }))];
  }

  #row(member) {
    const status = this.#status;
    const self = member.id === status.member_id;
    const role = member.learner ? "learner" : member.id === status.leader ? "leader" : "follower";
    const cells = [h("bdi", null, visible(member.name) || "not started yet"), member.id, self ? `${role}, this member` : role,
      member.client_urls.map((url) => h("div", null, this.#console(url))), member.peer_urls.map((url) => h("div", null, url))];
    if (session.writable) {
      cells.push(h("div", { class: "actions" },
        !member.learner && !self && status.leader === status.member_id
          && button("Make it leader", () => this.#lead(member), { class: "plain" }),
        member.learner && button("Promote", () => this.#promote(member), { class: "plain" }),
        button("Remove", () => this.#remove(member), { class: "plain danger" })));
    }
    return cells;
  }

  /** Each member has a console of its own. */
  #console(url) {
    return /^https?:\/\//.test(url) ? h("a", { href: `${url}/console/#/cluster`, rel: "noreferrer" }, url) : url;
  }

  async #change(question, method, path, done, options) {
    if (await ask(question) !== null && await this.#shell.attempt(() => call(method, path, options), done)) {
      await this.#read();
    }
  }

  #lead(member) {
    return this.#change({
      title: `Hand the leadership to ${visible(member.name)}?`, action: "Hand over", word: visible(member.name) || member.id,
    }, "PUT", "leader", "The leadership was handed over.", { json: { member: member.id } });
  }

  #promote(member) {
    return this.#change({
      title: `Give ${visible(member.name)} a vote?`, action: "Promote", word: visible(member.name) || member.id,
    }, "POST", `members/${member.id}/promote`, "The member has a vote.");
  }

  #remove(member) {
    return this.#change({
      title: `Remove ${visible(member.name) || member.id}?`, danger: true, action: "Remove", word: visible(member.name) || member.id,
      text: "It stops, and cannot come back with its data.",
    }, "DELETE", `members/${member.id}`, "The member was removed.");
  }

  async #add() {
    const entered = await ask({
      title: "Add a member", action: "Add",
      text: "It is started afterwards, with initial-cluster-state existing. A learner has no vote until it is promoted.",
      fields: [
        { name: "urls", label: "Addresses for members", hint: "With commas between them.", required: true },
        { name: "learner", label: "As a learner", type: "checkbox", value: true },
      ],
    });
    if (entered !== null && await this.#shell.attempt(() => call("POST", "members", {
      json: { peer_urls: entered.urls.split(",").map((url) => url.trim()), learner: entered.learner },
    }), "The member was added. Start it now.")) {
      await this.#read();
    }
  }

  #showBackups(backups) {
    const facts = !backups.enabled ? "There are none: quorate.backup.url is not set."
      : !backups.active ? "Another member makes them, the leader."
        : `Up to revision ${backups.restorable_revision} can be restored; ${Math.ceil(backups.lag_millis / 1000)} s behind`
          + `${backups.running ? "; a full one is under way" : ""}.`;
    refill(this.#backups, h("h2", null, "Backups"), h("p", null, facts),
      session.writable && backups.active && h("div", { class: "actions" },
        button("Make a full backup", () => this.#backUp(), { class: "plain" })));
  }

  #backUp() {
    return this.#change({ title: "Make a full backup now?", action: "Begin", word: "backup" },
      "POST", "backups", "The backup begins soon.");
  }
}
