// Claim: one claim as a page, with its state, money, plan, lines, payments and history.

import { html, nothing } from "../lit/lit-html.js";
import { slot } from "../office-data.js";
import { chip, counted } from "../parts.js";
import { to } from "../route.js";
import { state } from "../store.js";
import { history } from "./history.js";
import { CLAIM_TYPES } from "../words.js";
import { ago, isZero, money, patientName } from "./office-words.js";

/**
 * Return the page of a claim.
 * @param {string} number
 */
export function claim(number) {
  const { value, problem, key } = slot(`claim/${number}`);
  if (!value) return missing(number, Boolean(problem) || !key && !/^[0-9]{1,19}$/.test(number));
  const found = value.claim;
  const name = patientName(found);
  return html`
    <article class="card claim" aria-labelledby="claim" ?data-fresh=${state.fresh.has(`head${found.ClaimNum}`)}>
      ${back()}
      <h2 id="claim">Claim ${found.ClaimNum}${name ? html` · ${value.patient
        ? html`<a href=${to(`office/patient/${found.PatNum}`)}>${name}</a>` : name}` : nothing}
        ${found.ClaimType === "P" ? nothing : chip("accent", CLAIM_TYPES[found.ClaimType] ?? found.ClaimType)}</h2>
      ${steps(found)}
      ${amounts(found)}
      ${plan(value)}
      ${found.ReasonUnderPaid ? html`<p class="decision" data-kind="warning">Paid less because: ${found.ReasonUnderPaid}</p>` : nothing}
      ${found.ClaimNote ? html`<p class="note"><small>Note of the claim</small> ${found.ClaimNote}</p>` : nothing}
      ${lines(value.lines)}
      ${payments(value.payments)}
      ${history(value)}
    </article>`;
}

const back = () => html`<a class="back" data-back href=${to("office")}>All claims</a>`;

/**
 * @param {string} number
 * @param {boolean} isMissing
 */
function missing(number, isMissing) {
  return html`
    <section class="card claim" aria-labelledby="claim">
      ${back()}
      <h2 id="claim">Claim ${number}</h2>
      <p class="empty">${isMissing ? "There is no such claim in this office." : "Reading the claim …"}</p>
    </section>`;
}

/**
 * Return the way of a claim, with the dates that are known.
 * @param {Row} claim
 */
function steps({ ClaimStatus, claimStatus, DateService, DateSent, DateReceived }) {
  const at = ClaimStatus === "R" ? 2 : ClaimStatus === "S" ? 1 : 0;
  const way = [
    [at === 0 ? claimStatus : "Unsent", DateService && `service ${DateService}`],
    ["Sent", DateSent && (at === 1 ? `${DateSent}, ${ago(DateSent)}` : DateSent)],
    ["Received", DateReceived],
  ];
  return html`
    <ol class="steps" aria-label="State of the claim">
      ${way.map(([name, date], step) => html`
        <li ?data-done=${step <= at} aria-current=${step === at ? "step" : nothing}><b>${name}</b> <small>${date || ""}</small></li>`)}
    </ol>`;
}

/** @param {Row} claim */
function amounts(claim) {
  const { ClaimFee, InsPayEst, InsPayAmt, WriteOff, DedApplied, patientPart } = claim;
  if ([ClaimFee, InsPayEst, InsPayAmt, WriteOff].every(isZero)) return nothing;
  const all = [
    ["Billed", ClaimFee], ["Estimated", InsPayEst], ["Paid", InsPayAmt], ["Write-off", WriteOff],
    ...(isZero(DedApplied) ? [] : [["Deductible", DedApplied]]),
    ...(patientPart === null ? [] : [["Patient’s part", patientPart]]),
  ];
  return html`
    <dl class="amounts">${all.map(([name, amount]) => html`
      <div ?data-none=${isZero(amount)}><dt>${name}</dt><dd>${money(amount)}</dd></div>`)}</dl>`;
}

/** @param {Row} value */
function plan({ plan: found, subscriber, provider }) {
  if (!found && !subscriber && !provider) return nothing;
  const group = found && [found.GroupName, found.GroupNum].filter(Boolean).join(" · ");
  const facts = [
    ["Carrier", found?.carrier], ["Plan", found && (group || `plan ${found.PlanNum}`)],
    ["Subscriber", subscriber && [subscriber.name || `patient ${subscriber.Subscriber}`, subscriber.SubscriberID].filter(Boolean).join(" · ")],
    ["Treated by", provider && ([provider.FName, provider.LName].filter(Boolean).join(" ") || provider.Abbr)],
  ].filter(([, text]) => text);
  return html`<dl class="pairs">${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}

const COLUMNS = [["FeeBilled", "Billed"], ["InsPayEst", "Estimate"], ["InsPayAmt", "Paid"], ["WriteOff", "Write-off"]];

/** @param {Row[]} rows */
function lines(rows) {
  if (!rows.length) return nothing;
  return html`
    <div class="part">
      <h3 id="lines">Lines <span class="count">${rows.length}</span></h3>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="lines">
        <table class="lines">
          <thead><tr><th>Code</th><th>Procedure</th>${COLUMNS.map(([, name]) => html`<th class="number">${name}</th>`)}<th>Status</th></tr></thead>
          <tbody>${rows.map(line)}</tbody>
        </table>
      </div>
    </div>`;
}

/** @param {Row} row */
function line(row) {
  const place = [row.ToothNum && `tooth ${row.ToothNum}`, row.Surf].filter(Boolean).join(", ");
  return html`
    <tr ?data-fresh=${state.fresh.has(`lines${row.ClaimProcNum}`)}>
      <td>${row.procCode || `line ${row.ClaimProcNum}`}</td>
      <td>${row.descript || (row.ProcNum ? `procedure ${row.ProcNum}` : "whole claim")}
        ${place || row.Remarks ? html`<small>${[place, row.Remarks].filter(Boolean).join(" · ")}</small>` : nothing}</td>
      ${COLUMNS.map(([column]) => html`<td class="number" ?data-none=${isZero(row[column])}>${money(row[column])}</td>`)}
      <td>${row.Status.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()}${row.claimPaymentTracking
        ? html` ${chip("wrong", row.claimPaymentTracking)}` : nothing}</td>
    </tr>`;
}

/** @param {Row[]} checks */
function payments(checks) {
  if (!checks.length) return nothing;
  return html`
    <section aria-labelledby="payments">
      <h3 id="payments">${counted(checks.length, "payment")}</h3>
      <ul class="plain">${checks.map((one) => html`
        <li class="payment" ?data-fresh=${state.fresh.has(`payments${one.ClaimPaymentNum}`)}>
          <span>${one.CheckDate === undefined ? `Payment ${one.ClaimPaymentNum} is not in this office` : html`
            <time>${one.CheckDate}</time> · ${one.payType || "Payment"} ${one.CheckNum} · ${one.CarrierName}`}</span>
          <b class="number">${money(one.paid)}</b>
          ${one.CheckAmt !== undefined && Number(one.CheckAmt) !== Number(String(one.paid))
            ? html`<small>of ${money(one.CheckAmt)}, which pays other claims too</small>` : nothing}
        </li>`)}</ul>
    </section>`;
}
