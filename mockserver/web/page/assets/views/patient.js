// Patient: one patient with claims, plans and appointments.

import { html, nothing } from "../lit/lit-html.js";
import { slot } from "../office-data.js";
import { chip, counted } from "../parts.js";
import { to } from "../route.js";
import { kindOf, money, trackingName } from "./office-words.js";

const NO_DATE = "0001-01-01";

/**
 * Return the page of a patient.
 * @param {string} number
 */
export function patient(number) {
  const [found] = slot(`patient/${number}`).value ?? [];
  const claims = slot(`patient-claims/${number}`).value?.claims ?? [];
  const plans = slot(`patplan/${number}`).value ?? [];
  const appointments = slot(`appointment/${number}`).value ?? [];
  const name = found ? [found.FName, found.LName].filter(Boolean).join(" ") : `Patient ${number}`;
  return html`
    <article class="card patient" aria-labelledby="patient">
      <a class="back" data-back href=${to("office")}>All claims</a>
      <h2 id="patient">${name} ${found ? html`<span class="count">patient ${number}</span>` : nothing}</h2>
      ${found ? html`<p class="facts">${[
        found.Gender !== "Unknown" && found.Gender, found.Birthdate !== NO_DATE && `born ${found.Birthdate}`, found.Position,
      ].filter(Boolean).join(" · ")}</p>` : html`<p class="empty">This office has no row of the patient, only claims that name the number.</p>`}
      <h3>${counted(claims.length, "claim")}</h3>
      <ul class="plain">${claims.map((/** @type {Row} */ one) => html`
        <li class="line"><a href=${to(`office/claim/${one.ClaimNum}`)}>Claim ${one.ClaimNum}</a>
          <span class="count">${one.newest ? trackingName(one.newest) : ""} ${one.carrier}</span>
          <span class="number">${money(one.ClaimFee)}</span> ${chip(kindOf(one.ClaimStatus), one.claimStatus)}</li>`)}</ul>
      ${plans.length ? html`<h3>${counted(plans.length, "plan")}</h3>
        <ul class="plain">${plans.map((/** @type {Row} */ one) => html`
          <li>Plan ${one.Ordinal} <span class="count">${one.Relationship}, subscriber’s plan ${one.InsSubNum}</span></li>`)}</ul>` : nothing}
      ${appointments.length ? html`<h3>${counted(appointments.length, "appointment")}</h3>
        <ul class="plain">${appointments.map((/** @type {Row} */ one) => html`
          <li><time>${one.AptDateTime}</time> · ${one.AptStatus} <span class="count">${one.ProcDescript}</span></li>`)}</ul>` : nothing}
    </article>`;
}
