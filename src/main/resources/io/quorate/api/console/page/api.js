// Calls of the REST API.

import { pathBase64 } from "./bytes.js";
import { session } from "./session.js";

const BASE = "../api/v1/";

/** What the API refused, or that there was no answer: then the status is 0. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `status ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** Whether the member answers: listeners are told when that changes. */
export const line = new EventTarget();
let connected = true;

export function isConnected() {
  return connected;
}

export function setConnected(now) {
  if (now !== connected) {
    connected = now;
    line.dispatchEvent(new Event("change"));
  }
}

/** Makes a call and returns the answer; throws an ApiError for anything but success. */
export async function send(method, path, options = {}) {
  const headers = new Headers(options.headers);
  const { token } = session;
  if (token !== null) {
    headers.set("Authorization", `Bearer ${token}`);
  }
  let body = options.body;
  if (options.json !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(options.json);
  }
  let answer;
  try {
    answer = await fetch(BASE + path + query(options.query),
      { method, headers, body, signal: options.signal, cache: "no-store", credentials: "omit" });
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    setConnected(false);
    throw new ApiError(0, { title: "This member does not answer." });
  }
  if (!answer.ok) {
    const refused = await refusal(answer);
    if (wantsLogin(refused, token, path, options)) {
      session.expired(token);
    }
    throw refused;
  }
  return answer;
}

/** Whether a refusal is about who calls. What a form has entered, a wrong password or no name, is answered with the same status. */
function wantsLogin(refused, token, path, options) {
  if (refused.status !== 401) {
    return false;
  }
  return token === null ? path !== "auth/token" && options.json?.name !== "" : refused.problem.grpc_status === "UNAUTHENTICATED";
}

async function refusal(answer) {
  let problem = { title: `The member answered with status ${answer.status}.` };
  if ((answer.headers.get("Content-Type") ?? "").includes("json")) {
    problem = await answer.json();
  }
  return new ApiError(answer.status, problem);
}

/** The same for an answer in JSON. */
export async function call(method, path, options) {
  const answer = await send(method, path, options);
  return answer.status === 204 || answer.status === 202 ? null : answer.json();
}

export function get(path, parameters, options) {
  return call("GET", path, { query: parameters, ...options });
}

function query(parameters) {
  const pairs = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

/** The path of a key, whatever bytes it has; goes with the parameter encoding=base64. */
export function keyPath(collection, key) {
  return `${collection}/${pathBase64(key)}`;
}

/** A key with its value as bytes; null if there is none. */
export async function readKey(key, revision) {
  let answer;
  try {
    answer = await send("GET", keyPath("keys", key), {
      query: { encoding: "base64", revision },
      headers: { Accept: "application/octet-stream" },
    });
  } catch (failure) {
    if (failure instanceof ApiError && failure.status === 404) {
      return null;
    }
    throw failure;
  }
  return {
    key,
    value: new Uint8Array(await answer.arrayBuffer()),
    tag: answer.headers.get("ETag"),
    modRevision: Number((answer.headers.get("ETag") ?? "").replaceAll('"', "")),
    createRevision: Number(answer.headers.get("X-Quorate-Create-Revision")),
    version: Number(answer.headers.get("X-Quorate-Version")),
    lease: answer.headers.get("X-Quorate-Lease"),
  };
}

/** Writes a key; the condition is a field If-Match or If-None-Match. Returns the new tag. */
export async function writeKey(key, value, condition, parameters) {
  const answer = await send("PUT", keyPath("keys", key), {
    query: { encoding: "base64", ...parameters },
    headers: { "Content-Type": "application/octet-stream", ...condition },
    body: value,
  });
  return answer.headers.get("ETag");
}

/** A failure in words. */
export function words(failure) {
  if (!(failure instanceof ApiError)) {
    console.error(failure);
    return `The page failed: ${failure.message}`;
  }
  return failure.problem.field ? `${failure.problem.title}: ${failure.message}` : failure.message;
}
