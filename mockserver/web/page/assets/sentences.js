// Sentences: what an exchange did, in words. One table of the kinds of operations, whatever their resource.

import { counted } from "./parts.js";
import { state } from "./store.js";
import { CLAIM_STATUSES } from "./words.js";

/** Names of rows for people; of other resources the vendor's name without its last letter. @type {Record<string, string>} */
const NOUNS = {
  claimpayments: "claim payment", claimprocs: "claim procedure", claimtrackings: "tracking", commlogs: "communication",
  insplans: "plan", inssubs: "subscription", patplans: "patient plan", procedurecodes: "procedure code",
  procedurelogs: "procedure", userods: "user",
};

/** What a column that ends in Num names, if that is not its beginning. @type {Record<string, string>} */
const NAMED = {
  ClaimPayment: "claim payment", ClaimProc: "claim procedure", Code: "procedure code", InsSub: "subscription", Pat: "patient",
  Proc: "procedure", Prov: "provider",
};

/** The columns that say in which state a row is. */
const STATES = ["TrackingDefNum", "ClaimStatus", "Status"];

const MAX_NAMES = 3;
const MAX_LENGTH = 40;

/** A call to be worded: what is called, the fields that were sent, and the row or rows that came back.
 * @typedef {{noun: string, key: string, word: string, query: URLSearchParams, sent: Row, row: Row, rows: Row[] | null}} Call */

/** @type {Record<string, (call: Call) => string>} */
const KINDS = {
  list: ({ noun, rows, query }) => {
    const found = rows ? counted(rows.length, noun, plural(noun)) : plural(noun);
    const [named, others] = partition([...query], ([name]) => name.endsWith("Num"));
    const of = named.map(([name, value]) => ` of ${namedBy(name)} ${cut(value)}`);
    return found + of.join("") + listed(", ", others.map(([name, value]) => `${name} ${cut(value)}`));
  },
  get: ({ noun, key }) => `read ${noun} ${key}`,
  create: ({ noun, sent, row, word }) => {
    const isOfClaim = noun !== "claim" && row.ClaimNum !== undefined;
    const [key] = Object.values(row); // the first column
    const subject = isOfClaim ? `claim ${row.ClaimNum}` : `new ${noun} ${key ?? ""}`.trim();
    const stated = stateOf(row, row) || (isOfClaim ? `: new ${word || noun}` : "");
    const fields = Object.keys(sent).filter((name) => !STATES.includes(name) && !(isOfClaim && name === "ClaimNum"));
    return subject + stated + listed(stated ? ", " : ": ", fields);
  },
  update: ({ noun, key, sent, row, word }) => {
    const [stated, fields] = [stateOf(sent, row), Object.keys(sent).filter((name) => !STATES.includes(name))];
    if (stated) return `${noun} ${key}${stated}${listed(", ", fields)}`;
    if (fields.length) return `${noun} ${key} changed${listed(": ", fields)}`;
    return `${noun} ${key}${(word && stateOf(row, row)) || `: ${word ? `${word} set` : "nothing was sent to change"}`}`;
  },
  delete: ({ noun, key }) => `${noun} ${key} deleted`,
};

/** What is said of an exchange that did not do what it asked for. @type {[(one: Exchange) => boolean, (one: Exchange) => string][]} */
const FAILED = [
  [(one) => one.refusal?.rule === "mock.unserved", (one) => `not served: ${one.request.method} ${shortPath(one)}`],
  [(one) => one.response.status === 429, (one) => `429${waitOf(one)}`],
  [(one) => one.response.outcome !== "complete", (one) =>
    `${one.response.outcome}${one.kept ? ", but the office has the change" : ""}`],
  [(one) => Boolean(one.fault) && one.response.status >= 400, (one) =>
    `${one.response.status} by a fault${one.kept ? ", but the office has the change" : ""}`],
  [(one) => one.response.status >= 500, (one) => `${one.response.status}: ${one.explanation}`],
  [(one) => one.response.status >= 400, (one) => `refused: ${one.explanation}`],
];

/** Return what an exchange did, in words. @param {Exchange} one */
export function sentence(one) {
  const failed = FAILED.find(([holds]) => holds(one));
  if (failed) return failed[1](one);
  const call = callOf(one);
  return call ? KINDS[call.kind](call) : `${one.request.method} ${shortPath(one)}`;
}

/** Return the number of the claim that an exchange is about, or nothing if it is about none that the office has.
 * @param {Exchange} one */
export function claimOf(one) {
  if (one.refusal?.rule.endsWith(".unknown") || one.refusal?.rule === "mock.unserved") return "";
  const call = callOf(one);
  if (!call) return "";
  const { noun, key, query, sent, row } = call;
  const number = String(noun === "claim" && key ? key : row.ClaimNum ?? sent.ClaimNum ?? query.get("ClaimNum") ?? "");
  return /^[1-9][0-9]*$/.test(number) ? number : "";
}

/** Return the path of a request without what all share. @param {Exchange} one */
export const shortPath = (one) => one.request.path.replace(/^\/api\/v1(?=\/)/, "");

/** Return the row of an object in JSON, or an empty one. @param {any} body @returns {Row} */
export const rowOf = (body) => (body && typeof body === "object" && !Array.isArray(body) ? body : {});

/** Return the kind of an operation by its method, and the words of its call. @param {Exchange} one */
function callOf(one) {
  const operation = state.operations[one.operation ?? ""];
  if (!operation || !one.operation) return null;
  const [resource, name] = one.operation.split("/");
  const [path, query = ""] = one.request.path.split("?");
  const place = operation.path.split("/").findIndex((part) => part.startsWith("{")) - operation.path.split("/").length;
  const kind = { GET: operation.number ? "get" : "list", POST: "create", PUT: "update", DELETE: "delete" }[operation.method] ?? "get";
  const { body } = one.response;
  return {
    kind, noun: NOUNS[resource] ?? resource.replace(/s$/, ""), key: operation.number ? path.split("/").at(place) ?? "" : "",
    word: name in KINDS ? "" : name, query: new URLSearchParams(query), sent: rowOf(one.request.body), row: rowOf(body),
    rows: Array.isArray(body) ? body : null,
  };
}

/** Return the state that a row has got, as the end of a sentence. @param {Row} fields @param {Row} row */
function stateOf(fields, row) {
  const column = STATES.find((name) => name in fields);
  if (!column) return "";
  const value = row[column] ?? fields[column];
  if (column === "ClaimStatus") return ` → ${CLAIM_STATUSES[value] ?? value}`;
  if (!column.endsWith("DefNum")) return ` → ${value}`;
  return Number(value) ? ` → ${definitionName(value)}` : ": new status None";
}

/** Return the noun of what a column names. @param {string} column */
const namedBy = (column) => NAMED[column.slice(0, -3)] ?? column.slice(0, -3).toLowerCase();

/** Return the name of a definition, or its number. @param {Num} number */
export function definitionName(number) {
  return state.definitions.get(number)?.ItemName || String(number);
}

/** Return how long a client is told to wait, or what it is told. @param {Exchange} one */
function waitOf({ refusal, explanation, fault_fields: fault }) {
  const named = state.faults.find((each) => each.name && each.name === fault?.name);
  const seconds = refusal?.hint.match(/wait ([0-9.]+) s/)?.[1] ?? fault?.retry_after ?? named?.retry_after;
  return seconds ? `, wait ${seconds} s` : `: ${explanation}`;
}

/** Return the first names of a list, after a separator. @param {string} separator @param {string[]} names */
function listed(separator, names) {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return names.length ? separator + names.slice(0, MAX_NAMES).join(", ") + more : "";
}

/** @param {string} noun */
const plural = (noun) => (noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);

/** @param {string} text */
const cut = (text) => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);

/** @template T @param {T[]} list @param {(one: T) => boolean} holds @returns {[T[], T[]]} */
const partition = (list, holds) => [list.filter(holds), list.filter((one) => !holds(one))];
