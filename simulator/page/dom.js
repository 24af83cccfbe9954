// Elements are built, never parsed: whatever a person or the bot writes stays text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * h("button.round.send", { title: "Send", click: send }, icon("send")) → an element.
 *
 * After the tag and its classes may come properties: a function listens to the event of that name, `dataset`
 * is an object, true stands for an empty attribute, and null, undefined or false leave the attribute out.
 * Children are nodes, strings, lists of them; empty ones are left out. A button submits only when told to.
 */
export function h(tagAndClasses, ...rest) {
  const [tag, ...classes] = tagAndClasses.split(".");
  const element = document.createElement(tag);
  if (tag === "button") element.type = "button";
  if (classes.length) element.className = classes.join(" ");
  if (rest[0]?.constructor === Object) setProperties(element, rest.shift());
  element.append(...rest.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

function setProperties(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/**
 * Calls `close(byKey)` on Escape or on a press outside `element`; answers a function that stops watching. A
 * press on `opener` is left to the opener, which closes what it opened.
 */
export function closeOnLeave(element, opener, close) {
  const outside = ({ target }) => element.contains(target) || opener.contains(target) || close(false);
  const escape = (event) => event.key === "Escape" && close(true);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  return () => {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
  };
}

// Outlines on a 24 × 24 grid, drawn with the current colour.
const OUTLINES = {
  house: "M4.5 12 12 5l7.5 7M6.8 10.4V19h10.4v-8.6M10.2 19v-4.6h3.6V19",
  send: "M4.5 12 20 4.8 15.6 20l-3.9-6.2L4.5 12Zm7.2 1.8L20 4.8",
  attach:
    "m19 11.6-7.3 7.3a4.7 4.7 0 0 1-6.6-6.6l7.6-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.5a1.6 1.6 0 0 1-2.2-2.2l6.7-6.7",
  menu: "M5 7.5h14M5 12h14M5 16.5h14",
  keyboard: "M4 7h16v10.5H4zM7.5 10.5h0M11 10.5h0M14.5 10.5h0M8 14.3h8",
  close: "m7 7 10 10M17 7 7 17",
  more: "M12 6.5h0M12 12h0M12 17.5h0",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  plus: "M12 5.5v13M5.5 12h13",
  link: "M9 7h8v8M17 7 7 17",
  copy: "M9 9h9.5v9.5H9zM6 15H5.5V5.5H15V6",
  edit: "M5 19l.8-3.6L15.6 5.6a1.9 1.9 0 0 1 2.8 2.8L8.6 18.2 5 19Z",
  reply: "M9.5 7 5 11.5 9.5 16M5.4 11.5H13c3.4 0 5.6 1.8 6 6",
  photo: "M4.5 6.5h15v11h-15zM7 15.5l3.4-4 2.8 3.2 1.8-1.9 2.4 2.7M15.6 9.6h0",
  document: "M7 4.5h6.5L17.5 9v10.5H7zM13.3 4.8V9.2h4M9.5 13h5M9.5 16h5",
  paper: "M6.5 4.5h11v15h-11zM9 8.5h6M9 11.5h6M9 14.5h3.5",
  voice:
    "M12 4.5a2.4 2.4 0 0 1 2.4 2.4v4.6a2.4 2.4 0 0 1-4.8 0V6.9A2.4 2.4 0 0 1 12 4.5ZM7 11.2a5 5 0 0 0 10 0M12 16.4v3.1",
  video: "M12 4.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4ZM10.4 9.2v5.6l4.4-2.8z",
  contact: "M12 11.6a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM5.6 19c.4-3.4 3-5 6.4-5s6 1.6 6.4 5",
  location:
    "M12 20c3.8-3.8 5.8-6.8 5.8-9.6a5.8 5.8 0 1 0-11.6 0c0 2.8 2 5.8 5.8 9.6ZM12 12.3a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  sticker:
    "M12 4.5a7.5 7.5 0 1 0 7.5 7.5c-4 .6-8.1-3.5-7.5-7.5ZM12.2 4.5 19.5 11.8M9 14.2c1.2 1.4 3.6 1.8 5.2.6",
  forward: "M14.5 7 19 11.5 14.5 16M18.6 11.5H11c-3.4 0-5.6 1.8-6 6",
  play: "M8.5 6v12l9.5-6z",
  pause: "M8.8 6.5v11M15.2 6.5v11",
  lock: "M7 11h10v8H7zM9 11V8.5a3 3 0 0 1 6 0V11",
  panel: "M4.5 5.5h15v13h-15zM14 5.8v12.4M16.5 9h1M16.5 12h1",
};

/** An outline drawing, hidden from screen readers: the words beside it (or the label) say what it is. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", OUTLINES[name]);
  svg.append(path);
  return svg;
}
