// Answer of Try it: the request as it will be sent, beside the response that came.

import { html, nothing } from "../lit/lit-html.js";
import { parse, stringify } from "../json.js";
import { chip, copyable, status } from "../parts.js";
import { to } from "../route.js";
import { sentTwice } from "../sending.js";
import { state } from "../store.js";
import { curl } from "../texts.js";

const MAX_SHOWN = 20_000; // characters of a response

/**
 * Return the request and the response.
 * @param {RequestToSend} request
 * @param {Form} form
 */
export function answered(request, { answer, isSending }) {
  return html`
    <section class="card sent" aria-label="Request and response">
      <div class="pair">
        <section class="half">
          <h3>Request</h3>
          <pre tabindex="0" aria-label="Request">${shownRequest(request)}</pre>
          <details><summary>As curl</summary>${copyable("curl", curl(request))}</details>
        </section>
        <section class="half" id="response" aria-busy=${String(isSending)}>
          <h3>Response</h3>
          ${isSending ? html`<p class="empty">Waiting for the response …</p>`
            : answer ? response(request, answer) : html`<p class="empty">Nothing is sent yet.</p>`}
        </section>
      </div>
    </section>`;
}

/** @param {RequestToSend} request */
function shownRequest({ method, path, headers, body }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...lines, ...(body === null ? [] : ["", body])].join("\n");
}

/**
 * @param {RequestToSend} request
 * @param {Answer} answer
 */
function response(request, { sent, error, exchanges }) {
  const twice = sentTwice(request, exchanges);
  return html`
    ${sent ? came(sent, twice !== "") : html`<p class="wrong">No response came: ${error}</p>`}
    ${twice ? html`<p class="decision" data-kind="warning">${twice}</p>` : nothing}
    ${exchanges.length && (twice || !sent) ? html`<p class="facts">${exchanges.map((one, index) => html`
      ${index ? " · " : ""}<a href="#/traffic/${one.id}">exchange ${one.id}</a> ${outcome(one)}`)}</p>` : nothing}
    ${sent ? html`<pre tabindex="0" aria-label="Response">${readable(sent.text)}</pre>` : nothing}`;
}

/** @param {Exchange} exchange */
function outcome({ response: { status: number, outcome: reached }, kept }) {
  const what = reached === "complete" ? `${number}` : reached;
  return kept ? `${what}, its change was kept` : what;
}

/**
 * @param {Sent} sent
 * @param {boolean} isListed - whether its exchange is named below
 */
function came({ status: number, text, headers, milliseconds }, isListed) {
  const [id, rule, hint] = ["x-mock-request-id", "x-mock-rule", "x-mock-hint"].map((name) => headers[name] ?? "");
  const says = state.contract.rules.find((/** @type {Rule} */ one) => one.id === rule)?.says;
  const claim = claimOf(text);
  return html`
    <p class="line-of-facts">${status(number)} <span class="facts">${milliseconds} ms</span>
      ${headers["x-mock-fault"] ? chip("fault", `fault: ${headers["x-mock-fault"]}`) : nothing}
      ${headers["retry-after"] ? chip("fault", `Retry-After ${headers["retry-after"]} s`) : nothing}
      ${headers["x-mock-warnings"] ? chip("warning", `warnings: ${headers["x-mock-warnings"]}`) : nothing}
      ${id && !isListed ? html`<a href="#/traffic/${id}">exchange ${id}</a>` : nothing}
      ${claim ? html`<a href=${to(`office/claim/${claim}`, new URLSearchParams())}>claim ${claim}</a>` : nothing}</p>
    ${rule ? html`
      <div class="decision">
        ${says ? html`<p><b>${says}</b></p>` : nothing}
        ${hint ? html`<p>${hint}</p>` : nothing}
        <p class="facts"><a href="#/contract/${rule}">${rule}</a></p>
      </div>` : nothing}`;
}

/**
 * Return the claim of the row in a response, if it has one.
 * @param {string} text
 */
function claimOf(text) {
  return /^\{[^{}[\]]*?"ClaimNum":\s*([0-9]+)/.exec(text)?.[1] ?? "";
}

/**
 * Return a response as lines that a person can read. What is no JSON stays as it came.
 * @param {string} text
 */
function readable(text) {
  if (text.length > MAX_SHOWN) return `${text.slice(0, MAX_SHOWN)} …`;
  try {
    return stringify(parse(text), 2);
  } catch {
    return text;
  }
}
