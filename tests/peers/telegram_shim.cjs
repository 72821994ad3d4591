// telegram-test-api, made to speak as Telegram does where it differs: `node telegram_shim.cjs PORT`.
// What people do is posted to /sendMessage, /sendCommand and /sendCallback (its own) and /sendEdit; /spoil orders faults.
const http = require("node:http");
const { TelegramServer } = require("telegram-test-api/lib/telegramServer.js");

const LONGEST_POLL = 5000; // milliseconds
const AGAIN = 50; // milliseconds until a webhook that failed is called again

class Telegram extends TelegramServer {
  waiting = []; // updates nobody has confirmed
  faults = {}; // by method: answers to give instead
  calls = []; // methods, in order

  // Telegram's own updates, in the order of what people did; to the webhook one after another, until each is taken.
  async addUserUpdate(update) {
    const formatted = { ...TelegramServer.formatUpdate(update), update_id: this.updateId++ };
    if (formatted.callback_query) formatted.callback_query.chat_instance = "1";
    const message = formatted.message;
    delete message?.botToken;
    if (message?.edit_date) {
      message.message_id = update.message.message_id;
      formatted.edited_message = message;
      delete formatted.message;
    }
    this.storage.userMessages.push(update);
    this.waiting.push(formatted);
    this.emit("news");
    this.pushing ??= this.push(update.botToken).finally(() => (this.pushing = null));
  }

  async push(token) {
    while (this.webhooks[token] && this.waiting.length) {
      const { url, secret_token: secret } = this.webhooks[token];
      const headers = { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret };
      const body = JSON.stringify(this.waiting[0]);
      const answer = await fetch(url, { method: "POST", headers, body }).catch(() => null);
      if (answer?.ok) this.waiting.shift();
      else await new Promise((go) => setTimeout(go, AGAIN));
      await answer?.arrayBuffer();
    }
  }

  async poll({ offset = 0, timeout = 0 }) {
    this.waiting = this.waiting.filter((one) => one.update_id >= Number(offset));
    if (!this.waiting.length) {
      await new Promise((go) => {
        const late = setTimeout(go, Math.min(LONGEST_POLL, Number(timeout) * 1000));
        this.once("news", () => (clearTimeout(late), go()));
      });
    }
    return this.waiting.slice(0, 100);
  }

  // What the package answers with null or leaves out; undefined leaves a call to the package.
  async answer(token, method, sent) {
    const done = ["answerCallbackQuery", "sendChatAction", "setMyCommands", "deleteWebhook"];
    if (method === "getMe") return { id: 666, is_bot: true, first_name: "Test", username: "TestNameBot" };
    if (method === "getUpdates") return this.webhooks[token] ? undefined : this.poll(sent);
    if (method === "setWebhook") this.setWebhook(sent, token);
    if (method === "deleteWebhook") this.deleteWebhook(token);
    if (method === "editMessageReplyMarkup") this.editMessageReplyMarkup(sent);
    if (method === "sendMessage") {
      const message = this.addBotMessage(sent, token);
      const from = { id: 666, is_bot: true, first_name: "Test" };
      return { ...message, from, date: Math.floor(message.date / 1000) };
    }
    return [...done, "setWebhook", "editMessageReplyMarkup"].includes(method) ? true : undefined;
  }
}

const port = Number(process.argv[2]);
const telegram = new Telegram({ port, host: "127.0.0.1" });
const json = (response, status, body) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
const read = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString() || "{}");
};

async function serve(request, response) {
  const url = new URL(request.url, "http://127.0.0.1");
  const call = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname);
  if (url.pathname === "/calls") return json(response, 200, telegram.calls);
  if (url.pathname === "/waiting") return json(response, 200, telegram.waiting.length);
  if (url.pathname === "/spoil") {
    const { method, answers } = await read(request);
    telegram.faults[method] = answers;
    return json(response, 200, {});
  }
  if (url.pathname === "/sendEdit") {
    await telegram.addUserMessage(await read(request));
    return json(response, 200, {});
  }
  if (!call) return telegram.webServer(request, response);
  const [, token, method] = call;
  telegram.calls.push(method);
  const fault = telegram.faults[method]?.shift();
  if (fault) return json(response, fault.error_code, { ok: false, ...fault });
  const result = await telegram.answer(token, method, { ...Object.fromEntries(url.searchParams), ...(await read(request)) });
  if (result !== undefined) return json(response, 200, { ok: true, result });
  return json(response, 409, { ok: false, error_code: 409, description: `Conflict: no ${method} now` });
}

http.createServer((request, response) => {
  serve(request, response).catch((error) => json(response, 500, { ok: false, error_code: 500, description: `${error}` }));
}).listen(port, "127.0.0.1", () => console.log("Listening"));
