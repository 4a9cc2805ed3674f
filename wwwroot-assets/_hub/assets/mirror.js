// The window's address, title and icon are those of the app in the frame.
import { inBar, inFrame } from "./address.js";
import { base, frame, name, place } from "./frame.js";
import { $ } from "./page.js";

let outside = null;
let edited = 0;
let icons = "";

// The history has the frame's entries already: the window adds none, so that Back and Forward are the app's own steps.
export function mirror() {
  const at = place();
  if (!at || edited) return;
  if (!at.pathname.startsWith(base)) {
    // Another app, or a page of the hub. Once: a second call would begin the navigation anew.
    if (outside !== (outside = at.href)) location.replace(inBar(at) ?? at.href);
    return;
  }
  const shown = inBar(at);
  if (shown !== location.pathname + location.search + location.hash) history.replaceState(null, "", shown);
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

// The fragment of the address, which the server does not see and the visitor may edit. Without one, an empty one does not load the page anew.
function follow() {
  edited = 0;
  const at = place();
  const wanted = inFrame(location);
  if (at === null || wanted !== at.pathname + at.search + at.hash) frame.contentWindow.location.replace(location.hash ? wanted : `${wanted}#`);
}

// Before the first look at the frame, which would take the fragment away.
if (location.hash) follow();

// Back and Forward over an edited fragment move the frame by themselves, a moment later.
addEventListener("hashchange", () => {
  clearTimeout(edited);
  edited = setTimeout(follow, 100);
});

// Tells of changes in a page; browsers without the Navigation API leave those of the address to the clock below, and so do pages that still load.
export function observe(page) {
  frame.contentWindow.navigation?.addEventListener("currententrychange", mirror);
  if (page.head) new MutationObserver(mirror).observe(page.head, { subtree: true, childList: true, characterData: true, attributeFilter: ["href", "rel"] });
}

setInterval(mirror, 500);
