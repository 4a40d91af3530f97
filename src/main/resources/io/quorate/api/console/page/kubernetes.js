// Values of Kubernetes: a mark, an envelope with kind and version, and a message of protobuf, of which only numbers of fields are known.

import { hex, text } from "./bytes.js";

const MARK = [0x6b, 0x38, 0x73, 0x00];
const DEPTH_MAX = 20;
const INDENT = "  ";

export function isKubernetes(bytes) {
  return MARK.every((byte, i) => bytes[i] === byte);
}

/** The value as lines: kind and version, then fields by their number. Null if it is none. */
export function decoded(bytes) {
  if (!isKubernetes(bytes)) {
    return null;
  }
  const envelope = fields(bytes.subarray(MARK.length));
  const type = envelope?.find((one) => one.number === 1 && one.bytes);
  const raw = envelope?.find((one) => one.number === 2 && one.bytes);
  const names = type ? fields(type.bytes) : null;
  if (!names || !raw) {
    return null;
  }
  const named = (number) => text(names.find((one) => one.number === number)?.bytes ?? new Uint8Array(0)) ?? "";
  const more = [[3, "contentEncoding"], [4, "contentType"]]
    .map(([number, name]) => [name, text(envelope.find((one) => one.number === number)?.bytes ?? new Uint8Array(0))])
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}`);
  return [`apiVersion: ${named(1)}`, `kind: ${named(2)}`, ...more, ...described(raw.bytes, 0)].join("\n");
}

/** The fields of a message; null if the bytes are none. */
function fields(bytes) {
  const found = [];
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) {
        return null;
      }
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag === null || tag >> 3n === 0n || tag >> 3n > 536870911n) {
      return null;
    }
    const one = { number: Number(tag >> 3n) };
    const kind = Number(tag & 7n);
    if (kind === 0) {
      one.value = number();
      if (one.value === null) {
        return null;
      }
    } else {
      const length = kind === 1 ? 8n : kind === 5 ? 4n : kind === 2 ? number() : null;
      if (length === null || length > BigInt(bytes.length - at)) {
        return null;
      }
      one.fixed = kind !== 2;
      one.bytes = bytes.subarray(at, at + Number(length));
      at += Number(length);
    }
    found.push(one);
  }
  return found;
}

function described(bytes, depth) {
  const found = fields(bytes) ?? [];
  const before = INDENT.repeat(depth);
  return found.flatMap((one) => {
    if (one.bytes === undefined) {
      return [`${before}${one.number}: ${one.value}`];
    }
    if (one.fixed) {
      return [`${before}${one.number}: 0x${hex(one.bytes)}`];
    }
    const known = text(one.bytes);
    if (known !== null && !/[\u0000-\u0008\u000e-\u001f]/.test(known)) {
      return [`${before}${one.number}: ${JSON.stringify(known)}`];
    }
    const inside = depth < DEPTH_MAX ? fields(one.bytes) : null;
    return inside ? [`${before}${one.number}:`, ...described(one.bytes, depth + 1)] : [`${before}${one.number}: 0x${hex(one.bytes)}`];
  });
}
