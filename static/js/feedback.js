/** Corrections on their way to the server, each kept once however often it has to be sent. */
import { send } from "./api.js";

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

/** @type {Map<string, string>} */
const keys = new Map();

/**
 * Keep a correction. One that could not be sent leaves its key behind, so that a person who tries
 * again does not store it twice.
 *
 * @param {{strokes?: number[][][], image?: string, label: string, kind: string, id?: string}} correction
 */
export async function keep(correction) {
  const content = JSON.stringify(correction);
  if (!keys.has(content)) keys.set(content, newKey());
  const { id } = await sendPatiently(correction, keys.get(content));
  keys.delete(content);
  return { phase: "kept", correctionId: id };
}

export async function withdraw(id) {
  await send("DELETE", `/api/feedback/${encodeURIComponent(id)}`);
  return { phase: "withdrawn" };
}
