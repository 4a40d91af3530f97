// Keys and values are bytes here, and text only where it is shown.

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const EMPTY = new Uint8Array(0);

export function utf8(text) {
  return ENCODER.encode(text);
}

/** The text that bytes are in UTF-8; null if they are none. */
export function text(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch (notText) {
    return null;
  }
}

export function base64(bytes) {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** The alphabet that needs no escapes in a path. */
export function pathBase64(bytes) {
  return base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Throws if it is none. */
export function fromBase64(encoded) {
  const binary = atob(encoded.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Throws if it is none. */
export function fromHex(encoded) {
  const digits = encoded.replace(/\s/g, "");
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) {
    throw new Error("hexadecimal digits, two for each byte");
  }
  return Uint8Array.from({ length: digits.length / 2 }, (unused, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** The bytes of a field of the REST API and its encoding. */
export function ofView(value, encoding) {
  return encoding === "base64" ? fromBase64(value) : utf8(value);
}

/** Text whose control characters, marks of direction and blanks without a width are made visible, but for those that are kept. */
export function visible(known, kept = "") {
  return known.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g, (char) => {
    const code = char.charCodeAt(0);
    return kept.includes(char) ? char
      : code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Bytes as they are shown in a line: visible text, or hexadecimal. */
export function shown(bytes, kept) {
  const known = text(bytes);
  return known === null ? `0x${hex(bytes)}` : visible(known, kept);
}

/** The beginning of a field of the REST API and its encoding, as it is shown: so many characters at most. */
export function beginning(value, encoding, charsMax, kept) {
  const all = shown(ofView(value, encoding), kept);
  return all.length > charsMax ? `${all.slice(0, charsMax)}…` : all;
}

const PLAIN = /[A-Za-z0-9/._~:@!$'()*,;=-]/;

/** Bytes as a part of a link of this page. */
export function toLink(bytes) {
  return Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    return PLAIN.test(char) ? char : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  }).join("");
}

/** The bytes of a part of a link, however a browser wrote it. */
export function fromLink(link) {
  const bytes = [];
  const parts = link.split(/(%[0-9a-fA-F]{2})/);
  for (const part of parts) {
    if (/^%[0-9a-fA-F]{2}$/.test(part)) {
      bytes.push(parseInt(part.slice(1), 16));
    } else {
      for (const byte of utf8(part)) {
        bytes.push(byte);
      }
    }
  }
  return Uint8Array.from(bytes);
}

export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function join(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** What lies before the last separator, with it, not counting one at the very end; nothing if there is none. */
export function parent(bytes, separator) {
  for (let i = bytes.length - 1 - separator.length; i >= 0; i--) {
    if (equal(bytes.subarray(i, i + separator.length), separator)) {
      return bytes.slice(0, i + separator.length);
    }
  }
  return EMPTY;
}

/** A size for people. */
export function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
