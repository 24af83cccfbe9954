// The part of the panel that makes Telegram fail, and says what is in force.

import { Person, world } from "./api.js";
import { h } from "./dom.js";

const SENDS = [
  "sendMessage",
  "sendPhoto",
  "sendDocument",
  "sendVoice",
  "editMessageText",
  "editMessageReplyMarkup",
];
const FAILURES = [
  {
    label: "429 · wait 5 s",
    fault: { kind: "429", methods: SENDS, count: 3, retry_after: 5 },
    about: "The next three sends are told to wait 5 seconds",
  },
  {
    label: "Outage · 20 s",
    fault: { kind: "outage", seconds: 20 },
    about: "No connection at all for 20 seconds",
  },
  { label: "502", fault: { kind: "502", count: 5 }, about: "The next five calls end in Bad Gateway" },
  { label: "Slow · 3 s", fault: { kind: "slow", seconds: 3 }, about: "Every answer takes 3 seconds" },
  {
    label: "Dropped answer",
    fault: { kind: "drop", methods: SENDS, count: 1 },
    about: "The next message arrives, but the bot never learns that it did",
  },
  { label: "Garbage", fault: { kind: "garbage", count: 2 }, about: "The next two answers are not JSON" },
];

export class Failures {
  /** `page` = {people(), shown, changed()}; `tool(label, run, {style, title})` makes a button of the panel. */
  constructor(page, tool) {
    this.page = page;
    this.inForce = h("ul.in-force", { "aria-label": "In force", "aria-live": "polite" });
    this.blocker = h("select", { "aria-label": "Who blocks the bot" });
    this.rates = h("input", { type: "checkbox" });
    const failures = FAILURES.map(({ label, fault, about }) =>
      tool(label, () => world.fail(fault), { title: about }),
    );
    const title = "Ends every failure, every limit and every block";
    this.parts = [
      h("div.tools", failures),
      h(
        "div.tools.blocking",
        this.blocker,
        tool("Blocks the bot", () => this.#block()),
      ),
      h("label.check", this.rates, "Enforce Telegram's own rate limits"),
      h(
        "div.tools",
        tool("All well again", () => this.#allWell(), { style: "calm", title }),
      ),
      this.inForce,
    ];
    this.rates.addEventListener("change", () => world.limits(this.rates.checked));
  }

  async #allWell() {
    await world.fail({ kind: "none" });
    await world.limits(false);
    for (const { id, blocked } of this.page.people()) if (blocked) await new Person(id).block(false);
    this.page.changed();
  }

  async #block() {
    await new Person(Number(this.blocker.value)).block(true);
    this.page.changed();
  }

  get any() {
    return this.inForce.childElementCount > 0;
  }

  /** `faults` as GET /control/faults lists them. */
  show(faults) {
    const lines = faults.map((fault) => inWords(fault));
    if (lines.join() === [...this.inForce.children].map((line) => line.textContent).join()) return;
    this.inForce.replaceChildren(...lines.map((words) => h("li", words)));
  }

  showPeople() {
    const chosen = this.blocker.value || String(this.page.shown.ids[0]);
    const option = ({ id, first_name: name, blocked }) =>
      h("option", { value: id }, blocked ? `${name} (blocks)` : name);
    this.blocker.replaceChildren(...this.page.people().map(option));
    this.blocker.value = chosen;
  }
}

function inWords({ kind, methods, count, seconds, chance }) {
  const parts = [kind];
  if (count) parts.push(`${count} more`);
  if (kind === "slow" || kind === "outage") parts.push(`${Math.ceil(seconds)} s`);
  if (chance < 1) parts.push(`${Math.round(chance * 100)} %`);
  if (methods?.length) parts.push(methods.length > 2 ? "when sending" : methods.join(", "));
  return parts.join(" · ");
}
