// Looks for keys by what their values have.

import { call } from "./api.js";
import { base64, ofView, text, toLink, utf8 } from "./bytes.js";

/** Values that are asked for at once: each may have some MiB. */
const AT_ONCE = 10;

/** Bytes as characters of the same number: what is no text is compared byte by byte. */
function comparable(bytes) {
  return (text(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).toLowerCase();
}

/** The links of those keys whose values have a text in them, however it is written. Tells onStep how many were read. */
export async function having(keys, wanted, onStep) {
  const needle = wanted.toLowerCase();
  const bytes = Array.from(utf8(needle), (byte) => String.fromCharCode(byte)).join("");
  const found = new Set();
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const answer = await call("POST", "txn", {
      json: { success: keys.slice(i, i + AT_ONCE).map((key) => ({ get: { key: base64(key), key_encoding: "base64" } })) },
    });
    for (const result of answer.results) {
      for (const one of result.get.keys) {
        const value = ofView(one.value, one.encoding);
        if (comparable(value).includes(text(value) === null ? bytes : needle)) {
          found.add(toLink(ofView(one.key, one.key_encoding)));
        }
      }
    }
    onStep(Math.min(i + AT_ONCE, keys.length));
  }
  return found;
}
