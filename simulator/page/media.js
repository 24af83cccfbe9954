// The parts of a message that are not its text: pictures, recordings, files, contacts, places.

import { fileAddress } from "./api.js";
import { h, icon } from "./dom.js";
import { directionOf } from "./entities.js";
import { enlarge } from "./notices.js";

/** The nodes for whatever a message carries beside its text; empty for plain text. */
export function mediaOf(message) {
  if (message.photo) return [photo(message)];
  if (message.voice) return [recording(message.voice, "Voice message")];
  if (message.audio) return [recording(message.audio, message.audio.title ?? "Audio")];
  if (message.video_note) return [video(message.video_note, "round")];
  if (message.video ?? message.animation) return [video(message.video ?? message.animation, "wide")];
  if (message.document) return [file(message.document)];
  if (message.contact) return [contact(message.contact)];
  if (message.location) return [place(message.location)];
  if (message.sticker) return [sticker(message.sticker)];
  return [];
}

function photo(message) {
  const sizes = [...message.photo].sort((a, b) => a.width * a.height - b.width * b.height);
  const { file_id: fileId, width = 4, height = 3 } = sizes.at(-1);
  const image = h("img", {
    src: fileAddress(fileId),
    alt: message.caption || "Photo",
    loading: "lazy",
    draggable: "false",
  });
  // The place is kept before the bytes arrive, so the chat does not jump. Extremes are cropped.
  image.style.aspectRatio = String(Math.min(Math.max(width / height, 0.8), 2.2));
  image.addEventListener("error", () => image.classList.add("missing"), { once: true });
  const open = () => enlarge(image.src, message.caption);
  const frame = h("button.photo", { "aria-label": "Open the photo", click: open }, image);
  if (message.has_media_spoiler) coverUntilPressed(frame);
  return frame;
}

function coverUntilPressed(frame) {
  frame.classList.add("covered");
  frame.addEventListener(
    "click",
    (event) => {
      if (!frame.classList.contains("covered")) return;
      event.stopImmediatePropagation();
      frame.classList.remove("covered");
    },
    { capture: true },
  );
}

function recording({ file_id: fileId, duration = 0 }, label) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = fileAddress(fileId);
  const clock = h("span.duration", minutes(duration));
  const progress = h("progress", { max: "1", value: "0", "aria-label": "Progress" });
  const toggle = h("button.round-action", { "aria-label": `Play: ${label}` }, icon("play"));
  const showState = () => {
    toggle.replaceChildren(icon(audio.paused ? "play" : "pause"));
    toggle.setAttribute("aria-label", `${audio.paused ? "Play" : "Pause"}: ${label}`);
  };
  toggle.addEventListener("click", () => {
    if (audio.paused) audio.play().catch(() => (clock.textContent = "cannot be played"));
    else audio.pause();
  });
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, showState);
  audio.addEventListener("timeupdate", () => {
    if (Number.isFinite(audio.duration) && audio.duration > 0)
      progress.value = audio.currentTime / audio.duration;
    clock.textContent = minutes(audio.currentTime);
  });
  return h("div.recording", { dir: "ltr" }, toggle, h("div.track", progress, clock));
}

function video({ file_id: fileId, width = 1, height = 1 }, shape) {
  const player = h("video", {
    class: `video ${shape}`,
    src: fileAddress(fileId),
    controls: true,
    preload: "metadata",
  });
  player.style.aspectRatio = shape === "round" ? "1" : String(width / height);
  return player;
}

function file({ file_id: fileId, file_name: name = "file", file_size: size }) {
  return h(
    "a.card",
    { dir: directionOf(name), href: fileAddress(fileId), download: name },
    cardParts("document", name, bytes(size)),
  );
}

function contact({ first_name: first, last_name: last, phone_number: phone }) {
  const name = [first, last].filter(Boolean).join(" ");
  return h("div.card", { dir: directionOf(name) }, cardParts("contact", name, phone));
}

function place({ latitude, longitude }) {
  const where = `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
  return h("div.card.place", cardParts("location", "Location", where));
}

/** Numbers stay left-to-right inside a card of either direction. */
function cardParts(picture, title, more) {
  const words = h(
    "span.card-words",
    h("span.card-title", { dir: "auto" }, title),
    h("span.card-more", h("bdi", { dir: "ltr" }, more)),
  );
  return [h("span.round-action", icon(picture)), words];
}

function sticker({ emoji = "🙂" }) {
  return h("div.sticker", { role: "img", "aria-label": `Sticker ${emoji}` }, emoji);
}

/** 75 → "1:15" */
export function minutes(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function bytes(size) {
  if (!size) return "File";
  if (size < 1024) return `${size} B`;
  return size < 1024 ** 2 ? `${Math.round(size / 1024)} KB` : `${(size / 1024 ** 2).toFixed(1)} MB`;
}
