// The window's address, title and icon are those of the app in the frame.
import { inBar, inFrame } from "./address.js";
import { base, frame, name, place } from "./frame.js";
import { $ } from "./page.js";

let outside = null;
let moving = 0;
let icons = "";

// The history has the frame's entries already: the window adds none, so that Back and Forward are the app's own steps. An entry of the window without
// a state is one of the visitor, who has edited the fragment: the server does not see it, and the frame has yet to follow.
const isFollowed = () => history.state !== null;
const show = address => history.replaceState("followed", "", address);

export function mirror() {
  const at = place();
  if (!at || !isFollowed() || moving) return;
  if (!at.pathname.startsWith(base)) {
    // Another app, or a page of the hub. Once: a second call would begin the navigation anew.
    if (outside !== (outside = at.href)) location.replace(inBar(at) ?? at.href);
    return;
  }
  const shown = inBar(at);
  if (shown !== location.pathname + location.search + location.hash) show(shown);
  $(".bare").href = at.href;
  document.title = frame.contentDocument.title || name;
  mirrorIcons();
}

function mirrorIcons() {
  const named = [...frame.contentDocument.querySelectorAll("link[rel~=icon]")].map(({ href, type, sizes, media }) => ({ href, type, sizes: `${sizes}`, media }));

  // A browser asks for this one where a page names none.
  const wanted = named.length > 0 ? named : [{ href: `${base}favicon.ico` }];
  if (icons === (icons = JSON.stringify(wanted))) return;
  document.querySelectorAll("link[rel=icon]").forEach(icon => icon.remove());
  document.head.append(...wanted.map(icon => Object.assign(document.createElement("link"), { rel: "icon", ...icon })));
}

// Without a fragment, an empty one does not load the page anew.
function follow() {
  moving = 0;
  show(location.href);
  const at = place();
  const wanted = inFrame(location);
  if (at === null || wanted !== at.pathname + at.search + at.hash) frame.contentWindow.location.replace(location.hash ? wanted : `${wanted}#`);
}

// Back and Forward move the frame by themselves, a moment later, but not over an edited fragment in Chromium: both entries have the same one of the frame.
addEventListener("hashchange", () => {
  clearTimeout(moving);
  if (isFollowed()) moving = setTimeout(follow, 100);
  else follow();
});
if (location.hash) follow();
else show(location.href);

// Tells of changes in a page; browsers without the Navigation API leave those of the address to the clock below, and so do pages that still load.
export function observe(page) {
  frame.contentWindow.navigation?.addEventListener("currententrychange", mirror);
  if (page.head) new MutationObserver(mirror).observe(page.head, { subtree: true, childList: true, characterData: true, attributeFilter: ["href", "rel"] });
}

setInterval(mirror, 500);
