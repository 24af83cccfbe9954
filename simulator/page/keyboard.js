// Keyboards the bot sends: inline ones below a bubble, reply ones below the text field.

import { h, icon } from "./dom.js";
import { directionOf, safeAddress } from "./entities.js";

const STYLES = new Set(["primary", "success", "danger"]);

const styleClass = (key) => (STYLES.has(key.style) ? `key style-${key.style}` : "key");

/** Rows run in the direction of the message, so "Back" and "Next" stand where an Arabic reader expects them. */
function rows(keys, dir, make) {
  return keys.map((row) => h("div.key-row", { dir }, row.map(make)));
}

/** `on` = {press(element, key), copied(text), unsupported(key)} */
export function inlineKeyboard(message, on) {
  const { inline_keyboard: keys } = message.reply_markup;
  const dir = directionOf(
    `${message.text ?? message.caption ?? ""} ${keys
      .flat()
      .map((key) => key.text)
      .join(" ")}`,
  );
  return h(
    "div.inline-keyboard",
    { role: "group", "aria-label": "Buttons" },
    rows(keys, dir, (key) => inlineKey(key, on)),
  );
}

function inlineKey(key, on) {
  const words = h("span.key-words", { dir: "auto" }, key.text);
  const dataset = { label: key.text };
  if (key.url) {
    const href = safeAddress(key.url);
    return h(
      "a",
      { class: styleClass(key), dataset, href, target: "_blank", rel: "noopener noreferrer" },
      words,
      icon("link"),
    );
  }
  if (key.copy_text) {
    const copy = () => copyOut(key.copy_text.text).then(() => on.copied(key.copy_text.text));
    return h("button", { class: styleClass(key), dataset, click: copy }, words, icon("copy"));
  }
  if (key.callback_data === undefined) {
    return h("button", { class: styleClass(key), dataset, click: () => on.unsupported(key) }, words);
  }
  const element = h(
    "button",
    { class: styleClass(key), dataset: { ...dataset, callback: key.callback_data } },
    words,
  );
  element.addEventListener("click", () => on.press(element, key));
  return element;
}

/** Copies where the browser lets us; without permission the old way, through a selection. */
export async function copyOut(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea.off-screen", text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

/** `choose(key)` is called with the pressed KeyboardButton; a plain string counts as {text}. */
export function replyKeyboard(markup, choose) {
  const keys = markup.keyboard.map((row) =>
    row.map((key) => (typeof key === "string" ? { text: key } : key)),
  );
  const dir = directionOf(
    keys
      .flat()
      .map((key) => key.text)
      .join(" "),
  );
  const make = (key) =>
    h(
      "button",
      { class: styleClass(key), dataset: { label: key.text }, click: () => choose(key) },
      key.request_contact ? icon("contact") : key.request_location ? icon("location") : null,
      h("span.key-words", { dir: "auto" }, key.text),
    );
  return h("div.reply-keyboard", { role: "group", "aria-label": "Answers" }, rows(keys, dir, make));
}
