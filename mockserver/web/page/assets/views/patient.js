// Patient: one patient with claims, plans and appointments.

import { html, nothing } from "../lit/lit-html.js";
import { slot } from "../office-data.js";
import { chip, counted } from "../parts.js";
import { to } from "../route.js";
import { state } from "../store.js";
import { ago, kindOf, money, trackingName } from "./office-words.js";

/**
 * Return the page of a patient.
 * @param {string} number
 */
export function patient(number) {
  const { value, problem } = slot(`patient/${number}`);
  return html`
    <article class="card patient" aria-labelledby="patient">
      <a class="back" data-back href=${to("office")}>All claims</a>
      <h2 id="patient">${value?.patient || `Patient ${number}`} ${value?.patient ? html`<span class="count">patient ${number}</span>` : nothing}</h2>
      ${value ? parts(value) : html`<p class="empty">${problem || "Reading the patient …"}</p>`}
    </article>`;
}

/** @param {Row} value */
function parts({ patient: name, Birthdate, Gender, claims, plans, appointments }) {
  return html`
    <p class="facts">${name ? [Gender !== "Unknown" && Gender, Birthdate && `born ${Birthdate}`].filter(Boolean).join(" · ")
      : "This office has claims that name the patient, and no row of the patient."}</p>
    ${list(claims, "claim", claim)}
    ${list(plans, "plan", (one) => html`
      <li><b>${one.carrier || "Unknown carrier"}</b> ${one.GroupName}
        <small>${[`rank ${one.Ordinal}`, one.Relationship === "Self" ? "subscriber" : one.Relationship.toLowerCase(),
          one.subscriber && `of ${one.subscriber}`].filter(Boolean).join(" · ")}</small></li>`)}
    ${list(appointments, "appointment", (one) => html`
      <li><time>${one.AptDateTime}</time> · ${one.AptStatus} <small>${[one.ProcDescript, ago(one.AptDateTime)].filter(Boolean).join(" · ")}</small></li>`)}`;
}

/**
 * @param {Row[]} rows
 * @param {string} noun
 * @param {(row: Row) => unknown} item
 */
function list(rows, noun, item) {
  return rows.length ? html`<h3>${counted(rows.length, noun)}</h3><ul class="plain">${rows.map(item)}</ul>` : nothing;
}

/** @param {Row} one */
function claim(one) {
  return html`
    <li class="line" ?data-fresh=${state.fresh.has(`claims${one.ClaimNum}`)}>
      <span><a href=${to(`office/claim/${one.ClaimNum}`)}>Claim ${one.ClaimNum}</a> ${chip(kindOf(one.ClaimStatus), one.claimStatus)}
        <small>${[one.newest && trackingName(one.newest), one.carrier].filter(Boolean).join(" · ")}</small></span>
      <span class="number">${money(one.ClaimFee)}</span>
    </li>`;
}
