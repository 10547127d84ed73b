// Rule: one sentence of the contract, the exchange that met it, or what a test would have to do.

import { html, nothing } from "../lit/lit-html.js";
import { breakable, chip, copyable, counted, shown, standing, status } from "../parts.js";
import { to } from "../route.js";
import { ask } from "../server.js";
import { state, update } from "../store.js";
import { curl } from "../texts.js";

/** The states of a rule, with their marks. @type {Record<string, string>} */
const MARKS = { met: "✓", "not met": "○", assumed: "◌", warned: "!" };

/** The requests that show a rule, read when it is first opened. @type {Map<string, RuleExample[] | null>} */
const known = new Map();

/**
 * Return a state as a mark and a word.
 * @param {string} name
 */
export const mark = (name) => html`<span class="mark" data-state=${name}><span aria-hidden="true">${MARKS[name]}</span> ${name}</span> `;

/**
 * Return the name of an operation as reports show it.
 * @param {string} operation
 */
export const shownName = (operation) => (operation === "any" ? "any operation" : operation);

/** @param {string} rule @returns {RuleExample[] | null} */
function examples(rule) {
  if (!known.has(rule)) {
    known.set(rule, null);
    ask("GET", `/contract/${encodeURIComponent(rule)}`).then((answer) => {
      known.set(rule, answer.examples);
      update();
    }, () => known.delete(rule));
  }
  return known.get(rule) ?? null;
}

/**
 * Return one rule in full.
 * @param {string} id
 * @param {(Rule & {states: string[]}) | undefined} rule
 */
export function ruleDetail(id, rule) {
  return html`
    <section class="card detail" aria-labelledby="rule">
      <a data-back href=${to("contract")}>All rules</a>
      ${rule ? html`
        <h2>${rule.says}</h2>
        <p class="facts" id="rule"><code>${breakable(id)}</code></p>
        <p class="facts">${rule.states.map(mark)} ${chip("", standing(rule))} ${status(rule.status)}
          <span>${shownName(rule.operation)}</span></p>
        ${rule.last === null ? nothing : html`<p>${counted(rule.met, "exchange")}; the last is
          <a href="#/traffic/${rule.last}">exchange ${rule.last}</a>.</p>`}
        ${toDo(rule)}
        ${variants(rule)}`
        : html`<h2 id="rule">${id}</h2><p class="empty">This server can meet no rule of that name.</p>`}
    </section>`;
}

/**
 * Return what a test would have to do so that a rule is met.
 * @param {Rule} rule
 */
function toDo(rule) {
  const all = examples(rule.id);
  const isTryable = rule.operation in state.operations;
  return html`
    <h3>${rule.met ? "A request that shows it" : "What a test would have to do"}</h3>
    ${rule.needs ? html`<p>This office cannot show it. Start one that does: <code>${rule.needs}</code></p>` : nothing}
    ${all === null ? html`<p class="empty">Reading the example …</p>` : all.length ? all.map(example) : html`
      <p class="empty">There is no example of it.</p>`}
    ${isTryable ? html`<p><a href="#/try/${rule.operation}">Try it: ${rule.operation}</a></p>` : nothing}`;
}

/** @param {RuleExample} one */
function example(one) {
  const { method, path, times, wait, settings, state: needed, office } = one;
  const flags = Object.entries(settings).map(([name, value]) =>
    `--${name.replaceAll("_", "-")}${value === true ? "" : ` ${value}`}`);
  const [by, after] = [times > 1 ? `, ${times} times` : "", wait ? `, ${wait} s later` : ""];
  return html`
    <div class="example">
      <p>Send <code>${method} ${path}</code>${by}${after}; the answer is ${status(one.status)}</p>
      ${needed ? html`<p class="empty">It needs ${needed}.</p>` : nothing}
      ${flags.length ? html`<p>The server runs with <code>${flags.join(" ")}</code></p>` : nothing}
      ${copyable("curl", curl({ method, path, headers: headersOf(one), body: one.body }))}
      ${typeof office === "string" ? html`
        <p class="empty">The numbers are those of the office <code>${office}</code>.</p>` : html`
        <details><summary>The rows of an office that shows it</summary>
          <pre tabindex="0" aria-label="Rows of the office">${shown(office)}</pre></details>`}
    </div>`;
}

/** @param {RuleExample} one */
function headersOf({ headers, body }) {
  const usual = { Authorization: state.keys, ...(body === null ? {} : { "Content-Type": "application/json" }) };
  const all = Object.entries({ ...usual, ...headers });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/**
 * Return the variants of a rule, with the one that this server plays marked.
 * @param {Rule} rule
 */
function variants(rule) {
  const all = Object.entries(rule.variants ?? {});
  return all.length ? html`
    <h3>Variants</h3>
    <ul class="plain variants">${all.map(([name, says]) => html`
      <li><b>${name}</b> ${name === rule.variant ? chip("met", "played") : nothing}<small>${says}</small></li>`)}</ul>` : nothing;
}
