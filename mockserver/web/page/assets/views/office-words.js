// Words of the office view: money, days, statuses and names.

import { state } from "../store.js";

const DAY_MS = 86_400_000;

/**
 * Return an amount with two decimals.
 * @param {any} amount a number, or its text
 */
export function money(amount) {
  return Number(String(amount)).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/**
 * Return whether an amount is nothing.
 * @param {any} amount
 */
export const isZero = (amount) => Number(String(amount)) === 0;

/**
 * Return how many days of the office's calendar have passed since a date.
 * @param {string} date
 */
export function daysSince(date) {
  const today = state.clock?.now.slice(0, 10) ?? date;
  return Math.round((Date.parse(`${today}Z`) - Date.parse(`${date.slice(0, 10)}Z`)) / DAY_MS);
}

/**
 * Return a number of days ago in words.
 * @param {string} date
 */
export function ago(date) {
  const days = daysSince(date);
  if (days === 0) return "today";
  if (days < 0) return days === -1 ? "tomorrow" : `in ${-days} days`;
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/**
 * Return the name of a patient, or the number if the office has no name.
 * @param {Row} claim
 */
export const patientName = (claim) => claim.patient || (claim.PatNum ? `Patient ${claim.PatNum}` : "");

/**
 * Return the name that a tracking is known by: its status, or what the office's own software did.
 * @param {Row} row
 */
export function trackingName(row) {
  if (row.status) return row.status;
  if (row.TrackingDefNum) return `Unknown status ${row.TrackingDefNum}`;
  return TRACKING_TYPES[row.TrackingType] ?? "None";
}

/** @type {Record<string, string>} */
const TRACKING_TYPES = { ClaimUser: "Assigned to a user", ClaimProcReceived: "Line received" };

/**
 * Return the colour of the status of a claim.
 * @param {string} letter
 */
export const kindOf = (letter) => (letter === "R" ? "good" : letter === "S" ? "accent" : "plain");

/**
 * Return for how many days a status takes a claim off the report of outstanding claims.
 * @param {Row | undefined} definition
 */
export function suppressedDays(definition) {
  return definition && Number(definition.Category) === 31 && /^[0-9]+$/.test(definition.ItemValue) ? Number(definition.ItemValue) : 0;
}
