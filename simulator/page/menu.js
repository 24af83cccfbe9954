// The small menu that opens beside a button or a bubble.

import { closeOnLeave, h, icon } from "./dom.js";

let closeCurrent = () => {};

/** {label, icon, run, danger?} in a menu beside `opener`, inside `host`; arrows move, Escape closes. */
export function openMenu(opener, host, items) {
  const again = opener.getAttribute("aria-expanded") === "true";
  closeCurrent(again);
  if (again) return;
  const menu = h(
    "div.menu",
    { role: "menu" },
    items.map((item) => entry(item)),
  );
  menu.addEventListener("keydown", (event) => moveFocus(event, [...menu.children]));
  host.append(menu);
  placeBeside(menu, opener, host);
  opener.setAttribute("aria-expanded", "true");
  const stopWatching = closeOnLeave(menu, opener, (byKey) => closeCurrent(byKey));
  closeCurrent = (refocus) => {
    closeCurrent = () => {};
    stopWatching();
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus();
  };
  menu.firstChild.focus({ preventScroll: true });
}

function entry({ label, icon: picture, run, danger }) {
  const choose = () => {
    closeCurrent(true);
    run();
  };
  return h(
    "button",
    { class: danger ? "menu-item danger" : "menu-item", role: "menuitem", dataset: { label }, click: choose },
    icon(picture),
    label,
  );
}

function moveFocus(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

function placeBeside(menu, opener, host) {
  const frame = host.getBoundingClientRect();
  const from = opener.getBoundingClientRect();
  const left = Math.min(
    Math.max(from.right - frame.left - menu.offsetWidth, 8),
    frame.width - menu.offsetWidth - 8,
  );
  const below = from.bottom - frame.top + 4;
  const fits = below + menu.offsetHeight < frame.height - 8;
  menu.style.left = `${left}px`;
  menu.style.top = `${fits ? below : Math.max(8, from.top - frame.top - menu.offsetHeight - 4)}px`;
}
