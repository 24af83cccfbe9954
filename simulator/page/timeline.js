// The scrolling part of a chat. Only what changed is drawn again, so scroll place and focus survive.

import { h, icon } from "./dom.js";
import { dayOf, daySeparator, messageNode } from "./message.js";

const NEAR_BOTTOM_PX = 80;

export class Timeline {
  #shown = new Map(); // message_id → {fingerprint, node, message}
  #unseen = 0;
  #sticks = true; // to the bottom
  #scrollTop = 0;

  /** `context` goes to messageNode; `empty` is what stands in a chat without messages. */
  constructor(context, empty) {
    this.context = { ...context, find: (id) => this.#shown.get(id)?.message };
    this.empty = empty;
    this.list = h("div.messages", { role: "log", "aria-label": "Messages", "aria-live": "polite" });
    this.scroller = h("div.timeline", { tabindex: "0", "aria-label": "Conversation" }, empty, this.list);
    this.badge = h("span.unseen");
    this.jump = h(
      "button.jump",
      { "aria-label": "To the newest message", hidden: true, click: () => this.toBottom(true) },
      icon("down"),
      this.badge,
    );
    this.element = h("div.timeline-frame", this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#stayAtBottomWhenResized();
  }

  /** Brings the list to `messages`, oldest first; answers true when something new came in. */
  show(messages) {
    const stuck = this.#sticks;
    const focus = this.#focusedKey();
    const added = this.#reconcile(messages);
    this.empty.hidden = messages.length > 0;
    if (focus) this.#refocus(focus);
    if (stuck || added.some((message) => !message.outgoing)) this.toBottom();
    else this.#countUnseen(added.length);
    return added.length > 0;
  }

  toBottom(smooth = false) {
    this.#sticks = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  #reconcile(messages) {
    const first = this.#shown.size === 0;
    const wanted = new Map();
    const added = [];
    for (const message of messages) {
      const fingerprint = JSON.stringify(message);
      const old = this.#shown.get(message.message_id);
      if (old?.fingerprint === fingerprint) wanted.set(message.message_id, old);
      else {
        const node = messageNode(message, this.context);
        if (old) old.node.replaceWith(node);
        else if (!first) node.classList.add("arriving");
        if (!old) added.push(message);
        wanted.set(message.message_id, { fingerprint, node, message });
      }
    }
    for (const [id, { node }] of this.#shown) if (!wanted.has(id)) node.remove();
    this.#shown = wanted;
    this.#arrange([...wanted.values()]);
    return added;
  }

  /** Puts nodes and day separators in order, moving only those that stand wrong, and marks runs of one side. */
  #arrange(entries) {
    const days = new Map(
      [...this.list.querySelectorAll(":scope > .day")].map((node) => [node.dataset.day, node]),
    );
    let cursor = this.list.firstChild;
    const place = (node) => {
      if (node === cursor) cursor = cursor.nextSibling;
      else this.list.insertBefore(node, cursor);
    };
    entries.forEach(({ node, message }, index) => {
      const before = entries[index - 1]?.message;
      const newDay = !before || dayOf(before) !== dayOf(message);
      if (newDay) place(takeOut(days, dayOf(message)) ?? daySeparator(message));
      node.classList.toggle("continues", !newDay && Boolean(before.outgoing) === Boolean(message.outgoing));
      place(node);
    });
    for (const node of days.values()) node.remove();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    // Only a move upwards leaves the bottom; content that grew below leaves it only for a frame.
    this.#sticks = near || (this.#sticks && scrollTop >= this.#scrollTop);
    this.#scrollTop = scrollTop;
    this.jump.hidden = this.#sticks;
    if (this.#sticks) this.#countUnseen(-this.#unseen);
  }

  #countUnseen(more) {
    this.#unseen += more;
    this.badge.textContent = this.#unseen || "";
    this.jump.setAttribute(
      "aria-label",
      this.#unseen ? `To the newest message, ${this.#unseen} new` : "To the newest message",
    );
  }

  #stayAtBottomWhenResized() {
    const watcher = new ResizeObserver(() => this.#sticks && this.toBottom());
    watcher.observe(this.scroller);
    watcher.observe(this.list);
  }

  /** Where the focus is, in terms that outlive the node: the message and the button's label. */
  #focusedKey() {
    const focused = document.activeElement;
    const node = this.list.contains(focused) && focused.closest("[data-message-id]");
    return node && { id: Number(node.dataset.messageId), label: focused.dataset.label, node };
  }

  #refocus({ id, label, node }) {
    if (node.isConnected) return;
    const keys = [...(this.#shown.get(id)?.node.querySelectorAll(".key") ?? [])];
    (keys.find((key) => key.dataset.label === label) ?? keys[0] ?? this.scroller).focus({
      preventScroll: true,
    });
  }
}

function takeOut(map, key) {
  const value = map.get(key);
  map.delete(key);
  return value;
}
