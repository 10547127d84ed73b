// History: the trackings of one claim as a timeline, newest first.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { chip, counted, more } from "../parts.js";
import { state } from "../store.js";
import { ago, suppressedDays, trackingName } from "./office-words.js";

/**
 * Return the history of a claim.
 * @param {{claim: Row, trackings: Row[], total: number}} value
 */
export function history({ claim, trackings, total }) {
  return html`
    <section class="history" aria-labelledby="history">
      <h3 id="history">History <span class="count">${counted(total, "row")}</span></h3>
      ${total ? nothing : html`<p class="empty">Nothing has happened to this claim yet.</p>`}
      <ol class="timeline">${repeat(trackings, (row) => row.ClaimTrackingNum, entry)}</ol>
      ${more(`history${claim.ClaimNum}`, total)}
    </section>`;
}

/** @param {Row} row */
function entry(row) {
  const isFresh = state.fresh.has(`trackings${row.ClaimTrackingNum}`);
  const definition = state.definitions.get(row.TrackingDefNum);
  const days = suppressedDays(definition);
  return html`
    <li ?data-fresh=${isFresh} data-kind=${row.TrackingType === "StatusHistory" ? "status" : "office"}>
      <div class="entry-head">
        <b>${trackingName(row)}</b>
        ${row.TrackingErrorDefNum ? html`<span class="reason">${row.error || "unknown error"}</span>` : nothing}
        ${isFresh ? chip("fresh", "changed") : nothing}
        <time title=${ago(row.DateTimeEntry)}>${row.DateTimeEntry}</time>
      </div>
      ${reason(row)}
      ${row.Note ? html`<p class="note">${row.Note}</p>` : nothing}
      <small>${[
        row.UserNum ? `by ${row.user || `user ${row.UserNum}`}` : "no user",
        days ? `${counted(days, "day")} suppressed` : "",
        row.TrackingType === "StatusHistory" ? "" : row.TrackingType,
        `tracking ${row.ClaimTrackingNum}`,
        row.TrackingDefNum ? `status ${row.TrackingDefNum}` : "",
        row.TrackingErrorDefNum ? `error ${row.TrackingErrorDefNum}` : "",
      ].filter(Boolean).join(" · ")}</small>
    </li>`;
}

/**
 * Return the long text of an error, if its definition has one.
 * @param {Row} row
 */
function reason(row) {
  const text = state.definitions.get(row.TrackingErrorDefNum)?.ItemValue;
  return text ? html`<p class="long">${text}</p>` : nothing;
}
