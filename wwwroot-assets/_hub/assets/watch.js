// Whoever loses the right to a page sees at its own address why.
async function leaveIfRefused(path) {
  try {
    if ((await fetch(path, { cache: "no-store" })).status === 403) location.reload();
  } catch {
    // The hub is away, which is no refusal.
  }
}

// Status of one app: pushed while the socket is open, which is opened again after a pause whenever it closes.
// A page that waits says so: its wish outlives the hub that it was made to.
export function watch(slug, onStatus, onLost, isWaiting) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const open = () => {
    const socket = new WebSocket(`${scheme}//${location.host}/_hub/apps/${slug}/events${isWaiting ? "?waiting" : ""}`);
    socket.onmessage = message => onStatus(JSON.parse(message.data));
    socket.onclose = () => { onLost?.(); leaveIfRefused(`/_hub/apps/${slug}/status`); setTimeout(open, 2000); };
  };
  open();
}
