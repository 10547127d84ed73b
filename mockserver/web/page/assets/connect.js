// Connect: how a client reaches this server, as a panel until a first request has come, and as a dialog.

import { html, nothing } from "./lit/lit-html.js";
import { copyable } from "./parts.js";
import { canWrite, state } from "./store.js";

/** Return the address of the API. */
export const baseUrl = () => new URL("api/v1", new URL(".", location.href)).href;

/** Return whether no request has reached the API since the server started. */
export const isUnused = () => state.contract.requests === 0 && !state.exchanges.length;

/** Return the panel for a server that no client has used yet. */
export function connectPanel() {
  return html`
    <section class="card connect" aria-labelledby="connect">
      <h2 id="connect">No request yet: connect a client</h2>
      ${ways()}
      <p class="empty">Then each request appears under <a href="#/traffic/latest">Traffic</a> as it comes, with the rule that decided
        it. What it writes is marked under <a href="#/office">Office</a>, and the rules that it met count under
        <a href="#/contract">Contract</a>.
        ${canWrite() ? html`Without a client, send a first request under <a href="#/try">Try it</a>.` : nothing}</p>
    </section>`;
}

/** Return the dialog that shows the same at any time. */
export function connectDialog() {
  return html`
    <dialog id="connect-dialog" class="connect" aria-labelledby="connect-title">
      <h2 id="connect-title">Connect a client</h2>
      ${ways()}
      <form method="dialog" @submit=${close}><button>Close</button></form>
    </dialog>`;
}

/** Show the dialog. */
export function showConnect() {
  /** @type {HTMLDialogElement} */ (document.getElementById("connect-dialog")).showModal();
}

function ways() {
  const curl = `curl '${baseUrl()}/claimtrackings?Limit=1' -H 'Authorization: ${state.keys}'`;
  return html`
    <div class="connect-grid">
      ${copyable("Base URL", baseUrl())}
      ${copyable("Keys, as a header", `Authorization: ${state.keys}`)}
      ${copyable("A first request", curl)}
      ${copyable("Environment of a client", environment())}
    </div>`;
}

/** Return the variables that `opendental-mock env` prints. */
function environment() {
  const [developer = "", customer = ""] = state.keys.replace("ODFHIR ", "").split("/");
  const variables = {
    OPENDENTAL_BASE_URL: baseUrl(), OPENDENTAL_DEVELOPER_KEY: developer, OPENDENTAL_CUSTOMER_KEY: customer,
  };
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`).join("\n");
}

/** @param {Event} event */
function close(event) {
  event.preventDefault(); // the policy of the page allows no form to be sent
  /** @type {Element} */ (event.target).closest("dialog")?.close();
}
