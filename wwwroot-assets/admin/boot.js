// The reconnect dialog is ours: open while Blazor has lost the circuit.
const dialog = document.getElementById('components-reconnect-modal');
dialog.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'show') dialog.showModal();
  else if (state === 'hide') dialog.close();
  else if (state === 'rejected') location.reload();
});
document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
