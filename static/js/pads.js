/** Small pads, one for each digit, to be written on. Each keeps the strokes of its digit. */
import { followPen } from "./pen.js";
import { dOf } from "./vectors.js";

const SIDE = 100; // of a pad, in its own units
const REST_MS = 700; // a pen that comes back later begins the digit anew

export class Pads {
  #pads;
  #strokes = new Map(); // digit → strokes
  #changed;

  constructor(pads, changed) {
    this.#pads = [...pads];
    this.#changed = changed;
    for (const pad of this.#pads) this.#follow(pad);
  }

  /** What was written, as the server takes it: {digit: strokes}. */
  get digits() {
    return Object.fromEntries(this.#strokes);
  }

  forget() {
    this.#strokes.clear();
    this.#pads.forEach((pad) => this.#paint(pad));
    this.#changed();
  }

  #follow(pad) {
    const { digit } = pad.dataset;
    let lifted = -Infinity;
    const place = ({ clientX, clientY }) => {
      const { left, top, width } = pad.getBoundingClientRect();
      return [((clientX - left) * SIDE) / width, ((clientY - top) * SIDE) / width].map((at) => Math.round(at * 10) / 10);
    };
    const extend = (samples) => {
      this.#strokes.get(digit)?.at(-1).push(...samples.map(place));
      this.#paint(pad);
    };
    const lift = () => {
      lifted = performance.now();
      this.#changed();
    };
    followPen(pad, {
      down: (samples) => {
        const begins = performance.now() - lifted > REST_MS || !this.#strokes.has(digit);
        this.#strokes.set(digit, [...(begins ? [] : this.#strokes.get(digit)), []]);
        extend(samples);
      },
      move: extend,
      up: lift,
      cancel: lift,
    });
  }

  #paint(pad) {
    const strokes = this.#strokes.get(pad.dataset.digit) ?? [];
    pad.classList.toggle("is-own", strokes.length > 0);
    pad.querySelector("path").setAttribute("d", dOf(strokes));
    document.querySelector("[data-action=forget]").hidden = !this.#strokes.size;
  }
}
