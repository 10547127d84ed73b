// Office data: what the office view shows, read from the admin API page by page, and again when it may have changed.

import { stringify } from "./json.js";
import { route } from "./route.js";
import { ask, Refused } from "./server.js";
import { limitOf, markFresh, update } from "./store.js";

/** @typedef {import("./route.js").Route} Route */

/**
 * @typedef {object} Slot
 * @property {string} key the paths that it was read from
 * @property {any} value undefined until it is read
 * @property {string} problem why there is no value
 * @property {boolean} isStale whether it may have changed since
 * @property {string} asked the paths that are being read
 * @property {number} turn of the last reading, which wins
 */

export const SHOWS = ["waiting", "denied", "late"];
export const LIST_ROWS = 100;
export const TABLE_ROWS = 100;
const MAX_FRESH = 200; // of more changes at once none is marked
const MAX_SLOTS = 30;
const NUMBER = /^[0-9]{1,19}$/;

/** The categories of the definitions that fields name. @type {Record<string, number>} */
export const CATEGORY_OF = { TrackingDefNum: 31, TrackingErrorDefNum: 43 };

/** The columns by which the items of a list are known. @type {Record<string, string>} */
const KEYS = { claims: "ClaimNum", trackings: "ClaimTrackingNum", lines: "ClaimProcNum", payments: "ClaimPaymentNum" };

/** @type {Map<string, Slot>} */
const slots = new Map();
let listPages = 1; // of the claims, that are shown

/**
 * Return what a place of the office view needs: paths of the admin API, by the name of the slot.
 * @param {Route} place
 * @returns {Record<string, string[]>}
 */
export function needsOf({ parts: [place, kind, name = ""], query }) {
  if (place !== "office") return {};
  const always = { tables: ["/tables"], list: listPaths(query) };
  if (kind === "claim" && NUMBER.test(name)) {
    return { ...always, [`claim/${name}`]: [`/claims/${name}?limit=${limitOf(`history${name}`)}`] };
  }
  if (kind === "patient" && NUMBER.test(name)) {
    return { ...always, [`patient/${name}`]: [`/patients/${name}`] };
  }
  if (kind === "table" && /^\w+$/.test(name)) {
    return { ...always, [`table/${name}`]: [`/office/${name}?limit=${TABLE_ROWS}&offset=${(pageOf(query) - 1) * TABLE_ROWS}`] };
  }
  const counts = SHOWS.map((show) => [`count/${show}`, [`/claims?show=${show}&limit=0`]]);
  return { ...always, ...Object.fromEntries(counts), newest: ["/trackings?limit=8"] };
}

/**
 * Return the page of a table that an address asks for, from 1.
 * @param {URLSearchParams} query
 */
export const pageOf = (query) => Math.max(1, Math.min(Number.parseInt(query.get("page") ?? "1", 10) || 1, 1e9));

/** @param {URLSearchParams} query */
function listPaths(query) {
  const filters = ["q", "show"].filter((name) => query.get(name)).map((name) => [name, query.get(name) ?? ""]);
  const chosen = new URLSearchParams(filters).toString();
  return Array.from({ length: listPages }, (_, page) =>
    `/claims?limit=${LIST_ROWS}&offset=${page * LIST_ROWS}${chosen ? `&${chosen}` : ""}`);
}

/**
 * Return a slot that the open place needs. It is read if it has not been, and keeps its value until another one is there.
 * @param {string} name
 * @returns {Slot}
 */
export function slot(name) {
  const paths = needsOf(route())[name] ?? [];
  const found = slotOf(name);
  const key = paths.join(" ");
  if (paths.length && found.asked !== key && (found.key !== key || found.isStale)) {
    read(name, paths).catch(() => {}); // the server is gone, as live.js says
  }
  return found;
}

/** Read what the open place needs again. The rest is read when it is rendered. */
export async function readShown() {
  for (const one of slots.values()) one.isStale = true;
  const needed = Object.entries(needsOf(route())).filter(([name]) => !name.startsWith("count/") && name !== "newest");
  await Promise.all(needed.map(([name, paths]) => read(name, paths)));
}

/** Show another page of the claims below those that are shown. */
export function showMoreClaims() {
  listPages += 1;
  update();
}

/** Forget everything: another office is shown. */
export function forget() {
  slots.clear();
  listPages = 1;
}

/** @param {string} name */
function slotOf(name) {
  const found = slots.get(name) ?? { key: "", value: undefined, problem: "", isStale: true, asked: "", turn: 0 };
  slots.delete(name);
  slots.set(name, found); // the last one that was needed
  const [first] = slots.keys();
  if (slots.size > MAX_SLOTS) slots.delete(first);
  return found;
}

/**
 * @param {string} name
 * @param {string[]} paths
 */
async function read(name, paths) {
  const [found, key] = [slotOf(name), paths.join(" ")];
  found.turn += 1;
  found.asked = key;
  const { turn } = found;
  const isLast = () => found.turn === turn && slots.get(name) === found;
  try {
    const value = joined(await Promise.all(paths.map((path) => ask("GET", path))));
    if (!isLast()) return;
    if (found.key === key && found.value) markChanges(found.value, value);
    Object.assign(found, { key, value, problem: "", isStale: false, asked: "" });
  } catch (error) {
    if (!isLast()) return;
    found.asked = "";
    if (!(error instanceof Refused) || error.status === 401) throw error;
    Object.assign(found, { key, value: undefined, problem: error.message, isStale: false });
  }
  update();
}

/**
 * Return the pages of a list as one.
 * @param {any[]} pages
 */
function joined(pages) {
  return pages.length === 1 ? pages[0] : { ...pages[0], claims: pages.flatMap((page) => page.claims) };
}

/**
 * Mark the items that are new, or not as they were.
 * @param {any} before
 * @param {any} after
 */
function markChanges(before, after) {
  const old = itemsOf(before);
  const changed = [...itemsOf(after)].filter(([key, text]) => old.get(key) !== text).map(([key]) => key);
  if (changed.length <= MAX_FRESH) for (const key of changed) markFresh(key);
}

/**
 * Return the items of a value with their texts, by the key that a view looks up in `state.fresh`.
 * @param {any} value
 * @returns {Map<string, string>}
 */
function itemsOf(value) {
  const lists = Array.isArray(value) ? [["", "", value]]
    : Object.entries(KEYS).map(([list, column]) => [list, column, value[list] ?? []]);
  const items = lists.flatMap(([list, column, rows]) => rows.map((/** @type {Row} */ row) =>
    [list ? `${list}${row[column]}` : keyOf(row), stringify(row)]));
  if (value.claim) items.push([`head${value.claim.ClaimNum}`, stringify(value.claim)]);
  return new Map(items);
}

/**
 * Return the key of a row of a table: its primary key with its name.
 * @param {Row} row
 */
export const keyOf = (row) => Object.entries(row)[0].join("");
