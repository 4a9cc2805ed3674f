// The hub's own reconnect dialog: open while Blazor has lost the circuit.
const dialog = document.getElementById('components-reconnect-modal');
dialog.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'show') {
    dialog.showModal();
    leaveIfRefused();
  }
  else if (state === 'hide') dialog.close();
  else if (state === 'rejected') location.reload();
});
// After an admin loses access, the reload shows the reason at the page's own URL.
async function leaveIfRefused() {
  try {
    if ((await fetch(location.href, { cache: 'no-store' })).status === 403) location.reload();
  } catch {
    // The hub is unreachable, which is not a refusal.
  }
}
sessionStorage.setItem('in', '');
document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
