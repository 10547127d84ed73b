// Node's own test runner and fetch:  opendental-mock run -- node --test tests/examples/claimtrackings.test.mjs
import assert from "node:assert";
import test from "node:test";

import { officeFetch } from "./office-fetch.mjs";

test("a tracking is created and found again", async () => {
  const body = JSON.stringify({ ClaimNum: 15, Note: "Missing attachment." });
  const created = await officeFetch("/claimtrackings", { method: "POST", body });
  assert.equal(created.status, 201);
  const { ClaimTrackingNum } = await created.json();
  const rows = await (await officeFetch("/claimtrackings?ClaimNum=15")).json();
  assert.deepEqual(rows.map((row) => row.ClaimTrackingNum), [ClaimTrackingNum]);
});
