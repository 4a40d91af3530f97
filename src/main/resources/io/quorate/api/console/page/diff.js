// Two texts, line by line.

import { hex, text, visible } from "./bytes.js";
import { h } from "./dom.js";
import { indented, isJson } from "./json.js";

/** So many pairs of lines are compared at most; beyond that the texts are shown one after the other. */
const PAIRS_MAX = 4_000_000;
const LINES_MAX = 2_000;

/** Lines of a value: of JSON one for each part, of bytes hexadecimal. */
export function lines(bytes) {
  if (bytes.length === 0) {
    return [];
  }
  const known = text(bytes);
  if (known === null) {
    return hex(bytes).match(/.{1,64}/g) ?? [];
  }
  return ((isJson(known) && /^\s*[[{]/.test(known) ? indented(known) : null) ?? known).split("\n");
}

/** What became of lines: each has a kind, " ", "-" or "+", and a text. */
export function compare(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    start++;
  }
  let end = 0;
  while (end < before.length - start && end < after.length - start
      && before[before.length - 1 - end] === after[after.length - 1 - end]) {
    end++;
  }
  return [
    ...before.slice(0, start).map((line) => [" ", line]),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((line) => [" ", line]),
  ];
}

/** By the longest common subsequence: cell (i, j) has its length for what lies behind line i and line j. */
function middle(before, after) {
  const width = after.length + 1;
  const removed = () => before.map((line) => ["-", line]);
  const added = () => after.map((line) => ["+", line]);
  if (before.length === 0 || after.length === 0 || (before.length + 1) * width > PAIRS_MAX) {
    return [...removed(), ...added()];
  }
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] = before[i] === after[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      found.push([" ", before[i++]]);
      j++;
    } else if (j >= after.length || (i < before.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      found.push(["-", before[i++]]);
    } else {
      found.push(["+", after[j++]]);
    }
  }
  return found;
}

const KINDS = { "-": "removed", "+": "added", " ": "same" };

/** The difference of two values as it is shown. */
export function difference(before, after) {
  const all = compare(lines(before), lines(after));
  const shown = all.slice(0, LINES_MAX);
  return h("div", { class: "diff", tabindex: "0", role: "region", "aria-label": "Difference" },
    shown.map(([kind, line]) => h("div", { class: KINDS[kind] },
      h("span", { "aria-label": KINDS[kind] }, kind), h("bdi", null, visible(line, "\t")))),
    all.length > shown.length && h("p", { class: "hint" }, `${all.length - shown.length} more lines`));
}
