// Try it: forms from the JSON Schemas, filled with what the office has, and the real response.

import { html, nothing } from "../lit/lit-html.js";
import { examplesOf } from "../examples.js";
import { changeForm, fitted, formOf, groupedFields, requestOf } from "../forms.js";
import { FIRST, operationOptions, resourceOf } from "../operations.js";
import { counted } from "../parts.js";
import { renewRows } from "../references.js";
import { to } from "../route.js";
import { sendAndFind } from "../sending.js";
import { announce, state } from "../store.js";
import { answered } from "./tryit-answer.js";
import { explanationFor, fieldOf } from "./tryit-fields.js";
import { refusals } from "./tryit-refusals.js";

let shown = ""; // the operation whose form is shown

/**
 * Return the view `#/try/claimtrackings/create`.
 * @param {{ parts: string[] }} route
 */
export function tryIt({ parts }) {
  const asked = parts.slice(1).join("/");
  const operation = asked in state.operations ? asked : `${FIRST}/create`;
  if (shown !== operation) renewRows(); // others may have changed them
  shown = operation;
  const form = formOf(operation);
  return html`
    <div class="tryit">
      <section class="card ask" aria-labelledby="try">
        <h2 id="try">Try it</h2>
        ${chooser(operation)}
        ${form ? formFor(operation, form) : html`<p class="empty">Reading the form …</p>`}
      </section>
      ${form ? html`
        <div class="answers">
          ${answered(requestOf(operation, form), form)}
          ${refusals(operation)}
        </div>` : nothing}
    </div>`;
}

/** @param {string} operation */
function chooser(operation) {
  const first = Object.keys(state.operations).filter((name) => resourceOf(name) === FIRST);
  const go = (/** @type {any} */ event) => { location.hash = to(`try/${event.target.value}`); };
  return html`
    <nav class="operations" aria-label="Operations">
      ${first.map((name) => html`
        <a class="tab" data-item href=${to(`try/${name}`)} aria-label=${name} aria-current=${name === operation ? "page" : nothing}>
          <small>${state.operations[name].method}</small> ${name.split("/")[1]}</a>`)}
      <select aria-label="Other operations" data-filter @change=${go} ?data-chosen=${!first.includes(operation)}>
        ${first.includes(operation) ? html`<option selected disabled value="">Other operations …</option>` : nothing}
        ${operationOptions(operation, (name) => resourceOf(name) !== FIRST)}
      </select>
    </nav>`;
}

/**
 * @param {string} operation
 * @param {Form} form
 */
function formFor(operation, form) {
  const { method, path } = state.operations[operation];
  const isWrite = method !== "GET";
  return html`
    <form data-try=${operation} @submit=${(/** @type {Event} */ event) => submit(event, operation)} novalidate>
      <p class="request-line"><b>${method}</b> ${path}</p>
      ${examples(operation)}
      ${fields(operation, form)}
      ${isWrite && state.settings.page !== "on" ? html`
        <p class="empty">This page is read-only: it sends no writes. The request can be copied as curl.</p>` : html`
        <p class="send-bar">
          <button class="main" ?disabled=${state.connection !== "live" || form.isSending}>Send</button>
          <small><kbd>Ctrl</kbd> <kbd>Enter</kbd></small></p>`}
    </form>`;
}

/** @param {string} operation */
function examples(operation) {
  const all = examplesOf(state.operations[operation]);
  const use = (/** @type {Example} */ { values }) =>
    changeForm(operation, { values: fitted(operation, values), chosen: {}, typed: {}, answer: null });
  return html`<p class="buttons examples">${all.map((example) => html`
    <button type="button" class="small" @click=${() => use(example)}>Example: ${example.name}</button>`)}</p>`;
}

/**
 * @param {string} operation
 * @param {Form} form
 */
function fields(operation, form) {
  const [usual, others] = groupedFields(operation);
  const isWrong = others.some(({ name }) => explanationFor(form.answer, name));
  return html`
    ${usual.length ? nothing : html`<p class="empty">This operation takes no values.</p>`}
    ${usual.map((field) => fieldOf(operation, form, field))}
    ${others.length ? html`
      <details class="others" ?open=${isWrong}>
        <summary>${counted(others.length, "more field")}</summary>
        ${others.map((field) => fieldOf(operation, form, field))}
      </details>` : nothing}`;
}

/**
 * @param {Event} event
 * @param {string} operation
 */
async function submit(event, operation) {
  event.preventDefault();
  const form = formOf(operation); // with what was typed since the last frame
  if (!form || form.isSending) return;
  const request = requestOf(operation, form);
  changeForm(operation, { isSending: true, answer: null });
  const answer = await sendAndFind(request);
  renewRows();
  changeForm(operation, { isSending: false, answer });
  announce(answer.sent ? `The response is ${answer.sent.status}.` : "No response came.");
  document.getElementById("response")?.scrollIntoView({ block: "nearest" });
}

addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-try]:has(button.main:enabled)"))?.requestSubmit();
});
