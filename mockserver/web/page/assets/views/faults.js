// Faults view: failures as stories, a form for every other one, and the faults that are set with their hits.

import { html, nothing } from "../lit/lit-html.js";
import { act, addFault, clearFaults, removeFault } from "../actions.js";
import { curlOf } from "../fault-fields.js";
import { counts, fieldsToSet, isOver, labelOf, lastHit, sentence, STORIES } from "../fault-words.js";
import { operationOptions } from "../operations.js";
import { chip, copyable } from "../parts.js";
import { ask } from "../server.js";
import { canWrite, state } from "../store.js";
import { faultForm, openForm } from "./fault-form.js";

/** Return the view `#/faults`. */
export function faults() {
  const isOn = state.settings.page === "on";
  return html`
    <div class="faults">
      ${setNow(isOn)}
      ${isOn ? html`<div class="to-set">${stories()}${faultForm()}</div>` : nothing}
    </div>`;
}

/** @param {boolean} isOn */
function setNow(isOn) {
  return html`
    <section class="card set-now" aria-labelledby="set">
      <h2 id="set">Set now <span class="count">${state.faults.length}</span></h2>
      ${isOn ? nothing : html`<p class="empty">This page is read-only: it shows the faults that are set, and sets none.</p>`}
      ${state.faults.length ? nothing : html`<p class="empty">No fault is set: every response is the office's own.</p>`}
      <ol class="plain">${state.faults.map((fault) => item(fault, isOn))}</ol>
      ${isOn && state.faults.length ? html`
        <button type="button" class="danger" ?disabled=${!canWrite()} @click=${clearFaults}>Take all back</button>` : nothing}
    </section>`;
}

/**
 * @param {Fault} fault
 * @param {boolean} isOn
 */
function item(fault, isOn) {
  const label = labelOf(fault);
  const hit = lastHit(fault);
  return html`
    <li class="fault" ?data-over=${isOver(fault)}>
      <p>${isOver(fault) ? `It has done what it was set for: ${label}.` : sentence(fault)}</p>
      <p class="facts">${counts(fault).map((text) => chip(fault.hits && !isOver(fault) ? "fault" : "", text))}
        ${hit ? html`<a href="#/traffic/${hit.id}">exchange ${hit.id}</a>` : nothing}
        <code>${label}</code></p>
      ${fault.set_by_test ? nothing : html`<small>From the fixture: a reset sets it again.</small>`}
      <div class="buttons">
        ${isOn ? html`
          ${isOver(fault) ? html`<button type="button" class="small" aria-label="Set ${label} again" ?disabled=${!canWrite()}
            @click=${() => setAgain(fault)}>Set again</button>` : nothing}
          <button type="button" class="small" aria-label="Take back ${label}" ?disabled=${!canWrite()}
            @click=${() => removeFault(fault.id)}>Take back</button>
          <button type="button" class="small quiet" aria-label="Change a copy of ${label}"
            @click=${() => openForm("Set your own", fieldsToSet(fault))}>Change a copy</button>` : nothing}
        <details><summary>As curl</summary>${copyable(`curl for ${label}`, curlOf(fieldsToSet(fault)))}</details>
      </div>
    </li>`;
}

/** @param {Fault} fault */
const setAgain = (fault) => act("The fault is set again.", async () => {
  await ask("POST", "/faults", fieldsToSet(fault));
  await ask("DELETE", `/faults/${fault.id}`);
});

function stories() {
  return html`
    <section class="card" aria-labelledby="stories">
      <h2 id="stories">What should go wrong?</h2>
      <p class="stories-for"><label for="story-operation">Which requests?</label>
        <select id="story-operation">
          <option value="">as the story says</option>
          ${operationOptions("")}
        </select></p>
      <div class="stories">
        ${STORIES.map(([title, says, fault]) => html`
          <div class="story">
            <button type="button" class="set" data-item ?disabled=${!canWrite()} @click=${() => addFault(chosen(fault), `Set: ${title}.`)}>
              <b>${title}</b><small>${says}</small></button>
            <button type="button" class="small quiet" aria-label="Change it first: ${title}"
              @click=${() => openForm(title, chosen(fault))}>Change it first</button>
          </div>`)}
        <div class="story own">
          <button type="button" class="set" data-item ?disabled=${!canWrite()} @click=${() => openForm("Set your own", chosen({}))}>
            <b>Set your own …</b><small>Any status, at any request, as often as you like.</small></button>
        </div>
      </div>
    </section>`;
}

/** @param {Record<string, any>} fault */
function chosen(fault) {
  const { value } = /** @type {HTMLSelectElement} */ (document.getElementById("story-operation"));
  return value ? { ...fault, operation: value } : fault;
}
