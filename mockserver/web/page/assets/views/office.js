// Office view: claims, the history of one, and the state of the office.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { live } from "../lit/directives/live.js";
import { numberOf } from "../json.js";
import { nameOf } from "../office-data.js";
import { more } from "../parts.js";
import { setFilter, to } from "../route.js";
import { limitOf, state } from "../store.js";
import { officeState } from "./office-state.js";
import { history } from "./history.js";

/** Return the view `#/office/claim/15`. */
export function office({ parts, query }) {
  const number = parts[1] === "claim" ? numberOf(parts[2]) : null;
  return html`
    <div class="office" ?data-open=${number !== null}>
      ${claims(number, query.get("q") ?? "")}
      ${number === null ? overview() : history(number)}
      ${officeState()}
    </div>`;
}

function claims(current, filter) {
  const { claims: all, rows } = state.office;
  const wanted = filter.toLowerCase();
  const found = wanted ? all.filter((claim) => matches(claim, wanted)) : all;
  return html`
    <section class="card claims" aria-labelledby="claims">
      <h2 id="claims">Claims <span class="count">${found.length === all.length
        ? all.length : `${found.length} of ${all.length}`}</span></h2>
      <input type="search" data-filter placeholder="Number, patient, note …" aria-label="Filter claims"
        .value=${live(filter)} @input=${(event) => setFilter("q", event.target.value)}>
      ${found.length ? nothing : html`<p class="empty">No claim matches “${filter}”.</p>`}
      <ol class="items">
        ${repeat(found.slice(0, limitOf("claims")), (claim) => claim.ClaimNum, (claim) => item(claim, rows, current))}
      </ol>
      ${more("claims", found.length)}
    </section>`;
}

function item(claim, rows, current) {
  const list = rows.get(claim.ClaimNum);
  const isFresh = list.some((row) => state.fresh.has(`row${row.ClaimTrackingNum}`));
  return html`
    <li ?data-fresh=${isFresh}>
      <a data-item href=${to(`office/claim/${claim.ClaimNum}`)}
        aria-current=${claim.ClaimNum === current ? "true" : nothing}>
        <b>Claim ${claim.ClaimNum}</b>
        <span class="count">${list.length}<span class="unseen"> rows</span></span>
        <small>${list.length ? nameOf(state.office, list[0].TrackingDefNum) : "no history"}
          ${isFresh ? html`<span class="chip" data-kind="fresh">changed</span>` : nothing}</small>
      </a>
    </li>`;
}

function matches(claim, wanted) {
  if (String(claim.ClaimNum) === wanted || `claim ${claim.ClaimNum}`.startsWith(wanted)) return true;
  if (String(claim.PatNum) === wanted) return true;
  return state.office.rows.get(claim.ClaimNum).some((row) =>
    row.Note.toLowerCase().includes(wanted) ||
    nameOf(state.office, row.TrackingDefNum).toLowerCase().includes(wanted));
}

function overview() {
  const { health, office: data } = state;
  const facts = [
    ["Fixture", health.fixtures.join(", ")], ["Version of the office", data.version], ["Claims", data.claims.length],
    ["Claim trackings", health.claimtrackings], ["Exchanges", health.requests], ["Faults that are set", health.faults],
  ];
  return html`
    <section class="card history" aria-labelledby="overview">
      <h2 id="overview">This office</h2>
      <dl class="pairs">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      ${health.diagnostics.map((one) => html`<p class="wrong">${one}</p>`)}
      <p>Choose a claim to see its history. Every request that a client sends is under
        <a href="#/traffic/latest">Traffic</a>.</p>
    </section>`;
}
