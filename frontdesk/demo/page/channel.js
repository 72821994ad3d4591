// The sales channel: one entry a message, changed in place when the message is.

import { renderBlocks } from "./blocks.js";
import { byId, element, flash, time } from "./dom.js";
import { nameOf } from "./people.js";

const NEAR = 120;

// Cards in order of time, and under each what was said in its thread.
const order = ({ ts, message }) => [Number(message.thread_ts ?? ts), Number(ts)];
const before = ([root, own], [otherRoot, other]) => root < otherRoot || (root === otherRoot && own < other);

export function createChannel({ announce, moved, composer }) {
  const list = byId("messages");
  const scroll = byId("channel-scroll");
  const entries = new Map(); // ts -> {node, at}
  const lines = new Map(); // ts of a card -> the line to write in its thread, which keeps what was begun

  function author(message) {
    return message.username || (message.bot_id ? "Frontdesk" : message.user ? nameOf(message.user) : "Somebody");
  }

  function fill(entry, { ts, updates, message }) {
    const open = entry.querySelector("details")?.open === true;
    const name = author(message);
    const isCard = Boolean(message.bot_id && !message.thread_ts && message.blocks?.length);
    const edited = updates === 1 ? "edited" : `edited ${updates} times`;
    entry.replaceChildren(
      element("span", { class: message.bot_id ? "avatar bot" : "avatar", "aria-hidden": "true" }, message.bot_id ? null : name[0]),
      element(
        "div",
        { class: "message" },
        element(
          "p",
          { class: "by" },
          element("strong", {}, name),
          message.bot_id ? element("span", { class: "app" }, "App") : null,
          time(Number(ts)),
          updates ? element("span", { class: "edited" }, edited) : null,
          message.whispered ? element("span", { class: "only-you" }, "Only visible to you") : null,
        ),
        element("div", { class: "kit" }, renderBlocks(message.blocks, message.text)),
        isCard ? payload(message, open) : null,
      ),
    );
    if (isCard && composer) entry.querySelector(".message").append(lines.get(ts) ?? composer(ts));
    if (isCard && composer) lines.set(ts, entry.querySelector(".composer"));
    entry.classList.toggle("reply", Boolean(message.thread_ts));
    entry.dataset.ts = ts;
  }

  function payload(message, open) {
    return element(
      "details",
      { class: "payload", open },
      element("summary", {}, "Block Kit payload"),
      element("pre", { tabindex: "0" }, JSON.stringify({ text: message.text, blocks: message.blocks }, null, 2)),
    );
  }

  function place(entry, at) {
    const after = [...entries.values()].filter((one) => before(at, one.at)).sort((a, b) => (before(a.at, b.at) ? -1 : 1))[0];
    list.insertBefore(entry, after ? after.node : null);
  }

  function show(event, { quietly = false } = {}) {
    const held = entries.get(event.ts)?.node;
    if (!event.message) {
      held?.remove();
      entries.delete(event.ts);
    } else {
      const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
      const entry = held || element("li", { class: "entry" });
      fill(entry, event);
      if (!held) {
        const at = order(event);
        place(entry, at);
        entries.set(event.ts, { node: entry, at });
      }
      if (!quietly) flash(entry, held ? "changed" : "arrived");
      if (!held && (atEnd || quietly)) entry.scrollIntoView({ block: "nearest" });
      if (!quietly) announce(held ? "A card in the sales channel was updated." : `New in the sales channel: ${event.message.text}`);
      if (!quietly) moved();
    }
    byId("channel-empty").hidden = entries.size > 0;
  }

  return {
    show,
    reset(name, messages) {
      entries.clear();
      list.replaceChildren();
      byId("channel-words").textContent = name;
      byId("channel-empty").hidden = messages.length > 0;
      for (const message of messages) show(message, { quietly: true });
    },
  };
}
