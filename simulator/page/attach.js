// What can be sent beside text: files, a recording, a contact, a place, a sticker, a forwarded message.

import { closeOnLeave, h, icon } from "./dom.js";
import { minutes } from "./media.js";
import { fill } from "./notices.js";
import { drawPaper } from "./paper.js";

const GROZNY = { latitude: "43.3180", longitude: "45.6980" };

export class AttachMenu {
  #stopWatching = () => {};

  constructor(phone) {
    this.phone = phone;
    this.opener = h(
      "button.round",
      {
        "aria-label": "Attach",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        click: () => this.#toggle(),
      },
      icon("attach"),
    );
    this.picker = h("input", { type: "file", hidden: true, dataset: { picker: "" } });
    this.choices = h(
      "div.attach-choices",
      { role: "menu", "aria-label": "Attach", hidden: true },
      this.#items(),
    );
    this.recorder = h("div.recorder", { hidden: true });
    this.element = h("div.attach", this.choices, this.recorder, this.picker);
  }

  #items() {
    const canRecord = Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);
    return [
      ["Photo", "photo", () => this.#pick("photo", "image/*", true)],
      ["Document", "document", () => this.#pick("document", "", true)],
      ["Sample paper", "paper", async () => this.sendAll("photo", [await drawPaper(this.phone.profile)])],
      canRecord && ["Record", "voice", () => this.#record()],
      ["Voice file", "voice", () => this.#pick("voice", "audio/*")],
      ["Round video", "video", () => this.#pick("video_note", "video/*")],
      ["Contact", "contact", () => this.shareContact()],
      ["Location", "location", () => this.shareLocation()],
      ["Sticker", "sticker", () => this.phone.attempt(this.phone.person.sticker())],
      ["Forward", "forward", () => this.#forward()],
    ]
      .filter(Boolean)
      .map(([label, picture, run]) => {
        const item = h(
          "button.attach-choice",
          { role: "menuitem", dataset: { label } },
          h("span.round-action", icon(picture)),
          label,
        );
        item.addEventListener("click", () => (this.#close(), run()));
        return item;
      });
  }

  #toggle() {
    if (!this.choices.hidden) return this.#close(true);
    this.choices.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.choices.firstChild.focus();
    this.#stopWatching = closeOnLeave(this.choices, this.opener, (byKey) => this.#close(byKey));
  }

  #close(refocus = false) {
    this.#stopWatching();
    this.choices.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    if (refocus) this.opener.focus();
  }

  #pick(kind, accept, multiple = false) {
    this.picker.accept = accept;
    this.picker.multiple = multiple;
    this.picker.dataset.picker = kind;
    this.picker.onchange = () => {
      this.sendAll(kind, [...this.picker.files]);
      this.picker.value = "";
    };
    this.picker.click();
  }

  /** Several files go as one album, one after the other, as a phone on a slow line sends them. */
  async sendAll(kind, files) {
    const album = files.length > 1 ? `album-${Date.now()}` : undefined;
    for (const file of files) await this.phone.attempt(this.phone.person.sendFile(kind, file, { album }));
  }

  /** `given` skips the form: the keyboard's own "share my number" already asked. */
  async shareContact(given) {
    const { profile, person, attempt } = this.phone;
    const contact =
      given ??
      (await fill(
        "Share a contact",
        [
          { name: "phone", label: "Phone number", value: profile.phone, type: "tel" },
          { name: "name", label: "Name", value: profile.first_name },
        ],
        "Share",
      ));
    if (contact) attempt(person.contact(contact.phone, contact.name));
  }

  async shareLocation() {
    const place = await fill(
      "Share a location",
      [
        { name: "latitude", label: "Latitude", value: GROZNY.latitude, type: "number" },
        { name: "longitude", label: "Longitude", value: GROZNY.longitude, type: "number" },
      ],
      "Share",
    );
    if (place)
      this.phone.attempt(this.phone.person.location(Number(place.latitude), Number(place.longitude)));
  }

  async #forward() {
    const message = await fill(
      "Forward a message",
      [
        { name: "from", label: "Written by", value: "Амина" },
        { name: "text", label: "Text", type: "long" },
      ],
      "Forward",
    );
    if (message) this.phone.attempt(this.phone.person.forward(message.text, message.from));
  }

  async #record() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return this.phone.toast("No microphone here. A voice file can be sent instead.");
    }
    const recorder = new MediaRecorder(stream);
    const parts = [];
    let keep = false;
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      clearInterval(ticking);
      this.recorder.hidden = true;
      if (keep) this.sendAll("voice", [new File(parts, "voice.webm", { type: recorder.mimeType })]);
    };
    const finish = (send) => () => ((keep = send), recorder.stop());
    const clock = h("span.duration", "0:00");
    const began = Date.now();
    const ticking = setInterval(() => (clock.textContent = minutes((Date.now() - began) / 1000)), 500);
    this.recorder.replaceChildren(
      h("span.recording-dot"),
      clock,
      h("button.plain-action", { click: finish(false) }, "Discard"),
      h("button.filled", { click: finish(true) }, "Send"),
    );
    this.recorder.hidden = false;
    recorder.start();
  }
}
