// Keys to a file and back, as JSON of the form that the REST API has, or as CSV with the same fields.

import { ApiError, get, keyPath, writeKey } from "./api.js";
import { ofView } from "./bytes.js";
import { fromCsv, toCsv } from "./csv.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";

const PAGE_KEYS = 50;

/** More is for a snapshot. */
const KEYS_MAX = 20_000;
const CHARS_MAX = 64 * 1024 * 1024;

const NEW = { "If-None-Match": "*" };

/** Has the browser save the keys that begin so, all as they were at one revision, as json or csv; returns how many these are. */
export async function exportKeys(prefix, form) {
  const keys = [];
  let chars = 0;
  let next;
  let revision;
  do {
    const page = await get(keyPath("keys", prefix), { encoding: "base64", prefix: "", limit: PAGE_KEYS, continue: next });
    for (const one of page.keys) {
      keys.push({ key: one.key, key_encoding: one.key_encoding, value: one.value, encoding: one.encoding });
      chars += one.key.length + one.value.length;
    }
    if (keys.length + page.remaining > KEYS_MAX || chars > CHARS_MAX) {
      throw new ApiError(413, { detail: `More than ${KEYS_MAX.toLocaleString("en")} keys or 64 MiB: take a snapshot instead.` });
    }
    revision = page.revision;
    next = page.continue;
  } while (next !== undefined);
  const content = form === "csv" ? toCsv(keys) : JSON.stringify({ revision, keys }, null, 1);
  save(content, `keys-${revision}.${form}`, form === "csv" ? "text/csv" : "application/json");
  return keys.length;
}

function save(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** Asks for a file and writes its keys; returns what became of them, or null if it was cancelled. */
export async function importKeys() {
  const chosen = h("input", { type: "file", accept: ".json,application/json,.csv,text/csv" });
  const keys = await new Promise((resolve, reject) => {
    chosen.addEventListener("cancel", () => resolve(null));
    chosen.addEventListener("change", () => chosen.files[0].text().then(parse).then(resolve, reject));
    chosen.click();
  });
  return keys === null ? null : write(keys);
}

/** The keys of a file; throws an ApiError if it is no such file. */
export function parse(content) {
  if (!/^\s*\{/.test(content)) {
    return parseCsv(content);
  }
  try {
    return JSON.parse(content).keys.map((one) => {
      if (typeof one.key !== "string" || typeof one.value !== "string") {
        throw new TypeError("a key and a value");
      }
      return { key: ofView(one.key, one.key_encoding), value: ofView(one.value, one.encoding) };
    });
  } catch (mistake) {
    throw new ApiError(400, { detail: "This is no file with keys that was saved here." });
  }
}

function parseCsv(content) {
  try {
    return fromCsv(content);
  } catch (mistake) {
    throw new ApiError(400, { detail: `This is neither JSON nor CSV with keys: ${mistake.message}.` });
  }
}

/** Writes a key, which keeps the lease that it has; one that is not there is made without. */
async function overwrite(key, value) {
  try {
    await writeKey(key, value, {}, { keep_lease: "" });
  } catch (failure) {
    if (failure.status !== 404) {
      throw failure;
    }
    await writeKey(key, value, NEW);
  }
}

async function write(keys) {
  const count = keys.length.toLocaleString("en");
  const sure = await ask({
    title: `Write ${count} keys?`, action: "Write", danger: true, word: count,
    fields: [{ name: "over", label: "Also those that are there already", type: "checkbox", value: false }],
  });
  if (sure === null) {
    return null;
  }
  let written = 0;
  let left = 0;
  for (const { key, value } of keys) {
    try {
      await (sure.over ? overwrite(key, value) : writeKey(key, value, NEW));
      written++;
    } catch (failure) {
      if (failure.status !== 412) {
        throw new ApiError(failure.status, { detail: `${failure.message}; ${written} of ${count} keys were written before.` });
      }
      left++;
    }
  }
  return `${written.toLocaleString("en")} keys were written, ${left.toLocaleString("en")} were there already and left.`;
}
