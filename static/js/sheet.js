/**
 * The sheet: a canvas that shows strokes and takes new ones, over a picture where there is one. The
 * bitmap is a rendering, made anew whenever strokes, size, density or theme change.
 */
import { scaleToFit, traceSmoothly, within } from "./geometry.js";
import { followPen } from "./pen.js";

const PEN_WIDTH_PX = 7;

export class Sheet {
  #dry = [];
  #wet = null;
  #canvas;
  #picture;
  #on;
  #frame = 0;

  /** begin(), writing(wetStroke), finish(stroke) or cancel() tell what the pen does. */
  constructor(root, on) {
    const canvas = root.querySelector("canvas");
    this.#canvas = canvas;
    this.#picture = root.querySelector("[data-field=picture]");
    this.#on = on;
    followPen(canvas, {
      down: (samples) => this.#begin(samples),
      move: (samples) => this.#extend(samples),
      up: () => this.#lift(on.finish),
      cancel: () => this.#lift(on.cancel),
    });
    new ResizeObserver(() => this.#paint()).observe(canvas);
    addEventListener("resize", () => this.#paintSoon());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paintSoon());
  }

  show({ strokes, image, ratio }) {
    this.#dry = strokes;
    this.#picture.hidden = !image;
    if (image) this.#picture.src = image;
    this.#picture.style.setProperty("--ratio", ratio);
    this.#paintSoon();
  }

  get size() {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  #begin(samples) {
    this.#on.begin();
    this.#wet = [];
    this.#extend(samples);
  }

  #extend(samples) {
    const place = this.#placing();
    for (const [x, y, t] of samples.map(place)) {
      const last = this.#wet.at(-1);
      if (x !== last?.[0] || y !== last[1]) this.#wet.push([x, y, t]);
    }
    this.#paintSoon();
    this.#on.writing(this.#wet);
  }

  #lift(tell) {
    const stroke = this.#wet;
    this.#wet = null;
    tell(stroke);
  }

  /** From the window to the ink's own coordinates; ink stops at the edge of the paper. */
  #placing() {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const scale = this.#scale();
    return ({ clientX, clientY, timeStamp }) => [
      within(clientX - left - width / 2, width / 2) / scale,
      within(clientY - top - height / 2, height / 2) / scale,
      timeStamp,
    ];
  }

  #strokes() {
    return this.#wet?.length ? [...this.#dry, this.#wet] : this.#dry;
  }

  #scale() {
    return scaleToFit(this.#strokes(), this.size);
  }

  #paintSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    const canvas = this.#canvas;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((px) => Math.round(px * devicePixelRatio));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = canvas.getContext("2d");
    const scale = devicePixelRatio * this.#scale();
    brush.reset();
    brush.setTransform(scale, 0, 0, scale, width / 2, height / 2);
    brush.lineWidth = PEN_WIDTH_PX;
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = getComputedStyle(canvas).color;
    const path = new Path2D();
    for (const stroke of this.#strokes()) traceSmoothly(path, stroke);
    brush.stroke(path);
  }
}
