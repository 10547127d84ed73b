// The day of a claim, with faults set by the client of the mock:
//     opendental-mock client js > opendental-mock.mjs
//     opendental-mock run --throttle --strict --fixtures practice --now "2026-01-15 10:00:00" -- \
//         node --test claim-day.test.mjs
import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { ATTEMPTS, ClaimDay, GaveUp, Refused } from "./claim-day.mjs";
import { connect } from "./opendental-mock.mjs";

const mock = await connect();
const headers = await mock.headers();
const CLAIM = 1008;
const REMITTANCE = {
  LName: "Okafor",
  FName: "Ada",
  DateService: "2026-01-13",
  DateReceived: "2026-01-15",
  CheckNum: "EFT-1022",
  Note: "Paid, 835 of January 15, claim 1",
  TrackingDefNum: 401,
  lines: [
    { CodeSent: "D0120", InsPayAmt: 12, WriteOff: 0, DedApplied: 50 },
    { CodeSent: "D1110", InsPayAmt: 88.5, WriteOff: 21.5, DedApplied: 0 },
  ],
};
const WRITES = ["claimtrackings/create", "claimprocs/update", "claims/update", "claimpayments/create"];
const LOST = { when: "after", then: "reset" };
const LOST_IN_OTHER_WAYS = [{ when: "after", then: "truncate" }, { when: "after", then: "status", status: 504 }];

let day;

/** Return what the day changes: the claim, its lines, and the notes of its trackings. */
async function state() {
  const { ClaimStatus, InsPayAmt } = await day.get(`/claims/${CLAIM}`);
  const lines = (await day.lines(CLAIM)).map((line) => [line.Status, line.InsPayAmt, line.ClaimPaymentNum]);
  const notes = (await day.get("/claimtrackings", { ClaimNum: CLAIM })).map((row) => row.Note);
  return { ClaimStatus, InsPayAmt, lines, notes };
}

const paid = (payment) => ({
  ClaimStatus: "R",
  InsPayAmt: 100.5,
  lines: [["Received", 12, payment], ["Received", 88.5, payment]],
  notes: [REMITTANCE.Note],
});

beforeEach(async () => {
  await mock.reset();
  // The time of the office passes, so that the test need not wait.
  day = new ClaimDay(mock.url, headers, (seconds) => mock.clock.advance(seconds));
});

test("a claim is received and paid once, however often the day runs", async () => {
  const [claim, payment] = await day.receive(REMITTANCE);
  assert.equal(claim, CLAIM);
  assert.deepEqual(await day.receive(REMITTANCE), [claim, payment]);
  assert.deepEqual(await state(), paid(payment));
});

for (const [operation, fault] of [
  ...WRITES.map((operation) => [operation, LOST]),
  ...LOST_IN_OTHER_WAYS.map((fault) => ["claimpayments/create", fault]),
]) {
  test(`${operation} is kept once after ${JSON.stringify(fault)}`, async () => {
    await mock.fault({ operation, ...fault });
    const [, payment] = await day.receive(REMITTANCE);
    assert.deepEqual(await state(), paid(payment));
    assert.equal((await day.get("/claimpayments")).length, 3);
  });
}

test("a day that was interrupted is run again", async () => {
  await mock.fault({ operation: "claimpayments/create", when: "before", then: "reset", times: ATTEMPTS });
  await assert.rejects(day.receive(REMITTANCE), GaveUp);
  const [, payment] = await day.receive(REMITTANCE);
  assert.deepEqual(await state(), paid(payment));
});

test("the day can be taken back", async () => {
  const before = await state();
  const [claim, payment] = await day.receive(REMITTANCE);
  await mock.fault({ operation: "claimpayments/delete", ...LOST });
  await day.undo(claim);
  assert.deepEqual(await state(), { ...before, notes: [REMITTANCE.Note] });
  await assert.rejects(day.get(`/claimpayments/${payment}`), Refused);
});
