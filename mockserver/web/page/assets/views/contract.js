// Contract view: the rules as a table with sentences. What counts and how much of it is met says the admin API.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { live } from "../lit/directives/live.js";
import { clearContract } from "../actions.js";
import { connectPanel, isUnused } from "../connect.js";
import { breakable, counted, filters, more, standing } from "../parts.js";
import { setFilter, to } from "../route.js";
import { canWrite, limitOf, state } from "../store.js";
import { mark, ruleDetail, shownName } from "./rule.js";

const COUNTED = "counted";

/** A rule with its states. @typedef {Rule & {states: string[]}} Entry */

/** @type {{contract: Contract | null, exchanges: Exchange[], entries: Entry[]}} */
let known = { contract: null, exchanges: [], entries: [] };

/** Return the rules with their states: met or not, and warned if the last exchange that met it came with a warning. */
function entries() {
  if (known.contract === state.contract && known.exchanges === state.exchanges) return known.entries;
  const warned = new Set(state.exchanges.filter((one) => one.warnings.length).map((one) => one.id));
  const all = state.contract.rules.map((rule) => {
    const states = rule.met ? ["met"] : [rule.standing === "assumed" ? "assumed" : "not met"];
    return { ...rule, states: rule.last !== null && warned.has(rule.last) ? [...states, "warned"] : states };
  });
  known = { contract: state.contract, exchanges: state.exchanges, entries: all };
  return all;
}

/** The filters of the rules that count. @type {[string, string, (rule: Entry) => boolean][]} */
const FILTERS = [
  ["", "All", () => true],
  ["not-met", "Not met", (rule) => !rule.met],
  ["met", "Met", (rule) => rule.met > 0],
  ["warned", "Warned", (rule) => rule.states.includes("warned")],
];

/**
 * Return the view `#/contract/RULE`.
 * @param {{parts: string[], query: URLSearchParams}} place
 */
export function contract({ parts, query }) {
  const text = (query.get("q") ?? "").toLowerCase();
  const operation = query.get("operation") ?? "";
  const all = entries().filter((rule) => `${rule.id} ${rule.says}`.toLowerCase().includes(text));
  const listed = all.filter((rule) => (operation ? rule.operation === operation : rule.scope === COUNTED));
  const [, , fits] = FILTERS.find(([name]) => name === (query.get("state") ?? "")) ?? FILTERS[0];
  const open = entries().find((rule) => rule.id === parts[1]);
  return html`
    ${isUnused() ? connectPanel() : nothing}
    <div class="contract" ?data-open=${Boolean(parts[1])}>
      <section class="card list" aria-labelledby="contract">
        ${figures()}
        ${controls(query, listed)}
        ${groups(listed.filter(fits), open)}
        ${operation ? nothing : html`${warnings(text)} ${unserved()} ${others(all, Boolean(text), open)}`}
      </section>
      ${parts[1] ? ruleDetail(parts[1], open) : nothing}
    </div>`;
}

/** Return the share of the contract that is met, as the command prints it. */
function figures() {
  const { summary } = state.contract;
  if (!summary) return html`<h2 id="contract">Contract</h2>`;
  const { met, total, served, refused } = summary;
  const percent = Number(summary.percent.toString()); // of 18.0 the digits are kept
  return html`
    <div class="line">
      <h2 id="contract">Contract <span class="count">${met} of ${total} rules met</span></h2>
      ${canWrite() ? html`<button type="button" class="small" @click=${clearContract}>Count again from 0</button>` : nothing}
    </div>
    <div class="share"><b>${percent} %</b>
      <meter min="0" max="100" value=${percent} aria-label="Rules met">${percent} %</meter></div>
    <p class="facts"><span>on requests that are served: ${served.met} of ${served.total}</span>
      <span>on refusals by the office: ${refused.met} of ${refused.total}</span></p>`;
}

/**
 * @param {URLSearchParams} query
 * @param {Entry[]} listed
 */
function controls(query, listed) {
  const chosen = query.get("operation") ?? "";
  const names = [...new Set(state.contract.rules.map((rule) => rule.operation))];
  return html`
    <div class="line">
      <input type="search" data-filter aria-label="Filter rules" placeholder="Rule or sentence …"
        .value=${live(query.get("q") ?? "")} @input=${(/** @type {Event} */ event) => setFilter("q", textOf(event))}>
      <select aria-label="Rules of" @change=${(/** @type {Event} */ event) => setFilter("operation", textOf(event))}>
        <option value="">What counts</option>
        ${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${shownName(name)}</option>`)}
      </select>
    </div>
    ${filters("State", FILTERS.map(([name, text, fits]) =>
      [name, html`${text} <span class="count">${listed.filter(fits).length}</span>`]), query.get("state") ?? "",
      (name) => setFilter("state", name))}`;
}

/** @param {Event} event */
const textOf = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

/**
 * Return rules by operation.
 * @param {Entry[]} rules
 * @param {Entry | undefined} open
 */
function groups(rules, open) {
  if (!rules.length) return html`<p class="empty">No rule matches.</p>`;
  const shown = rules.slice(0, limitOf("rules"));
  return html`
    ${[...Map.groupBy(shown, (rule) => rule.operation)].map(([operation, group], index) => html`
      <h3>${shownName(operation)} ${figure(operation)}</h3>
      ${table(`Rules of ${operation}`, group, open, index === 0)}`)}
    ${more("rules", rules.length)}`;
}

/** @param {string} operation */
function figure(operation) {
  const { operations = {}, beside = {} } = state.contract.summary ?? {};
  const one = operations[operation] ?? beside[operation];
  return one ? html`<span class="count">${one.met} of ${one.total}</span>` : nothing;
}

/**
 * @param {string} label
 * @param {Entry[]} rules
 * @param {Entry | undefined} open
 * @param {boolean} hasHead whether the names of the columns are seen; they are always read
 */
function table(label, rules, open, hasHead = false) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${label}>
      <table class="rules">
        <colgroup><col class="of-state"><col><col class="of-standing"><col class="of-times"></colgroup>
        <thead class=${hasHead ? "" : "unseen"}><tr><th>State</th><th>Sentence</th><th>Standing</th><th class="number">Times</th></tr></thead>
        <tbody>${repeat(rules, (rule) => rule.id, (rule) => html`
          <tr data-rule=${rule.id}>
            <td>${rule.states.map(mark)}</td>
            <td><a data-item href=${to(`contract/${rule.id}`)} aria-current=${rule.id === open?.id ? "true" : nothing}>${rule.says}</a>
              <small><code>${breakable(rule.id)}</code></small></td>
            <td>${standing(rule)}</td>
            <td class="number">${rule.last === null ? rule.met : html`
              <a href="#/traffic/${rule.last}" aria-label="${counted(rule.met, "time")}, the last is exchange ${rule.last}">${rule.met}</a>`}</td>
          </tr>`)}</tbody>
      </table>
    </div>`;
}

/**
 * Return the warnings that came, as parts of requests that the contract does not cover.
 * @param {string} text
 */
function warnings(text) {
  const all = state.contract.warnings.filter((one) => `${one.rule} ${one.text}`.toLowerCase().includes(text));
  return all.length ? html`
    <h3>Warnings <span class="count">${all.length}</span></h3>
    <ul class="plain warnings">${all.map((one) => html`
      <li>${mark("warned")} ${one.text} <small><code>${breakable(one.rule)}</code> ${counted(one.count, "request")}, the first is
        <a href="#/traffic/${one.id}">exchange ${one.id}</a></small></li>`)}</ul>` : nothing;
}

/** Return the operations of the vendor that were requested and that the mock does not serve. */
function unserved() {
  const operations = state.contract.unserved;
  return operations.length ? html`
    <h3>Not served <span class="count">${operations.length}</span></h3>
    <ul class="plain unserved">${operations.map(({ operation, count, id }) => html`
      <li><code>${operation}</code> <small>${counted(count, "request")}, the first is
        <a href="#/traffic/${id}">exchange ${id}</a></small></li>`)}</ul>` : nothing;
}

/**
 * Return what is not counted, folded: rules that a request has to break, that only another office shows, and operations
 * that were called.
 * @param {Entry[]} all
 * @param {boolean} isSearched
 * @param {Entry | undefined} open
 */
function others(all, isSearched, open) {
  const [gauge, elsewhere] = ["gauge", "elsewhere"].map((scope) => all.filter((rule) => rule.scope === scope));
  const { gauge: mistakes, beside = {} } = state.contract.summary ?? {};
  /** @type {(label: string, title: unknown, rules: Entry[]) => unknown} */
  const folded = (label, title, rules) => (rules.length ? html`
    <details ?open=${isSearched || rules.some((rule) => rule === open)}><summary>${title}</summary>
      ${table(label, rules, open)}</details>` : nothing);
  const offices = Map.groupBy(elsewhere, (rule) => rule.needs);
  return html`
    <h3>Not counted</h3>
    <div class="others">
      ${folded("Rules that a request has to break",
        html`${mistakes?.met} of ${counted(mistakes?.total ?? 0, "rule")} that a request has to break`, gauge)}
      ${[...offices].map(([needs, rules]) => folded(`Rules shown by ${needs}`,
        html`${counted(rules.length, "rule")} shown by <code>${needs}</code>`, rules))}
      ${Object.entries(beside).map(([operation, { met, total }]) => folded(`Rules of ${operation}, not counted`,
        html`${met} of ${counted(total, "rule")} of ${shownName(operation)}: called, and would lower the percentage`,
        all.filter((rule) => rule.scope === "beside" && rule.operation === operation)))}
    </div>`;
}
