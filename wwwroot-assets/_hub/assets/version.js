// Whether a Streamlit page is of another version than the run that has replaced its own. After a reconnect Streamlit does not compare versions itself, and
// fails at the first message that it cannot read.
export function isOutdated(page, status) {
  const version = page?.querySelector("script[data-page]")?.dataset.page;
  return version != null && status.isReady && status.leaving.length === 0 && status.page != null && status.page !== version;
}
