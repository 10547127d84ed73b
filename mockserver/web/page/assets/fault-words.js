// Words for faults: stories to set one from, and what a fault that is set will do.

import { stringify } from "./json.js";
import { resourceOf } from "./operations.js";
import { state } from "./store.js";

/** @type {[title: string, says: string, fault: Record<string, any>][]} */
export const STORIES = [
  ["The row was kept, the response was lost", "The connection breaks after the row was written. Catches a client that tries again and writes it twice.",
    { operation: "claimtrackings/create", when: "after", then: "reset" }],
  ["Half of the response came", "The row was kept, and its JSON ends in the middle. Catches a client that takes this for a refusal.",
    { operation: "claimtrackings/create", when: "after", then: "truncate" }],
  ["The office is closed", "400, since the eConnector is not running. Catches a client that takes every 400 for its own mistake.",
    { name: "econnector-down" }],
  ["The keys are not valid", "401 for keys that worked before. Catches a client that tries the same keys again and again.",
    { name: "invalid-credentials" }],
  ["Too many requests", "429 with Retry-After, two times. Catches a client that does not wait, or gives up at once.",
    { name: "throttled", times: 2 }],
  ["The gateway timed out", "504, and nothing was done. Catches a client that loses what it wanted to write.",
    { name: "gateway-timeout" }],
  ["The resource is deprecated", "410, which no second try mends. Catches a client that does not tell anybody.",
    { name: "deprecated" }],
  ["The response takes three seconds", "Everything is done, but late. Catches a client without patience, or without a limit of its own.",
    { then: "delay", delay: 3 }],
];

/**
 * Return the value of the header X-Mock-Fault.
 * @param {Fault} fault
 */
export const labelOf = ({ name, when, then }) => name || `${when}-${then}`;

/**
 * Return whether a fault does nothing any more.
 * @param {Fault} fault
 */
export const isOver = ({ times, hits }) => times !== null && hits >= times;

/**
 * Return what a fault will do, as a sentence: "The next 2 creates of claimtrackings get 429, Retry-After 1 s."
 * @param {Fault} fault
 */
export function sentence(fault) {
  const { times, hits, skip, passed, match } = fault;
  const left = times === null ? null : times - hits;
  const names = Object.entries(match);
  const only = names.length ? ` with ${names.map(([name, value]) => `${name} ${typeof value === "string" ? value : stringify(value)}`).join(" and ")}` : "";
  const isOne = left === null || left === 1;
  const which = left === null ? "every" : left === 1 ? "the next" : `the next ${left}`;
  const waits = skip - passed;
  const first = waits > 0 ? `After ${waits === 1 ? "1 more has" : `${waits} more have`} passed, ` : "";
  const text = `${first}${which} ${requests(fault.operation, isOne)}${only} ${what(fault, isOne)}`;
  return text[0].toUpperCase() + text.slice(1) + (text.endsWith(".”") ? "" : ".");
}

/**
 * @param {string} operation
 * @param {boolean} isOne
 */
function requests(operation, isOne) {
  if (operation === "any") return isOne ? "request" : "requests";
  const word = operation.split("/")[1];
  const noun = { get: "read" }[word] ?? word;
  return `${isOne || noun.endsWith("s") ? noun : `${noun}s`} of ${resourceOf(operation)}`;
}

/**
 * @param {Fault} fault
 * @param {boolean} isOne
 */
function what({ when, then, status, explanation, retry_after: retryAfter, delay }, isOne) {
  const [is, gets, waits] = isOne ? ["is", "gets", "waits"] : ["are", "get", "wait"];
  const kept = when === "after" ? `${is} done, but ` : "";
  const answer = `${gets} ${status} “${explanation}”${retryAfter === null ? "" : `, Retry-After ${retryAfter} s`}`;
  return {
    status: `${kept}${answer}`,
    reset: when === "after" ? `${is} done, but the response is lost` : `${is} not done: the connection breaks`,
    truncate: `${is} done, but only half of the response comes`,
    timeout: `${kept}${waits} ${Number(delay)} s for a 504`,
    delay: `${is} answered ${Number(delay)} s late`,
  }[then];
}

/**
 * Return how often a fault was hit, and how many requests it has let pass.
 * @param {Fault} fault
 */
export function counts({ hits, times, passed, skip }) {
  const so = times === null ? `${hits} so far` : hits >= times ? `${hits} of ${times}: used up` : `${hits} of ${times} so far`;
  return [so, ...(skip ? [`passed ${passed} of ${skip}`] : [])];
}

/**
 * Return the exchange that a fault has hit last, if the journal shows it. Of equal faults, the one that was set first is
 * used up first.
 * @param {Fault} fault
 */
export function lastHit(fault) {
  if (!fault.hits) return null;
  const isHitOf = (/** @type {Fault} */ one, /** @type {Exchange} */ { fault: label, fault_fields: fields }) => {
    const values = /** @type {Record<string, any>} */ ({ operation: "any", ...fields });
    return label === labelOf(one) && fields !== null
      && Object.entries(values).every(([name, value]) => String(/** @type {any} */ (one)[name]) === String(value));
  };
  const hits = state.exchanges.filter((exchange) => isHitOf(fault, exchange));
  const later = state.faults.slice(state.faults.findIndex(({ id }) => id === fault.id) + 1)
    .filter((one) => hits.length && isHitOf(one, hits[0]));
  return hits[later.reduce((sum, one) => sum + one.hits, 0)] ?? null;
}

/** @type {Record<string, any>} */
const USUAL = { operation: "any", when: "before", times: 1 };

// The fields of a fault that its kind does not use.
const NO_STATUS = ["status", "explanation", "retry_after"];
const UNUSED = { status: ["delay"], reset: [...NO_STATUS, "delay"], truncate: [...NO_STATUS, "delay"], timeout: NO_STATUS, delay: NO_STATUS };

/**
 * Return the fields that set a fault again, as `POST /__admin/faults` takes them.
 * @param {Record<string, any>} fault
 */
export function fieldsToSet(fault) {
  const unused = ["id", "hits", "passed", "set_by_test", .../** @type {Record<string, string[]>} */ (UNUSED)[fault.then] ?? []];
  const isLeftOut = (/** @type {string} */ name, /** @type {any} */ value) =>
    unused.includes(name) || value === USUAL[name] || (name !== "times" && value === null) || ["", 0].includes(value)
    || (name === "match" && !Object.keys(value).length);
  return Object.fromEntries(Object.entries(fault).filter(([name, value]) => !isLeftOut(name, value)));
}
