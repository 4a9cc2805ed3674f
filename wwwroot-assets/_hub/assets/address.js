// The address bar and the frame differ in their first segment: /open/{slug}/… shows /app/{slug}/…, with the same path, query and fragment.
const move = (from, to) => ({ pathname, search, hash }) => pathname.startsWith(from) ? to + pathname.slice(from.length) + search + hash : null;

export const inBar = move("/app/", "/open/");
export const inFrame = move("/open/", "/app/");
