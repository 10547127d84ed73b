// State of the office: clock, preferences, snapshots and reset.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { deleteSnapshot, reset, restoreSnapshot, saveSnapshot, setClock, setPreference } from "../actions.js";
import { breakable, chip } from "../parts.js";
import { canWrite, state } from "../store.js";
import { definitions, tables } from "./office-tables.js";

/** Return the cards beside what is open. */
export function officeState() {
  return html`
    <div class="state">
      ${clock()} ${snapshots()} ${preferences()} ${definitions()} ${tables()}
    </div>`;
}

/**
 * Return what a field of a submitted form holds.
 * @param {Event} event
 * @param {string} name
 */
function submitted(event, name) {
  event.preventDefault();
  return String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get(name)).trim();
}

function clock() {
  const { now, frozen } = state.clock ?? { now: "", frozen: true };
  const move = (/** @type {number} */ seconds, /** @type {string} */ text) => html`
    <button type="button" class="small" @click=${() => setClock({ advance: seconds }, `The clock is moved by ${text}.`)}>+ ${text}</button>`;
  const set = (/** @type {Event} */ event) => {
    const text = submitted(event, "now");
    setClock({ now: text }, `The clock stands at ${text}.`);
  };
  return html`
    <section class="card" aria-labelledby="clock">
      <h2 id="clock">Clock ${chip(frozen ? "warning" : "good", frozen ? "stopped" : "runs")}</h2>
      <p class="now"><time>${frozen ? now : moved(now, Date.now() - state.clockReadAt)}</time></p>
      ${canWrite() ? html`
        <div class="buttons">
          ${frozen
            ? html`<button type="button" class="small" @click=${() => setClock({ now: null }, "The clock runs.")}>Let it run</button>`
            : html`<button type="button" class="small" @click=${() => setClock({ now }, "The clock is stopped.")}>Stop</button>`}
          ${move(60, "1 minute")} ${move(3600, "1 hour")} ${move(86400, "1 day")}
        </div>
        <form class="line" @submit=${set}>
          <input name="now" aria-label="Time to stop the clock at" placeholder="2023-07-26 09:47:10" required
            pattern="[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}" title="yyyy-MM-dd HH:mm:ss">
          <button>Set</button>
        </form>` : nothing}
    </section>`;
}

/**
 * @param {string} now
 * @param {number} milliseconds
 */
function moved(now, milliseconds) {
  const date = new Date(`${now.replace(" ", "T")}Z`);
  return new Date(date.getTime() + milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

function preferences() {
  return html`
    <section class="card" aria-labelledby="preferences">
      <h2 id="preferences">Preferences</h2>
      ${Object.entries(state.preference).map(([name, value]) => (typeof value === "boolean" && canWrite() ? html`
        <label class="switch">
          <input type="checkbox" role="switch" .checked=${live(value)}
            @change=${(/** @type {Event} */ event) => setPreference(name, /** @type {HTMLInputElement} */ (event.target).checked)}>
          <span>${breakable(name)}</span>
        </label>` : html`<p class="preference"><span>${breakable(name)}</span> <b>${typeof value === "boolean" ? (value ? "on" : "off") : value}</b></p>`))}
    </section>`;
}

function snapshots() {
  const save = (/** @type {Event} */ event) => {
    saveSnapshot(submitted(event, "name"));
    /** @type {HTMLFormElement} */ (event.target).reset();
  };
  return html`
    <section class="card" aria-labelledby="snapshots">
      <h2 id="snapshots">Snapshots</h2>
      ${state.snapshots.length ? nothing : html`<p class="empty">None is kept.</p>`}
      <ul class="plain">
        ${state.snapshots.map((name) => html`
          <li class="line"><span>${name}</span>
            ${canWrite() ? html`
              <button type="button" class="small" aria-label="Restore ${name}" @click=${() => restoreSnapshot(name)}>Restore</button>
              <button type="button" class="small" aria-label="Delete ${name}" @click=${() => deleteSnapshot(name)}>Delete</button>`
              : nothing}
          </li>`)}
      </ul>
      ${canWrite() ? html`
        <form class="line" @submit=${save}>
          <input name="name" aria-label="Name of the snapshot" placeholder="before-the-demo" required
            pattern="[a-z0-9_\\-]{1,64}" title="a-z 0-9 _ -">
          <button>Keep</button>
        </form>
        <button type="button" class="danger small" @click=${reset}>Reset to the fixture</button>` : nothing}
    </section>`;
}
