// Behind the scenes: make Telegram fail, move time, stop the bot, and see every call it makes.

import { Refused, world } from "./api.js";
import { CallLog } from "./calls.js";
import { h, icon } from "./dom.js";
import { Failures } from "./failures.js";
import { ask, toastOnPage } from "./notices.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export class Panel {
  #offset = 0; // seconds that the world's clock is ahead

  /** `page` = {people(), shown, changed()}: changed reads the whole world again. */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    this.onToggle = () => {};
    this.log = new CallLog();
    this.failures = new Failures(page, this.#tool.bind(this));
    this.worldTime = h("output.world-time");
    this.bots = h("output.bots");
    host.append(this.#top(), h("div.panel-body", this.#sections()), this.log.element);
    host.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    setInterval(() => !host.hidden && !document.hidden && this.#tick(), 1000);
  }

  #top() {
    const close = () => this.toggle(false);
    const cross = h("button.round.small", { "aria-label": "Close the panel", click: close }, icon("close"));
    return h("header.panel-top", h("h2", "Behind the scenes"), cross);
  }

  #sections() {
    const ahead = (label, seconds) => this.#tool(label, () => world.moveClock({ advance: seconds }));
    const now = this.#tool("Back to now", () => world.moveClock({ reset: true }), { style: "calm" });
    this.botTools = h(
      "div.tools",
      this.#tool("Kill the bot", () => this.#bot("kill"), { style: "danger" }),
      this.#tool("Start the bot", () => this.#bot("start")),
    );
    const title = "Forgets every chat on this page; what the bot has stored stays with the bot";
    const reset = this.#tool("Reset the simulator", () => this.#forget(), { style: "danger", title });
    const times = h(
      "div.tools",
      ahead("+1 hour", HOUR),
      ahead("+1 day", DAY),
      ahead("+1 week", 7 * DAY),
      now,
    );
    return [
      section("Make Telegram fail", this.failures.parts),
      section("Time", this.worldTime, times),
      section("The bot", this.bots, this.botTools),
      section("Begin again", h("div.tools", reset)),
    ];
  }

  #tool(label, run, { style = "", title } = {}) {
    const click = () => this.#attempt(run);
    return h("button", { class: `tool ${style}`, dataset: { label }, title, click }, label);
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
    const question = "Forget all chats and cases, and begin again? This cannot be undone.";
    if (!(await ask(question, "Reset", { danger: true }))) return;
    await world.reset();
    this.log.clear();
    this.page.changed();
  }

  toggle(open = this.host.hidden) {
    this.host.hidden = !open;
    this.onToggle(open);
    if (!open) return;
    this.refresh();
    this.host.querySelector("button").focus({ preventScroll: true });
  }

  addCall(call) {
    this.log.add([call]);
  }

  /** Reads what is in force, the clock, and the calls that were missed while nobody looked. */
  async refresh() {
    if (this.host.hidden) return;
    try {
      const [faults, clock] = await Promise.all([world.faults(), world.clock(), this.log.catchUp()]);
      this.failures.show(faults);
      this.#offset = clock.offset;
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
    }
    this.failures.showPeople();
    this.#showTime();
  }

  /** Failures run out by themselves and the clock goes on: both are looked at while somebody looks. */
  async #tick() {
    this.#showTime();
    if (this.failures.any)
      await world.faults().then(
        (faults) => this.failures.show(faults),
        () => {},
      );
  }

  /** `state` as the `state` event holds it. */
  showState({ offset, faults, limits, bots }) {
    this.#offset = offset;
    this.#showTime();
    this.failures.show(faults);
    this.failures.rates.checked = limits.on;
    this.failures.showPeople();
    this.bots.textContent = bots.map((bot) => botInWords(bot)).join("\n");
  }

  #showTime() {
    const now = CLOCK.format(Date.now() + this.#offset * 1000);
    this.worldTime.textContent = this.#offset
      ? `${now} (${spanInWords(this.#offset)} ahead)`
      : `${now} (now)`;
  }
}

const section = (title, ...content) => h("section.panel-section", h("h3", title), content);

const botInWords = ({ username, pending, webhook }) =>
  `@${username}: ${webhook ? "webhook" : "polling"}, ${pending} waiting`;

function spanInWords(seconds) {
  const days = Math.floor(seconds / DAY);
  const hours = Math.round((seconds % DAY) / HOUR);
  return [days && `${days} d`, hours && `${hours} h`].filter(Boolean).join(" ") || `${Math.round(seconds)} s`;
}
