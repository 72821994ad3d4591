// Reads Adaptive Cards, one a line on stdin, as Teams' own renderer does; writes what it found wrong, one line a card.
const readline = require("node:readline");
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const payload = JSON.parse(line);
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.parse(payload, context);
  const found = Array.from({ length: context.eventCount }, (_, place) => context.getEventAt(place).message);
  const failures = card.validateProperties().validationEvents.map((event) => event.message);
  const shown = { items: card.getItemCount(), actions: card.getActionCount() };
  console.log(JSON.stringify({ problems: [...found, ...failures], ...shown }));
});
