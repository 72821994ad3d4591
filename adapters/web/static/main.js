// The app: puts the parts together and gives the page its `window.frontdesk`.

import { createConnection } from "./connection.js";
import { createPage } from "./page.js";
import { createSession } from "./session.js";
import { strings } from "./strings.js";
import { createTranscript, newClientId } from "./transcript.js";
import { createView } from "./view.js";
import { small } from "./viewport.js";

const TYPING_EVERY = 3_000;
// How long an answer is shown as on its way.
const PATIENCE = 25_000;
// A shorter break is not worth a word.
const OFFLINE_AFTER = 2_500;
const SLOW_AFTER = 2_000;
const NOTICE_FOR = 6_000;

export async function start({ base, channel, language }) {
  const locale = language || document.documentElement.lang || navigator.language || "en";
  const tags = [language, document.documentElement.lang, ...(navigator.languages || [])];
  const [words, response] = await Promise.all([strings(tags), fetch(`${base}settings`, { credentials: "omit" })]);
  if (!response.ok) throw new Error(`settings: ${response.status}`);
  const settings = await response.json();

  const session = createSession({ base, channel, locale });
  const handlers = new Map();
  const timers = new Set();
  let conversation = session.conversation;
  let online = false;
  let startingOver = false;
  let announced = ""; // the conversation the hub knows to be open
  // When we last did something that is answered.
  let askedAt = 0;
  let typedAt = 0;
  let toldPage = "";
  // Events of the page that no rule has heard of yet.
  const tracked = [];
  let quiet = true;
  let unreadBefore = 0;
  let destroyed = false;
  let proactive = null;
  let identity = ""; // the site's own token of who is logged in, until the hub has answered it

  function later(work, wait) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, wait);
    timers.add(timer);
    return timer;
  }

  function emit(name, detail) {
    for (const handler of handlers.get(name) || []) {
      try {
        handler(detail);
      } catch (error) {
        console.error("frontdesk: a handler of the page failed", error);
      }
    }
  }

  const page = createPage(() => connection.send({ type: "page", page: here() }));

  // The page as it is now; what the hub has been told already is not sent again with each message.
  function here() {
    const info = page.info();
    toldPage = JSON.stringify(info);
    return info;
  }

  const transcript = createTranscript({
    transmit(frame) {
      askedAt = Date.now();
      const before = toldPage;
      const now = here();
      connection.send(toldPage === before ? frame : { ...frame, page: now });
    },
    keep: session.keepUnsent,
    changed: show,
  });

  const connection = createConnection({
    base,
    session,
    lastSeq: transcript.last,
    page: here,
    on: { frame: receive, state: changeState },
  });

  const view = createView({
    base,
    settings,
    words,
    on: {
      toggle: () => api.toggle(),
      close: () => api.close(),
      fresh: () => api.reset(),
      elsewhere: depart,
      say: (text, button) => transcript.say(text, button),
      retry: (clientId) => transcript.retry(clientId),
      typing() {
        if (Date.now() - typedAt < TYPING_EVERY) return;
        typedAt = Date.now();
        connection.send({ type: "typing" });
      },
    },
  });

  // Somebody else than before: what was said belongs to the other one, and stays with them.
  function startAnew() {
    session.recognise(false);
    startingOver = true;
    session.startOver(true).catch(connection.stop).finally(() => (startingOver = false));
  }

  const introduce = () => identity && connection.send({ type: "identify", token: identity });

  function receive(frame) {
    if (frame.code === "identity_changed") return startAnew();
    if (frame.type === "forgotten") return forget();
    if (frame.type === "identified" || frame.code === "identity_refused") {
      identity = "";
      return frame.code ? undefined : session.recognise(true);
    }
    quiet = frame.type === "welcome";
    transcript.receive(frame);
    quiet = false;
    if (frame.type === "welcome") {
      introduce();
      announce();
      presence();
    }
    if (frame.type === "entry" && frame.author !== "visitor") emit("message", { author: frame.author, text: frame.text });
  }

  let offlineTimer = 0;
  function changeState(state) {
    online = state === "online";
    if (!online) transcript.offline();
    if (!online) return worry();
    clearTimeout(offlineTimer);
    offlineTimer = 0;
    if (view.noticed === words.offline) mention(words.back);
  }

  // Tell who looks that there is no line, once it has lasted.
  function worry() {
    if (online || offlineTimer) return;
    offlineTimer = later(() => {
      offlineTimer = 0;
      if (view.isOpen && !online) view.notice(words.offline);
    }, OFFLINE_AFTER);
  }

  // A word in passing.
  function mention(text) {
    view.notice(text);
    later(() => view.noticed === text && view.notice(""), NOTICE_FOR);
  }

  // Everything said here was taken out. Whoever asked for it still reads what was answered.
  function forget() {
    startAnew();
    if (Date.now() - askedAt < PATIENCE) view.notice(transcript.lines().at(-1).text);
  }

  // Tell the hub once that the chat is open and nothing has been said: it greets.
  function announce() {
    if (!online || !view.isOpen || transcript.lines().length || announced === session.conversation) return;
    announced = session.conversation;
    askedAt = Date.now();
    connection.send({ type: "opened", page: here() });
    show();
  }

  // An answer is on its way after our last word, unless people have taken over: they take their time.
  function waiting(lines) {
    const newest = lines[lines.length - 1];
    const open = newest ? newest.author === "visitor" && newest.seq > 0 : announced !== "";
    const left = askedAt + PATIENCE - Date.now();
    if (open && left > 0) later(show, left);
    return open && left > 0 && online && !transcript.people();
  }

  function show() {
    if (destroyed) return;
    const lines = transcript.lines();
    const newest = lines[lines.length - 1];
    const reading = view.isOpen && document.visibilityState === "visible";
    if (reading) session.see(transcript.last());
    const unread = reading ? 0 : transcript.unread(session.lastSeen);
    for (const line of lines) {
      line.slow = line.state === "sending" && Date.now() - line.at * 1000 > SLOW_AFTER;
      if (line.state === "sending" && !line.slow) later(show, SLOW_AFTER + 50);
    }
    const buttons = newest && newest.author === "bot" && newest.reply ? newest.reply.buttons || [] : [];
    view.show({ lines, buttons, waiting: waiting(lines), unread, quiet });
    if (unread !== unreadBefore) emit("unread", (unreadBefore = unread));
  }

  session.on("seen", show);
  session.on("switched", (now) => {
    if (destroyed) return;
    const before = conversation;
    conversation = now;
    if (!before) {
      // Another tab has begun a conversation.
      if (!view.isOpen) connection.start();
      return;
    }
    announced = "";
    transcript.clear(startingOver);
    connection.restart();
  });

  // The hub is told when nobody looks any more, so that it does not talk to an empty room, and when somebody does again.
  function presence() {
    const visible = document.visibilityState === "visible";
    if (!online || !transcript.last() || visible !== session.away || navigator.globalPrivacyControl === true) return;
    session.leave(!visible);
    connection.send({ type: "presence", clientId: newClientId(), here: visible, page: visible ? here() : undefined });
  }

  const onVisible = () => {
    presence();
    show();
  };
  document.addEventListener("visibilitychange", onVisible);

  const api = {
    open(options) {
      if (view.isOpen) return;
      view.open(options);
      session.leaveOpen(true);
      connection.start();
      worry();
      announce();
      show();
      emit("open");
    },
    close() {
      if (!view.isOpen) return;
      view.close();
      session.leaveOpen(false);
      show();
      emit("close");
    },
    toggle: () => (view.isOpen ? api.close() : api.open()),
    // Who is logged in: a signed token of the site's backend. Without one nobody is, any more.
    identify(token) {
      identity = typeof token === "string" ? token : "";
      if (identity) introduce();
      else if (session.identified) startAnew();
    },
    // Events: open, close, message {author, text}, unread (a number), track {name, properties}. Returns a way to stop.
    on(name, handler) {
      handlers.set(name, [...(handlers.get(name) || []), handler]);
      return () => handlers.set(name, handlers.get(name).filter((one) => one !== handler));
    },
    // A new conversation; the visitor stays who they are.
    async reset() {
      startingOver = true;
      try {
        await session.startOver();
      } catch {
        mention(words.busy);
      } finally {
        startingOver = false;
      }
    },
    // For sites that change pages in ways the browser does not report.
    page: () => connection.send({ type: "page", page: here() }),
    // Something happened on the page; an invitation may wait for it.
    track(name, properties = {}) {
      emit("track", { name, properties });
      if (proactive) proactive.track(name);
      else tracked.push(name);
    },
    destroy() {
      destroyed = true;
      transcript.offline();
      connection.destroy();
      session.destroy();
      page.destroy();
      if (proactive) proactive.destroy();
      document.removeEventListener("visibilitychange", onVisible);
      for (const timer of timers) clearTimeout(timer);
      view.destroy();
      handlers.clear();
    },
  };

  // To another app, by a link that works once. The tab is opened at once, while the browser knows who pressed.
  async function depart() {
    const tab = window.open();
    try {
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${await session.token()}` };
      const response = await fetch(`${base}continue`, { method: "POST", credentials: "omit", headers, body: "{}" });
      const { url } = await response.json();
      tab.opener = null;
      tab.location = new URL(url);
    } catch {
      if (tab) tab.close();
      mention(words.busy);
    }
  }

  // Invitations are for people who have not begun to talk; what rules need is loaded only where there are any.
  async function watch() {
    const { createProactive } = await import("./proactive.js");
    if (destroyed) return;
    proactive = createProactive({
      settings, base, locale: navigator.language || locale, memory: session.memory, page: () => page.info(),
      free: () => !view.isOpen && !view.isTeasing && !transcript.lines().length,
      show: view.tease,
      accept(label, prompt) {
        api.open();
        if (label) transcript.say(label, true, prompt);
      },
    });
    for (const name of tracked.splice(0)) proactive.track(name);
  }

  if (settings.proactive.length && settings.mostInvitations) {
    watch().catch((error) => console.warn("frontdesk: invitations could not be loaded", error));
  }
  if (session.known) {
    transcript.restore(session.unsent);
    connection.start();
    if (session.leftOpen && !small.matches) api.open({ focus: false });
  }
  return api;
}
