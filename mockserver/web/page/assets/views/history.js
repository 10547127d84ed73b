// History: the rows of one claim as a timeline, newest first.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { nameOf } from "../office-data.js";
import { chip, more } from "../parts.js";
import { to } from "../route.js";
import { limitOf, state } from "../store.js";

/** Return the history of a claim. */
export function history(number) {
  const rows = state.office.rows.get(number);
  const claim = state.office.claims.find((one) => one.ClaimNum === number);
  const list = `history${number}`;
  return html`
    <section class="card history" aria-labelledby="history">
      <a class="back" data-back href=${to("office")}>All claims</a>
      <h2 id="history">Claim ${number} ${rows ? html`<span class="count">${rows.length} rows</span>` : nothing}</h2>
      ${claim ? html`<p class="facts">Patient ${claim.PatNum} · status ${claim.ClaimStatus}${
        claim.DateService > "0001-01-01" ? ` · service ${claim.DateService}` : ""}</p>` : nothing}
      ${!rows ? html`<p class="empty">There is no such claim in this office.</p>` : nothing}
      ${rows && !rows.length ? html`<p class="empty">Nothing has happened to this claim yet.</p>` : nothing}
      <ol class="timeline">
        ${repeat((rows ?? []).slice(0, limitOf(list)), (row) => row.ClaimTrackingNum, entry)}
      </ol>
      ${more(list, rows?.length ?? 0)}
    </section>`;
}

function entry(row) {
  const isFresh = state.fresh.has(`row${row.ClaimTrackingNum}`);
  return html`
    <li ?data-fresh=${isFresh}>
      <div class="entry-head">
        <time>${row.DateTimeEntry}</time>
        ${isFresh ? chip("fresh", "changed") : nothing}
        <span class="count">ClaimTrackingNum ${row.ClaimTrackingNum}</span>
      </div>
      <p class="entry-name"><b>${nameOf(state.office, row.TrackingDefNum)}</b>
        ${row.TrackingDefNum ? html`<span class="count">${row.TrackingDefNum}</span>` : nothing}
        ${row.TrackingErrorDefNum ? html` · error ${nameOf(state.office, row.TrackingErrorDefNum)}
          <span class="count">${row.TrackingErrorDefNum}</span>` : nothing}</p>
      ${row.Note ? html`<p class="note">${row.Note}</p>` : nothing}
      <small>${row.TrackingType} · ${row.UserNum ? `user ${row.UserNum}` : "no user"}</small>
    </li>`;
}
