// The log of Bot API calls: what the bot asked Telegram, what it was answered, how long that took.

import { world } from "./api.js";
import { h } from "./dom.js";

const MOST_SHOWN = 300;
// Calls that repeat for ever and say nothing while nothing happens.
const QUIET = new Set(["getUpdates"]);

export class CallLog {
  #seen = new Set();
  #waiting = [];
  #readUpTo = 0;

  constructor() {
    this.list = h("ol.calls", { "aria-label": "Calls, newest first", tabindex: "0" });
    this.polls = h("input", { type: "checkbox" });
    this.polls.addEventListener("change", () => this.list.classList.toggle("with-polls", this.polls.checked));
    const clear = h("button.tool.small", { click: () => this.list.replaceChildren() }, "Clear");
    const top = h("div.calls-top", h("h3", "Bot API calls"), h("label.check", this.polls, "polls"), clear);
    this.element = h("section.panel-section.call-log", top, this.list);
  }

  /** Reads the calls that were made before the page listened, or while it could not. */
  async catchUp() {
    const calls = await world.log(this.#readUpTo);
    if (calls.length) this.#readUpTo = calls.at(-1).n;
    this.add(calls);
  }

  /** Adds calls not seen before, once per frame together: a broadcast must not choke the page. */
  add(calls) {
    const fresh = calls.filter((call) => !this.#seen.has(keyOf(call)));
    for (const call of fresh) this.#seen.add(keyOf(call));
    if (fresh.length && !this.#waiting.length) requestAnimationFrame(() => this.#draw());
    this.#waiting.push(...fresh);
  }

  clear() {
    this.#seen.clear();
    this.#waiting = [];
    this.#readUpTo = 0;
    this.list.replaceChildren();
  }

  #draw() {
    const calls = this.#waiting.splice(0).sort((a, b) => a.at - b.at);
    for (const call of calls.slice(-MOST_SHOWN)) this.#place(line(call), call.at);
    while (this.list.childElementCount > MOST_SHOWN) this.list.lastChild.remove();
  }

  /** Newest first; a call that was missed goes where it belongs. */
  #place(node, at) {
    node.dataset.at = at;
    let next = this.list.firstChild;
    while (next && Number(next.dataset.at) > at) next = next.nextSibling;
    this.list.insertBefore(node, next);
  }
}

// Numbers begin again after a reset.
const keyOf = ({ n, at }) => `${n} ${at}`;

function line(call) {
  const { words, kind } = status(call.answer);
  const summary = h(
    "summary",
    {},
    h("span.method", call.method),
    call.params?.chat_id && h("span.to", { title: "chat" }, String(call.params.chat_id)),
    h("span", { class: `status-mark ${kind}` }, words),
    h("span.took", `${Math.round(call.ms)} ms`),
  );
  const details = h(
    "details",
    { class: QUIET.has(call.method) ? "call quiet" : "call", dataset: { call: call.n, method: call.method } },
    summary,
  );
  // The body is made when it is first looked at: most never are.
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(body(call)), {
    once: true,
  });
  return h("li", details);
}

function body({ params, answer, at, bot_id: bot, n }) {
  return h(
    "div.call-body",
    h("p", `call ${n} · bot ${bot ?? "?"} · ${moment(at)}`),
    h("h4", "Parameters"),
    h("pre", { dir: "auto" }, pretty(params)),
    h("h4", "Answer"),
    h("pre", { dir: "auto" }, pretty(answer)),
  );
}

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2));

const moment = (at) => new Date(at * 1000).toLocaleTimeString("en-GB");

function status(answer) {
  if (answer === null || answer === undefined) return { words: "no answer", kind: "lost" };
  if (typeof answer !== "object") return { words: "garbage", kind: "lost" };
  if (answer.ok) return { words: "200", kind: "well" };
  return { words: String(answer.error_code ?? "error"), kind: answer.error_code >= 500 ? "lost" : "refused" };
}
