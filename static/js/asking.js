/** Questions for a reading: what is written, and which words this person has kept before. */
import { send } from "./api.js";
import { keptWords } from "./vocabulary.js";

export const predict = (wire, kind, signal) =>
  send("POST", "/api/predict", { body: { ...wire, kind, top: 10, seen: true, words: keptWords() }, signal });
