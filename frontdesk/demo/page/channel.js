// The sales channel: one entry a message, changed in place when the message is.

import { renderBlocks } from "./blocks.js";
import { byId, element, flash, time } from "./dom.js";

const NEAR = 120;

export function createChannel({ announce, moved }) {
  const list = byId("messages");
  const scroll = byId("channel-scroll");
  const entries = new Map();

  function author(message) {
    return message.username || (message.bot_id ? "Frontdesk" : message.user || "Somebody");
  }

  function fill(entry, { ts, updates, message }) {
    const open = entry.querySelector("details")?.open === true;
    const name = author(message);
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
        ),
        element("div", { class: "kit" }, renderBlocks(message.blocks, message.text)),
        payload(message, open),
      ),
    );
  }

  function payload(message, open) {
    return element(
      "details",
      { class: "payload", open },
      element("summary", {}, "Block Kit payload"),
      element("pre", { tabindex: "0" }, JSON.stringify({ text: message.text, blocks: message.blocks }, null, 2)),
    );
  }

  function place(ts, entry) {
    const after = [...entries.keys()].filter((other) => Number(other) > Number(ts)).sort((a, b) => a - b)[0];
    list.insertBefore(entry, after ? entries.get(after) : null);
  }

  function show(event, { quietly = false } = {}) {
    const held = entries.get(event.ts);
    if (!event.message) {
      held?.remove();
      entries.delete(event.ts);
    } else {
      const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
      const entry = held || element("li", { class: "entry" });
      fill(entry, event);
      if (!held) {
        place(event.ts, entry);
        entries.set(event.ts, entry);
      }
      if (!quietly) flash(entry, held ? "changed" : "arrived");
      if (!held && (atEnd || quietly)) entry.scrollIntoView({ block: "start" });
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
