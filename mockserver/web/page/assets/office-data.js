// Office data: the rows of an office, by claim, and the changes that exchanges make to them.

import { ascending } from "./json.js";

const newestFirst = (a, b) =>
  ascending(b.DateTimeEntry, a.DateTimeEntry) || ascending(b.ClaimTrackingNum, a.ClaimTrackingNum);

/** The categories of the definitions that fields name. */
export const CATEGORY_OF = { TrackingDefNum: 31, TrackingErrorDefNum: 43 };

export const CATEGORIES = { 31: "Statuses", 43: "Error codes" };

// The lists in a fixture that have a place of their own on the page.
const SHOWN = new Set(["apikey", "fault", "claim", "claimtracking", "definition"]);

/** Return an office from the fixture that the admin API exports. */
export function readOffice(fixture) {
  const rows = new Map(fixture.claim.map((claim) => [claim.ClaimNum, []]));
  for (const row of fixture.claimtracking) {
    rows.get(row.ClaimNum)?.push(row) ?? rows.set(row.ClaimNum, [row]);
  }
  for (const list of rows.values()) list.sort(newestFirst);
  return {
    version: fixture.office.version,
    claims: [...fixture.claim].sort((a, b) => ascending(a.ClaimNum, b.ClaimNum)),
    definitions: new Map(fixture.definition.map((one) => [one.DefNum, one])),
    preference: fixture.preference,
    others: Object.entries(fixture).filter(([name, list]) => Array.isArray(list) && list.length && !SHOWN.has(name)),
    byNumber: new Map(fixture.claimtracking.map((row) => [row.ClaimTrackingNum, row])),
    rows,
  };
}

/** Put a created or updated row into the office. Return whether its claim is known. */
export function applyRow(office, row) {
  const list = office.rows.get(row.ClaimNum);
  if (!list) return false;
  const before = list.findIndex((one) => one.ClaimTrackingNum === row.ClaimTrackingNum);
  if (before >= 0) list.splice(before, 1);
  list.push(row);
  list.sort(newestFirst);
  office.byNumber.set(row.ClaimTrackingNum, row);
  return true;
}

/** Return the numbers of the rows that are new, or not as they were before. */
export function changedRows(before, { byNumber }) {
  const isSame = (row, old) => old && Object.keys(row).every((column) => String(row[column]) === String(old[column]));
  return [...byNumber].filter(([number, row]) => !isSame(row, before.byNumber.get(number))).map(([number]) => number);
}

/** Return whether an exchange may have changed the office's rows, and the row if the response shows it. */
export function changeOf(exchange) {
  const { method } = exchange.request;
  if (method === "GET" || !exchange.operation) return { changed: false };
  const { status, body } = exchange.response;
  const row = body && typeof body === "object" && "ClaimTrackingNum" in body ? body : null;
  if (row && status >= 200 && status < 300 && !exchange.fault) return { changed: true, row };
  return { changed: Boolean(exchange.kept), row: null };
}

/** Return the name of a definition, or an empty text. */
export function nameOf(office, number) {
  if (!number) return "None";
  return office.definitions.get(number)?.ItemName ?? "unknown";
}
