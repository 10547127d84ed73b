// Traffic view: exchanges as they come, newest first. New ones do not move an exchange that is being read.

import { html, nothing } from "../lit/lit-html.js";
import { repeat } from "../lit/directives/repeat.js";
import { live } from "../lit/directives/live.js";
import { chip, more, status } from "../parts.js";
import { setFilter, to } from "../route.js";
import { limitOf, state, update } from "../store.js";
import { ask } from "../server.js";
import { download, refusingRule } from "../texts.js";
import { exchange as detail } from "./exchange.js";

const KINDS = { // as the admin API filters for HAR
  refused: (one) => one.response.status >= 400 && !one.fault,
  unserved: (one) => refusingRule(one) === "mock.unserved",
  warned: (one) => one.warnings.length > 0,
  fault: (one) => Boolean(one.fault),
  written: (one) => one.request.method !== "GET" && one.response.status < 300 && one.response.status > 0,
};

function filtered(query) {
  const text = (query.get("q") ?? "").toLowerCase();
  const [operation, kind] = [query.get("operation"), KINDS[query.get("kind")]];
  return state.exchanges.filter((one) =>
    (!operation || one.operation === operation) && (!kind || kind(one)) &&
    (!text || [one.request.method, one.request.path, one.explanation, one.fault, ...one.rules,
      ...one.warnings.map((warning) => warning.rule)].join(" ").toLowerCase().includes(text)));
}

/** Return the view `#/traffic/latest`. */
export function traffic({ parts, query }) {
  const all = filtered(query);
  state.heldAt = Math.max(state.heldAt, Number(parts[1]) || 0); // what is open is in the list
  const held = all.filter((one) => one.id <= state.heldAt);
  const chosen = Number(parts[1]) || null;
  const open = chosen ? state.exchanges.find((one) => one.id === chosen) : held[0];
  return html`
    <div class="traffic" ?data-open=${chosen !== null}>
      <section class="card list" aria-labelledby="traffic">
        <h2 id="traffic">Traffic <span class="count">${all.length === state.exchanges.length
          ? all.length : `${all.length} of ${state.exchanges.length}`}</span></h2>
        ${filters(query, all)}
        ${all.length > held.length ? html`
          <button type="button" class="more" @click=${showNew}>${all.length - held.length} new</button>` : nothing}
        ${held.length ? nothing : html`<p class="empty">${state.exchanges.length
          ? "No exchange matches." : "No client has sent a request yet."}</p>`}
        <ol class="items exchanges">
          ${repeat(held.slice(0, limitOf("traffic")), (one) => one.id, (one) => item(one, open))}
        </ol>
        ${more("traffic", held.length)}
      </section>
      <section class="card detail" aria-label="Exchange">
        ${open ? detail(open) : html`
          ${chosen ? html`<a class="back" data-back href=${to("traffic/latest")}>All exchanges</a>` : nothing}
          <p class="empty">${chosen ? `There is no exchange ${chosen}; it was dropped, or has not come yet.` : "Choose an exchange."}</p>`}
      </section>
    </div>`;
}

function showNew() {
  update({ heldAt: state.exchanges[0]?.id ?? 0 });
  document.querySelector(".exchanges").scrollTop = 0;
  scrollTo({ top: 0 });
}

function filters(query, shown) {
  const choice = (name, label, options) => html`
    <select aria-label=${label} @change=${(event) => setFilter(name, event.target.value)}>
      <option value="">${label}</option>
      ${options.map((one) => html`<option value=${one} ?selected=${query.get(name) === one}>${one}</option>`)}
    </select>`;
  return html`
    <input type="search" data-filter aria-label="Filter exchanges" placeholder="Path, rule, explanation …"
      .value=${live(query.get("q") ?? "")} @input=${(event) => setFilter("q", event.target.value)}>
    <div class="buttons">
      ${choice("operation", "Every operation", Object.keys(state.operations))}
      ${choice("kind", "Every outcome", Object.keys(KINDS))}
      <button type="button" ?disabled=${!shown.length}
        @click=${() => downloadHar(query)}>HAR</button>
    </div>`;
}

/** Download the filtered exchanges as an HTTP Archive of the admin API. */
async function downloadHar(query) {
  const names = { q: "text", operation: "operation", kind: "kind" };
  const given = Object.entries(names).filter(([name]) => query.get(name)).map(([name, as]) => [as, query.get(name)]);
  try {
    download("opendental-mock.har", await ask("GET", `/requests.har?${new URLSearchParams(given)}`));
  } catch (error) {
    update({ notice: { text: error.message, wrong: true } });
  }
}

function item(one, open) {
  const rule = refusingRule(one);
  return html`
    <li>
      <a data-item href=${to(`traffic/${one.id}`)} aria-current=${one === open ? "true" : nothing}>
        <span><b>${one.request.method}</b> ${one.request.path}</span>
        <span class="count">#${one.id}</span>
        <small>${status(one.response.status)} <time>${one.at.slice(11)}</time>
          ${one.response.outcome === "complete" ? nothing : chip("fault", one.response.outcome)}
          ${rule ? chip("rule", rule) : nothing}
          ${one.warnings.map((warning) => chip("warning", warning.rule))}
          ${one.fault ? chip("fault", `fault: ${one.fault}`) : nothing}</small>
      </a>
    </li>`;
}
