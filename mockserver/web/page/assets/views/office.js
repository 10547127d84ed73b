// Office view: the claims by patient, what is open, and the state of the office.

import { html } from "../lit/lit-html.js";
import { claim } from "./claim.js";
import { claimList } from "./claim-list.js";
import { officeState } from "./office-state.js";
import { overview } from "./overview.js";
import { patient } from "./patient.js";
import { table } from "./table.js";

/** @type {Record<string, (name: string) => import("../lit/lit-html.js").TemplateResult>} */
const OPEN = { claim, patient, table };

/**
 * Return the view `#/office`, `#/office/claim/15`, `#/office/patient/101` or `#/office/table/carrier`.
 * @param {import("../route.js").Route} route
 */
export function office({ parts: [, kind, name], query }) {
  const open = name === undefined ? undefined : OPEN[kind];
  return html`
    <div class="office" ?data-open=${Boolean(open)}>
      ${claimList(kind === "claim" ? name : "", query)}
      <div class="opened">${open ? open(name) : overview()}</div>
      ${officeState()}
    </div>`;
}
