// Traffic view: exchanges as they come, newest first. New ones do not move an exchange that is being read.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { live } from "../lit/directives/live.js";
import { connectPanel, isUnused } from "../connect.js";
import { chip, filters, more } from "../parts.js";
import { setFilter, to } from "../route.js";
import { claimOf, sentence, shortPath } from "../sentences.js";
import { limitOf, state, update } from "../store.js";
import { ask } from "../server.js";
import { download, refusingRule } from "../texts.js";
import { duration, entriesOf, nth, threaded } from "../tries.js";
import { exchange as detail } from "./exchange.js";

/** @typedef {import("../tries.js").Entry} Entry */

/** The outcomes by which the admin API filters for HAR too, with their names. @type {Record<string, [string, (one: Exchange) => boolean]>} */
const KINDS = {
  refused: ["Refused", (one) => one.response.status >= 400 && !one.fault],
  warned: ["Warned", (one) => one.warnings.length > 0],
  fault: ["Faulty", (one) => Boolean(one.fault)],
  unserved: ["Not served", (one) => refusingRule(one) === "mock.unserved"],
  written: ["Written", (one) => one.request.method !== "GET" && one.response.status < 300 && one.response.status > 0],
};

/**
 * Return the exchanges that fit the search and the operation, whatever their outcome.
 * @param {URLSearchParams} query
 */
function searched(query) {
  const [text, operation] = [(query.get("q") ?? "").toLowerCase(), query.get("operation")];
  if (!text && !operation) return state.exchanges;
  return state.exchanges.filter((one) =>
    (!operation || one.operation === operation) &&
    (!text || [one.request.method, one.request.path, one.explanation, one.fault, ...one.rules,
      ...one.warnings.map((warning) => warning.rule)].join(" ").toLowerCase().includes(text)));
}

/**
 * Return the view `#/traffic/latest`.
 * @param {{parts: string[], query: URLSearchParams}} place
 */
export function traffic({ parts, query }) {
  if (isUnused()) return connectPanel();
  const [found, kind] = [searched(query), KINDS[query.get("kind") ?? ""]];
  const all = kind ? found.filter(kind[1]) : found;
  const chosen = Number(parts[1]) || null;
  state.heldAt = Math.max(state.heldAt, chosen ?? 0); // what is open is in the list
  const held = all.filter((one) => one.id <= state.heldAt);
  const open = chosen ? state.exchanges.find((one) => one.id === chosen) : held[0];
  return html`
    <div class="traffic panes" ?data-open=${chosen !== null}>
      ${list(query, { found, all, held, open })}
      <section class="card detail" aria-label="Exchange">
        ${open ? detail(open, entriesOf(state.exchanges)) : html`
          ${chosen ? html`<a class="back" data-back href=${to("traffic/latest")}>All exchanges</a>` : nothing}
          <p class="empty">${chosen ? `There is no exchange ${chosen}; it was dropped, or has not come yet.` : "Choose an exchange."}</p>`}
      </section>
    </div>`;
}

/**
 * Return the list, of which exchanges that came meanwhile are held back.
 * @param {URLSearchParams} query
 * @param {{found: Exchange[], all: Exchange[], held: Exchange[], open: Exchange | undefined}} exchanges
 */
function list(query, { found, all, held, open }) {
  const entries = entriesOf(state.exchanges);
  return html`
    <section class="card list" aria-labelledby="traffic">
      <div class="line">
        <h2 id="traffic">Traffic <span class="count">${all.length === state.exchanges.length
          ? all.length : `${all.length} of ${state.exchanges.length}`}</span></h2>
        <button type="button" class="small" ?disabled=${!all.length} title="Download these exchanges as an HTTP Archive"
          @click=${() => downloadHar(query)}>HAR</button>
      </div>
      ${controls(query, found)}
      ${all.length > held.length ? html`
        <button type="button" class="more main" @click=${showNew}>${all.length - held.length} new</button>` : nothing}
      ${held.length ? nothing : html`<p class="empty">${state.exchanges.length
        ? "No exchange matches." : "The journal is empty."}</p>`}
      <ol class="items exchanges">
        ${repeat(threaded(held.slice(0, limitOf("traffic")), entries), (one) => one.id, (one) => item(one, entries.get(one.id), open))}
      </ol>
      ${more("traffic", held.length)}
    </section>`;
}

function showNew() {
  update({ heldAt: state.exchanges[0]?.id ?? 0 });
  const shown = document.querySelector(".exchanges");
  if (shown) shown.scrollTop = 0;
  scrollTo({ top: 0 });
}

/**
 * @param {URLSearchParams} query
 * @param {Exchange[]} found
 */
function controls(query, found) {
  /** @type {(text: string, number: number) => unknown} */
  const name = (text, number) => html`${text} <span class="count">${number}</span>`;
  /** @type {[string, unknown][]} */
  const kinds = Object.entries(KINDS).map(([kind, [text, holds]]) => [kind, name(text, found.filter(holds).length)]);
  const chosen = query.get("operation") ?? "";
  const called = new Set(state.exchanges.map((one) => one.operation ?? "").filter(Boolean));
  return html`
    <div class="line">
      <input type="search" data-filter aria-label="Filter exchanges" placeholder="Path, rule, explanation …"
        .value=${live(query.get("q") ?? "")} @input=${(/** @type {InputEvent} */ event) => setFilter("q", textOf(event))}>
      <select aria-label="Operation" @change=${(/** @type {Event} */ event) => setFilter("operation", textOf(event))}>
        <option value="">Any operation</option>
        ${[...called.add(chosen)].filter(Boolean).sort().map((one) => html`
          <option value=${one} ?selected=${chosen === one}>${one}</option>`)}
      </select>
    </div>
    ${filters("Outcome", [["", name("All", found.length)], ...kinds], query.get("kind") ?? "", (kind) => setFilter("kind", kind))}`;
}

/** @param {Event} event */
const textOf = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

/**
 * Download the filtered exchanges as an HTTP Archive of the admin API.
 * @param {URLSearchParams} query
 */
async function downloadHar(query) {
  const names = { q: "text", operation: "operation", kind: "kind" };
  const given = Object.entries(names).flatMap(([name, as]) => (query.get(name) ? [[as, query.get(name) ?? ""]] : []));
  try {
    download("opendental-mock.har", await ask("GET", `/requests.har?${new URLSearchParams(given)}`));
  } catch (error) {
    update({ notice: { text: /** @type {Error} */ (error).message, wrong: true } });
  }
}

/**
 * Return the row of an exchange.
 * @param {Exchange} one
 * @param {Entry | undefined} entry
 * @param {Exchange | undefined} open
 */
function item(one, entry, open) {
  const claim = claimOf(one);
  const { status } = one.response;
  const gap = duration(entry?.gap ?? null);
  return html`
    <li ?data-retry=${(entry?.try ?? 1) > 1} ?data-written=${KINDS.written[1](one)}>
      <a class="exchange" data-item href=${to(`traffic/${one.id}`)} aria-current=${one === open ? "true" : nothing}>
        <span class="status" data-kind=${status ? `${String(status)[0]}xx` : "none"}>${status || "–"}</span>
        <span class="said">${sentence(one)}</span>
        <span class="count">#${one.id}</span>
        <small class="call"><code>${one.request.method} ${shortPath(one)}</code>
          <span class="times"><time>${one.at.slice(11)}</time>${gap ? ` +${gap}` : ""}
            <span class="ms">· ${Math.round(one.ms * 100) / 100} ms</span></span></small>
        ${chips(one, entry)}
      </a>
      ${claim ? html`<a class="claim" href="#/office/claim/${claim}" aria-label="Open claim ${claim}">claim ${claim}</a>` : nothing}
    </li>`;
}

/**
 * Return what is special about an exchange.
 * @param {Exchange} one
 * @param {Entry | undefined} entry
 */
function chips(one, entry) {
  const all = [
    ...(entry && entry.try > 1 ? [chip("", `${nth(entry.try)} try of #${entry.first}`)] : []),
    ...one.warnings.map((warning) => chip("warning", warning.rule)),
    ...(one.fault ? [chip("fault", `fault: ${one.fault}`)] : []),
  ];
  return all.length ? html`<small class="chips">${all}</small>` : nothing;
}
