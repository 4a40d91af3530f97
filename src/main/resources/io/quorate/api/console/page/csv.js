// Keys as CSV (RFC 4180), with a line for each and the columns that the JSON of an export has.

import { base64, ofView, utf8 } from "./bytes.js";

const COLUMNS = ["key", "key_encoding", "value", "encoding"];

/** Of what begins so, spreadsheets make formulas. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(content) {
  return /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
}

/** A text in an encoding in which a spreadsheet leaves it alone. */
function harmless(content, encoding) {
  return encoding === "text" && FORMULA.test(content) ? [base64(utf8(content)), "base64"] : [content, encoding];
}

export function toCsv(keys) {
  const lines = keys.map((one) => [...harmless(one.key, one.key_encoding), ...harmless(one.value, one.encoding)]);
  return [COLUMNS, ...lines].map((line) => line.map(cell).join(",") + "\r\n").join("");
}

/** The cells of each line; throws an Error if a quote is not closed. */
export function lines(content) {
  const found = [[]];
  const token = /"((?:[^"]|"")*)"|([^",\r\n]+)|(,)|(\r\n|\r|\n)|(")/gy;
  let current = "";
  const end = () => {
    found.at(-1).push(current);
    current = "";
  };
  for (const [, quoted, plain, comma, newline, open] of content.matchAll(token)) {
    if (open) {
      throw new Error(`line ${found.length}: a quote is not closed`);
    }
    current += quoted?.replaceAll('""', '"') ?? plain ?? "";
    if (comma || newline) {
      end();
    }
    if (newline) {
      found.push([]);
    }
  }
  end();
  return found.filter((line) => line.length > 1 || line[0] !== "");
}

/** The keys and values of a file as bytes; throws an Error if there are none. The encodings may be left out. */
export function fromCsv(content) {
  const [heads, ...rest] = lines(content.replace(/^\ufeff/, ""));
  const at = Object.fromEntries(COLUMNS.map((column) => [column, heads?.indexOf(column) ?? -1]));
  if (at.key < 0 || at.value < 0) {
    throw new Error("the first line names no columns key and value");
  }
  return rest.map((line, i) => {
    if (line.length !== heads.length) {
      throw new Error(`row ${i + 2}: ${line.length} cells under ${heads.length} columns`);
    }
    return { key: ofView(line[at.key], line[at.key_encoding]), value: ofView(line[at.value], line[at.encoding]) };
  });
}
