/** One pen on the sheet: mouse, finger or stylus, from pen-down to pen-up. */

function samplesOf(event) {
  const samples = event.getCoalescedEvents?.() ?? [];
  return samples.length ? samples : [event];
}

/**
 * Follow the first pointer on the surface; others do not draw. A stylus takes over from a finger,
 * which is then the palm of its hand. on.cancel: the stroke was not meant.
 */
export function followPen(surface, on) {
  let pen = null;

  const lift = (handle) => (event) => {
    if (event.pointerId !== pen?.pointerId) return;
    pen = null;
    handle();
  };

  surface.addEventListener("pointerdown", (event) => {
    const wasPalm = pen?.pointerType === "touch" && event.pointerType === "pen";
    if (event.button !== 0 || (pen && !wasPalm)) return;
    if (wasPalm) on.cancel();
    pen = event;
    surface.setPointerCapture(event.pointerId);
    document.activeElement?.blur();
    on.down([event]);
  });
  surface.addEventListener("pointermove", (event) => {
    if (event.pointerId === pen?.pointerId) on.move(samplesOf(event));
  });
  surface.addEventListener("pointerup", lift(on.up));
  surface.addEventListener("lostpointercapture", lift(on.up));
  surface.addEventListener("pointercancel", lift(on.cancel));
  for (const type of ["mousedown", "contextmenu"]) surface.addEventListener(type, (event) => event.preventDefault());
  // iPadOS Scribble swallows quick pencil strokes unless the page refuses its touch events.
  surface.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
}
