// Tries: exchanges in the order in which they are read, each retry below its first try, and the time before each.

import { stringify } from "./json.js";

const MAX_SECONDS = 120; // between two tries, by the clock of the office

/** An exchange with its place among the tries of the same request, and the seconds since the request before it.
 * @typedef {{one: Exchange, try: number, first: number, next: number, gap: number | null}} Entry */

/** @type {WeakMap<Exchange, string>} */
const keys = new WeakMap();

/** @type {{exchanges: Exchange[], entries: Map<number, Entry>}} */
let known = { exchanges: [], entries: new Map() };

/** Return the entry of each exchange by its id. @param {Exchange[]} exchanges newest first */
export function entriesOf(exchanges) {
  if (known.exchanges !== exchanges) known = { exchanges, entries: read(exchanges) };
  return known.entries;
}

/** Return exchanges newest first, the tries of one request together in the place of the last, the first one first.
 * @param {Exchange[]} exchanges newest first
 * @param {Map<number, Entry>} entries */
export function threaded(exchanges, entries) {
  const groups = Map.groupBy(exchanges, (one) => entries.get(one.id)?.first ?? one.id);
  return [...groups.values()].flatMap((group) => group.toReversed());
}

/** @param {Exchange[]} exchanges @returns {Map<number, Entry>} */
function read(exchanges) {
  const entries = new Map();
  const failed = new Map(); // the last try of a request that had no success, by the request
  let before = null;
  for (const one of exchanges.toReversed()) {
    const last = failed.get(keyOf(one));
    const isRetry = last && secondsBetween(last.one, one) <= MAX_SECONDS;
    const entry = {
      one, try: isRetry ? last.try + 1 : 1, first: isRetry ? last.first : one.id, next: 0,
      gap: before && secondsBetween(before, one),
    };
    if (isRetry) last.next = one.id;
    if (hasFailed(one)) failed.set(keyOf(one), entry);
    else failed.delete(keyOf(one));
    entries.set(one.id, entry);
    before = one;
  }
  return entries;
}

/** Return whether a client may send the same request again. @param {Exchange} one */
const hasFailed = ({ response, refusal }) =>
  response.outcome !== "complete" || response.status === 429 ||
  (response.status >= 500 && refusal?.rule !== "mock.unserved");

/** @param {Exchange} one */
function keyOf(one) {
  let key = keys.get(one);
  if (key === undefined) {
    key = `${one.request.method} ${one.request.path} ${stringify(one.request.body)}`;
    keys.set(one, key);
  }
  return key;
}

/** @param {Exchange} before @param {Exchange} one */
const secondsBetween = (before, one) => (Date.parse(one.at.replace(" ", "T")) - Date.parse(before.at.replace(" ", "T"))) / 1000;

/** Return seconds in words, nothing if there are none or the clock was set back. @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null || seconds <= 0) return "";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** Return the place of a try in words. @param {number} number */
export const nth = (number) => `${number}${number > 3 ? "th" : ["", "st", "nd", "rd"][number]}`;
