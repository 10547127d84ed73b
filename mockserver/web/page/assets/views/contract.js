// Contract view: one cell per rule, by operation, and the same as a table.

import { html, nothing } from "../lit/lit-html.js";
import { clearContract } from "../actions.js";
import { chip, more, standing, status } from "../parts.js";
import { setFilter, to } from "../route.js";
import { canWrite, limitOf, state } from "../store.js";

const LETTERS = { met: "M", "not met": "N", warned: "W", assumed: "A" };

function stateOf(rule) {
  if (rule.met) return "met";
  return rule.standing === "assumed" ? "assumed" : "not met";
}

/** Return the rules with their state, and each warning that has come as a rule that is warned. */
function entries() {
  const warned = new Map();
  for (const { rule, text, count, id } of state.contract.warnings) {
    const before = warned.get(rule);
    warned.set(rule, {
      id: rule, operation: "warnings", says: text, met: (before?.met ?? 0) + count, last: id, state: "warned",
    });
  }
  return [...state.contract.rules.map((rule) => ({ ...rule, state: stateOf(rule) })), ...warned.values()];
}

/** Return the view `#/contract/RULE`. */
export function contract({ parts, query }) {
  const wanted = (query.get("q") ?? "").toLowerCase();
  const all = entries().filter((rule) => `${rule.id} ${rule.says}`.toLowerCase().includes(wanted));
  const rules = all.filter((rule) => rule.state !== "warned");
  const met = rules.filter((rule) => rule.met).length;
  const open = entries().find((rule) => rule.id === parts[1]);
  const asTable = query.get("as") === "table";
  return html`
    <div class="contract">
      <section class="card" aria-labelledby="contract">
        <h2 id="contract">Contract <span class="count">${met} of ${rules.length} rules met</span></h2>
        <div class="line">
          <input type="search" data-filter aria-label="Filter rules" placeholder="Rule or sentence …"
            .value=${query.get("q") ?? ""} @input=${(event) => setFilter("q", event.target.value)}>
          <button type="button" aria-pressed=${asTable} @click=${() => setFilter("as", asTable ? "" : "table")}>
            Table</button>
          ${canWrite() ? html`<button type="button" @click=${clearContract}>Count again from 0</button>` : nothing}
        </div>
        <p class="legend">${Object.entries(LETTERS).map(([name, letter]) => html`
          <span><span class="cell" data-state=${name}>${letter}</span> ${name}</span>`)}</p>
        ${asTable ? table(all) : map(all, open)}
      </section>
      ${parts[1] ? detail(open, parts[1]) : nothing}
    </div>`;
}

function map(rules, open) {
  const groups = Map.groupBy(rules, (rule) => rule.operation);
  return [...groups].map(([operation, group]) => html`
    <h3>${operation} <span class="count">${group.filter((rule) => rule.met).length} of ${group.length}</span></h3>
    <div class="cells">
      ${group.map((rule) => html`
        <a class="cell" data-item data-state=${rule.state} href=${to(`contract/${rule.id}`)} title=${rule.id}
          aria-current=${rule.id === open?.id ? "true" : nothing}
          aria-label="${rule.id}: ${rule.state}">${LETTERS[rule.state]}</a>`)}
    </div>`);
}

function table(rules) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Rules as a table">
      <table>
        <thead><tr><th>Rule</th><th>State</th><th>Times</th><th>Standing</th><th>Sentence</th></tr></thead>
        <tbody>${rules.slice(0, limitOf("rules")).map((rule) => html`
          <tr><td><a data-item href=${to(`contract/${rule.id}`)}>${rule.id}</a></td><td>${rule.state}</td>
            <td>${rule.met}</td><td>${standing(rule)}</td><td>${rule.says}</td></tr>`)}</tbody>
      </table>
    </div>
    ${more("rules", rules.length)}`;
}

function detail(rule, id) {
  return html`
    <section class="card detail" aria-labelledby="rule">
      <a data-back href=${to("contract")}>All rules</a>
      <h2 id="rule">${id}</h2>
      ${rule ? html`
        <p><b>${rule.says}</b></p>
        <p class="facts"><span class="cell" data-state=${rule.state} aria-hidden="true">${LETTERS[rule.state]}</span>
          ${rule.state} · ${rule.operation} ${rule.standing ? chip("", standing(rule)) : nothing}
          ${rule.status ? html`· ${status(rule.status)}` : nothing}</p>
        <p>${rule.met ? html`${rule.met === 1 ? "1 exchange" : `${rule.met} exchanges`}; ${rule.state === "warned" ? "the first" : "the last"} is
          <a href="#/traffic/${rule.last}">exchange ${rule.last}</a>.` : "No exchange has met it yet."}</p>`
        : html`<p class="empty">This server can meet no rule of that name.</p>`}
    </section>`;
}
