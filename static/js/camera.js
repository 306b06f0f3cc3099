/**
 * The viewfinder: what the camera sees, on the sheet. The camera runs while the viewfinder is open
 * and the page is looked at, and no longer.
 */
import { Trouble } from "./api.js";
import { toPicture } from "./pictures.js";

const INSTEAD = "or choose, drop or paste a picture.";
const TROUBLES = {
  insecure: `A browser lends its camera to secure addresses only. Open this page by https, ${INSTEAD}`,
  lost: `The camera has stopped. Connect it again, ${INSTEAD}`,
  NotAllowedError: `The camera was refused. Allow it for this page in the browser's address bar, ${INSTEAD}`,
  NotFoundError: `No camera was found. Connect one, ${INSTEAD}`,
  NotReadableError: `The camera is busy. Close the program that uses it, ${INSTEAD}`,
};

const troubleOf = (name) => new Trouble(TROUBLES[name] ?? `The camera did not start. Try once more, ${INSTEAD}`);

/** Pages over plain http have no mediaDevices at all. */
async function askForCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw troubleOf("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch ({ name }) {
    throw troubleOf(name);
  }
}

const stop = (stream) => stream.getTracks().forEach((track) => track.stop());

/** Resolve with "take" or "cancel", whichever the person decides first; Escape and leaving cancel. */
function decision(finder, signal) {
  return new Promise((decide) => {
    finder.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-decision]");
      if (button && button.ariaDisabled !== "true") decide(button.dataset.decision);
    }, { signal });
    // The page's own keys rest: what they would change lies under the viewfinder.
    addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") decide("cancel");
    }, { signal, capture: true });
    addEventListener("pagehide", () => decide("cancel"), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && decide("cancel"), { signal });
    // A picture that is dropped or pasted meanwhile is the one that is wanted.
    for (const type of ["drop", "paste"]) addEventListener(type, () => decide("cancel"), { signal });
  });
}

function show(finder, isOpen) {
  finder.hidden = !isOpen;
  for (const part of document.querySelectorAll(".tools, .reading")) part.inert = isOpen;
}

function setReady(finder, isReady) {
  finder.querySelector("[data-field=waiting]").hidden = isReady;
  finder.querySelector("[data-decision=take]").ariaDisabled = !isReady;
}

async function play(camera, view, signal) {
  const stream = await camera;
  if (signal.aborted) return;
  view.srcObject = stream;
  await view.play();
}

/** What the viewfinder shows, in its shape: the desk around it is no ink. */
function takeFrom(view) {
  const { videoWidth, videoHeight, clientWidth, clientHeight } = view;
  const scale = Math.min(videoWidth / clientWidth, videoHeight / clientHeight);
  const [width, height] = [clientWidth * scale, clientHeight * scale];
  return toPicture(view, { x: (videoWidth - width) / 2, y: (videoHeight - height) / 2, width, height });
}

async function run(finder, camera, signal) {
  const view = finder.querySelector("video");
  const decided = decision(finder, signal);
  if ((await Promise.race([play(camera, view, signal), decided])) === "cancel") return null;
  setReady(finder, true);
  const [track] = view.srcObject.getTracks();
  const lost = new Promise((resolve) => track.addEventListener("ended", () => resolve("lost")));
  const outcome = await Promise.race([decided, lost]);
  if (outcome === "lost") throw troubleOf("lost");
  return outcome === "take" ? takeFrom(view) : null;
}

async function open(finder) {
  const opener = document.activeElement;
  const closing = new AbortController();
  const camera = askForCamera();
  setReady(finder, false);
  show(finder, true);
  finder.querySelector("[data-decision=take]").focus();
  try {
    return await run(finder, camera, closing.signal);
  } finally {
    closing.abort();
    show(finder, false);
    opener.focus();
    finder.querySelector("video").srcObject = null;
    camera.then(stop, () => {}); // also one that was lent only after Cancel
  }
}

let opened = null;

/**
 * Let a person take a picture: ink for the sheet, null where they thought better of it, or a Trouble.
 * Whoever asks while the viewfinder is open gets what comes of it.
 */
export function photograph(finder) {
  opened ??= open(finder).finally(() => (opened = null));
  return opened;
}
