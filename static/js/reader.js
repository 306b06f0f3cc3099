/** When to ask for a reading, and which answer counts: only the one to the newest question. */
import { toWire } from "./strokes.js";

export class Reader {
  #on;
  #newest = 0;
  #asked = "";
  #question = new AbortController();
  #timer;

  /** ask(wire, signal) gives a Reading; answered(reading, ink) gets it, or failed(trouble). */
  constructor(on) {
    this.#on = on;
  }

  /** Read once the strokes have rested. */
  readAfter(strokes, restMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.read(strokes), restMs);
  }

  /** Read now, unless the very same ink was asked for last. */
  async read(strokes) {
    clearTimeout(this.#timer);
    const wire = toWire(strokes);
    const ink = JSON.stringify(wire);
    if (ink === this.#asked) return;
    const number = this.#supersede(ink);
    try {
      const reading = await this.#on.ask(wire, this.#question.signal);
      if (number === this.#newest) this.#on.answered(reading, ink);
    } catch (trouble) {
      if (number === this.#newest) this.#stumble(trouble, strokes);
    }
  }

  /** Let no answer that is still on its way count. */
  forget() {
    clearTimeout(this.#timer);
    this.#supersede("");
  }

  #supersede(ink) {
    this.#question.abort();
    this.#question = new AbortController();
    this.#asked = ink;
    this.#newest += 1;
    return this.#newest;
  }

  #stumble(trouble, strokes) {
    this.#asked = "";
    this.#on.failed(trouble);
    if (trouble.passing) this.readAfter(strokes, trouble.retryAfterS * 1000);
  }
}
