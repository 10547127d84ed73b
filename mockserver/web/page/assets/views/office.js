// Office view: the claims by patient, what is open, and the state of the office.

import { html } from "../lit/lit-html.js";
import { state, update } from "../store.js";
import { claimList } from "./claim-list.js";
import { officeState } from "./office-state.js";
import { overview } from "./overview.js";

/** @typedef {(name: string) => import("../lit/lit-html.js").TemplateResult} Page */

/** The pages that can be open. They are loaded after the first rendering, or when they are opened. @type {Record<string, () => Promise<Page>>} */
const LOADS = {
  claim: async () => (await import("./claim.js")).claim,
  patient: async () => (await import("./patient.js")).patient,
  table: async () => (await import("./table.js")).table,
};

/** @type {Map<string, Page | null>} */
const pages = new Map(); // null while it is loaded

/**
 * Return the view `#/office`, `#/office/claim/15`, `#/office/patient/101` or `#/office/table/carrier`.
 * @param {import("../route.js").Route} route
 */
export function office({ parts: [, kind, name], query }) {
  const isOpen = name !== undefined && Object.hasOwn(LOADS, kind);
  for (const one of state.isWhole ? Object.keys(LOADS) : isOpen ? [kind] : []) load(one);
  return html`
    <div class="office" ?data-open=${isOpen}>
      ${claimList(kind === "claim" ? name : "", query)}
      <div class="opened">${isOpen ? pages.get(kind)?.(name) : overview()}</div>
      ${officeState()}
    </div>`;
}

/**
 * Load a page, unless it is loaded. Without a server the next rendering tries again.
 * @param {string} kind
 */
async function load(kind) {
  if (pages.has(kind)) return;
  pages.set(kind, null);
  try {
    pages.set(kind, await LOADS[kind]());
    update();
  } catch {
    pages.delete(kind); // the server is gone, as the page says
  }
}
