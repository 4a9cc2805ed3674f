// The app's frame and its address.
import { $ } from "./page.js";

export const frame = $("iframe");
export const { slug, name } = $(".bar").dataset;
export const base = `/app/${slug}/`;

// The address in the frame; null while it shows another site's page, an error of the browser, or nothing yet.
export function place() {
  try {
    const inner = frame.contentWindow.location;
    return inner.origin === location.origin && inner.protocol === location.protocol ? inner : null;
  } catch {
    return null;
  }
}
