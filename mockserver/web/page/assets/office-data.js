// Office data: the rows of an office, by claim, and the changes that exchanges make to them.

const newestFirst = (a, b) =>
  a.DateTimeEntry < b.DateTimeEntry ? 1
    : a.DateTimeEntry > b.DateTimeEntry ? -1
      : b.ClaimTrackingNum - a.ClaimTrackingNum;

export const CATEGORIES = { 31: "Statuses", 43: "Error codes" };

/** Return an office from the fixture that the admin API exports. */
export function readOffice(fixture) {
  const rows = new Map(fixture.claim.map((claim) => [claim.ClaimNum, []]));
  const claimOf = new Map();
  for (const row of fixture.claimtracking) {
    rows.get(row.ClaimNum)?.push(row) ?? rows.set(row.ClaimNum, [row]);
    claimOf.set(row.ClaimTrackingNum, row.ClaimNum);
  }
  for (const list of rows.values()) list.sort(newestFirst);
  return {
    version: fixture.office.version,
    claims: [...fixture.claim].sort((a, b) => a.ClaimNum - b.ClaimNum),
    definitions: new Map(fixture.definition.map((one) => [one.DefNum, one])),
    preference: fixture.preference,
    rows, claimOf,
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
  office.claimOf.set(row.ClaimTrackingNum, row.ClaimNum);
  return true;
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
