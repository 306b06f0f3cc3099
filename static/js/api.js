/**
 * The server, as the page talks to it. What goes wrong arrives as a Trouble, in words for a person.
 * Bodies and answers are described at /openapi.json.
 */

const TIMEOUT_MS = 10_000;
const PASSING = [429, 502, 503, 504];

/** "passing": the same request may succeed in retryAfterS seconds. */
export class Trouble extends Error {
  constructor(message, passing, retryAfterS = 3) {
    super(message);
    this.passing = passing;
    this.retryAfterS = retryAfterS;
  }
}

async function toTrouble(response) {
  const { detail, title } = await response.json().catch(() => ({}));
  const message = detail || title || `The server answered ${response.status}.`;
  return new Trouble(message, PASSING.includes(response.status), Number(response.headers.get("Retry-After")) || undefined);
}

async function send(method, path, { body, headers, signal } = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  signal?.addEventListener("abort", () => patience.abort());
  try {
    const response = await fetch(path, {
      method,
      headers: { ...(body && { "Content-Type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
      signal: patience.signal,
    });
    if (!response.ok) throw await toTrouble(response);
    return await response.json();
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("Inkloop cannot be reached just now.", true);
  } finally {
    clearTimeout(timer);
  }
}

export const predict = (strokes, kind, signal) =>
  send("POST", "/api/predict", { body: { strokes, kind, top: 10, seen: true }, signal });

/** The key is the same for every try to send the same correction. */
export const sendCorrection = (correction, key) =>
  send("POST", "/api/feedback", { body: correction, headers: { "Idempotency-Key": key } });

export const withdrawCorrection = (id) => send("DELETE", `/api/feedback/${encodeURIComponent(id)}`);
