// YAML: JSON shown as such, and what can be said of it without a library, which would be larger than this page. Indentation, brackets,
// quotes and keys given twice are looked at; that a file is right in all is for the program that reads it.

import { tokens } from "./json.js";

const INDENT = "  ";
const CHARS_MAX = 8 * 1024 * 1024;
const DEPTH_MAX = 100;

/** A text that is the same without quotes: no number, no word with a meaning, no mark. */
const PLAIN = /^[A-Za-z_/][\w./-]*( [\w./-]+)*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n|\.inf|\.nan)$/i;

function scalar(token) {
  const inside = token.startsWith('"') ? token.slice(1, -1) : null;
  return inside !== null && PLAIN.test(inside) && !WORDS.test(inside) ? inside : token;
}

/** JSON as YAML in lines, its numbers as they are; null if that would be too deep or too large. */
export function fromJson(source) {
  const all = tokens(source);
  let at = 0;
  let chars = 0;
  /** The lines of a value; the first one stands behind what comes before it. */
  const value = (depth) => {
    const token = all[at++];
    if (token !== "{" && token !== "[") {
      return [scalar(token)];
    }
    const close = token === "{" ? "}" : "]";
    if (depth > DEPTH_MAX || chars > CHARS_MAX) {
      return null;
    }
    if (all[at] === close) {
      at++;
      return [token + close];
    }
    const lines = [];
    do {
      const head = token === "[" ? "-" : `${scalar(all[at++])}:`;
      at += token === "[" ? 0 : 1;
      const nested = all[at] === "{" || all[at] === "[";
      const inner = value(depth + 1);
      if (inner === null) {
        return null;
      }
      const empty = nested && inner.length === 1 && /^(\{\}|\[\])$/.test(inner[0]);
      const added = !nested || empty || token === "["
        ? [`${head} ${inner[0]}`, ...inner.slice(1).map((line) => INDENT + line)] : [head, ...inner.map((line) => INDENT + line)];
      for (const line of added) {
        lines.push(line);
        chars += line.length;
      }
    } while (all[at++] === ",");
    return lines;
  };
  return value(0)?.join("\n") ?? null;
}

const ENTRY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>%@`"'[\]{},-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s|$)/;

const CLOSED = { '"': /^"(?:[^"\\]|\\.)*"/, "'": /^'(?:[^']|'')*'/ };
const CLOSING = { '"': /^(?:[^"\\]|\\.)*"/, "'": /^(?:[^']|'')*'/ };

/** What is wrong with a text as YAML, with its line; null if nothing is known to be. */
export function mistake(source) {
  const reader = new Reader();
  let number = 0;
  try {
    for (const line of source.split(/\r\n|\n|\r/)) {
      number++;
      reader.take(line, number);
    }
    reader.end();
  } catch (wrong) {
    return `Line ${wrong.line ?? number}: ${wrong.message}.`;
  }
  return null;
}

class Reader {
  #levels = []; // of indentation, each with its keys
  #open = []; // brackets, with their lines
  #quote = null; // that goes on, with its line
  #block = -1; // the indentation above a text in lines

  take(line, number) {
    const content = line.trimStart();
    const indent = line.length - content.length;
    if (this.#quote) {
      this.#quote = CLOSING[this.#quote.mark].test(line) ? null : this.#quote;
      return;
    }
    if (content === "" || content.startsWith("#") || (this.#block >= 0 && indent > this.#block)) {
      return;
    }
    this.#block = -1;
    if (this.#open.length > 0) {
      this.#brackets(content, number);
    } else if (/^ *\t/.test(line)) {
      throw new Error("a tab indents, which YAML does not allow");
    } else if (/^(---|\.\.\.)(\s|$)/.test(line)) {
      this.#levels = [];
    } else {
      this.#entry(content, indent, number);
    }
  }

  end() {
    const left = this.#quote ?? this.#open.at(-1);
    if (left) {
      throw Object.assign(new Error(`${left.mark} is not closed`), { line: left.line });
    }
  }

  /** Counts brackets outside of quotes and comments. */
  #brackets(text, line) {
    for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:^|\s)#.*|[[\]{}]/g)) {
      if (part === "[" || part === "{") {
        this.#open.push({ mark: part, line });
      } else if ((part === "]" || part === "}") && this.#open.pop()?.mark !== (part === "]" ? "[" : "{")) {
        throw new Error(`${part} closes nothing`);
      }
    }
  }

  #entry(content, indent, number) {
    let rest = content;
    let column = indent;
    let parent = indent;
    for (let item = /^-(\s+|$)/.exec(rest); item; item = /^-(\s+|$)/.exec(rest)) {
      this.#enter(column, "-");
      parent = column;
      column += item[0].length;
      rest = rest.slice(item[0].length);
    }
    const key = ENTRY.exec(rest);
    if (key) {
      this.#enter(column, key[1]);
      parent = column;
    }
    const value = key ? rest.slice(key[0].length).trim() : rest;
    if (/^[|>][-+0-9]*(\s+#.*)?$/.test(value)) {
      this.#block = parent;
    } else if (/^[[{]/.test(value)) {
      this.#brackets(value, number);
    } else if (CLOSED[value[0]] && !CLOSED[value[0]].test(value)) {
      this.#quote = { mark: value[0], line: number };
    }
  }

  /** A line with a key, or an item, at a column: that of a level above it, or a new one below the last. */
  #enter(column, key) {
    while (this.#levels.length > 0 && this.#levels.at(-1).column > column) {
      this.#levels.pop();
      if (this.#levels.length === 0 || this.#levels.at(-1).column < column) {
        throw new Error(`indented by ${column}, as no line above it`);
      }
    }
    let level = this.#levels.at(-1);
    if (level === undefined || level.column < column) {
      level = { column, keys: new Set() };
      this.#levels.push(level);
    }
    if (key !== "-" && key !== "<<") {
      if (level.keys.has(key)) {
        throw new Error(`the key ${key} is there twice`);
      }
      level.keys.add(key);
    }
  }
}
