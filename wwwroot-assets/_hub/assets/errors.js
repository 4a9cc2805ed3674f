// Streamlit's page tells its host about its error dialogs and leaves them to it (blockErrorDialogs in StreamlitHostConfig). Lost connections are the
// hub's own matter.
export function showError(message) {
  if (message?.stCommVersion !== 1 || message.type !== "CLIENT_ERROR_DIALOG" || message.error === "Connection error") return;
  document.querySelector("dialog.error")?.remove();
  const dialog = document.createElement("dialog");
  const add = (name, text) => dialog.appendChild(Object.assign(document.createElement(name), { textContent: text }));
  const isCode = message.error === "scriptCompileError";
  dialog.className = "error";
  dialog.ariaLabel = add("h2", isCode ? "Script execution error" : message.error).textContent;
  add(isCode ? "pre" : "p", message.message).style.whiteSpace = "pre-wrap";
  add("button", "OK").onclick = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
