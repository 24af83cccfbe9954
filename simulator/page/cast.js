// The made-up people of the demo, and which of them stand on the page.

import { world } from "./api.js";
import { h, icon } from "./dom.js";
import { fill } from "./notices.js";

const FAMILY = [
  { id: 1001, first_name: "Хадижат", language_code: "ru" },
  { id: 1002, first_name: "أم مريم", language_code: "ar" },
  { id: 1003, first_name: "Zainab", language_code: "en" },
  { id: 1004, first_name: "Марха", language_code: "ce" },
];
const OFFICE = [
  { id: 2001, first_name: "Тимур", language_code: "ru", role: "staff" },
  { id: 2002, first_name: "Anna", language_code: "en", role: "admin" },
  { id: 2003, first_name: "Вера", language_code: "ru", role: "admin" },
];
const CASES_FROM = 3000; // families of cases that are there already; they come into the row when they are written to
const CROWD_FROM = 4000; // families who only get what is sent to all: too many for the row
const SEEDED = [...FAMILY, ...OFFICE];
const LANGUAGES = ["ru", "ar", "en", "ce", "tr", "uk", "kk", "uz", "tg", "az", "de", "fr"];
const MOST_ON_PAGE = 3;

/** Who the person is in the office, if anybody; the page's own label, the bot decides for itself. */
export const roleOf = (id) => SEEDED.find((person) => person.id === id)?.role ?? "";

/** "ru" → "Russian"; the code itself where the browser does not know it. */
export function languageName(code) {
  return new Intl.DisplayNames("en", { type: "language", fallback: "code" }).of(code || "und");
}

/** A number from the range Ofcom keeps free for films: well-formed, and nobody's. */
const madeUpPhone = (id) => `+44 7700 900${String(id % 997).padStart(3, "0")}`;

/** People as the simulator lists them, in a steady order, each with a number to share. */
export function withNumbers(people) {
  return people
    .filter(({ id }) => id > 0)
    .map((person) => ({
      ...person,
      first_name: person.first_name || String(person.id),
      phone: madeUpPhone(person.id),
    }))
    .sort((a, b) => a.id - b.id);
}

export function lacksSeeded(people) {
  return SEEDED.some((seeded) => !people.some(({ id }) => id === seeded.id));
}

/** Everybody the simulator knows, after making the seeded people it does not know yet. */
export async function everybody() {
  const known = new Set((await world.people()).map(({ id }) => id));
  for (const { id, first_name, language_code } of SEEDED) {
    if (!known.has(id)) await world.putPerson(id, { first_name, language_code });
  }
  return withNumbers(await world.people());
}

/** Asks for a name and a language; answers the new person's id, or null. */
export async function newPerson(people) {
  const answer = await fill(
    "Add a person",
    [
      { name: "first_name", label: "Made-up name" },
      { name: "language_code", label: "Language of their phone", value: "ru", options: LANGUAGES },
    ],
    "Add",
  );
  if (!answer) return null;
  const id = Math.max(1000, ...people.map((person) => person.id).filter((other) => other < 2000)) + 1;
  await world.putPerson(id, answer);
  return id;
}

/** Who is on the page, kept in the address: #1001,1002. The first one is shown where only one fits. */
export class Shown {
  #room;

  /** `room()` says how many phones fit side by side, `changed()` follows every change. */
  constructor(room, changed) {
    this.#room = room;
    this.ids = this.#fromAddress();
    addEventListener("hashchange", () => {
      this.ids = this.#fromAddress();
      changed();
    });
    this.changed = changed;
  }

  #fromAddress() {
    const ids = location.hash
      .slice(1)
      .split(",")
      .map(Number)
      .filter((id) => Number.isSafeInteger(id) && id > 0);
    return ids.length
      ? [...new Set(ids)]
      : FAMILY.slice(0, Math.min(this.#room(), MOST_ON_PAGE)).map(({ id }) => id);
  }

  #set(ids) {
    this.ids = ids;
    history.replaceState(null, "", `#${ids.join(",")}`);
    this.changed();
  }

  remove(id) {
    const rest = this.ids.filter((other) => other !== id);
    this.#set(rest.length ? rest : [FAMILY[0].id]);
  }

  /** A press on a person's name: on one column it brings them to the front, beside others it adds or removes. */
  toggle(id) {
    if (this.#room() === 1)
      this.#set([id, ...this.ids.filter((other) => other !== id)].slice(0, MOST_ON_PAGE));
    else if (this.ids.includes(id)) this.remove(id);
    else this.#set([...this.ids, id].slice(-Math.max(this.#room(), 2)));
  }
}

/** The row of names; `unread` is a Map of id → number of the bot's messages not looked at. */
export function castRow(people, shown, unread, single) {
  const inSight = ({ id }) =>
    id < CASES_FROM || shown.ids.includes(id) || (id < CROWD_FROM && unread.has(id));
  const chips = people.filter(inSight).map((person) =>
    chip(
      person,
      single ? shown.ids[0] === person.id : shown.ids.includes(person.id),
      unread.get(person.id),
      shown,
    ),
  );
  const add = h(
    "button.chip.add",
    { "aria-label": "Add a person", click: () => newPerson(people).then((id) => id && shown.toggle(id)) },
    icon("plus"),
  );
  return [...chips, add];
}

function chip({ id, first_name: name, language_code: language }, active, unread, shown) {
  return h(
    "button",
    {
      class: active ? "chip active" : "chip",
      "aria-pressed": String(active),
      dataset: { choose: id },
      click: () => shown.toggle(id),
    },
    h("bdi.chip-name", { lang: language }, name),
    h("span.language", language),
    roleOf(id) && h("span.role", roleOf(id)),
    unread && h("span.unseen", { "aria-label": `${unread} new` }, String(unread)),
  );
}
