// Contract view: one cell per rule, by operation, and the same as a table.

import { html, nothing } from "../lit/lit-html.js";
import { clearContract } from "../actions.js";
import { chip, more, standing, status } from "../parts.js";
import { setFilter, to } from "../route.js";
import { canWrite, limitOf, state } from "../store.js";

const LETTERS = { met: "M", "not met": "N", warned: "W", assumed: "A" };

/** Return the states of a rule: met or not, and warned if the last exchange that met it came with a warning. */
function statesOf(rule) {
  if (!rule.met) return [rule.standing === "assumed" ? "assumed" : "not met"];
  const last = state.exchanges.find((one) => one.id === rule.last);
  return last?.warnings.length ? ["met", "warned"] : ["met"];
}

/** Return the rules with their states, and each warning that has come as a rule that is warned. */
function entries() {
  const rules = new Map(state.contract.rules.map((rule) => [rule.id, { ...rule, states: statesOf(rule) }]));
  const warned = new Map();
  for (const { rule, text, count, id } of state.contract.warnings) {
    const before = warned.get(rule);
    warned.set(rule, {
      id: rule, operation: "warnings", says: text, met: (before?.met ?? 0) + count, last: id, states: ["warned"],
    });
  }
  for (const [id, entry] of warned) { // an office may refuse a request that others serve with a warning
    const rule = rules.get(id);
    if (rule) rule.states = [...new Set([...rule.states, "warned"])];
    else rules.set(id, entry);
  }
  return [...rules.values()];
}

/** Return a letter with a pattern for each state. */
function marks(states) {
  return states.map((one) => html`<span class="mark" data-state=${one}>${LETTERS[one]}</span>`);
}

/** Return the view `#/contract/RULE`. */
export function contract({ parts, query }) {
  const wanted = (query.get("q") ?? "").toLowerCase();
  const all = entries().filter((rule) => `${rule.id} ${rule.says}`.toLowerCase().includes(wanted));
  const rules = all.filter((rule) => rule.operation !== "warnings");
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
        <p class="legend">${Object.keys(LETTERS).map((name) => html`
          <span><span class="cell">${marks([name])}</span> ${name}</span>`)}</p>
        ${asTable ? table(all) : map(all, open)}
        ${unserved()}
      </section>
      ${parts[1] ? detail(open, parts[1]) : nothing}
    </div>`;
}

/** Return the operations of the vendor that were requested and that the mock does not serve. */
function unserved() {
  const operations = state.contract.unserved;
  return operations.length ? html`
    <h3>Not served <span class="count">${operations.length}</span></h3>
    <ul class="plain unserved">${operations.map(({ operation, count, id }) => html`
      <li><code>${operation}</code> <small>${count === 1 ? "1 request" : `${count} requests`}, the first is
        <a href="#/traffic/${id}">exchange ${id}</a></small></li>`)}</ul>` : nothing;
}

function map(rules, open) {
  const groups = Map.groupBy(rules, (rule) => rule.operation);
  return [...groups].map(([operation, group]) => html`
    <h3>${operation} <span class="count">${group.filter((rule) => rule.met).length} of ${group.length}</span></h3>
    <div class="cells">
      ${group.map((rule) => html`
        <a class="cell" data-item href=${to(`contract/${rule.id}`)} title=${rule.id}
          aria-current=${rule.id === open?.id ? "true" : nothing}
          aria-label="${rule.id}: ${rule.states.join(", ")}">${marks(rule.states)}</a>`)}
    </div>`);
}

function table(rules) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Rules as a table">
      <table>
        <thead><tr><th>Rule</th><th>State</th><th>Times</th><th>Standing</th><th>Sentence</th></tr></thead>
        <tbody>${rules.slice(0, limitOf("rules")).map((rule) => html`
          <tr><td><a data-item href=${to(`contract/${rule.id}`)}>${rule.id}</a></td><td>${rule.states.join(", ")}</td>
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
        <p class="facts"><span class="cell" aria-hidden="true">${marks(rule.states)}</span>
          ${rule.states.join(", ")} · ${rule.operation} ${rule.standing ? chip("", standing(rule)) : nothing}
          ${rule.status ? html`· ${status(rule.status)}` : nothing}</p>
        <p>${rule.met ? html`${rule.met === 1 ? "1 exchange" : `${rule.met} exchanges`}; ${rule.operation === "warnings" ? "the first" : "the last"} is
          <a href="#/traffic/${rule.last}">exchange ${rule.last}</a>.` : "No exchange has met it yet."}</p>
        ${variants(rule)}`
        : html`<p class="empty">This server can meet no rule of that name.</p>`}
    </section>`;
}

/** Return the variants of a rule, with the one that this server plays marked. */
function variants(rule) {
  const all = Object.entries(rule.variants ?? {});
  return all.length ? html`
    <h3>Variants</h3>
    <ul class="plain variants">${all.map(([name, says]) => html`
      <li><b>${name}</b> ${name === rule.variant ? chip("met", "played") : nothing}<small>${says}</small></li>`)}</ul>` : nothing;
}
