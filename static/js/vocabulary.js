/** Words that were kept in this browser, by whoever is signed in: names, for the most part, that no list has. */
import { storage } from "./preferences.js";

const MOST = 100;
const place = () => `inkloop.words.${document.querySelector(".who")?.textContent ?? ""}`;

/** The texts with words that were kept last, the newest first. */
export const keptWords = () => JSON.parse(storage()[place()] ?? "[]");

const without = (text) => keptWords().filter((other) => other !== text);

function store(texts) {
  storage()[place()] = JSON.stringify(texts);
}

export function learn(text) {
  if (/[a-z]{2}/i.test(text)) store([text, ...without(text)].slice(0, MOST));
}

export const forget = (text) => store(without(text));
