// The reconnect dialog is ours: open while Blazor has lost the circuit.
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
// Whoever is no admin any more sees at the page's own address why.
async function leaveIfRefused() {
  try {
    if ((await fetch(location.href, { cache: 'no-store' })).status === 403) location.reload();
  } catch {
    // The hub is away, which is no refusal.
  }
}
sessionStorage.setItem('in', '');
document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
