// Telegram's text + entities → DOM nodes. Offsets count UTF-16 units, as JavaScript's strings do.

import { h } from "./dom.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
// What counts as a strong right-to-left letter is enough for the scripts the bot can meet.
const STRONG = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]|(\p{L})/u;

/** "rtl" or "ltr" by the first strong letter, the same rule as dir="auto"; "ltr" when there is none. */
export function directionOf(text) {
  const found = STRONG.exec(text ?? "");
  return found && !found[1] ? "rtl" : "ltr";
}

/** The address when its scheme is one a person can safely follow, otherwise null (javascript:, data: …). */
export function safeAddress(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** One text block; `onCommand` is called with a /command that the person presses inside the text. */
export function textBlock(text, entities = [], onCommand = () => {}) {
  const block = h("div.text", { dir: "auto" });
  const ordered = entities.filter((entity) => entity.length > 0).sort(outerFirst);
  block.append(...nodes(text, 0, text.length, ordered, onCommand));
  return block;
}

const outerFirst = (a, b) => a.offset - b.offset || b.length - a.length;

function nodes(text, start, end, entities, onCommand) {
  const result = [];
  const queue = [...entities];
  let at = start;
  while (queue.length) {
    const entity = queue.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    if (from > at) result.push(text.slice(at, from));
    const inner = [];
    while (queue.length && queue[0].offset < to) inner.push(queue.shift());
    result.push(wrap(entity, text.slice(from, to), nodes(text, from, to, inner, onCommand), onCommand));
    // An entity that crosses its neighbour's end (Telegram sends none, tests may) goes on after it.
    queue.unshift(...inner.filter((other) => other.offset + other.length > to));
    at = to;
    if (isBlock(entity) && text[at] === "\n") at += 1;
  }
  if (at < end) result.push(text.slice(at, end));
  return result;
}

const isBlock = (entity) => ["pre", "blockquote", "expandable_blockquote"].includes(entity.type);

function wrap(entity, words, children, onCommand) {
  if (TAGS[entity.type]) return h(TAGS[entity.type], {}, children);
  switch (entity.type) {
    case "pre":
      return h("pre", { dir: "auto" }, h("code", { dataset: { language: entity.language ?? "" } }, children));
    case "blockquote":
      return h("blockquote", { dir: "auto" }, children);
    case "expandable_blockquote":
      return expandable(children);
    case "spoiler":
      return spoiler(children);
    case "bot_command":
      return h("button.command-link", { click: () => onCommand(words) }, children);
    default:
      return link(entity, words, children);
  }
}

function link(entity, words, children) {
  const address = {
    text_link: entity.url,
    url: words,
    email: `mailto:${words}`,
    phone_number: `tel:${words.replace(/[^\d+]/g, "")}`,
  }[entity.type];
  const safe = address && safeAddress(address);
  if (!safe) return h("span", { class: `entity-${entity.type}` }, children);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: safe }, children);
}

function expandable(children) {
  const quote = h("blockquote.expandable", { dir: "auto" }, h("div.folded", children));
  const toggle = h("button.unfold", { "aria-expanded": "false", "aria-label": "Show the whole quote" }, "⌄");
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Fold the quote" : "Show the whole quote");
  });
  quote.append(toggle);
  return quote;
}

function spoiler(children) {
  const hidden = h("span.spoiler-words", { "aria-hidden": "true" }, children);
  const cover = h(
    "span.spoiler",
    { role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" },
    hidden,
  );
  const reveal = () => {
    cover.classList.add("open");
    hidden.removeAttribute("aria-hidden");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
  };
  cover.addEventListener("click", reveal);
  cover.addEventListener(
    "keydown",
    (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), reveal()),
  );
  return cover;
}
