// Behind the scenes: make Telegram fail, move time, stop the bot, and see every call it makes.

import { Person, Refused, world } from "./api.js";
import { CallLog } from "./calls.js";
import { h, icon } from "./dom.js";
import { ask, toastOnPage } from "./notices.js";

const HOUR = 3600;
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
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export class Panel {
  #clock = { offset: 0 };

  /** `page` = {people(), shown, changed()}: changed reads the whole world again. */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    this.log = new CallLog();
    this.inForce = h("ul.in-force", { "aria-label": "In force", "aria-live": "polite" });
    this.worldTime = h("output.world-time");
    this.blocker = h("select", { "aria-label": "Who blocks the bot" });
    this.bots = h("output.bots");
    this.botTools = this.#row([
      ["Kill the bot", () => this.#bot("kill"), "danger"],
      ["Start the bot", () => this.#bot("start")],
    ]);
    host.append(
      this.#top(),
      h(
        "div.panel-body",
        this.#failures(),
        this.#time(),
        this.#section("The bot", this.bots, this.botTools),
        this.#reset(),
      ),
      this.log.element,
    );
    host.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    setInterval(() => !host.hidden && !document.hidden && this.#tick(), 1000);
    this.onToggle = () => {};
  }

  #top() {
    const close = h(
      "button.round.small",
      { "aria-label": "Close the panel", click: () => this.toggle(false) },
      icon("close"),
    );
    return h("header.panel-top", h("h2", "Behind the scenes"), close);
  }

  #section(title, ...content) {
    return h("section.panel-section", h("h3", title), content);
  }

  #row(buttons) {
    const make = ([label, run, style = "", title]) =>
      h(
        "button",
        { class: `tool ${style}`, dataset: { label }, title, click: () => this.#attempt(run) },
        label,
      );
    return h("div.tools", buttons.map(make));
  }

  #failures() {
    const failures = FAILURES.map(({ label, fault, about }) => [label, () => world.fail(fault), "", about]);
    const calm = this.#row([
      ["All well again", () => this.#allWell(), "calm", "Ends every failure and every block"],
    ]);
    const rates = h("input", { type: "checkbox" });
    rates.addEventListener("change", () => this.#attempt(() => world.limits(rates.checked)));
    this.rates = rates;
    const blocking = h(
      "div.tools.blocking",
      this.blocker,
      this.#row([["Blocks the bot", () => this.#block()]]).firstChild,
    );
    return this.#section(
      "Make Telegram fail",
      this.#row(failures),
      blocking,
      h("label.check", rates, "Enforce Telegram's own rate limits"),
      calm,
      this.inForce,
    );
  }

  #time() {
    const jump = (seconds) => () => world.moveClock({ advance: seconds });
    return this.#section(
      "Time",
      this.worldTime,
      this.#row([
        ["+1 hour", jump(HOUR)],
        ["+1 day", jump(24 * HOUR)],
        ["+1 week", jump(7 * 24 * HOUR)],
        ["Back to now", () => world.moveClock({ reset: true }), "calm"],
      ]),
    );
  }

  #reset() {
    return this.#section(
      "Begin again",
      this.#row([
        [
          "Reset the simulator",
          () => this.#forget(),
          "danger",
          "Forgets every chat on this page; what the bot has stored stays with the bot",
        ],
      ]),
    );
  }

  async #attempt(run) {
    try {
      await run();
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      toastOnPage(refusal.message);
    }
    await this.refresh();
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

  async #bot(action) {
    try {
      await world.bot(action);
      toastOnPage(action === "kill" ? "The bot is being killed" : "The bot is being started");
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.botTools.hidden = true;
      toastOnPage("Nobody here can stop or start the bot: it was not started by the demo.");
    }
  }

  async #forget() {
    if (
      !(await ask("Forget all chats and people of the simulator? This cannot be undone.", "Reset", {
        danger: true,
      }))
    )
      return;
    await world.reset();
    this.log.clear();
    this.page.changed();
  }

  toggle(open = this.host.hidden) {
    this.host.hidden = !open;
    document.body.classList.toggle("panel-open", open);
    this.onToggle(open);
    if (!open) return;
    this.refresh();
    this.host.querySelector("button").focus({ preventScroll: true });
  }

  addCall(call) {
    this.log.add([call]);
  }

  /** Reads what is in force, the clock, and the calls missed since the last one seen. */
  async refresh() {
    if (this.host.hidden) return;
    try {
      const [faults, clock, calls] = await Promise.all([
        world.faults(),
        world.clock(),
        world.log(this.log.last),
      ]);
      this.#showFaults(faults);
      this.#clock = clock;
      this.log.add(calls);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
    }
    this.#showPeople();
    this.#showTime();
  }

  /** Failures run out by themselves and the clock goes on: both are looked at while somebody looks. */
  #tick() {
    this.#showTime();
    if (this.inForce.childElementCount)
      world
        .faults()
        .then((faults) => this.#showFaults(faults))
        .catch(() => {});
  }

  /** `state` as the `state` event holds it. */
  showState({ offset, faults, limits, bots }) {
    this.#clock = { offset };
    this.#showTime();
    this.#showFaults(faults);
    this.#showPeople();
    this.rates.checked = Boolean(limits?.on);
    this.bots.textContent = bots
      .map(
        ({ username, pending, webhook }) =>
          `@${username}: ${webhook ? "webhook" : "polling"}, ${pending} waiting`,
      )
      .join("\n");
  }

  #showFaults(answer) {
    const faults = Array.isArray(answer) ? answer : answer.faults;
    const lines = faults.map((fault) => faultWords(fault));
    if (lines.join() === [...this.inForce.children].map((line) => line.textContent).join()) return;
    this.inForce.replaceChildren(...lines.map((words) => h("li", words)));
  }

  #showTime() {
    const { offset } = this.#clock;
    const now = CLOCK.format(Date.now() + offset * 1000);
    this.worldTime.textContent = offset ? `${now} (${ahead(offset)} ahead)` : `${now} (now)`;
  }

  #showPeople() {
    const chosen = this.blocker.value || String(this.page.shown.ids[0]);
    this.blocker.replaceChildren(
      ...this.page
        .people()
        .map(({ id, first_name: name, blocked }) =>
          h("option", { value: id }, blocked ? `${name} (blocks)` : name),
        ),
    );
    this.blocker.value = chosen;
  }
}

function faultWords({ kind, methods, count, seconds, chance }) {
  const parts = [kind];
  if (count) parts.push(`${count} more`);
  if (kind === "slow" || kind === "outage") parts.push(`${Math.ceil(seconds)} s`);
  if (chance !== undefined && chance < 1) parts.push(`${Math.round(chance * 100)} %`);
  if (methods?.length) parts.push(methods.length > 2 ? "when sending" : methods.join(", "));
  return parts.join(" · ");
}

function ahead(seconds) {
  const days = Math.floor(seconds / (24 * HOUR));
  const hours = Math.round((seconds % (24 * HOUR)) / HOUR);
  return [days && `${days} d`, hours && `${hours} h`].filter(Boolean).join(" ") || `${Math.round(seconds)} s`;
}
