// What appears over a chat or over the page for a moment: toasts, alerts, questions, small forms.

import { h, icon } from "./dom.js";

const TOAST_MS = 4500;

const pageRegion = toastRegion();
document.body.append(pageRegion);

/** A line over the whole page: about the simulator, not about one chat. */
export const toastOnPage = (text) => toast(pageRegion, text);

/** A line that fades by itself, in a live region made by `toastRegion()`. */
export function toast(region, text) {
  const line = h("div.toast", { dir: "auto" }, text);
  region.append(line);
  while (region.children.length > 3) region.firstChild.remove();
  setTimeout(() => line.remove(), Math.max(TOAST_MS, text.length * 70));
}

export function toastRegion() {
  return h("div.toasts", { role: "status", "aria-live": "polite" });
}

/** Telegram's alert: stays over the chat until the person says OK; other phones go on working. */
export function alertOver(host, text) {
  const before = document.activeElement;
  const close = () => {
    cover.remove();
    if (before?.isConnected) before.focus();
  };
  const ok = h("button.plain-action", { dataset: { label: "OK" }, click: close }, "OK");
  const words = h("p", { dir: "auto" }, text);
  const box = h(
    "div.alert",
    { role: "alertdialog", "aria-modal": "true", "aria-label": "Homeward says" },
    words,
    ok,
  );
  const cover = h("div.alert-cover", box);
  cover.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  });
  host.append(cover);
  ok.focus();
}

/** Asks over the whole page; resolves to true when the person agrees. */
export function ask(question, agree, { danger = false } = {}) {
  const yes = h(
    "button",
    { class: danger ? "filled danger" : "filled", type: "submit", value: "yes" },
    agree,
  );
  return opened(h("p", question), yes).then((dialog) => dialog.returnValue === "yes");
}

/**
 * A small form: `fields` is [{name, label, value, type?, options?}]. Resolves to {name: value}, or null when
 * the person leaves it.
 */
export async function fill(title, fields, agree) {
  const rows = fields.map((field) => h("label.field", h("span", field.label), control(field)));
  const dialog = await opened(
    [h("h2", title), rows],
    h("button.filled", { type: "submit", value: "yes" }, agree),
  );
  if (dialog.returnValue !== "yes") return null;
  return Object.fromEntries(new FormData(dialog.querySelector("form")));
}

function control({ name, value, type = "text", options }) {
  const option = (text) => h("option", { selected: text === value }, text);
  if (options) return h("select", { name }, options.map(option));
  if (type === "long") return h("textarea", { name, rows: 4, dir: "auto", required: true }, value ?? "");
  return h("input", {
    name,
    type,
    value,
    dir: "auto",
    required: true,
    autocomplete: "off",
    step: type === "number" ? "any" : null,
  });
}

function opened(content, yes) {
  // Not a submit button: Enter in a field must mean the other one.
  const no = h("button.plain-action", { click: () => dialog.close() }, "Cancel");
  const form = h("form", { method: "dialog" }, content, h("div.dialog-actions", no, yes));
  const dialog = h("dialog.dialog", form);
  return show(dialog);
}

/** A picture at its full size; any press closes it. */
export function enlarge(address, caption) {
  const picture = h("img", { src: address, alt: caption || "Photo" });
  const close = h("button.lightbox-close", { "aria-label": "Close" }, icon("close"));
  const dialog = h("dialog.lightbox", { "aria-label": "Photo" }, picture, close);
  dialog.addEventListener("click", () => dialog.close());
  show(dialog);
}

function show(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog);
    });
  });
}
