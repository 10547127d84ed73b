// Tables of the office: its definitions with their meaning, and every other table by name.

import { html, nothing } from "../lit/lit-html.js";
import { ascending } from "../json.js";
import { slot } from "../office-data.js";
import { chip, counted } from "../parts.js";
import { to } from "../route.js";
import { state } from "../store.js";
import { suppressedDays } from "./office-words.js";
import { noStatuses } from "./overview.js";

const SHOWN = 50; // definitions of a category

/** The categories that trackings name. @type {Map<number, string>} */
const CATEGORIES = new Map([[31, "Statuses"], [43, "Error codes"]]);

/** Return the definitions that trackings name. */
export function definitions() {
  const byCategory = Map.groupBy(state.definitions.values(), (one) => Number(one.Category));
  const others = state.definitions.size - (byCategory.get(31)?.length ?? 0) - (byCategory.get(43)?.length ?? 0);
  return html`
    <section class="card" aria-labelledby="definitions">
      <h2 id="definitions">Definitions</h2>
      ${byCategory.has(31) ? nothing : noStatuses()}
      ${[...CATEGORIES].map(([category, name]) => ofCategory(category, name, byCategory.get(category) ?? []))}
      ${others ? html`<p><a href=${to("office/table/definition", new URLSearchParams())}>${counted(others, "definition")} of other categories</a></p>` : nothing}
    </section>`;
}

/**
 * @param {number} category
 * @param {string} name
 * @param {Row[]} rows
 */
function ofCategory(category, name, rows) {
  if (!rows.length) return nothing;
  return html`
    <h3>${name} <span class="count">category ${category}</span></h3>
    <ul class="plain">
      ${rows.slice(0, SHOWN).map((one) => html`
        <li><span class="count">${one.DefNum}</span> ${one.ItemName} ${one.IsHidden ? chip("plain", "hidden") : nothing}
          ${meaning(one) ? html`<small>${meaning(one)}</small>` : nothing}</li>`)}
      ${rows.length > SHOWN ? html`<li class="count">and ${rows.length - SHOWN} more</li>` : nothing}
    </ul>`;
}

/**
 * Return what the value of a definition means: days for a status, a text for an error.
 * @param {Row} definition
 */
function meaning(definition) {
  if (Number(definition.Category) !== 31) return definition.ItemValue;
  const days = suppressedDays(definition);
  return days ? `${counted(days, "day")} suppressed` : "";
}

/** Return the names of all tables that have rows. */
export function tables() {
  const counts = Object.entries(slot("tables").value?.tables ?? {}).sort(([a], [b]) => ascending(a, b));
  return html`
    <section class="card" aria-labelledby="tables">
      <h2 id="tables">Tables</h2>
      <ul class="plain tables">
        ${counts.map(([name, count]) => html`
          <li><a href=${to(`office/table/${name}`, new URLSearchParams())}>${name}</a> <span class="count">${counted(count, "row")}</span></li>`)}
      </ul>
    </section>`;
}
