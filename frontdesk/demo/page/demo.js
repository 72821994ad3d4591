// The demo page: listens to the hub and keeps the three panes current.

import { createChannel } from "./channel.js";
import { byId, element, time } from "./dom.js";
import { createProfile, spoken } from "./profile.js";
import { createTabs } from "./tabs.js";
import { createTeam } from "./team.js";

const LEFT = "frontdesk-demo-left";
const frame = byId("frame");
const tabs = createTabs();
const channel = createChannel({ announce, moved: () => tabs.mark("channel"), composer: createTeam({ announce }) });
const profile = createProfile();
const visitors = new Map();
let shown = null;

function announce(words) {
  byId("status").textContent = words;
}

// Conversations that were started over: their last words must not bring them back. Private windows may refuse storage.
const left = new Set();
try {
  for (const one of JSON.parse(sessionStorage.getItem(LEFT) || "[]")) left.add(one);
} catch {
  left.clear();
}

function leave(conversation) {
  left.add(conversation);
  try {
    sessionStorage.setItem(LEFT, JSON.stringify([...left].slice(-50)));
  } catch {
    // remembered until the page goes
  }
}

function showSteps(view) {
  const done = {
    hello: Boolean(view && view.messages),
    persona: Boolean(view && view.persona),
    email: Boolean(view && view.facts.some(({ field }) => field === "email")),
    lead: Boolean(view && view.lead),
  };
  for (const step of byId("steps").children) {
    const reached = done[step.dataset.step];
    step.classList.toggle("done", reached);
    step.querySelector(".unseen").textContent = reached ? " (done)" : " (not yet)";
  }
}

function showChoices() {
  const choices = [...visitors.values()].sort((a, b) => a.startedAt - b.startedAt);
  byId("pick").hidden = choices.length < 2;
  byId("profile-about").hidden = choices.length > 1;
  byId("conversations").replaceChildren(
    ...(shown === null ? [element("option", { value: "", selected: true }, "New visitor")] : []),
    ...choices.map(({ conversation, startedAt }, at) =>
      element("option", { value: conversation, selected: conversation === shown }, `Visitor ${at + 1}, `, time(startedAt).textContent),
    ),
  );
}

function show(conversation, options) {
  shown = conversation;
  const view = visitors.get(conversation) || null;
  profile.show(view, options);
  showSteps(view);
  showChoices();
}

function connection(state, words) {
  byId("link").dataset.state = state;
  byId("link-words").textContent = words;
}

const events = new EventSource("demo/events");
events.addEventListener("open", () => connection("live", "Live"));
events.addEventListener("error", () => connection("waiting", "Reconnecting"));

events.addEventListener("snapshot", (event) => {
  const data = JSON.parse(event.data);
  channel.reset(data.channel, data.messages);
  visitors.clear();
  for (const view of data.visitors) visitors.set(view.conversation, view);
  const newest = data.visitors.filter(({ conversation }) => !left.has(conversation)).at(-1);
  const keep = shown !== null && visitors.has(shown);
  show(keep ? shown : newest ? newest.conversation : null);
});

events.addEventListener("channel", (event) => channel.show(JSON.parse(event.data)));

events.addEventListener("visitor", (event) => {
  const view = JSON.parse(event.data);
  visitors.set(view.conversation, view);
  if (view.conversation !== shown && left.has(view.conversation)) {
    showChoices();
    return;
  }
  show(view.conversation, { lively: true });
  announce(spoken(view));
  tabs.mark("profile");
});

byId("conversations").addEventListener("change", (event) => {
  left.delete(event.target.value);
  show(event.target.value);
});

byId("start-over").addEventListener("click", () => {
  for (const conversation of visitors.keys()) leave(conversation);
  show(null);
  restartWidget();
  announce("Started over: the next visitor is a new one.");
});

// A page elsewhere, or one without the widget, is left for the site's first page.
function restartWidget() {
  try {
    frame.contentWindow.frontdesk.reset();
  } catch {
    frame.src = "site/";
  }
}

function showAddress() {
  try {
    const { pathname } = frame.contentWindow.location;
    byId("address").textContent = decodeURI(pathname.slice(pathname.indexOf("/site/") + "/site".length)) || "/";
  } catch {
    byId("address").textContent = "";
  }
}

frame.addEventListener("load", showAddress);
showAddress();
