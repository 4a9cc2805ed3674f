// What the scripts of the users' pages share.
export const $ = (selector, root = document) => root.querySelector(selector);
export const setText = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
