// The lines of the conversation as this tab knows them: the hub's, in order and each once, then our own not yet there.

const ACK_WITHIN = 20_000;
const FINAL = new Set(["conflict", "empty_text", "bad_frame", "bad_json", "bad_client_id", "too_large"]);

export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// `transmit(frame)` sends; `changed()` is called after each change; `keep(messages)` remembers what is not sent yet.
export function createTranscript({ transmit, changed, keep }) {
  const lines = new Map(); // seq -> line
  let pending = []; // {clientId, text, button, prompt, at, state: "sending" | "failed"}
  let underway = ""; // client id of the one message sent and not yet acknowledged
  let online = false;
  let people = false; // a person answers, as far as the newest line or acknowledgement tells
  let timer = 0;

  const last = () => (lines.size ? Math.max(...lines.keys()) : 0);
  const find = (clientId) => pending.find((one) => one.clientId === clientId);

  function remember() {
    keep(pending.map(({ clientId, text, button, prompt }) => ({ clientId, text, button, prompt })));
    changed();
  }

  // One message at a time, so that they arrive in the order they were written.
  function pump() {
    if (!online || underway) return;
    const next = pending.find((one) => one.state === "sending");
    if (!next) return;
    underway = next.clientId;
    transmit({ type: "message", clientId: next.clientId, text: next.text, button: next.button, prompt: next.prompt });
    clearTimeout(timer);
    timer = setTimeout(() => fail(next.clientId), ACK_WITHIN);
  }

  function release(clientId) {
    if (underway !== clientId) return;
    underway = "";
    clearTimeout(timer);
  }

  function settle(clientId) {
    release(clientId);
    pending = pending.filter((one) => one.clientId !== clientId);
  }

  function fail(clientId) {
    release(clientId);
    const message = find(clientId);
    if (message) message.state = "failed";
    remember();
    pump();
  }

  function add(entry) {
    if (!Number.isInteger(entry.seq) || entry.seq < 1) return;
    if (entry.author !== "visitor" && entry.seq > last()) {
      people = entry.author === "rep" || Boolean(entry.reply && entry.reply.botMode === "human");
    }
    lines.set(entry.seq, entry);
    if (entry.clientId) settle(entry.clientId);
  }

  const receive = {
    welcome({ reset, entries }) {
      if (reset) lines.clear();
      entries.forEach(add);
      online = true;
      underway = "";
      remember();
      pump();
    },
    entry(entry) {
      add(entry);
      remember();
      pump();
    },
    ack({ clientId, seq, cut, byPerson }) {
      const message = find(clientId);
      people = Boolean(byPerson);
      if (!message) return;
      // The line itself follows; until then our own words stand in its place.
      if (seq && !lines.has(seq)) lines.set(seq, { seq, author: "visitor", at: message.at, text: message.text, clientId });
      if (cut && lines.has(seq)) lines.get(seq).cut = true;
      settle(clientId);
      remember();
      pump();
    },
    error({ code, clientId, retryAfter }) {
      if (!clientId || !find(clientId)) return;
      if (FINAL.has(code) || !retryAfter) return fail(clientId);
      clearTimeout(timer);
      timer = setTimeout(() => {
        release(clientId);
        pump();
      }, retryAfter * 1000);
    },
  };

  return {
    receive: (frame) => receive[frame.type] && receive[frame.type](frame),
    // `prompt`: the invitation on the page that this answers.
    say(text, button = false, prompt = undefined) {
      pending.push({ clientId: newClientId(), text, button, prompt, at: Date.now() / 1000, state: "sending" });
      remember();
      pump();
    },
    retry(clientId) {
      const message = find(clientId);
      if (message) message.state = "sending";
      remember();
      pump();
    },
    restore(messages) {
      const known = new Set([...lines.values()].map((line) => line.clientId));
      const missing = messages.filter((one) => !known.has(one.clientId) && !find(one.clientId));
      pending.push(...missing.map((one) => ({ ...one, at: Date.now() / 1000, state: "sending" })));
      changed();
      pump();
    },
    offline() {
      online = false;
      underway = "";
      clearTimeout(timer);
    },
    // Another conversation begins; what was not delivered yet goes there unless it is to be forgotten.
    clear(forget) {
      lines.clear();
      people = false;
      if (forget) pending = [];
      underway = "";
      online = false;
      clearTimeout(timer);
      remember();
    },
    last,
    // Whether a person answers what was written last.
    people: () => people,
    // Everything to be seen, in order.
    lines() {
      const known = [...lines.keys()].sort((one, other) => one - other).map((seq) => lines.get(seq));
      return [...known, ...pending.map((one) => ({ ...one, author: "visitor" }))];
    },
    unread: (seen) => [...lines.values()].filter((line) => line.author !== "visitor" && line.seq > seen).length,
  };
}
