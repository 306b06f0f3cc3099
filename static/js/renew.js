/** On a page whose visitor was signed in a while ago: sign in again by itself, and go on. */
import { renew } from "./session.js";

if (await renew()) location.replace(document.querySelector("[name=next]")?.value ?? location.href);
