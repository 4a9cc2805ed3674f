// For Streamlit's own page outside of the hub's frame; inside the frame, shell.js does the same.
import { showError } from "./errors.js";
import { isOutdated } from "./version.js";
import { watch } from "./watch.js";

function isInShell() {
  try {
    return parent !== window && parent.location.pathname.startsWith("/open/");
  } catch {
    return false; // Another site's page may frame an app.
  }
}

if (!isInShell()) {
  sessionStorage.setItem("in", "");
  watch(location.pathname.split("/")[2], status => { if (isOutdated(document, status)) location.reload(); });
  addEventListener("message", event => { if (event.source === window) showError(event.data); });
}
