// After a visitor loses access, the reload shows the reason at the page's own URL.
async function leaveIfRefused(path) {
  try {
    if ((await fetch(path, { cache: "no-store" })).status === 403) location.reload();
  } catch {
    // The hub is unreachable, which is not a refusal.
  }
}

// Status of one app, pushed through a WebSocket that reconnects after a pause. isWaiting keeps the demand for the app alive across restarts of the
// hub.
export function watch(slug, onStatus, onLost, isWaiting) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const open = () => {
    const socket = new WebSocket(`${scheme}//${location.host}/_hub/apps/${slug}/events${isWaiting ? "?waiting" : ""}`);
    socket.onmessage = message => onStatus(JSON.parse(message.data));
    socket.onclose = () => { onLost?.(); leaveIfRefused(`/_hub/apps/${slug}/status`); setTimeout(open, 2000); };
  };
  open();
}
