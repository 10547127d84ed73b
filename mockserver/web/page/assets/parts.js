// Parts: small templates that several views use.

import { html, nothing } from "./lit/lit-html.js";
import { stringify } from "./json.js";
import { limitOf, state, update } from "./store.js";

const WORDS = {
  0: "no response", 200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 410: "Gone",
  429: "Too Many Requests", 500: "Contract broken", 501: "Not served", 504: "Gateway Timeout",
};

/** Return a status as number and word. */
export function status(number) {
  const kind = number === 0 ? "none" : `${String(number)[0]}xx`;
  return html`<span class="status" data-kind=${kind}>${number || "–"} ${WORDS[number] ?? ""}</span>`;
}

/** Return a short label of a kind. */
export function chip(kind, text) {
  return html`<span class="chip" data-kind=${kind}>${text}</span>`;
}

/** Return the standing of a rule, with the office's version and the date if it was observed there. */
export function standing(rule) {
  return [rule.standing, rule.observed].filter(Boolean).join(" ");
}

/** Return the button that renders more rows of a list, if there are more. */
export function more(list, total) {
  const shown = limitOf(list);
  if (total <= shown) return nothing;
  const show = () => update({ limits: { ...state.limits, [list]: (state.limits[list] ?? 0) + 200 } });
  return html`<button type="button" class="more" @click=${show}>Show 200 more of ${total - shown}</button>`;
}

/** Return text with a button that copies it. */
export function copyable(label, text) {
  const copy = async (event) => {
    const button = event.target;
    getSelection().selectAllChildren(button.closest("section").querySelector("pre"));
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

/** Return a value of JSON as text. */
export function shown(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : stringify(value, 2);
}
