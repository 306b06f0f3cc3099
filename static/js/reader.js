/** When to ask for a reading, and which answer counts: only the one to the newest question. */
import { toWire } from "./ink.js";

export class Reader {
  #on;
  #asked = "";
  #question = new AbortController();
  #timer;

  /** ask(wire, signal) gives a Reading; answered(reading, json) gets it, or failed(trouble). */
  constructor(on) {
    this.#on = on;
  }

  /** Read once the pen has rested. */
  readAfter(ink, restMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.read(ink), restMs);
  }

  /** Read now, unless the very same ink was asked for last. */
  async read(ink) {
    clearTimeout(this.#timer);
    const wire = toWire(ink);
    const json = JSON.stringify(wire);
    if (json === this.#asked) return;
    const signal = this.#supersede(json);
    try {
      const reading = await this.#on.ask(wire, signal);
      if (!signal.aborted) this.#on.answered(reading, json);
    } catch (trouble) {
      if (!signal.aborted) this.#stumble(trouble, ink);
    }
  }

  /** Let no answer that is still on its way count. */
  forget() {
    clearTimeout(this.#timer);
    this.#supersede("");
  }

  #supersede(json) {
    this.#question.abort();
    this.#question = new AbortController();
    this.#asked = json;
    return this.#question.signal;
  }

  #stumble(trouble, ink) {
    this.#asked = "";
    this.#on.failed(trouble);
    if (trouble.retryAfterS) this.readAfter(ink, trouble.retryAfterS * 1000);
  }
}
