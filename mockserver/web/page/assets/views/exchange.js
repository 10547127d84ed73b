// Exchange: request and response, the sentence that decided, and what to do with it.

import { html, nothing } from "../lit/lit-html.js";
import { chip, copyable, shown, status } from "../parts.js";
import { to } from "../route.js";
import { fieldOf } from "../schemas.js";
import { send } from "../server.js";
import { announce, canWrite, state, update } from "../store.js";
import { asTest, curl, refusingRule, requestOf } from "../texts.js";

/** Return one exchange in full. */
export function exchange(one) {
  const { request, response } = one;
  return html`
    <a class="back" data-back href=${to("traffic/latest")}>All exchanges</a>
    <h2>${request.method} ${request.path}</h2>
    <p class="facts">${status(response.status)} · #${one.id} · <time>${one.at}</time> · ${one.ms} ms
      ${one.operation ? `· ${one.operation}` : nothing}
      ${response.outcome === "complete" ? nothing : chip("fault", response.outcome)}
      ${one.fault ? chip("fault", `fault: ${one.fault}`) : nothing}
      ${one.kept ? chip("warning", `kept: the office has the change (${one.kept})`) : nothing}
      ${one.cut ? chip("", "shortened") : nothing}</p>
    ${decision(one)}
    <div class="both">
      <section aria-label="Request"><h3>Request</h3>
        <dl class="pairs headers">${Object.entries(request.headers).map(([name, value]) => html`
          <dt>${name}</dt><dd>${value}</dd>`)}</dl>
        ${request.body === null ? html`<p class="empty">without a body</p>`
          : html`<pre tabindex="0" aria-label="Body of the request">${shown(request.body)}</pre>`}</section>
      <section aria-label="Response"><h3>Response</h3>
        ${response.body === null ? html`<p class="empty">without a body</p>`
          : html`<pre tabindex="0" aria-label="Body of the response">${shown(response.body)}</pre>`}</section>
    </div>
    ${again(one)}
    ${copyable("curl", curl(requestOf(one)))}
    ${copyable("As a test", asTest(one))}`;
}

function decision(one) {
  const id = refusingRule(one);
  const rule = state.contract.rules.find((each) => each.id === id);
  const field = id ? fieldOf(id, one.operation) : null;
  return html`
    ${id ? html`
      <div class="decision">
        <p><b>${rule?.says ?? one.explanation}</b></p>
        <p class="facts">${rule ? html`<a href="#/contract/${id}">${id}</a>` : id} ${chip("", one.refusal.standing)}
          ${rule && one.explanation ? `“${one.explanation}”` : nothing}</p>
        ${one.refusal.hint ? html`<p>${one.refusal.hint}</p>` : nothing}
        ${field ? html`<p>Right would be: <b>${field.field}</b>: ${field.description}
          ${field.example === undefined ? nothing : html`Example: <code>${shown(field.example)}</code>`}</p>` : nothing}
      </div>` : nothing}
    ${one.warnings.map((warning) => html`
      <div class="decision" data-kind="warning">
        <p>${warning.text}</p><p class="facts">${warning.rule}; with <code>--strict</code> this is refused</p>
      </div>`)}`;
}

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

async function repeatRequest(one) {
  let repeated;
  try {
    repeated = await send(requestOf(one));
    announce(`Sent again: ${repeated.status}`);
  } catch (error) {
    repeated = { error: error.message };
  }
  update({ again: { ...state.again, [one.id]: repeated } });
}
