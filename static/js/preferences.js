/** What the page remembers of a person's choices, as far as the browser lets it. */

const LIVE = "inkloop.live";

export function wantsLive() {
  try {
    return localStorage.getItem(LIVE) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} live */
export function rememberLive(live) {
  try {
    localStorage.setItem(LIVE, live ? "on" : "off");
  } catch {
    // The choice lasts as long as the page.
  }
}
