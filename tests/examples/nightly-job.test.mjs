// The nightly job, with faults set by the client of the mock:
//     opendental-mock client js > opendental-mock.mjs
//     opendental-mock run -- node --test nightly-job.test.mjs
import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { ATTEMPTS, GaveUp, NightlyJob } from "./nightly-job.mjs";
import { connect } from "./opendental-mock.mjs";

const mock = await connect();
const headers = await mock.headers();
const DENIED = { ClaimNum: 15, Note: "Denied, 835 of January 15, line 1", TrackingDefNum: 345 };

let waits = []; // the seconds that the job waits, except those for an office that throttles
let job;

async function written() {
  const rows = await mock.office.rows("claimtracking");
  return rows.filter((row) => row.Note === DENIED.Note).length;
}

/** Let the time of the office pass, so that the test need not wait. */
async function wait(seconds) {
  await mock.clock.advance(seconds);
  const last = (await mock.requests()).at(-1);
  if (last.refusal?.rule !== "api.throttle") waits.push(seconds);
}

beforeEach(async () => {
  await mock.reset();
  waits = [];
  job = new NightlyJob(mock.url, headers, wait);
});

test("a status is written once, however often the job runs", async () => {
  assert.deepEqual(await job.run([DENIED]), { [DENIED.Note]: "written" });
  assert.deepEqual(await job.run([DENIED]), { [DENIED.Note]: "there" });
  assert.equal(await written(), 1);
  assert.deepEqual(waits, []);
});

for (const [fault, outcome] of [
  [{ when: "after", then: "reset" }, "there"],
  [{ when: "after", then: "truncate" }, "there"],
  [{ when: "after", then: "status", status: 504 }, "there"],
  [{ when: "before", then: "reset" }, "written"],
  [{ name: "gateway-timeout" }, "written"],
]) {
  test(`no second row after ${JSON.stringify(fault)}`, async () => {
    await mock.fault({ operation: "claimtrackings/create", ...fault });
    assert.deepEqual(await job.run([DENIED]), { [DENIED.Note]: outcome });
    assert.equal(await written(), 1);
    assert.deepEqual(waits, [1]);
  });
}

test("the job waits as long as the API asks", async () => {
  await mock.fault({ name: "throttled", operation: "claimtrackings/list", retry_after: 7 });
  await mock.fault({ name: "throttled", operation: "claimtrackings/create", retry_after: 3 });
  assert.deepEqual(await job.run([DENIED]), { [DENIED.Note]: "written" });
  assert.deepEqual(waits, [7, 3]);
});

test("an office that throttles for ever stops the job", async () => {
  await mock.fault({ name: "throttled", operation: "claimtrackings/create", times: null });
  await assert.rejects(job.run([DENIED]), (error) => error instanceof GaveUp && error.message.startsWith("429"));
  assert.equal((await mock.requests({ operation: "claimtrackings/create" })).length, ATTEMPTS);
});

test("a status that is refused stops no other", async () => {
  const unknown = { ...DENIED, ClaimNum: 99, Note: "Denied, line 3" };
  const wrong = { ...DENIED, TrackingDefNum: 340, Note: "Denied, line 4" };
  assert.deepEqual(await job.run([unknown, wrong, DENIED]), {
    "Denied, line 3": "404 Claim not found.",
    "Denied, line 4": "400 TrackingDefNum is invalid.",
    [DENIED.Note]: "written",
  });
});

test("invalid keys stop the job at once", async () => {
  await mock.fault({ name: "invalid-credentials", times: null });
  await assert.rejects(job.run([DENIED]), (error) => error instanceof GaveUp && error.message.startsWith("401"));
  assert.equal((await mock.requests()).length, 1);
});

test("an office that does not answer stops the job", async () => {
  await mock.fault({ name: "gateway-timeout", operation: "claimtrackings/create", times: ATTEMPTS });
  await assert.rejects(job.run([DENIED]), GaveUp);
  assert.deepEqual(waits, [1, 2, 4, 8]);
  assert.equal(await written(), 0);
});

test("a row that moves between two pages is read", async () => {
  const before = await mock.office.export();
  const rows = Array.from({ length: 150 }, (_, index) => ({
    ClaimTrackingNum: 100 + index, ClaimNum: 15, DateTimeEntry: "2023-07-21 08:00:00", TrackingDefNum: 339,
  }));
  await mock.office.replace({ ...before, claimtracking: rows });
  const pages = [];
  const get = job.get.bind(job);
  job.get = async (parameters) => {
    const page = await get(parameters);
    pages.push(parameters.Offset);
    if (pages.length === 1) {
      // Row 101 is on the second page; a write moves it to the first.
      const body = JSON.stringify({ Note: "Moved." });
      assert.equal((await job.send("PUT", "/101", body)).status, 200);
    }
    return page;
  };
  const found = await job.allTrackings();
  assert.deepEqual(new Set(found.map((row) => row.ClaimTrackingNum)), new Set(rows.map((row) => row.ClaimTrackingNum)));
  assert.deepEqual(pages, [0, 100, 0, 100, 0]);
});
