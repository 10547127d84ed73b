// The client for JavaScript, under Node's test runner; test_client_js.py starts it beside a server.
import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { connect, Mock, MockError } from "./opendental-mock.mjs";

const mock = await connect();

async function create(fields = {}) {
  const body = JSON.stringify({ ClaimNum: 15, ...fields });
  return fetch(`${mock.url}/claimtrackings`, { method: "POST", headers: await mock.headers(), body });
}

const refused = (words) => (error) => error instanceof MockError && error.message.includes(words);

beforeEach(() => mock.reset());

test("rows are read, stored and deleted", async () => {
  const row = await mock.office.put("claimtracking", { ClaimNum: 15, Note: "Sent." });
  assert.equal(row.ClaimTrackingNum, 52);
  assert.deepEqual((await mock.office.rows("claimtracking")).at(-1), row);
  await mock.office.delete("claimtracking", 52);
  assert.equal((await mock.office.rows("claimtracking")).length, 8);
  await assert.rejects(mock.office.put("claims", {}), refused("did you mean claim?"));
  await assert.rejects(mock.office.put("claimtracking", { ClaimNum: 99 }), (error) => error.errors.length === 1);
});

test("the clock and the preferences", async () => {
  await mock.clock.freeze("2026-01-15 10:00:00");
  await mock.clock.advance(60);
  assert.equal(await mock.clock.now(), "2026-01-15 10:01:00");
  await mock.clock.run();
  await mock.setPreferences({ ClaimTrackingStatusExcludesNone: true });
  assert.deepEqual(await mock.preferences(), { ClaimTrackingStatusExcludesNone: true });
  assert.equal((await create()).status, 400);
});

test("faults and the journal", async () => {
  await mock.fault({ name: "throttled", operation: "claimtrackings/create" });
  assert.deepEqual((await mock.faults()).map((fault) => fault.hits), [0]);
  const waiting = mock.waitFor({ operation: "claimtrackings/create" }, { count: 2, seconds: 20 });
  assert.equal((await create()).status, 429);
  assert.equal((await create({ ClaimNum: 99 })).status, 404);
  assert.deepEqual((await waiting).map((exchange) => exchange.response.status), [429, 404]);
  const [exchange] = await mock.requests({ kind: "refused" });
  assert.equal(exchange.refusal.rule, "claimtrackings.create.ClaimNum.unknown");
  await assert.rejects(mock.waitFor({ status: 500 }, { seconds: 0 }), refused("0 of 1 exchanges"));
  await mock.clearFaults();
  assert.deepEqual(await mock.faults(), []);
});

test("snapshots, the whole office and the coverage", async () => {
  const snapshot = await mock.snapshot();
  const office = await mock.office.export();
  assert.equal((await create()).status, 201);
  const rules = (await mock.coverage()).rules.filter((rule) => rule.met);
  assert.ok(rules.length > 0);
  await snapshot.restore();
  await snapshot.delete();
  assert.deepEqual(await mock.office.export(), office);
  await mock.office.replace({ claim: [{ ClaimNum: 3 }] });
  assert.deepEqual((await mock.office.rows("claim")).map((claim) => claim.ClaimNum), [3]);
});

test("a token and an office are sent", async () => {
  await assert.rejects(connect(mock.url, { token: "wrong" }), (error) => error.status === 401);
  const other = new Mock(mock.url, { office: "Night" });
  await assert.rejects(other.reset(), refused("--office-per-key"));
});
