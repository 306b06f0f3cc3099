/** Corrections on their way to the server, each kept once however often it has to be sent. */
import { sendCorrection } from "./api.js";

const RETRY_DELAYS_MS = [500, 2000];

/** 128 random bits: pages over plain http on a home network have no crypto.randomUUID. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sendPatiently(correction, key) {
  for (const delay of RETRY_DELAYS_MS) {
    try {
      return await sendCorrection(correction, key);
    } catch (trouble) {
      if (!trouble.passing) throw trouble;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  return sendCorrection(correction, key);
}

/** @type {Map<string, string>} */
const keys = new Map();

/**
 * Keep a correction. One that could not be sent leaves its key behind, so that a person who tries
 * again does not store it twice.
 *
 * @param {{strokes: import("./strokes.js").Stroke[], label: string, kind: string, id?: string}} correction
 */
export async function keepCorrection(correction) {
  const content = JSON.stringify(correction);
  if (!keys.has(content)) keys.set(content, newKey());
  const kept = await sendPatiently(correction, keys.get(content));
  keys.delete(content);
  return kept;
}
