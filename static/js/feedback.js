/** Corrections on their way to the server, each kept once however often it has to be sent. */
import { Trouble, send } from "./api.js";
import { storage } from "./preferences.js";
import { forget, learn } from "./vocabulary.js";

const CONSENT = "inkloop.consent";
const RETRY_DELAYS_MS = [500, 2000];

/** 128 random bits: pages over plain http on a home network have no crypto.randomUUID. */
const newKey = () => crypto.getRandomValues(new BigUint64Array(2)).join("-");

async function sendPatiently(correction, key) {
  const trySend = () => send("POST", "/api/feedback", { body: correction, headers: { "Idempotency-Key": key } });
  for (const delay of RETRY_DELAYS_MS) {
    try {
      return await trySend();
    } catch (trouble) {
      if (!trouble.retryAfterS) throw trouble;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  return trySend();
}

/** Resolve with the button that a person presses. */
function decision(question) {
  const answered = new AbortController();
  return new Promise((decide) => {
    question.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-consent]");
      if (button) decide(button.dataset.consent);
    }, { signal: answered.signal });
  }).finally(() => answered.abort());
}

/** Ask, before the first drawing is kept, whether drawings may be. */
async function askConsent() {
  if (storage()[CONSENT] === "yes") return;
  const question = document.querySelector("[data-field=consent]");
  question.hidden = false;
  question.querySelector("[data-consent=yes]").focus();
  const answer = await decision(question);
  question.hidden = true;
  if (answer !== "yes") throw new Trouble("It was not kept.");
  storage()[CONSENT] = "yes";
}

/** @type {Map<string, string>} */
const keys = new Map();

/**
 * Keep a correction. One that could not be sent leaves its key behind, so that a person who tries
 * again does not store it twice.
 *
 * @param {{strokes?: number[][][], image?: string, label: string, kind: string, id?: string}} correction
 */
export async function keep(correction) {
  await askConsent();
  const content = JSON.stringify(correction);
  if (!keys.has(content)) keys.set(content, newKey());
  const { id } = await sendPatiently(correction, keys.get(content));
  keys.delete(content);
  learn(correction.label);
  return { phase: "kept", correctionId: id };
}

export async function withdraw(id, label) {
  await send("DELETE", `/api/feedback/${encodeURIComponent(id)}`);
  forget(label);
  return { phase: "withdrawn" };
}
