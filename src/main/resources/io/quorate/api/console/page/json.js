// JSON as people read it. Numbers stay as they are written, however many digits they have.

export function isJson(source) {
  try {
    JSON.parse(source);
    return true;
  } catch (other) {
    return false;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** The same JSON with a line for each value. */
export function indented(source) {
  const out = [];
  let depth = 0;
  let before = "";
  const newline = () => out.push(`\n${"  ".repeat(depth)}`);
  for (const [token] of source.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    if (closes) {
      depth--;
    }
    if (before === "," || ((before === "{" || before === "[") && !closes) || (closes && before !== "{" && before !== "[")) {
      newline();
    }
    out.push(token === ":" ? ": " : token);
    if (token === "{" || token === "[") {
      depth++;
    }
    before = token;
  }
  return out.join("");
}
