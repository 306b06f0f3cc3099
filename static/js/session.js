/** Staying signed in: tokens last minutes, the session for days. */
import { proof } from "./api.js";

async function takeTokens() {
  if (!proof()) return false;
  const headers = { "X-CSRF-TOKEN": proof() };
  const response = await fetch("/api/refresh", { method: "POST", headers }).catch(() => null);
  return response?.ok ?? false;
}

/** Say whether new tokens could be had. Pages take turns: a refresh token that comes twice ends the session. */
export const renew = () => navigator.locks?.request("inkloop.tokens", takeTokens) ?? takeTokens();
