// Fields of a fault: those that a form describes, as the admin API takes them, also as curl.

import { numberOf, stringify } from "./json.js";
import { properties } from "./schemas.js";
import { hasToken, officeKey } from "./server.js";
import { state } from "./store.js";
import { curl } from "./texts.js";

const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

/** The vendor's usual failures by name, in words. */
export const NAMED = {
  "econnector-down": "the office is closed (400)", "invalid-credentials": "the keys are not valid (401)",
  throttled: "too many requests (429)", "gateway-timeout": "the gateway timed out (504)", deprecated: "it is deprecated (410)",
};

/**
 * Return the fault that a form describes, as the admin API takes it. A text that is no number is sent as it is.
 * @param {FaultForm} form
 */
export function faultOf({ values, match }) {
  const kind = values.name || values.then || "";
  const unused = [...(["timeout", "delay"].includes(kind) ? [] : ["delay"]),
    ...(kind in NAMED || kind === "status" ? [] : ["status", "explanation", "retry_after"])];
  const fields = Object.entries(values).filter(([name, value]) => value !== "" && !unused.includes(name)).map(([name, value]) => [name,
    name === "times" && value === "every" ? null : name !== "explanation" && NUMBER.test(value) ? numberOf(value) : value]);
  const pairs = match.filter(([name]) => name).map(([name, value]) => [name, typed(values.operation ?? "", name, value)]);
  return { ...Object.fromEntries(fields), ...(pairs.length ? { match: Object.fromEntries(pairs) } : {}) };
}

/**
 * Return a value as a request has it: a number, unless the field is a text.
 * @param {string} operation
 * @param {string} name
 * @param {string} value
 */
function typed(operation, name, value) {
  const kind = state.operations[operation]?.kind;
  const part = kind ? properties(`${operation}.${kind}`).find(([field]) => field === name)?.[1] : null;
  if (name === "CustomerKey" || part?.type === "string") return value;
  return /^-?(0|[1-9][0-9]*)$/.test(value) ? numberOf(value) : value;
}

/**
 * Return the command line that sets a fault. Whoever needs a token for it writes their own.
 * @param {Record<string, any>} fault
 */
export function curlOf(fault) {
  const query = officeKey() ? `?office=${encodeURIComponent(officeKey())}` : "";
  const headers = { "Content-Type": "application/json", ...(hasToken() ? { "X-Mock-Admin-Token": "TOKEN" } : {}) };
  return curl({ method: "POST", path: `/__admin/faults${query}`, headers, body: stringify(fault) });
}
