const TYPING = "input:not([type=checkbox]), textarea, select";
const ANSWERS_ENTER = "button, a, input, summary";

/** What a key means on the page: "undo", "redo", "clear", "confirm" or nothing. */
export function actionFor(event) {
  const { target, altKey, shiftKey } = event;
  if (target.matches(TYPING) || altKey) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : null;
  }
  if (key === "escape") return "clear";
  return key === "enter" && !target.matches(ANSWERS_ENTER) ? "confirm" : null;
}
