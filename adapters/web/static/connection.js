// The line to the hub: a WebSocket, or a streamed response and POST where sockets are blocked.
// Both speak the same frames, so that nobody above knows which one it is.

const PING_EVERY = 20_000;
// Together 45 s of silence until a line counts as dead.
const ANSWER_WITHIN = 25_000;
const WELCOME_WITHIN = 8_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const UNAUTHORISED = 4401;
const RESTARTING = 1012;

// A transport is given {frame, down} and returns {send, close}. `down({unauthorised, restarting})` comes once.

function openSocket({ base, token, lastSeq, page }, { frame, down }) {
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}socket`);
  let deadline = 0;
  let ticker = 0;
  let over = false;
  const end = (code) => {
    if (over) return;
    over = true;
    clearTimeout(deadline);
    clearInterval(ticker);
    socket.close();
    down({ unauthorised: code === UNAUTHORISED, restarting: code === RESTARTING });
  };
  const send = (value) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(value));
  socket.onopen = () => {
    send({ type: "hello", token, lastSeq, page });
    ticker = setInterval(() => {
      send({ type: "ping" });
      deadline = deadline || setTimeout(end, ANSWER_WITHIN);
    }, PING_EVERY);
  };
  socket.onmessage = (event) => {
    clearTimeout(deadline);
    deadline = 0;
    const value = JSON.parse(event.data);
    if (!over && value.type !== "pong") frame(value);
  };
  socket.onclose = (event) => end(event.code);
  // A content policy that forbids the socket closes it without a close event.
  socket.onerror = () => setTimeout(end, 50);
  if (socket.readyState === WebSocket.CLOSED) socket.onerror();
  return {
    send,
    close: () => {
      over = true;
      clearTimeout(deadline);
      clearInterval(ticker);
      socket.close(1000);
    },
  };
}

function openStream({ base, token, lastSeq, page }, { frame, down }) {
  const abort = new AbortController();
  let deadline = 0;
  let over = false;
  const end = (status) => {
    if (over) return;
    over = true;
    clearTimeout(deadline);
    abort.abort();
    down({ unauthorised: status === 401, restarting: false });
  };
  const alive = () => {
    clearTimeout(deadline);
    deadline = setTimeout(end, PING_EVERY + ANSWER_WITHIN);
  };
  const authorization = { Authorization: `Bearer ${token}` };

  async function listen() {
    const headers = lastSeq ? { ...authorization, "Last-Event-ID": String(lastSeq) } : authorization;
    const response = await fetch(`${base}events`, { headers, credentials: "omit", signal: abort.signal });
    if (!response.ok) return end(response.status);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return end();
      alive();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data: "));
        if (data && !over) frame(JSON.parse(data.slice(6)));
      }
    }
  }

  async function post(path, body) {
    const response = await fetch(`${base}${path}`, {
      method: "POST",
      credentials: "omit",
      keepalive: path === "presence", // sent as the page goes away
      headers: { ...authorization, "Content-Type": "application/json" },
      body: JSON.stringify({ page, ...body }),
    });
    const answer = await response.json();
    if (response.ok) return { type: path === "identity" ? "identified" : "ack", ...answer };
    if (response.status === 401) end(401);
    const retryAfter = Number(response.headers.get("Retry-After")) || 0;
    return { type: "error", code: answer.error, retryAfter, clientId: body.clientId };
  }

  const paths = { message: "messages", typing: "typing", opened: "opened", presence: "presence", identify: "identity" };
  alive();
  listen().catch(() => end());
  return {
    send({ type, ...body }) {
      if (body.page) page = body.page;
      if (!paths[type]) return;
      post(paths[type], body).then(
        (answer) => !over && (type === "message" || type === "identify") && frame(answer),
        () => type === "message" && end(),
      );
    },
    close: () => {
      over = true;
      clearTimeout(deadline);
      abort.abort();
    },
  };
}

// Keeps one line open. `on.frame(frame)` for all but errors of the line itself, `on.state("online" | "offline")`.
export function createConnection({ base, session, lastSeq, page, on }) {
  let transports = "WebSocket" in window ? [openSocket, openStream] : [openStream];
  let line = null;
  let welcomed = false;
  let wanted = false;
  let attempt = 0;
  let timer = 0;
  let generation = 0;
  let refusedToken = "";

  async function connect() {
    const mine = ++generation;
    clearTimeout(timer);
    let token;
    try {
      token = await session.token(refusedToken);
    } catch (error) {
      if (mine === generation && wanted) lost({ retryAfter: error.retryAfter });
      return;
    }
    if (mine !== generation || !wanted) return;
    refusedToken = "";
    const handlers = {
      frame: (value) => {
        if (mine !== generation) return;
        if (value.type === "welcome") arrived();
        on.frame(value);
      },
      down: (why) => {
        if (mine !== generation || !wanted) return;
        if (why.unauthorised) refusedToken = token;
        lost(why);
      },
    };
    timer = setTimeout(() => handlers.down({}), WELCOME_WITHIN);
    try {
      line = transports[0]({ base, token, lastSeq: lastSeq(), page: page() }, handlers);
    } catch {
      // A browser or a policy that forbids the attempt itself.
      handlers.down({});
    }
  }

  function arrived() {
    clearTimeout(timer);
    welcomed = true;
    attempt = 0;
    on.state("online");
  }

  function lost({ unauthorised = false, restarting = false, retryAfter = 0 }) {
    generation += 1;
    clearTimeout(timer);
    if (line) line.close();
    line = null;
    // A way that has never worked here gives place to the other; one that has is tried again.
    if (!welcomed && !unauthorised && !retryAfter) transports = [...transports.slice(1), transports[0]];
    const first = !welcomed && attempt < transports.length;
    welcomed = welcomed && !unauthorised;
    attempt += 1;
    on.state("offline");
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt);
    const wait = restarting ? FIRST_WAIT + Math.random() * 2_000 : most * (0.5 + Math.random() / 2);
    timer = setTimeout(connect, Math.max(first || (unauthorised && attempt === 1) ? 0 : wait, retryAfter * 1000));
  }

  const again = () => {
    if (!wanted || line || document.visibilityState === "hidden") return;
    attempt = Math.min(attempt, 1);
    connect();
  };
  const gone = () => line && lost({});
  window.addEventListener("online", again);
  window.addEventListener("offline", gone);
  document.addEventListener("visibilitychange", again);

  function stop() {
    wanted = false;
    generation += 1;
    clearTimeout(timer);
    if (line) line.close();
    line = null;
  }

  return {
    start() {
      if (wanted) return;
      wanted = true;
      connect();
    },
    // Begin again from nothing, for another conversation.
    restart() {
      stop();
      this.start();
    },
    send: (frame) => line && line.send(frame),
    stop,
    destroy() {
      stop();
      window.removeEventListener("online", again);
      window.removeEventListener("offline", gone);
      document.removeEventListener("visibilitychange", again);
    },
  };
}
