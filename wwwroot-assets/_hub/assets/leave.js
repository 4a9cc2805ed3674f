// Other sites' pages get the window, as they do where the app has it: most refuse frames, and the hub's page has none but its own (default-src).
import { inBar } from "./address.js";
import { base, frame, slug } from "./frame.js";
import { $ } from "./page.js";

const cookie = age => { document.cookie = `.StreamHub.Frame=1; Path=${base}; Max-Age=${age}; SameSite=Lax`; };
const isWeb = url => ["http:", "https:"].includes(url.protocol);

// What the frame was asked to show; null when that is not known, or was sent a form.
let asked = new URL(frame.src);

// The next navigation of the window is the hub's own.
let isOwn = false;
$(".bare").onclick = () => { isOwn = true; };

// Takes the window to another site. By the cookie (FrameReturn), an app's page that comes after a login there leads back into the frame.
export function leave(url, isInstead) {
  if (!isWeb(url)) return;
  cookie(1800);
  isOwn = top === window;
  if (isInstead) top.location.replace(url.href);
  else top.location = url.href;
}

export function ask(event) {
  const url = new URL(event.destination.url);
  asked = event.formData ? null : url;
  if (asked && event.cancelable && isWeb(url) && url.origin !== location.origin) {
    event.preventDefault();
    leave(url);
  }
}

export const arrive = () => { asked = null; };

// The frame shows an error of the browser: the app's answer was a redirect to another site, unless the hub cannot be reached. The history gets that site
// instead of the error. Twice in ten seconds would be a circle.
export async function leaveUnseen() {
  const url = asked;
  arrive();
  const answer = await fetch(`/_hub/apps/${slug}/status`).catch(() => null);
  if (!answer?.ok) return false;
  const last = Number(sessionStorage.getItem("left"));
  sessionStorage.setItem("left", Date.now());
  if (url === null || Date.now() - last < 10000) return true;
  leave(url, true);
  return false;
}

// A link of the app to the window (_top, _parent), or a script that takes it, stays in the frame: alone, the app has the window. A form cannot be sent again.
window.navigation?.addEventListener("navigate", event => {
  const url = new URL(event.destination.url);
  const isMeant = isOwn || event.formData || event.navigationType === "traverse" || url.origin !== location.origin || !url.pathname.startsWith(base);
  isOwn = false;
  if (isMeant || !event.cancelable) return;
  event.preventDefault();
  if (event.navigationType === "replace") location.replace(inBar(url));
  else location.assign(inBar(url));
});

// Back from another site without having come to the app again.
addEventListener("pageshow", () => cookie(0));
