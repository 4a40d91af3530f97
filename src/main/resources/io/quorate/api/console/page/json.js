// JSON as people read it. Numbers stay as they are written, however many digits they have.

export function isJson(source) {
  try {
    JSON.parse(source);
    return true;
  } catch (other) {
    return false;
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** The parts of JSON: marks, and texts, numbers and words as they are written. */
export function tokens(source) {
  return source.match(TOKEN);
}

/** Each line begins with its depth, so that a small value that is deep enough would become very large. */
const DEPTH_MAX = 100;
const CHARS_MAX = 8 * 1024 * 1024;

/** The same JSON with a line for each value; null if that would be too deep or too large. */
export function indented(source) {
  const out = [];
  let chars = 0;
  let depth = 0;
  let before = "";
  const add = (part) => {
    out.push(part);
    chars += part.length;
  };
  for (const [token] of source.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    if (closes) {
      depth--;
    }
    if (before === "," || ((before === "{" || before === "[") && !closes) || (closes && before !== "{" && before !== "[")) {
      add(`\n${"  ".repeat(depth)}`);
    }
    add(token === ":" ? ": " : token);
    if (token === "{" || token === "[") {
      depth++;
    }
    if (depth > DEPTH_MAX || chars > CHARS_MAX) {
      return null;
    }
    before = token;
  }
  return out.join("");
}
