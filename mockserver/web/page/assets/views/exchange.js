// Exchange: request and answer, the sentence that decided, and what to do with it.

import { html, nothing } from "../lit/lit-html.js";
import { chip, copyable, shown, status } from "../parts.js";
import { to } from "../route.js";
import { fieldOf } from "../schemas.js";
import { send } from "../server.js";
import { announce, canWrite, state, update } from "../store.js";
import { asTest, curl, requestOf } from "../texts.js";
import { refusingRule } from "./traffic.js";

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
      <section aria-label="Answer"><h3>Answer</h3>
        ${response.body === null ? html`<p class="empty">without a body</p>`
          : html`<pre tabindex="0" aria-label="Body of the answer">${shown(response.body)}</pre>`}</section>
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
        <p class="facts"><a href="#/contract/${id}">${id}</a> ${rule ? chip("", rule.standing) : nothing}
          ${one.explanation ? `“${one.explanation}”` : nothing}</p>
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
  const answer = state.again[one.id];
  const sendable = new URL(one.request.path, location.origin).origin === location.origin && !one.cut;
  return html`
    ${canWrite() && sendable ? html`
      <p><button type="button" data-again @click=${() => repeatRequest(one)}>Send again</button></p>` : nothing}
    ${answer ? html`
      <div class="decision" data-kind=${answer.error ? "warning" : ""}>
        ${answer.error ? html`<p>No answer came: ${answer.error}</p>` : html`
          <p>${status(answer.status)} ${answer.milliseconds} ms
            ${answer.headers["x-mock-request-id"] ? html`
              <a href=${to(`traffic/${answer.headers["x-mock-request-id"]}`)}>exchange
                ${answer.headers["x-mock-request-id"]}</a>` : nothing}</p>
          ${answer.headers["x-mock-hint"] ? html`<p>${answer.headers["x-mock-hint"]}</p>` : nothing}
          <pre tabindex="0" aria-label="New answer">${answer.text}</pre>`}
      </div>` : nothing}`;
}

async function repeatRequest(one) {
  let answer;
  try {
    answer = await send(requestOf(one));
    announce(`Sent again: ${answer.status}`);
  } catch (error) {
    answer = { error: error.message };
  }
  update({ again: { ...state.again, [one.id]: answer } });
}
