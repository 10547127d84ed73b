// Theme: that of the system, light or dark, kept by the browser.

import { svg } from "./lit/lit-html.js";

const NAME = "opendental-mock-theme";
const NEXT = new Map([["auto", "light"], ["light", "dark"], ["dark", "auto"]]);
const WORDS = new Map([["auto", "as the system"], ["light", "light"], ["dark", "dark"]]);
const PICTURES = new Map([
  ["auto", svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>`],
  ["light", svg`<circle cx="8" cy="8" r="3" fill="currentColor"/><path d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>`],
  ["dark", svg`<path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" fill="currentColor"/>`],
]);

/** Return the chosen theme. */
export function theme() {
  const kept = localStorage.getItem(NAME) ?? "";
  return NEXT.has(kept) ? kept : "auto";
}

/** Return the theme that comes after the chosen one. */
export const nextTheme = () => NEXT.get(theme()) ?? "auto";

/** Return the name of the chosen theme in words, and its picture. */
export const themeLook = () => ({ words: WORDS.get(theme()), picture: PICTURES.get(theme()) });

/**
 * Use a theme from now on.
 * @param {string} name
 */
export function chooseTheme(name) {
  localStorage.setItem(NAME, name);
  document.documentElement.dataset.theme = name;
}
