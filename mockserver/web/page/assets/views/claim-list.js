// Claim list: the claims by patient, with filters and search.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { repeat } from "../lit/directives/repeat.js";
import { LIST_ROWS, showMoreClaims, slot } from "../office-data.js";
import { chip, counted, filters } from "../parts.js";
import { setFilter, to } from "../route.js";
import { state } from "../store.js";
import { daysSince, isZero, kindOf, money, patientName, trackingName } from "./office-words.js";

const LATE_DAYS = 14;

/** @type {[string, string][]} */
const SHOWS = [["", "All"], ["waiting", "Waiting"], ["denied", "Denied"], ["late", `Sent over ${LATE_DAYS} days ago`]];

/**
 * Return the claims that the address asks for.
 * @param {string} current the number of the open claim
 * @param {URLSearchParams} query
 */
export function claimList(current, query) {
  const { value } = slot("list");
  const [filter, show] = [query.get("q") ?? "", query.get("show") ?? ""];
  const search = (/** @type {Event} */ event) => setFilter("q", /** @type {HTMLInputElement} */ (event.target).value);
  return html`
    <section class="card claims" aria-labelledby="claims">
      <h2 id="claims">Claims ${value ? html`<span class="count">${value.total === value.all
        ? value.all : `${value.total} of ${value.all}`}</span>` : nothing}</h2>
      <input type="search" data-filter placeholder="Number, patient, note, status …" aria-label="Filter claims"
        .value=${live(filter)} @input=${search}>
      ${filters("Which claims", SHOWS, show, (chosen) => setFilter("show", chosen))}
      <div class="groups">
        ${value?.total === 0 ? html`<p class="empty">${nothingFound(value.all, filter, show)}</p>` : nothing}
        ${repeat(grouped(value?.claims ?? []), (group) => group[0].PatNum, (group) => family(group, current))}
        ${value ? more(value.total - value.claims.length) : nothing}
      </div>
    </section>`;
}

/** @param {number} rest */
function more(rest) {
  if (rest <= 0) return nothing;
  return html`<button type="button" class="more" @click=${showMoreClaims}>Show ${Math.min(rest, LIST_ROWS)} more of ${rest}</button>`;
}

/**
 * @param {number} all
 * @param {string} filter
 * @param {string} show
 */
function nothingFound(all, filter, show) {
  if (!all) return "This office has no claims.";
  const chosen = SHOWS.find(([value]) => value === show)?.[1] ?? show;
  return filter ? `No claim matches “${filter}”.` : `No claim is under “${chosen}”.`;
}

/**
 * Return the claims of each patient, which follow each other.
 * @param {Row[]} claims
 * @returns {Row[][]}
 */
const grouped = (claims) => [...Map.groupBy(claims, (one) => one.PatNum).values()];

/**
 * @param {Row[]} claims
 * @param {string} current
 */
function family(claims, current) {
  const [{ PatNum }] = claims;
  const name = patientName(claims[0]);
  return html`
    <section class="group">
      ${name ? html`<h3><a href=${to(`office/patient/${PatNum}`)}>${name}</a></h3>` : nothing}
      <ol class="items">${repeat(claims, (one) => one.ClaimNum, (one) => item(one, current))}</ol>
    </section>`;
}

/**
 * @param {Row} claim
 * @param {string} current
 */
function item(claim, current) {
  const { ClaimNum, newest } = claim;
  const isFresh = state.fresh.has(`claims${ClaimNum}`);
  return html`
    <li ?data-fresh=${isFresh}>
      <a data-item href=${to(`office/claim/${ClaimNum}`)} aria-current=${String(ClaimNum) === current ? "true" : nothing}>
        <span class="first"><b>Claim ${ClaimNum}</b> <span>${isFresh ? chip("fresh", "changed") : nothing} ${stateOf(claim)}</span></span>
        <span>${newest ? html`${trackingName(newest)}${newest.error ? html` · ${newest.error}` : nothing}`
          : html`<span class="count">no history</span>`}</span>
        <span class="first count"><span>${facts(claim)}</span> ${claim.trackings ? html`<span>${counted(claim.trackings, "tracking")}</span>` : nothing}</span>
      </a>
    </li>`;
}

/**
 * Return the state of a claim, and since when it is sent if that is long ago.
 * @param {Row} claim
 */
function stateOf({ ClaimStatus, claimStatus, DateSent }) {
  const days = ClaimStatus === "S" && DateSent ? daysSince(DateSent) : 0;
  return days > LATE_DAYS ? chip("warning", `Sent ${days} days ago`) : chip(kindOf(ClaimStatus), claimStatus);
}

/**
 * Return the dates and amounts of a claim that it has.
 * @param {Row} claim
 */
function facts(claim) {
  return [
    claim.DateService && `service ${claim.DateService}`,
    !isZero(claim.ClaimFee) && `fee ${money(claim.ClaimFee)}`,
    !isZero(claim.InsPayAmt) && `paid ${money(claim.InsPayAmt)}`,
  ].filter(Boolean).join(" · ");
}
