// Overview: the office as a whole, and what can be done next.

import { html, nothing } from "../lit/lit-html.js";
import { slot } from "../office-data.js";
import { counted } from "../parts.js";
import { to } from "../route.js";
import { canWrite, state } from "../store.js";
import { trackingName } from "./office-words.js";

const COUNTED = [["patient", "patient"], ["claim", "claim"], ["claimtracking", "claim tracking"], ["appointment", "appointment"]];

/** Return what is shown while no claim is open. */
export function overview() {
  const { health, definitions, preference } = state;
  const tables = slot("tables").value?.tables ?? {};
  const facts = [
    `fixture ${health.fixtures.join(", ")}`, `Open Dental ${health.office_version}`, counted(health.requests, "exchange"),
    health.faults ? `${counted(health.faults, "fault")} set` : "no fault set",
  ];
  return html`
    <section class="card overview" aria-labelledby="overview">
      <h2 id="overview">${preference.PracticeTitle || "This office"}</h2>
      <p class="facts">${facts.join(" · ")}</p>
      <dl class="amounts">${COUNTED.filter(([table]) => tables[table]).map(([table, noun]) => html`
        <div><dt>${counted(tables[table], noun).replace(/^\S+ /, "")}</dt><dd>${tables[table].toLocaleString("en-US")}</dd></div>`)}</dl>
      ${attention()}
      ${health.diagnostics.map((one) => html`<p class="wrong">${one}</p>`)}
      ${[...definitions.values()].some((one) => Number(one.Category) === 31) ? nothing : noStatuses()}
      ${newest()}
      <h3>What to do next</h3>
      <ul class="next">
        <li>Open a claim to see its lines, money and history, which show each change as it comes.</li>
        <li>Send a request: every one is under <a href="#/traffic/latest">Traffic</a>, with the rule that decided it.</li>
        <li><a href="#/try">Try it</a> has a form for every operation, and <a href="#/faults">Faults</a> spoils the next responses.</li>
        ${canWrite() ? html`<li>Keep a snapshot before a demonstration, and restore it afterwards.</li>` : nothing}
      </ul>
    </section>`;
}

function newest() {
  /** @type {Row[]} */
  const rows = slot("newest").value?.trackings ?? [];
  if (!rows.length) return nothing;
  return html`
    <h3>Newest trackings</h3>
    <ol class="recent">${rows.map((row) => html`
      <li ?data-fresh=${state.fresh.has(`trackings${row.ClaimTrackingNum}`)}>
        <time>${row.DateTimeEntry}</time>
        <span><a href=${to(`office/claim/${row.ClaimNum}`)}>Claim ${row.ClaimNum}</a>
          ${row.patient ? html`<span class="count">${row.patient}</span>` : nothing} · ${trackingName(row)}${row.error ? ` · ${row.error}` : ""}</span>
        ${row.Note ? html`<span class="note">${row.Note}</span>` : nothing}
      </li>`)}</ol>`;
}

/** Words for one claim, and for several. @type {[string, string, string][]} */
const ATTENTION = [
  ["waiting", "waits for the carrier", "wait for the carrier"], ["denied", "is denied", "are denied"],
  ["late", "was sent over 14 days ago", "were sent over 14 days ago"],
];

function attention() {
  return html`
    <ul class="attention" aria-label="Claims that need attention">
      ${ATTENTION.map(([show, word, words]) => {
        const total = slot(`count/${show}`).value?.total ?? 0;
        return html`<li ?data-none=${!total}>
          <a href=${to("office", new URLSearchParams({ show }))}><b>${total}</b> ${total === 1 ? word : words}</a></li>`;
      })}
    </ul>`;
}

/** Return what an office without set-up is told. */
export const noStatuses = () => html`
  <p class="decision" data-kind="warning">This office has no statuses (definitions of category 31), as an office that was not set up for
    claim tracking. A tracking can be created with TrackingDefNum 0 only; every other number is refused.</p>`;
