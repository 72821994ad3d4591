// The widget's own words. What the assistant says comes from the hub, in the visitor's language.

const KEYS = [
  "launch", "close", "fresh", "write", "send", "you", "role", "team", "typing", "failed", "retry",
  "offline", "sources", "unread", "log", "replies", "cut", "busy", "sending",
  "dismiss", "invitation",
];

const ENGLISH = [
  "Open chat", "Close chat", "Start new chat", "Write a message…", "Send", "You", "AI assistant", "Team", "is typing", "Not delivered", "Retry",
  "Reconnecting…", "Sources", "{n} unread", "Conversation", "Suggested replies", "Shortened to fit", "Please try again in a little while.", "Sending…",
  "Dismiss", "Message from the assistant",
];

const TRANSLATED = ["de", "fr", "es", "pt", "nl", "it", "pl", "sv", "ja", "zh", "ar"];
const RIGHT_TO_LEFT = ["ar"];

// The words for a BCP 47 tag; English where the language is not among them.
export async function strings(tag) {
  const asked = (tag || "").toLowerCase().split("-")[0];
  const language = TRANSLATED.includes(asked) ? asked : "en";
  const values = language === "en" ? ENGLISH : (await import("./words.js")).WORDS[language];
  const words = Object.fromEntries(KEYS.map((key, at) => [key, values[at]]));
  return { ...words, language, direction: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr" };
}
