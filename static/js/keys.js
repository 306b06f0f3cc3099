const TYPING = "input:not([type=checkbox])";
const ANSWERS_ENTER = "button, a, input";

/** What a key means on the page: the name of an action, or nothing. */
export function actionFor(event) {
  const { target, altKey, shiftKey } = event;
  if (target.matches(TYPING) || altKey) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return shiftKey ? "redo" : "undo";
    if (key === "o") return shiftKey ? "camera" : "picture";
    return key === "y" ? "redo" : null;
  }
  if (key === "escape") return "clear";
  return key === "enter" && !target.matches(ANSWERS_ENTER) ? "confirm" : null;
}
