// The widget's own words, one file a language. What the assistant says comes from the hub, in the visitor's language.

const LANGUAGES = ["en", "de", "fr", "es", "pt", "nl", "it", "pl", "sv", "ja", "zh", "ar"];

// The words for the first of these BCP 47 tags whose language there is; English where there is none of them.
export async function strings(tags) {
  const asked = tags.map((tag) => String(tag || "").toLowerCase().split(/[-_]/)[0]);
  const language = asked.find((one) => LANGUAGES.includes(one)) || "en";
  const response = await fetch(new URL(`${language}.json`, import.meta.url), { credentials: "omit" });
  return { direction: "ltr", ...(await response.json()), language };
}
