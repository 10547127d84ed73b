// Operations: their names in groups, for the views in which one is chosen.

import { html } from "./lit/lit-html.js";
import { state } from "./store.js";

/** The resource whose operations come first. */
export const FIRST = "claimtrackings";

/** @param {string} name */
export const resourceOf = (name) => name.split("/")[0];

/**
 * Return the options of a select, grouped by resource.
 * @param {string} chosen
 * @param {(name: string) => boolean} isShown
 */
export function operationOptions(chosen, isShown = () => true) {
  const groups = Object.groupBy(Object.keys(state.operations).filter(isShown), resourceOf);
  return Object.entries(groups).map(([resource, names = []]) => html`
    <optgroup label=${resource}>
      ${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${name}</option>`)}
    </optgroup>`);
}
