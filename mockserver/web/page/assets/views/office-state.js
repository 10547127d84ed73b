// State of the office: clock, preferences, definitions, rows of other tables, snapshots and reset.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { deleteSnapshot, reset, restoreSnapshot, saveSnapshot, setClock, setPreference } from "../actions.js";
import { ascending } from "../json.js";
import { CATEGORIES } from "../office-data.js";
import { canWrite, state } from "../store.js";

/** Return the cards beside the history. */
export function officeState() {
  return html`
    <div class="state">
      ${clock()} ${preferences()} ${snapshots()} ${definitions()} ${state.office.others.map(otherTable)}
    </div>`;
}

function clock() {
  const { now, frozen } = state.clock;
  const move = (seconds, text) => html`
    <button type="button" @click=${() => setClock({ advance: seconds }, `The clock is moved by ${text}.`)}>+ ${text}</button>`;
  const set = (event) => {
    event.preventDefault();
    const text = new FormData(event.target).get("now").trim();
    setClock({ now: text }, `The clock stands at ${text}.`);
  };
  return html`
    <section class="card" aria-labelledby="clock">
      <h2 id="clock">Clock <span class="chip" data-kind=${frozen ? "warning" : "met"}>${
        frozen ? "stopped" : "runs"}</span></h2>
      <p class="now"><time>${frozen ? now : moved(now, Date.now() - state.clockReadAt)}</time></p>
      ${canWrite() ? html`
        <div class="buttons">
          ${frozen
            ? html`<button type="button" @click=${() => setClock({ now: null }, "The clock runs.")}>Let it run</button>`
            : html`<button type="button" @click=${() => setClock({ now }, "The clock is stopped.")}>Stop</button>`}
          ${move(60, "1 minute")} ${move(3600, "1 hour")} ${move(86400, "1 day")}
        </div>
        <form class="line" @submit=${set}>
          <input name="now" aria-label="Time to stop the clock at" placeholder="2023-07-26 09:47:10" required
            pattern="[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}" title="yyyy-MM-dd HH:mm:ss">
          <button>Set</button>
        </form>` : nothing}
    </section>`;
}

function moved(now, milliseconds) {
  const date = new Date(`${now.replace(" ", "T")}Z`);
  return new Date(date.getTime() + milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

function preferences() {
  const entries = Object.entries(state.office.preference);
  return html`
    <section class="card" aria-labelledby="preferences">
      <h2 id="preferences">Preferences</h2>
      ${entries.map(([name, value]) => typeof value === "boolean" ? html`
        <label class="switch">
          <input type="checkbox" role="switch" ?disabled=${!canWrite()} .checked=${live(value)}
            @change=${(event) => setPreference(name, event.target.checked)}> <span>${name}</span>
        </label>` : html`<p class="facts"><span>${name}</span> <b>${value}</b></p>`)}
    </section>`;
}

function snapshots() {
  const save = (event) => {
    event.preventDefault();
    saveSnapshot(new FormData(event.target).get("name"));
    event.target.reset();
  };
  return html`
    <section class="card" aria-labelledby="snapshots">
      <h2 id="snapshots">Snapshots</h2>
      ${state.snapshots.length ? nothing : html`<p class="empty">None is kept.</p>`}
      <ul class="plain">
        ${state.snapshots.map((name) => html`
          <li class="line"><span>${name}</span>
            ${canWrite() ? html`
              <button type="button" aria-label="Restore ${name}" @click=${() => restoreSnapshot(name)}>Restore</button>
              <button type="button" aria-label="Delete ${name}" @click=${() => deleteSnapshot(name)}>Delete</button>`
              : nothing}
          </li>`)}
      </ul>
      ${canWrite() ? html`
        <form class="line" @submit=${save}>
          <input name="name" aria-label="Name of the snapshot" placeholder="before-the-demo" required
            pattern="[a-z0-9_\\-]{1,64}" title="a-z 0-9 _ -">
          <button>Keep</button>
        </form>
        <button type="button" class="danger" @click=${reset}>Reset to the fixture</button>` : nothing}
    </section>`;
}

function definitions() {
  const byCategory = Map.groupBy([...state.office.definitions.values()], (one) => one.Category);
  return html`
    <section class="card" aria-labelledby="definitions">
      <h2 id="definitions">Definitions</h2>
      ${[...byCategory].sort(([a], [b]) => ascending(a, b)).map(([category, all]) => html`
        <h3>${CATEGORIES[category] ?? "Others"} <span class="count">category ${category}</span></h3>
        <ul class="plain">
          ${all.slice(0, 200).map((one) => html`
            <li><span class="count">${one.DefNum}</span> ${one.ItemName}
              ${one.IsHidden ? html`<span class="chip">hidden</span>` : nothing}
              ${one.ItemValue ? html`<small>${one.ItemValue}</small>` : nothing}</li>`)}
        </ul>`)}
    </section>`;
}

function otherTable([name, rows]) {
  return html`
    <section class="card" aria-labelledby=${name}>
      <h2 id=${name}>${name} <span class="count">${rows.length}</span></h2>
      <ul class="plain">
        ${rows.slice(0, 200).map((row) => Object.entries(row)).map(([[, number], ...columns]) => html`
          <li><span class="count">${number}</span>
            <small>${columns.filter(([, value]) => value !== "").map((column) => column.join(" ")).join(", ")}</small></li>`)}
      </ul>
    </section>`;
}
