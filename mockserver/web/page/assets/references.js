// References: the rows that a field of a request can name, read from the office, with words for each.

import { numberOf } from "./json.js";
import { ask, officeKey } from "./server.js";
import { state, update } from "./store.js";
import { isRead, tableOf } from "./schemas.js";
import { CLAIM_STATUSES } from "./words.js";

const MAX_ROWS = 50; // of a table, to choose from; other numbers are typed
const NO_ROW = 999_999; // a number that few offices have
const NO_NAME = "Nothing has this name";
const TELLING = /(Name|Abbr|Descript|Status|SubscriberID|Code|Date\w*)$/;

/** @type {Map<string, { rows: Row[], isRead: boolean, isOld: boolean }>} */
const tables = new Map();

/** Read the rows again when they are needed next. Until then they are as they were. */
export function renewRows() {
  for (const table of tables.values()) table.isOld = true;
}

/**
 * Return what a field names: the key of another resource, or of its own. Null if it names nothing.
 * @param {string} operation
 * @param {string} field
 * @param {Part} part
 * @returns {Reference | null}
 */
export function referenceOf(operation, field, part) {
  const resource = operation.split("/")[0];
  const table = tableOf(resource);
  const named = part["x-references"] ?? table?.columns[field]?.["x-references"];
  if (named) return isServed(named.resource) ? named : null;
  return table?.key === field ? { resource } : null;
}

/** @param {string} resource */
const isServed = (resource) => Object.keys(state.operations).some((name) => name.startsWith(`${resource}/`));

/**
 * Return the rows that a reference can name, at most 50 of a table, and whether they were read.
 * @param {Reference} reference
 */
export function rowsOf({ resource, where = {} }) {
  const table = tableOf(resource);
  if (!table) return { rows: [], isRead: isRead(`${resource}/row`) };
  if (resource === "definitions") {
    const fits = (/** @type {Row} */ row) => Object.entries(where).every(([column, value]) => row[column] === value);
    return { rows: [...state.definitions.values()].filter(fits), isRead: true };
  }
  return readRows(table.name);
}

/** @param {string} table */
function readRows(table) {
  const name = `${officeKey()} ${table}`;
  const known = tables.get(name) ?? { rows: [], isRead: false, isOld: true };
  if (!known.isOld) return known;
  tables.set(name, known);
  known.isOld = false;
  ask("GET", `/office/${table}?limit=${MAX_ROWS}`).then((rows) => { known.rows = rows.slice(0, MAX_ROWS); }, () => {})
    .then(() => {
      known.isRead = true;
      update();
    });
  return known;
}

/**
 * Return the value by which a row is named.
 * @param {Reference} reference
 * @param {Row} row
 */
export const keyOf = ({ resource, column }, row) => String(row[column ?? tableOf(resource)?.key ?? ""]);

/**
 * Return the row that a value names, if it is among those that were read.
 * @param {Reference} reference
 * @param {unknown} value
 */
export const rowOf = (reference, value) =>
  rowsOf(reference).rows.find((row) => keyOf(reference, row) === String(value)) ?? null;

/**
 * Return the row that a form names if nothing else is asked for: the first that is not hidden.
 * @param {Reference} reference
 */
export function firstOf(reference) {
  const { rows } = rowsOf(reference);
  return rows.find((row) => !isHidden(row)) ?? rows[0] ?? null;
}

/** @param {Row} row */
export const isHidden = (row) => [true, "true"].includes(row.IsHidden);

/**
 * Return a value that names no row: a number, or a name if the field takes names.
 * @param {Reference | null} reference
 * @param {Part} part
 */
export function unusedValue(reference, part) {
  if (part.type === "string" && reference?.column !== undefined || !reference) return NO_NAME;
  const used = new Set(rowsOf(reference).rows.map((row) => keyOf(reference, row)));
  let number = BigInt(NO_ROW);
  while (used.has(String(number))) number += 1n;
  return String(number);
}

/**
 * Return the key of a definition of another category, or an empty text.
 * @param {Reference} reference
 */
export function ofAnotherCategory({ where = {} }) {
  const other = [...state.definitions.values()].filter((row) => row.Category !== where.Category);
  return String((other.find((row) => [31, 43].includes(row.Category)) ?? other[0])?.DefNum ?? "");
}

/**
 * Return a row in words.
 * @param {string} resource
 * @param {Row} row
 * @returns {string}
 */
export function wordsOf(resource, row) {
  const words = (WORDS[resource] ?? usual)(row).filter((/** @type {string} */ word) => word && word !== "0001-01-01");
  return words.join(", ") + (isHidden(row) ? " (hidden)" : "");
}

/** @type {Record<string, (row: Row) => string[]>} */
const WORDS = {
  definitions: (row) => [row.ItemName],
  patients: (row) => [row.LName, row.FName],
  claims: (row) => [patient(row.PatNum), CLAIM_STATUSES[row.ClaimStatus]?.toLowerCase() ?? row.ClaimStatus, row.DateService],
  claimtrackings: (row) => [`claim ${row.ClaimNum}`, status(row.TrackingDefNum), row.DateTimeEntry.slice(0, 10)],
};

/** @param {Row} row */
function usual(row) {
  const texts = Object.entries(row).filter(([name, value]) => TELLING.test(name) && typeof value === "string" && value);
  return texts.slice(0, 2).map(([, value]) => value);
}

/** @param {unknown} number */
function patient(number) {
  const row = number ? rowOf({ resource: "patients" }, number) : null;
  return row ? `${row.FName} ${row.LName}`.trim() : number ? `patient ${number}` : "";
}

/** @param {string | number} number */
function status(number) {
  return state.definitions.get(numberOf(String(number)))?.ItemName ?? "no status";
}
