// The rep's part of the sales channel: buttons and forms of cards, and words in their threads.

import { byId, element } from "./dom.js";
import { openModal } from "./modal.js";
import { offerPeople } from "./people.js";

async function ask(path, body) {
  const response = await fetch(`demo/rep/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export function createTeam({ announce }) {
  const failed = () => announce("That did not work. Is the demo still running?");

  async function act(ts, action) {
    const { view } = await ask("act", { ts, action });
    if (!view) return;
    openModal(view, { submit: async (values) => (await ask("submit", { id: view.id, values })).errors });
  }

  byId("messages").addEventListener("kit-action", (event) => {
    const entry = event.target.closest("[data-ts]");
    if (entry) act(entry.dataset.ts, event.detail).catch(failed);
  });

  fetch("demo/rep/members")
    .then((response) => (response.ok ? response.json() : []))
    .then(offerPeople, () => {});

  // A line to write into the thread of a card. Enter sends.
  return function composer(thread) {
    const field = element("input", { type: "text", class: "words", "aria-label": "Write in this thread", placeholder: "Write in this thread", maxlength: "4000", autocomplete: "off" });
    const form = element("form", { class: "composer" }, field, element("button", { type: "submit", class: "control" }, "Send"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      field.value = "";
      ask("write", { thread, text }).catch(() => {
        field.value = text;
        failed();
      });
    });
    return form;
  };
}
