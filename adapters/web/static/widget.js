// The loader: <script async src="HOST/widget.js" data-channel="NAME"></script>
// Gives the page `window.frontdesk` at once; calls made before the app has arrived wait for it.
(() => {
  "use strict";
  const script = document.currentScript;
  const before = window.frontdesk;
  if (!script || (before && before.version)) return;

  const methods = ["open", "close", "toggle", "on", "reset", "destroy", "page", "track", "identify"];
  const waiting = Array.isArray(before) ? before.slice() : [];
  let app = null;
  const call = (method, ...args) => {
    if (!methods.includes(method)) return undefined;
    if (app) return app[method](...args);
    waiting.push([method, ...args]);
    return undefined;
  };
  const api = { version: "{{version}}", push: (entry) => call(...entry) };
  for (const method of methods) api[method] = (...args) => call(method, ...args);
  window.frontdesk = api;

  // Relative to this script, so that the hub may live under a sub-path of its host.
  const channels = new URL("channels/web/", script.src);
  const config = {
    base: new URL(`${encodeURIComponent(script.dataset.channel || "web")}/`, channels).href,
    channel: script.dataset.channel || "web",
    language: script.dataset.language || "",
  };
  const ready = () => {
    if (document.body) return Promise.resolve();
    return new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  };
  Promise.all([import(new URL("assets/{{version}}/main.js", channels).href), ready()])
    .then(([module]) => module.start(config))
    .then((started) => {
      app = started;
      for (const entry of waiting.splice(0)) call(...entry);
    })
    .catch((error) => console.warn("frontdesk: the chat could not be loaded", error));
})();
