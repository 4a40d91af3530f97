// Server-sent events, read by fetch: a browser's own EventSource cannot send a token.

import { send } from "./api.js";

const PAUSE_MILLIS = 2000;

/** Splits a stream into events: each has a name, an id and data. */
export class EventParser {
  #rest = "";
  #event = { name: "message", id: null, data: [] };

  /** The events that a further piece of text completes. */
  take(piece) {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop();
    const complete = [];
    for (const line of lines) {
      const event = this.#line(line.replace(/\r$/, ""));
      if (event) {
        complete.push(event);
      }
    }
    return complete;
  }

  #line(line) {
    if (line === "") {
      const event = this.#event;
      this.#event = { name: "message", id: null, data: [] };
      return event.data.length === 0 ? null : { name: event.name, id: event.id, data: JSON.parse(event.data.join("\n")) };
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") {
      this.#event.name = value;
    } else if (name === "id") {
      this.#event.id = value;
    } else if (name === "data") {
      this.#event.data.push(value);
    }
    return null;
  }
}

/** Reads events until it is stopped; goes on behind the last one when the connection breaks. Returns what stops it. */
export function follow(path, query, onEvent, onState) {
  const stop = new AbortController();
  run(path, query, onEvent, onState, stop.signal);
  return () => stop.abort();
}

async function run(path, query, onEvent, onState, signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const answer = await send("GET", path, {
        query, signal, headers: { Accept: "text/event-stream", ...(last === null ? {} : { "Last-Event-ID": last }) },
      });
      onState("open");
      const parser = new EventParser();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        for (const event of parser.take(piece.value)) {
          last = event.id ?? last;
          onEvent(event);
        }
      }
      onState("closed");
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      onState("closed", failure);
      if (failure.status >= 400 && failure.status < 500) {
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}
