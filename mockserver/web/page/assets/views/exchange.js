// Exchange: the sentence that decided, request and response, and what to do with it.

import { html, nothing } from "../lit/lit-html.js";
import { stringify } from "../json.js";
import { chip, copyable, counted, shown, status } from "../parts.js";
import { to } from "../route.js";
import { fieldOf } from "../schemas.js";
import { claimOf, rowOf, sentence } from "../sentences.js";
import { send } from "../server.js";
import { announce, canWrite, state, update } from "../store.js";
import { asTest, curl, refusingRule, requestOf } from "../texts.js";
import { nth } from "../tries.js";

/**
 * Return one exchange in full.
 * @param {Exchange} one
 * @param {Map<number, import("../tries.js").Entry>} entries
 */
export function exchange(one, entries) {
  const { request, response } = one;
  return html`
    <a class="back" data-back href=${to("traffic/latest")}>All exchanges</a>
    <h2>${sentence(one)}</h2>
    <p class="facts">${status(response.status)} <span>#${one.id}</span> <time>${one.at}</time> <span>${one.ms} ms</span>
      ${one.operation ? html`<span>${one.operation}</span>` : nothing}
      ${links(one, entries.get(one.id))}
      ${response.outcome === "complete" ? nothing : chip("fault", response.outcome)}
      ${one.kept ? chip("warning", `kept: the office has the change (${one.kept})`) : nothing}
      ${one.cut ? chip("", "shortened") : nothing}</p>
    ${decision(one)}
    <div class="both">
      <section aria-label="Request"><h3>Request</h3>
        <p class="call"><code>${request.method} ${request.path}</code></p>
        ${request.body === null ? html`<p class="empty">without a body</p>`
          : html`<pre tabindex="0" aria-label="Body of the request">${shown(request.body)}</pre>`}
        ${headers(request.headers)}</section>
      <section aria-label="Response"><h3>Response</h3>
        <p class="call">${status(response.status)}</p>
        ${answer(one)}</section>
    </div>
    ${again(one)}
    ${copyable("curl", curl(requestOf(one)))}
    ${copyable("As a test", asTest(one))}`;
}

/**
 * Return links to the claim, to the other tries of the same request, and to the faults.
 * @param {Exchange} one
 * @param {import("../tries.js").Entry | undefined} entry
 */
function links(one, entry) {
  const claim = claimOf(one);
  /** @type {(id: number) => unknown} */
  const link = (id) => html`<a href=${to(`traffic/${id}`)}>#${id}</a>`;
  return html`
    ${claim ? html`<a href="#/office/claim/${claim}">claim ${claim}</a>` : nothing}
    ${entry && entry.try > 1 ? html`<span>${nth(entry.try)} try of ${link(entry.first)}</span>` : nothing}
    ${entry?.next ? html`<span>tried again as ${link(entry.next)}</span>` : nothing}
    ${one.fault ? html`<a class="chip" data-kind="fault" href="#/faults">fault: ${one.fault}</a>` : nothing}`;
}

/** @param {Exchange} one */
function decision(one) {
  const id = refusingRule(one);
  const rule = state.contract.rules.find((each) => each.id === id);
  return html`
    ${id && one.refusal ? html`
      <div class="decision" data-kind="wrong">
        <p><b>${rule?.says ?? one.explanation}</b></p>
        <p class="facts">${rule ? html`<a href="#/contract/${id}">${id}</a>` : id} ${chip("", one.refusal.standing)}
          ${rule && one.explanation ? `“${one.explanation}”` : nothing}</p>
        ${one.refusal.hint ? html`<p>${one.refusal.hint}</p>` : nothing}
        ${right(id, one)}
      </div>` : nothing}
    ${one.warnings.map((warning) => html`
      <div class="decision" data-kind="warning">
        <p>${warning.text}</p><p class="facts">${warning.rule}; with <code>--strict</code> this is refused</p>
      </div>`)}
    ${id ? nothing : met(one)}`;
}

/**
 * Return what would be right in the field that a rule is about, with an example unless it is the office that refuses.
 * @param {string} id
 * @param {Exchange} exchange
 */
function right(id, { operation, refusal }) {
  const field = operation ? fieldOf(id, operation) : null;
  return field ? html`<p>Right would be: <b>${field.field}</b>: ${field.description}
    ${field.example === undefined || refusal?.cause === "office" ? nothing : html`Example: <code>${shown(field.example)}</code>`}</p>` : nothing;
}

/**
 * Return the rules that an exchange met, folded.
 * @param {Exchange} one
 */
function met(one) {
  const rules = one.rules.flatMap((id) => state.contract.rules.filter((rule) => rule.id === id));
  return rules.length ? html`
    <details class="met"><summary>Met ${counted(rules.length, "rule")} of the contract</summary>
      <ul class="plain">${rules.map((rule) => html`
        <li>${rule.says} <small><a href="#/contract/${rule.id}">${rule.id}</a></small></li>`)}</ul></details>` : nothing;
}

/** @param {Record<string, string>} given */
function headers(given) {
  const entries = Object.entries(given);
  return html`
    <details><summary>${counted(entries.length, "header")}</summary>
      <dl class="pairs headers">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></details>`;
}

/**
 * Return the body of the response; of a row that was written, with the fields that were asked for marked.
 * @param {Exchange} one
 */
function answer(one) {
  const { body } = one.response;
  const sent = Object.keys(rowOf(one.request.body));
  if (body === null) return html`<p class="empty">without a body</p>`;
  if (!isWritten(one)) return html`<pre tabindex="0" aria-label="Body of the response">${shown(body)}</pre>`;
  const before = rowBefore(one);
  const fields = Object.entries(rowOf(body));
  /** @type {([name, value]: [string, any], index: number) => unknown} */
  const line = ([name, value], index) => {
    const text = `${JSON.stringify(name)}: ${stringify(value)}${index < fields.length - 1 ? "," : ""}`;
    const isOther = before && name in before && stringify(before[name]) !== stringify(value);
    return html`${"  "}${sent.includes(name) ? html`<mark>${text}</mark>` : text}${isOther
      ? html`<span class="was">${"  was "}${stringify(before[name])}</span>` : nothing}${"\n"}`;
  };
  return html`
    <pre tabindex="0" aria-label="Body of the response">${"{\n"}${fields.map(line)}${"}"}</pre>
    ${fields.some(([name]) => sent.includes(name)) ? html`
      <p class="facts"><span><mark>Marked</mark>: what the request asked for${before ? "; was: the row before" : ""}</span></p>` : nothing}`;
}

/**
 * Return whether an exchange wrote a row that its response shows.
 * @param {Exchange} one
 */
const isWritten = ({ request, response }) =>
  ["POST", "PUT"].includes(request.method) && [200, 201].includes(response.status) && Object.keys(rowOf(response.body)).length > 0;

/**
 * Return the row as an earlier exchange shows it, or null.
 * @param {Exchange} one
 * @returns {Row | null}
 */
function rowBefore(one) {
  const key = state.operations[one.operation ?? ""]?.number;
  if (!key) return null;
  const [number, resource] = [String(one.response.body[key]), one.operation?.split("/")[0]];
  for (const other of state.exchanges) {
    if (other.id >= one.id || other.fault || other.operation?.split("/")[0] !== resource) continue;
    const rows = [other.response.body].flat().filter((row) => row && typeof row === "object" && String(row[key]) === number);
    if (rows.length) return rows[0];
  }
  return null;
}

/** @param {Exchange} one */
function again(one) {
  const repeated = state.again[one.id];
  const sendable = new URL(one.request.path, location.origin).origin === location.origin && !one.cut;
  return html`
    ${canWrite() && sendable ? html`
      <p><button type="button" data-again @click=${() => repeatRequest(one)}>Send again</button></p>` : nothing}
    ${repeated ? html`
      <div class="decision" data-kind=${repeated.error ? "warning" : ""}>
        ${repeated.error ? html`<p>No response came: ${repeated.error}</p>` : html`
          <p>${status(repeated.status)} ${repeated.milliseconds} ms
            ${repeated.headers["x-mock-request-id"] ? html`
              <a href=${to(`traffic/${repeated.headers["x-mock-request-id"]}`)}>exchange
                ${repeated.headers["x-mock-request-id"]}</a>` : nothing}</p>
          ${repeated.headers["x-mock-hint"] ? html`<p>${repeated.headers["x-mock-hint"]}</p>` : nothing}
          <pre tabindex="0" aria-label="New response">${repeated.text}</pre>`}
      </div>` : nothing}`;
}

/** @param {Exchange} one */
async function repeatRequest(one) {
  let repeated;
  try {
    repeated = await send(requestOf(one));
    announce(`Sent again: ${repeated.status}`);
  } catch (error) {
    repeated = { error: /** @type {Error} */ (error).message };
  }
  update({ again: { ...state.again, [one.id]: repeated } });
}
