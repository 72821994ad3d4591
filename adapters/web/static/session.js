// Who this visitor is: a signed token, kept in the browser, shared by all tabs of the site.

// Seconds before its end in which a token is exchanged.
const RENEW_BEFORE = 3600;

// localStorage -> sessionStorage -> memory: private windows and blocked storage still get a chat.
function usable(area) {
  try {
    const store = window[area];
    const probe = "frontdesk:probe";
    store.setItem(probe, "1");
    store.removeItem(probe);
    return store;
  } catch {
    return null;
  }
}

function memory() {
  const kept = new Map();
  return {
    getItem: (key) => (kept.has(key) ? kept.get(key) : null),
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

// A JSON value under one key; what was tampered with reads as null.
function slot(store, key) {
  return {
    key,
    read() {
      try {
        return JSON.parse(store.getItem(key));
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (value === null) store.removeItem(key);
        else store.setItem(key, JSON.stringify(value));
      } catch {
        // A full store costs the resume after a reload, not the chat.
      }
    },
  };
}

export function createSession({ base, channel, locale }) {
  const shared = usable("localStorage") || usable("sessionStorage") || memory();
  const ofTab = usable("sessionStorage") || memory();
  const stored = slot(shared, `frontdesk:${channel}`);
  const seen = slot(shared, `frontdesk:${channel}:seen`);
  const outbox = slot(ofTab, `frontdesk:${channel}:outbox`);
  const shown = slot(ofTab, `frontdesk:${channel}:shown`);
  const identified = slot(shared, `frontdesk:${channel}:identified`);
  const away = slot(shared, `frontdesk:${channel}:away`);
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`frontdesk:${channel}`) : null;
  const listeners = { switched: () => {}, seen: () => {} };
  let current = valid(stored.read());

  function valid(value) {
    const holds = value && typeof value.token === "string" && typeof value.conversation === "string";
    return holds && Number.isFinite(value.expiresAt) ? value : null;
  }

  function adopt(value) {
    const changed = value && (!current || current.conversation !== value.conversation);
    if (value) current = value;
    if (changed) listeners.switched(current.conversation);
  }

  async function ask(body) {
    const response = await fetch(`${base}session`, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...body }),
    });
    if (response.ok) return response.json();
    const error = new Error("session");
    error.status = response.status;
    error.retryAfter = Number(response.headers.get("Retry-After")) || 0;
    throw error;
  }

  async function request(fresh, stranger) {
    const token = current && !stranger ? current.token : "";
    try {
      return await ask({ token, locale, fresh });
    } catch (error) {
      if (error.status !== 401 || !token) throw error;
      // The token is worthless: begin anew.
      return ask({ locale, fresh });
    }
  }

  async function renew(fresh, stranger = false) {
    const { token, expiresAt, conversation } = await request(fresh, stranger);
    const changed = !current || current.conversation !== conversation;
    current = { token, expiresAt, conversation };
    stored.write(current);
    if (changed) {
      if (tabs) tabs.postMessage(current);
      listeners.switched(conversation);
    }
    return current;
  }

  // One tab at a time, so that two tabs opened together share one conversation.
  function exclusively(work) {
    return navigator.locks ? navigator.locks.request(`frontdesk:${channel}`, work) : work();
  }

  const onStorage = (event) => {
    if (event.key === stored.key) adopt(valid(stored.read()));
    if (event.key === seen.key) listeners.seen();
  };
  window.addEventListener("storage", onStorage);
  if (tabs) tabs.onmessage = (event) => adopt(valid(event.data));

  return {
    get known() {
      return current !== null;
    },
    get conversation() {
      return current ? current.conversation : "";
    },
    // A token good for a while; `stale` is one the hub has just refused.
    token(stale = "") {
      return exclusively(async () => {
        adopt(valid(stored.read()));
        const fit = current && current.token !== stale && current.expiresAt - RENEW_BEFORE > Date.now() / 1000;
        return (fit ? current : await renew(false)).token;
      });
    },
    // A new conversation; of a `stranger`, when somebody else uses the browser now.
    startOver: (stranger = false) => exclusively(() => renew(true, stranger)),
    // Whether the hub knows who this visitor is.
    get identified() {
      return identified.read() === true;
    },
    recognise: (known) => identified.write(known || null),
    on: (name, listener) => void (listeners[name] = listener),
    get lastSeen() {
      const value = seen.read();
      return value && current && value.conversation === current.conversation ? Number(value.seq) || 0 : 0;
    },
    see(seq) {
      if (current && seq > this.lastSeen) seen.write({ conversation: current.conversation, seq });
    },
    get unsent() {
      const value = outbox.read();
      const fit = value && current && value.conversation === current.conversation && Array.isArray(value.messages);
      return fit ? value.messages.filter((one) => one && typeof one.text === "string" && one.clientId) : [];
    },
    keepUnsent(messages) {
      outbox.write(messages.length && current ? { conversation: current.conversation, messages } : null);
    },
    // Whether this tab had the chat open, so that the next page shows it again.
    get leftOpen() {
      return (shown.read() || {}).open === true;
    },
    leaveOpen: (open) => shown.write({ ...shown.read(), open }),
    // Whether the hub was told that nobody looks at this conversation any more.
    get away() {
      return current !== null && away.read() === current.conversation;
    },
    leave: (gone) => away.write(gone && current ? current.conversation : null),
    // What is remembered of invitations: for good, or for the visit where the browser asks not to be followed.
    memory: slot(navigator.globalPrivacyControl === true ? ofTab : shared, `frontdesk:${channel}:invitations`),
    destroy() {
      window.removeEventListener("storage", onStorage);
      if (tabs) tabs.close();
    },
  };
}
