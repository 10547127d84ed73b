// Node's own test runner and fetch:  opendental-mock run -- node --test tests/examples/claimtrackings.test.mjs
import assert from "node:assert";
import test from "node:test";

const { OPENDENTAL_BASE_URL: url, OPENDENTAL_DEVELOPER_KEY: developer, OPENDENTAL_CUSTOMER_KEY: customer } = process.env;
const headers = { Authorization: `ODFHIR ${developer}/${customer}`, "Content-Type": "application/json" };

test("a tracking is created and found again", async () => {
  const body = JSON.stringify({ ClaimNum: 15, Note: "Missing attachment." });
  const created = await fetch(`${url}/claimtrackings`, { method: "POST", headers, body });
  assert.equal(created.status, 201);
  const { ClaimTrackingNum } = await created.json();
  const rows = await (await fetch(`${url}/claimtrackings?ClaimNum=15`, { headers })).json();
  assert.deepEqual(rows.map((row) => row.ClaimTrackingNum), [ClaimTrackingNum]);
});
