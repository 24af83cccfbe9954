// Where a person writes: text field, commands, what is being edited or replied to, attachments, recording.

import { AttachMenu } from "./attach.js";
import { h, icon } from "./dom.js";
import { summary } from "./message.js";
import { CommandList } from "./commands.js";

const MAX_TEXT = 4096;

export class Composer {
  #about = null; // {kind: "edit" | "reply", message}
  #draft = "";

  /** `phone` = {person, profile, attempt(promise)}: attempt shows a refusal as a toast and answers whether it went well. */
  constructor(phone) {
    this.phone = phone;
    this.field = h("textarea", {
      rows: 1,
      dir: "auto",
      placeholder: "Message",
      "aria-label": `Message from ${phone.profile.first_name}`,
      maxlength: MAX_TEXT,
      "data-composer": true,
      enterkeyhint: "send",
      "aria-autocomplete": "list",
    });
    this.sendButton = h(
      "button.round.send",
      { "aria-label": "Send", dataset: { label: "Send" }, click: () => this.send() },
      icon("send"),
    );
    this.commands = new CommandList(this.field, (command) => this.submit(command));
    this.attach = new AttachMenu(phone);
    this.keyboardToggle = h(
      "button.round",
      { "aria-label": "Show or hide the answer buttons", hidden: true },
      icon("keyboard"),
    );
    this.bar = h("div.about", { hidden: true });
    const row = h(
      "div.composer-row",
      this.commands.menuButton,
      h("div.field-frame", this.field, this.keyboardToggle, this.attach.opener),
      this.sendButton,
    );
    this.element = h("div.composer", this.bar, this.commands.element, this.attach.element, row);
    this.#listen();
  }

  #listen() {
    this.field.addEventListener("input", () => {
      this.#fitHeight();
      this.commands.suggest(this.field.value);
    });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (files.length) {
        event.preventDefault();
        this.attach.sendAll(
          files.every((file) => file.type.startsWith("image/")) ? "photo" : "document",
          files,
        );
      }
    });
  }

  #key(event) {
    if (event.isComposing || this.commands.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.#about) this.#setAbout(null);
  }

  /** Sends what stands in the field; the words come back into it when they did not get through. */
  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const about = this.#about;
    this.#setAbout(null);
    this.#write("");
    if (!(await this.submit(text, about)) && !this.field.value) this.#write(text);
  }

  submit(text, about = null) {
    const { person, attempt } = this.phone;
    if (about?.kind === "edit") return attempt(person.edit(about.message.message_id, text));
    return attempt(person.say(text, about?.message.message_id));
  }

  edit(message) {
    this.#setAbout({ kind: "edit", message });
  }

  reply(message) {
    this.#setAbout({ kind: "reply", message });
  }

  #setAbout(about) {
    if (this.#about?.kind === "edit") this.#write(this.#draft);
    if (about?.kind === "edit") {
      this.#draft = this.field.value;
      this.#write(about.message.text);
    }
    this.#about = about;
    this.bar.hidden = !about;
    if (!about) return;
    const title = about.kind === "edit" ? "Editing" : "Reply to";
    const cancel = h(
      "button.round.small",
      { "aria-label": "Cancel", click: () => this.#setAbout(null) },
      icon("close"),
    );
    const words = h(
      "div.about-words",
      h("strong", title),
      h("span", { dir: "auto" }, summary(about.message)),
    );
    this.bar.replaceChildren(icon(about.kind), words, cancel);
    this.field.focus();
  }

  #write(text) {
    this.field.value = text;
    this.#fitHeight();
    this.commands.suggest(text);
  }

  #fitHeight() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
  }

  placeholder(text) {
    this.field.placeholder = text || "Message";
  }
}
