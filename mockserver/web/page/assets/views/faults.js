// Faults view: failures as stories, and the faults that are set with their hits.

import { html, nothing } from "../lit/lit-html.js";
import { addFault, clearFaults, removeFault } from "../actions.js";
import { chip } from "../parts.js";
import { canWrite, state } from "../store.js";

const STORIES = [
  ["The row was kept, the response was lost", "A client that tries again writes the row twice.",
    { operation: "claimtrackings/create", when: "after", then: "reset" }],
  ["Half of the response came", "The row was kept; the client cannot read it.",
    { operation: "claimtrackings/create", when: "after", then: "truncate" }],
  ["The office is closed", "The eConnector is not running: 400.", { name: "econnector-down" }],
  ["The keys are not valid", "401 for the next request.", { name: "invalid-credentials" }],
  ["Too many requests", "429 with Retry-After, twice.", { name: "throttled", times: 2 }],
  ["The gateway timed out", "504 for the next request.", { name: "gateway-timeout" }],
  ["The resource is deprecated", "410 for the next request.", { name: "deprecated" }],
  ["The response takes three seconds", "A client needs patience, or a limit of its own.", { then: "delay", delay: 3 }],
];

/** Return the view `#/faults`. */
export function faults() {
  return html`
    <div class="faults">
      ${canWrite() ? stories() : nothing}
      <section class="card" aria-labelledby="set">
        <h2 id="set">Set now <span class="count">${state.faults.length}</span></h2>
        ${state.faults.length ? nothing : html`<p class="empty">No fault is set: every response is the office's own.</p>`}
        <ol class="plain">${state.faults.map(item)}</ol>
        ${canWrite() && state.faults.length ? html`
          <button type="button" class="danger" @click=${clearFaults}>Take all back</button>` : nothing}
      </section>
    </div>`;
}

function stories() {
  return html`
    <section class="card" aria-labelledby="stories">
      <h2 id="stories">What should go wrong</h2>
      <label>For <select id="fault-operation">
        <option value="">the operation of the story</option>
        ${Object.keys(state.operations).map((name) => html`<option>${name}</option>`)}
      </select></label>
      <div class="stories">
        ${STORIES.map(([name, says, fault]) => html`
          <button type="button" class="story" @click=${() => set(name, fault)}>
            <b>${name}</b><small>${says}</small></button>`)}
      </div>
    </section>`;
}

function set(name, fault) {
  const operation = document.getElementById("fault-operation").value;
  addFault(operation ? { ...fault, operation } : fault, `Set: ${name}.`);
}

function item(fault) {
  const name = fault.name || `${fault.when}-${fault.then}`;
  const isOver = fault.times !== null && fault.hits >= fault.times;
  const what = fault.then === "status" ? `${fault.status} ${fault.explanation}`
    : `${fault.then}${fault.delay ? ` ${fault.delay} s` : ""}`;
  return html`
    <li class="fault">
      <b>${name}</b> ${chip(isOver ? "" : "fault", `${fault.hits} of ${fault.times ?? "all"} hits`)}
      ${canWrite() ? html`<button type="button" class="small" aria-label="Take back ${name}"
        @click=${() => removeFault(fault.id)}>Take back</button>` : nothing}
      <small>${fault.operation} · ${fault.when === "after" ? "the change is kept" : "nothing is changed"} · ${what}
        ${fault.skip ? `· skips ${fault.skip}` : ""}
        ${Object.entries(fault.match).map(([key, value]) => `· ${key} ${value}`)}</small>
    </li>`;
}
