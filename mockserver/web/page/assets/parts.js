// Parts: small templates that several views use.

import { html, nothing } from "./lit/lit-html.js";
import { stringify } from "./json.js";
import { limitOf, MAX_RENDERED, state, update } from "./store.js";

/** @type {Record<number, string>} */
const WORDS = {
  0: "no response", 200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 410: "Gone",
  429: "Too Many Requests", 500: "Contract broken", 501: "Not served", 504: "Gateway Timeout",
};

/**
 * Return a status as number and word.
 * @param {number} number
 */
export function status(number) {
  const kind = number === 0 ? "none" : `${String(number)[0]}xx`;
  return html`<span class="status" data-kind=${kind}>${number || "–"} ${WORDS[number] ?? ""}</span>`;
}

/**
 * Return a short label of a kind.
 * @param {string} kind
 * @param {unknown} text
 */
export function chip(kind, text) {
  return html`<span class="chip" data-kind=${kind}>${text}</span>`;
}

/**
 * Return a number with its noun: "1 row", "2 rows".
 * @param {Num} number
 * @param {string} noun
 * @param {string} [nouns]
 */
export function counted(number, noun, nouns = `${noun}s`) {
  return `${number} ${Number(number) === 1 ? noun : nouns}`;
}

/**
 * Return a name that may break between its words, such as the id of a rule.
 * @param {string} name
 */
export function breakable(name) {
  return name.split(/(?<=[a-z])(?=[A-Z])|(?<=[./])/).map((word) => html`${word}<wbr>`);
}

/**
 * Return the standing of a rule, with the office's version and the date if it was observed there.
 * @param {Rule} rule
 */
export function standing(rule) {
  return [rule.standing, rule.observed].filter(Boolean).join(" ");
}

/**
 * Return buttons of which one is pressed.
 * @param {string} label what is chosen
 * @param {[value: string, text: unknown][]} options
 * @param {string} chosen
 * @param {(value: string) => unknown} choose
 */
export function filters(label, options, chosen, choose) {
  return html`
    <div class="filters" role="group" aria-label=${label}>
      ${options.map(([value, text]) => html`
        <button type="button" class="filter" aria-pressed=${String(value === chosen)} @click=${() => choose(value)}>${text}</button>`)}
    </div>`;
}

/**
 * Return the button that renders more rows of a list, if there are more.
 * @param {string} list
 * @param {number} total
 */
export function more(list, total) {
  const rest = total - limitOf(list);
  if (rest <= 0) return nothing;
  const show = () => update({ limits: { ...state.limits, [list]: (state.limits[list] ?? 0) + MAX_RENDERED } });
  return html`<button type="button" class="more" @click=${show}>Show ${Math.min(rest, MAX_RENDERED)} more of ${rest}</button>`;
}

/**
 * Return text with a button that copies it.
 * @param {string} label
 * @param {string} text
 */
export function copyable(label, text) {
  const copy = async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.target);
    const shown = button.closest("section")?.querySelector("pre");
    if (shown) getSelection()?.selectAllChildren(shown);
    if (!navigator.clipboard) return; // not on localhost, and without TLS: the text is selected
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  return html`
    <section class="copyable" aria-label=${label}>
      <h3>${label} <button type="button" class="small" aria-label="Copy ${label}" @click=${copy}>Copy</button></h3>
      <pre tabindex="0">${text}</pre>
    </section>`;
}

/**
 * Return a value of JSON as text.
 * @param {any} value
 */
export function shown(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : stringify(value, 2);
}
