// Table: the rows of one table with all their columns, page by page.

import { html, nothing } from "../lit/lit-html.js";
import { keyOf, pageOf, slot, TABLE_ROWS } from "../office-data.js";
import { counted, shown } from "../parts.js";
import { route, to } from "../route.js";
import { state } from "../store.js";

/**
 * Return a page of the rows of a table.
 * @param {string} name
 */
export function table(name) {
  const { value, problem } = slot(`table/${name}`);
  const page = pageOf(route().query);
  const total = slot("tables").value?.tables[name] ?? 0;
  const [first] = value ?? [];
  return html`
    <section class="card table" aria-labelledby="table">
      <a class="back-always" data-back href=${to("office", new URLSearchParams())}>The office</a>
      <h2 id="table">${name} <span class="count">${counted(total, "row")}</span></h2>
      ${problem ? html`<p class="wrong">${problem}</p>` : nothing}
      ${first ? rows(name, Object.keys(first), value) : html`<p class="empty">${value ? "There is no row here." : nothing}</p>`}
      ${pages(name, page, total)}
    </section>`;
}

/**
 * @param {string} name
 * @param {string[]} columns
 * @param {Row[]} values
 */
function rows(name, columns, values) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Rows of ${name}">
      <table>
        <thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
        <tbody>${values.map((row) => html`
          <tr ?data-fresh=${state.fresh.has(keyOf(row))}>${columns.map((column) => html`<td>${cell(row[column])}</td>`)}</tr>`)}</tbody>
      </table>
    </div>`;
}

/**
 * @param {any} value
 * @returns {string}
 */
const cell = (value) => (Array.isArray(value) ? value.join(", ") : shown(value));

/**
 * @param {string} name
 * @param {number} page
 * @param {number} total
 */
function pages(name, page, total) {
  const last = Math.ceil(total / TABLE_ROWS);
  if (last <= 1) return nothing;
  const link = (/** @type {number} */ to_, /** @type {string} */ text) =>
    html`<a href=${to(`office/table/${name}`, new URLSearchParams({ page: String(to_) }))}>${text}</a>`;
  return html`
    <nav class="line pages" aria-label="Pages">
      <span class="count">rows ${(page - 1) * TABLE_ROWS + 1} to ${Math.min(page * TABLE_ROWS, total)} of ${total}</span>
      ${page > 1 ? link(page - 1, "Previous") : nothing}
      ${page < last ? link(page + 1, "Next") : nothing}
    </nav>`;
}
