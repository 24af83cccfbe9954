// One message → one bubble with its keyboard. A bubble is never changed: an edited message gets a new one.

import { h, icon } from "./dom.js";
import { directionOf, textBlock } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { mediaOf } from "./media.js";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/**
 * `context` = {find(messageId), onCommand(text), onOptions(element, message), key: inlineKeyboard's `on`}.
 * Hooks for tests: data-message-id, and the side: .from-bot or .own.
 */
export function messageNode(message, context) {
  const words = message.text ?? message.caption ?? "";
  const bubble = h("div", {
    class: bubbleClass(message, words),
    dir: directionOf(words || namesIn(message)),
  });
  bubble.append(...quoted(message, context), ...mediaOf(message));
  if (words) bubble.append(textBlock(words, message.entities ?? message.caption_entities, context.onCommand));
  bubble.append(footer(message));
  const options = h(
    "button.options",
    { "aria-label": "Message options", "aria-haspopup": "menu" },
    icon("more"),
  );
  options.addEventListener("click", () => context.onOptions(options, message));
  bubble.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    context.onOptions(options, message);
  });
  const side = message.outgoing ? "from-bot" : "own";
  const node = h("article", { class: `message ${side}`, dataset: { messageId: message.message_id } });
  node.setAttribute(
    "aria-label",
    `${message.outgoing ? "Homeward" : "You"}, ${CLOCK.format(message.date * 1000)}`,
  );
  node.append(h("div.bubble-row", bubble, options));
  if (message.reply_markup?.inline_keyboard?.length) node.append(inlineKeyboard(message, context.key));
  return node;
}

const namesIn = ({ document, contact }) => document?.file_name ?? contact?.first_name ?? "";

function bubbleClass(message, words) {
  const names = ["bubble"];
  if (message.photo || message.video) names.push("with-picture");
  if (message.sticker) names.push("with-sticker");
  if (!words) names.push("wordless");
  if (message.has_protected_content) names.push("protected");
  return names.join(" ");
}

function quoted(message, context) {
  const parts = [];
  const origin = message.forward_origin;
  if (origin)
    parts.push(h("div.forwarded", { dir: "auto" }, "Forwarded from ", h("bdi", originName(origin))));
  const replied =
    message.reply_to_message &&
    (context.find(message.reply_to_message.message_id) ?? message.reply_to_message);
  if (replied) parts.push(h("div.quoted", { dir: "auto" }, summary(replied)));
  return parts;
}

const originName = (origin) => origin.sender_user_name ?? origin.sender_user?.first_name ?? "somebody";

/** A message in one line, for quotes and for the bar above the text field. */
export function summary(message) {
  const kinds = {
    photo: "Photo",
    voice: "Voice message",
    video_note: "Round video",
    document: "Document",
    contact: "Contact",
    location: "Location",
    sticker: "Sticker",
  };
  const kind = Object.keys(kinds).find((name) => message[name]);
  return message.text ?? message.caption ?? kinds[kind] ?? "Message";
}

function footer(message) {
  const at = new Date(message.date * 1000);
  return h(
    "div.footer",
    { dir: "ltr" },
    message.has_protected_content &&
      h("span.protected-mark", { title: "Cannot be forwarded or saved" }, icon("lock")),
    message.edit_date && h("span.edited", "edited"),
    h("time", { datetime: at.toISOString() }, CLOCK.format(at)),
  );
}

/** The key of the day a message stands under, in the viewer's own zone: "2026-03-14". */
export function dayOf(message) {
  const at = new Date(message.date * 1000);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

export function daySeparator(message) {
  const at = new Date(message.date * 1000);
  const format = at.getFullYear() === new Date().getFullYear() ? DAY : DAY_AND_YEAR;
  return h("div.day", { role: "separator", dataset: { day: dayOf(message) } }, h("span", format.format(at)));
}
