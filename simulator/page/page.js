// The page: who is on it, and which live event goes to which phone.

import { listen, Refused } from "./api.js";
import { castRow, everybody, lacksSeeded, Shown, withNumbers } from "./cast.js";
import { h, icon } from "./dom.js";
import { toastOnPage } from "./notices.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";

const PHONE_WIDTH = 336;
const NARROW = matchMedia("(max-width: 719px)");
const CHAT_EVENTS = new Set(["message", "edited", "deleted"]);

const place = Object.fromEntries(
  ["brand", "cast", "connection", "panel-toggle", "phones", "panel"].map((id) => [
    id,
    document.getElementById(id),
  ]),
);
const phones = new Map(); // id → Phone, for those on the page
const unread = new Map();
let people = [];
let reading = null; // one at a time: making each person tells of itself, and must not begin another

const room = () => (NARROW.matches ? 1 : Math.max(2, Math.floor(place.phones.clientWidth / PHONE_WIDTH)));
const shown = new Shown(room, () => draw());
const panel = new Panel(place.panel, { people: () => people, shown, changed: readEverything });

/** Reads people and chats again. A world that was forgotten gets its people back. */
function readEverything() {
  reading ??= readOnce().finally(() => (reading = null));
  return reading;
}

async function readOnce() {
  try {
    people = await everybody();
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    return toastOnPage(refusal.message);
  }
  draw();
  refreshAll();
  return panel.refresh();
}

function refreshAll() {
  for (const phone of phones.values()) phone.refresh();
}

function draw() {
  for (const [id, phone] of phones) {
    if (!shown.ids.includes(id) || !people.some((person) => person.id === id)) {
      phone.element.remove();
      phones.delete(id);
    }
  }
  for (const id of shown.ids) {
    const profile = people.find((person) => person.id === id);
    if (!profile) continue;
    if (phones.has(id)) phones.get(id).showBlocked(profile.blocked);
    else addPhone(profile);
  }
  arrange();
  drawCast();
}

function addPhone(profile) {
  const phone = new Phone(profile, () => shown.remove(profile.id));
  phones.set(profile.id, phone);
  phone.refresh();
}

/** Columns stand in the order of the address; only those that moved are touched, to keep focus and scroll. */
function arrange() {
  const wanted = shown.ids.map((id) => phones.get(id)?.element).filter(Boolean);
  wanted.forEach((element, index) => {
    if (place.phones.children[index] !== element)
      place.phones.insertBefore(element, place.phones.children[index] ?? null);
    element.classList.toggle("front", index === 0);
  });
}

function drawCast() {
  const looked = NARROW.matches ? shown.ids.slice(0, 1) : shown.ids;
  for (const id of looked) unread.delete(id);
  const focused = place.cast.contains(document.activeElement) ? document.activeElement.dataset.choose : null;
  place.cast.replaceChildren(...castRow(people, shown, unread, NARROW.matches));
  if (focused) place.cast.querySelector(`[data-choose="${focused}"]`)?.focus();
}

function onEvent(event) {
  const phone = phones.get(event.person);
  if (event.event === "call") onCall(event.call);
  else if (event.event === "hello" || event.event === "state") applyState(event.state);
  else if (event.event === "action") phone?.typing();
  else if (event.event === "toast") phone?.notice(event);
  else if (event.event === "commands") refreshAll();
  else if (CHAT_EVENTS.has(event.event)) {
    if (event.event === "message") countUnread(event.person, event.message);
    phone?.refresh();
  }
}

function applyState(state) {
  panel.showState(state);
  // After a reset, and when somebody new writes to the bot from elsewhere.
  if (lacksSeeded(state.people)) readEverything();
  else {
    people = withNumbers(state.people);
    draw();
  }
}

function countUnread(id, message) {
  const seen = NARROW.matches ? shown.ids[0] === id : phones.has(id);
  if (seen || !message?.outgoing) return;
  unread.set(id, (unread.get(id) ?? 0) + 1);
  drawCast();
}

function onCall(call) {
  panel.addCall(call);
  if (call.method !== "answerCallbackQuery") return;
  for (const phone of phones.values()) phone.answered(call.params.callback_query_id);
}

function onLink(up) {
  place.connection.textContent = up ? "" : "No connection to the simulator. Trying again…";
  if (up) readEverything();
}

place.brand.prepend(h("span.logo.small", icon("house")));
place["panel-toggle"].append(icon("panel"), h("span", "Behind the scenes"));
place["panel-toggle"].addEventListener("click", () => panel.toggle());
panel.onToggle = (open) => {
  place["panel-toggle"].setAttribute("aria-expanded", String(open));
  if (!open && place.panel.contains(document.activeElement)) place["panel-toggle"].focus();
};
NARROW.addEventListener("change", draw);
listen(onEvent, onLink);
