// The simulator's HTTP and WebSocket side, as docs/simulator.md describes it.

import { formatted } from "./formatting.js";

/** An answer other than 2xx; `status` is 0 when nobody answered. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function request(method, path, body) {
  const form = body instanceof FormData;
  const options = { method, headers: {} };
  if (form) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused(0, "The simulator does not answer.");
  }
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, wordsOf(text) || `HTTP ${answer.status}`);
  return text ? JSON.parse(text) : null;
}

function wordsOf(text) {
  try {
    const { error, description } = JSON.parse(text);
    return description ?? error ?? "";
  } catch {
    return "";
  }
}

const get = (path) => request("GET", path);
const post = (path, body = {}) => request("POST", path, body);

export const world = {
  people: () => get("people"),
  putPerson: (id, person) => request("PUT", `people/${id}`, person),
  chat: (id) => get(`people/${id}/chat`),
  reset: () => post("control/reset"),
  clock: () => get("control/clock"),
  moveClock: (change) => post("control/clock", change),
  faults: () => get("control/faults"),
  fail: (fault) => post("control/faults", fault),
  limits: (on) => post("control/limits", { on }),
  bot: (action) => post("control/bot", { action }),
  log: (after = 0) => get(`control/log?after=${after}`),
};

/** Everything one person can do to the bot. */
export class Person {
  constructor(id) {
    this.id = id;
  }
  #post(what, body) {
    return post(`people/${this.id}/${what}`, body);
  }
  say(text, replyTo) {
    const html = replyTo ? null : formatted(text);
    if (html) return this.#post("text", { text: html, formatted: true });
    return this.#post("text", replyTo ? { text, reply_to: replyTo } : { text });
  }
  edit(messageId, text) {
    return this.#post("edit", { message_id: messageId, text });
  }
  press(messageId, data) {
    return this.#post("press", { message_id: messageId, data });
  }
  /** `kind` is photo, document, voice or video_note; `album` binds several files into one submission. */
  sendFile(kind, file, { caption, album } = {}) {
    const form = new FormData();
    form.append("file", file, file.name ?? "file");
    if (caption) form.append("caption", caption);
    if (album) form.append("album", album);
    return this.#post(kind, form);
  }
  contact(phone, firstName) {
    return this.#post("contact", { phone_number: phone, first_name: firstName });
  }
  location(latitude, longitude) {
    return this.#post("location", { latitude, longitude });
  }
  sticker() {
    return this.#post("sticker");
  }
  forward(text, fromName) {
    return this.#post("forward", { text, from_name: fromName });
  }
  block(blocked) {
    return this.#post(blocked ? "block" : "unblock");
  }
}

export const fileAddress = (fileId) => `files/${encodeURIComponent(fileId)}`;

/**
 * Listens to /ws for as long as the page is open. `onEvent` gets every event; `onLink(true)` follows each
 * connection made (read everything again: events were missed) and `onLink(false)` each one lost.
 */
export function listen(onEvent, onLink) {
  const address = new URL("ws", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  let wait = 250;
  const connect = () => {
    const socket = new WebSocket(address);
    socket.onopen = () => {
      wait = 250;
      onLink(true);
    };
    socket.onmessage = (message) => onEvent(JSON.parse(message.data));
    socket.onclose = () => {
      onLink(false);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  connect();
}
