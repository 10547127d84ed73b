// Refusals of Try it: what the office refuses in an operation, one click away if a request can show it.

import { html, nothing } from "../lit/lit-html.js";
import { changeForm } from "../forms.js";
import { chip, counted } from "../parts.js";
import { refusalsOf } from "../refusals.js";
import { state } from "../store.js";

/**
 * Return the refusals of an operation that the office causes, or nothing if there are none.
 * @param {string} operation
 */
export function refusals(operation) {
  const all = refusalsOf(operation);
  const mayShow = state.operations[operation].method === "GET" || state.settings.page === "on";
  const others = all.filter(({ form }) => !form || !mayShow);
  if (!all.length) return nothing;
  return html`
    <section class="card refusals" aria-labelledby="refusals">
      <h3 id="refusals">What the office refuses</h3>
      <ul class="plain">${all.map(({ rule, form }) => form && mayShow ? html`
        <li><button type="button" class="refusal" @click=${() => fill(operation, form)}>
          <b class="status">${rule.status}</b> <span>${rule.says}</span> ${met(rule)}</button></li>` : nothing)}</ul>
      ${others.length ? html`
        <details>
          <summary>${counted(others.length, "other refusal")}</summary>
          <ul class="plain">${others.map(({ rule, form }) => html`
            <li class="refusal"><b class="status">${rule.status}</b>
              <span>${rule.says} <small>${whereShown(rule, form)}</small></span> ${met(rule)}</li>`)}</ul>
        </details>` : nothing}
    </section>`;
}

/**
 * @param {string} operation
 * @param {Partial<Form>} form
 */
function fill(operation, form) {
  changeForm(operation, form);
  /** @type {HTMLElement | null} */ (document.querySelector("form[data-try] button.main"))?.focus();
}

/** @param {Rule} rule */
const met = (rule) => rule.met ? chip("met", "met") : nothing;

/**
 * Return which office shows a refusal that this form cannot.
 * @param {Rule} rule
 * @param {Partial<Form> | null} form
 */
function whereShown({ needs }, form) {
  if (needs.startsWith("--")) return html`An office that shows it: <code>opendental-mock serve ${needs}</code>`;
  if (needs) return `It takes ${needs}.`;
  return form ? "" : "It depends on the rows that the request names.";
}
