/** What the page remembers of a person's choices, as far as the browser lets it. */

const LIVE = "inkloop.live";
const KIND = "inkloop.kind";

const untilLeft = {}; // where the browser keeps nothing

export function storage() {
  try {
    return localStorage;
  } catch {
    return untilLeft;
  }
}

export const wantsLive = () => storage()[LIVE] !== "off";

export function rememberLive(isLive) {
  storage()[LIVE] = isLive ? "on" : "off";
}

export const wantedKind = () => storage()[KIND] ?? "auto";

export function rememberKind(kind) {
  storage()[KIND] = kind;
}
