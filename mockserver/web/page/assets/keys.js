// Keys: everything by keyboard, and the list of keys. Arrows keep scrolling.

import { html } from "./lit/lit-html.js";
import { update } from "./store.js";

const NAME = "opendental-mock-keys";
const KEYS = [
  ["/", "filter"], ["j", "next"], ["k", "previous"], ["Enter", "open"], ["Esc", "back"],
  ["r", "send the exchange again"], ["?", "this list"],
];

const enabled = () => localStorage.getItem(NAME) !== "off";

/** Listen to keys that are not typed into a field. */
export function listenToKeys() {
  addEventListener("keydown", (event) => {
    if (!enabled() || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches("input, textarea, select");
    if (event.key === "Escape" && typing) target.blur();
    if (typing || document.querySelector("dialog[open]")) return;
    const handle = HANDLERS[event.key];
    if (handle?.()) event.preventDefault();
  });
}

/** @type {Record<string, () => boolean>} */
const HANDLERS = {
  "/": () => focusOn(/** @type {HTMLElement | null} */ (document.querySelector("[data-filter]"))),
  j: () => step(1),
  k: () => step(-1),
  Escape: () => click("[data-back]"),
  r: () => click("[data-again]"),
  "?": showHelp,
};

/** @param {HTMLElement | null | undefined} element */
function focusOn(element) {
  element?.focus();
  return Boolean(element);
}

/** @param {string} selector */
function click(selector) {
  const element = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  element?.click();
  return Boolean(element);
}

/** @param {number} by */
function step(by) {
  const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-item]")]);
  const focused = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const current = focused >= 0 ? focused : items.findIndex((item) => item.matches("[aria-current]"));
  const next = current < 0 ? 0 : Math.min(Math.max(current + by, 0), items.length - 1);
  return focusOn(items[next]);
}

/** Show the list of keys. */
export function showHelp() {
  /** @type {HTMLDialogElement} */ (document.getElementById("keys")).showModal();
  return true;
}

/** Return the dialog with the list of keys. */
export function helpDialog() {
  const choose = (/** @type {Event} */ event) => {
    localStorage.setItem(NAME, /** @type {HTMLInputElement} */ (event.target).checked ? "on" : "off");
    update();
  };
  return html`
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="pairs">${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
      <label class="switch"><input type="checkbox" ?checked=${enabled()} @change=${choose}> Use these keys</label>
      <form method="dialog" @submit=${close}><button>Close</button></form>
    </dialog>`;
}

/** @param {Event} event */
function close(event) {
  event.preventDefault(); // the policy of the page allows no form to be sent
  /** @type {Element} */ (event.target).closest("dialog")?.close();
}
