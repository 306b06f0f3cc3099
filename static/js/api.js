/** The server, as pages talk to it. What goes wrong arrives as a Trouble, in words for a person. */

const TIMEOUT_MS = 10_000;
const PASSING = [429, 502, 503, 504];
const RETRY_AFTER_S = 3;

/** retryAfterS: in how many seconds the same request may succeed, if ever. */
export class Trouble extends Error {
  constructor(message, retryAfterS) {
    super(message);
    this.retryAfterS = retryAfterS;
  }
}

const unreachable = () => new Trouble("Inkloop cannot be reached just now.", RETRY_AFTER_S);

async function toTrouble(response) {
  const { detail = `The server answered ${response.status}.` } = await response.json().catch(() => ({}));
  return new Trouble(detail, PASSING.includes(response.status) && (Number(response.headers.get("Retry-After")) || RETRY_AFTER_S));
}

/** What a request by cookie must repeat; empty for guests. */
export const proof = () => document.cookie.match(/\bcsrf=([^;]+)/)?.[1] ?? "";

export async function send(method, path, { body, headers, signal } = {}) {
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-TOKEN": proof(), ...headers },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([patience, signal]) : patience,
    });
    if (response.status === 401 && (await (await moduleOf("session")).renew())) return await send(...arguments);
    if (!response.ok) throw await toTrouble(response);
    return await response.json();
  } catch (error) {
    throw error instanceof Trouble ? error : unreachable();
  }
}

/** Fetch what not every visit needs. */
export const moduleOf = (name) => import(`./${name}.js`).catch(() => Promise.reject(unreachable()));
