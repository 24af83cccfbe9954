// One person's phone: the chat with the bot as this person sees it.

import { Person, Refused, world } from "./api.js";
import { languageName, roleOf } from "./cast.js";
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { copyOut, replyKeyboard } from "./keyboard.js";
import { openMenu } from "./menu.js";
import { alertOver, ask, toast, toastRegion } from "./notices.js";
import { Timeline } from "./timeline.js";

const PRESS_PATIENCE_MS = 15_000;
const TYPING_MS = 5_000;

export class Phone {
  #reading = null;
  #readAgain = false;
  #pressed = new Map(); // callback_query_id → function that ends the button's progress
  #answered = new Set(); // the bot can answer before the press itself has been confirmed to us
  #answersShown = "null";

  /** `profile` as GET /people gives it, with `phone` added; `close()` takes the column away. */
  constructor(profile, close) {
    this.profile = profile;
    this.person = new Person(profile.id);
    this.attempt = this.attempt.bind(this);
    this.composer = new Composer(this);
    this.timeline = new Timeline(this.#timelineContext(), this.#emptyChat());
    this.answers = h("div.answers", { hidden: true });
    this.composer.keyboardToggle.addEventListener(
      "click",
      () => (this.answers.hidden = !this.answers.hidden),
    );
    this.unblock = h(
      "div.unblock",
      { hidden: true },
      h(
        "button.filled",
        { dataset: { label: "Unblock" }, click: () => this.block(false) },
        "Unblock the bot",
      ),
    );
    this.element = h(
      "section.phone",
      { dataset: { person: profile.id }, "aria-label": `${profile.first_name}'s phone` },
      this.#owner(close),
      this.#header(),
      this.timeline.element,
      this.composer.element,
      this.answers,
      this.unblock,
    );
    this.toasts = toastRegion();
    this.timeline.element.append(this.toasts);
    this.showBlocked(profile.blocked);
  }

  #owner(close) {
    const { first_name: name, language_code: language, id } = this.profile;
    return h(
      "header.owner",
      h("bdi.owner-name", { lang: language }, name),
      h("span.language", { title: languageName(language) }, language),
      h("span.role", roleOf(id)),
      h("button.round.small", { "aria-label": `Put ${name}'s phone away`, click: close }, icon("close")),
    );
  }

  #header() {
    this.status = h("span.status", "bot");
    const options = h(
      "button.round",
      { "aria-label": "Chat options", "aria-haspopup": "menu", "aria-expanded": "false" },
      icon("more"),
    );
    options.addEventListener("click", () =>
      openMenu(options, this.element, [
        { label: "Send /start", icon: "send", run: () => this.composer.submit("/start") },
        this.profile.blocked
          ? { label: "Unblock the bot", icon: "lock", run: () => this.block(false) }
          : { label: "Block the bot", icon: "lock", danger: true, run: () => this.block(true) },
      ]),
    );
    return h(
      "div.chat-header",
      h("span.logo", icon("house")),
      h("div.title", h("strong", "Homeward"), this.status),
      options,
    );
  }

  #emptyChat() {
    const start = h(
      "button.filled.start",
      { dataset: { label: "START" }, click: () => this.composer.submit("/start") },
      "START",
    );
    return h(
      "div.empty-chat",
      h("span.logo.large", icon("house")),
      h("p", "No messages yet. A chat with a bot begins with a press."),
      start,
    );
  }

  #timelineContext() {
    return {
      onCommand: (command) => this.composer.submit(command),
      onOptions: (opener, message) => openMenu(opener, this.element, this.#messageOptions(message)),
      key: {
        press: (element, key) => this.#press(element, key),
        copied: () => this.toast("Copied to the clipboard"),
        unsupported: () => this.toast("This kind of button is not part of the demo."),
      },
    };
  }

  #messageOptions(message) {
    const words = message.text ?? message.caption;
    return [
      { label: "Reply", icon: "reply", run: () => this.composer.reply(message) },
      !message.outgoing &&
        message.text && { label: "Edit", icon: "edit", run: () => this.composer.edit(message) },
      words &&
        !message.has_protected_content && {
          label: "Copy text",
          icon: "copy",
          run: () => copyOut(words).then(() => this.toast("Copied to the clipboard")),
        },
    ].filter(Boolean);
  }

  async #press(element, key) {
    if (element.ariaBusy === "true") return;
    element.ariaBusy = "true";
    const end = () => (element.ariaBusy = "false");
    const messageId = Number(element.closest("[data-message-id]").dataset.messageId);
    const press = await this.attempt(this.person.press(messageId, key.callback_data));
    const id = String(press?.callback_query_id);
    if (!press || this.#answered.delete(id)) return end();
    this.#pressed.set(id, end);
    setTimeout(() => this.answered(id), PRESS_PATIENCE_MS);
  }

  /** The bot has answered a press; whose it was is not known to the caller. */
  answered(callbackQueryId) {
    const id = String(callbackQueryId);
    const end = this.#pressed.get(id);
    if (!end) return this.#answered.add(id);
    this.#pressed.delete(id);
    return end();
  }

  /** Awaits what a person does; a refusal becomes a toast. Answers the result, or null when refused. */
  async attempt(promise) {
    try {
      const result = (await promise) ?? {};
      this.refresh();
      return result;
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      this.toast(refusal.message);
      return null;
    }
  }

  toast(text) {
    toast(this.toasts, text);
  }

  /** What answerCallbackQuery brings: `text` may be empty, then the answer only ends the progress. */
  notice({ text, alert }) {
    if (!text) return;
    if (alert) alertOver(this.element, text);
    else this.toast(text);
  }

  typing() {
    this.status.textContent = "typing…";
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => (this.status.textContent = "bot"), TYPING_MS);
  }

  /** Reads the chat again; calls during a read make one more read after it, however many they are. */
  async refresh() {
    this.#readAgain = Boolean(this.#reading);
    this.#reading ??= this.#readOnce();
    return this.#reading;
  }

  async #readOnce() {
    try {
      this.#show(await world.chat(this.person.id));
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      // No bot has been seen yet. Of other refusals the connection's mark tells; the next event reads again.
      if (refusal.status === 404) this.#show({ messages: [] });
    } finally {
      this.#reading = null;
    }
    if (this.#readAgain) await this.refresh();
  }

  #show(chat) {
    if (this.timeline.show(chat.messages)) this.status.textContent = "bot";
    this.composer.commands.set(chat.commands ?? []);
    this.#showAnswers(chat.reply_keyboard ?? null);
  }

  #showAnswers(markup) {
    const fingerprint = JSON.stringify(markup);
    if (fingerprint === this.#answersShown) return;
    this.#answersShown = fingerprint;
    const keys = markup?.keyboard;
    this.answers.replaceChildren(
      ...(keys ? [replyKeyboard(markup, (key) => this.#choose(key, markup))] : []),
    );
    this.answers.hidden = !keys;
    this.composer.keyboardToggle.hidden = !keys;
    this.composer.placeholder(markup?.input_field_placeholder);
  }

  async #choose(key, markup) {
    if (markup.one_time_keyboard) this.answers.hidden = true;
    if (key.request_contact) {
      const { phone, first_name: name } = this.profile;
      if (await ask(`Share ${name}'s made-up number ${phone} with Homeward?`, "Share my number"))
        this.composer.attach.shareContact({ phone, name });
    } else if (key.request_location) this.composer.attach.shareLocation();
    else this.composer.submit(key.text);
  }

  async block(blocked) {
    if (await this.attempt(this.person.block(blocked))) this.showBlocked(blocked);
  }

  showBlocked(blocked) {
    this.profile.blocked = Boolean(blocked);
    this.unblock.hidden = !blocked;
    this.element.classList.toggle("blocked", Boolean(blocked));
  }
}
