/** One way to make numbers: a form, what it made, and its reading. */
import { send } from "./api.js";
import { percent } from "./wording.js";

const REST_MS = 150;
const MAX_SEED = 2 ** 53;

export class Maker {
  #root;
  #how;
  #seed = 10;
  #timer;
  #question = new AbortController();
  #made = null; // {url, name, wire, number}

  /** how.ask() gives the body for how.path; how.show(answer, body) shows it: {url, name, wire}. */
  constructor(root, how) {
    this.#root = root;
    this.#how = how;
    root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    root.querySelector("form").addEventListener("input", () => this.makeSoon());
    this.#find("[data-action=another]").addEventListener("click", () => this.#another());
    this.#find("[data-action=read]").addEventListener("click", () => this.#read());
  }

  /** Make what the form says, once it has rested; the same seed keeps what did not change. */
  makeSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#make(), REST_MS);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }

  #another() {
    this.#seed = Math.floor(Math.random() * MAX_SEED);
    this.#make();
  }

  async #make() {
    const signal = this.#supersede();
    const body = { ...this.#how.ask(), seed: this.#seed };
    this.#say("");
    try {
      const answer = await send("POST", this.#how.path, { body, signal });
      if (!signal.aborted) this.#take(this.#how.show(answer, body), body.number);
    } catch ({ message }) {
      if (!signal.aborted) this.#take(null, "", message);
    }
  }

  /** Offer what was made; without anything, say why, and leave the last one to be seen as past. */
  #take(made, number, message = "") {
    if (this.#made?.url.startsWith("blob:")) URL.revokeObjectURL(this.#made.url);
    this.#made = made && { ...made, number };
    this.#find(".made").ariaBusy = String(!made);
    const link = this.#find("[data-field=download]");
    if (made) Object.assign(link, { href: made.url, download: made.name });
    else link.removeAttribute("href");
    this.#find("[data-action=read]").disabled = !made;
    this.#say(message, Boolean(message));
  }

  async #read() {
    if (!this.#made) return;
    const { wire, number } = this.#made;
    const signal = this.#supersede();
    this.#say("…");
    try {
      const { result, confidence } = await send("POST", "/api/predict", { body: { ...wire, kind: "word" }, signal });
      const isRight = result === number;
      const told = result ? `Read as ${result}, ${percent(confidence)}` : "Not readable";
      if (!signal.aborted) this.#say(isRight ? `✓ ${told}` : told, !isRight);
    } catch ({ message }) {
      if (!signal.aborted) this.#say(message, true);
    }
  }

  #supersede() {
    clearTimeout(this.#timer);
    this.#question.abort();
    this.#question = new AbortController();
    return this.#question.signal;
  }

  #say(text, isWrong = false) {
    const line = this.#find("[data-field=reading]");
    line.textContent = text;
    line.classList.toggle("is-wrong", isWrong);
  }
}
