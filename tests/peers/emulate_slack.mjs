// A Slack workspace of the package `emulate`, whose events go to a bot.
//
//   node emulate_slack.mjs PACKAGE PORT EVENTS_URL SEED
//
// The package can seed everything but where an app's events go, so its plugin is told as it is put into the server.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port, events, seed] = process.argv.slice(2);
const dist = join(folder, "dist");

async function plugin() {
  for (const name of await readdir(dist)) {
    if (name.endsWith(".js") && (await readFile(join(dist, name), "utf8")).includes("var slackPlugin")) {
      return (await import(pathToFileURL(join(dist, name)))).slackPlugin;
    }
  }
  throw new Error(`no Slack in ${dist}`);
}

const slack = await plugin();
const register = slack.register;
slack.register = (app, store, webhooks, ...more) => {
  webhooks.register({ url: events, events: ["*"], active: true, owner: "slack" });
  return register.call(slack, app, store, webhooks, ...more);
};

const { createEmulator } = await import(pathToFileURL(join(dist, "api.js")));
const { url } = await createEmulator({ service: "slack", port: Number(port), seed: { slack: JSON.parse(seed) } });
console.log(url);
