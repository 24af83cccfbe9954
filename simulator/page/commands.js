// The bot's commands: behind the menu button, and suggested while a person types "/".

import { h, icon } from "./dom.js";

let lists = 0;

export class CommandList {
  #commands = [];
  #offered = [];
  #at = 0;
  #byMenu = false;

  /** `choose("/help")` is called with the command a person picks. */
  constructor(field, choose) {
    this.field = field;
    this.choose = choose;
    this.id = `commands-${(lists += 1)}`;
    this.element = h("div.commands", {
      role: "listbox",
      id: this.id,
      "aria-label": "Commands",
      hidden: true,
    });
    this.menuButton = h(
      "button.round.menu-button",
      {
        "aria-label": "Commands",
        "aria-expanded": "false",
        "aria-controls": this.id,
        hidden: true,
        click: () => this.#toggle(),
      },
      icon("menu"),
    );
    field.setAttribute("aria-controls", this.id);
    field.addEventListener("blur", (event) => this.#leftFor(event.relatedTarget));
  }

  set(commands) {
    this.#commands = commands;
    this.menuButton.hidden = commands.length === 0;
    if (!this.element.hidden && !this.#byMenu) this.suggest(this.field.value);
  }

  /** Offers what `text` may be the beginning of. */
  suggest(text) {
    const begun = /^\/(\w*)$/.exec(text);
    this.#byMenu = false;
    this.#offer(
      begun ? this.#commands.filter(({ command }) => command.startsWith(begun[1].toLowerCase())) : [],
    );
  }

  /** Handles a key of the text field while the list is open; true when the key was the list's. */
  key(event) {
    if (this.element.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.#at + step + this.#offered.length) % this.#offered.length);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))
      this.#pick(this.#offered[this.#at].command);
    else if (event.key === "Escape") this.#offer([]);
    else return false;
    event.preventDefault();
    return true;
  }

  #toggle() {
    const open = !this.element.hidden;
    this.#offer(open ? [] : this.#commands);
    this.#byMenu = !open;
    if (!open) this.field.focus({ preventScroll: true });
  }

  #leftFor(element) {
    if (element !== this.menuButton && !this.element.contains(element)) this.#offer([]);
  }

  #pick(command) {
    const typed = !this.#byMenu;
    this.#offer([]);
    if (typed) {
      this.field.value = "";
      this.field.dispatchEvent(new Event("input"));
    }
    this.choose(`/${command}`);
  }

  #offer(commands) {
    this.#offered = commands;
    this.element.hidden = commands.length === 0;
    this.menuButton.setAttribute("aria-expanded", String(commands.length > 0));
    this.element.replaceChildren(...commands.map((command, index) => this.#option(command, index)));
    if (commands.length) this.#mark(0);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #option({ command, description }, index) {
    const option = h(
      "div.command",
      { role: "option", id: `${this.id}-${index}`, dataset: { label: `/${command}` } },
      h("span.command-name", { dir: "ltr" }, `/${command}`),
      h("span.command-about", { dir: "auto" }, description),
    );
    // The field keeps the focus: it must not be lost before the press is over.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#pick(command));
    return option;
  }

  #mark(index) {
    this.#at = index;
    [...this.element.children].forEach((option, at) =>
      option.setAttribute("aria-selected", String(at === index)),
    );
    this.element.children[index].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `${this.id}-${index}`);
  }
}
