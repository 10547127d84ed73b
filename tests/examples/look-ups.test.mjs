// Look up statuses and claims, then write:  opendental-mock run -- node --test tests/examples/look-ups.test.mjs
import assert from "node:assert";
import test from "node:test";

import { officeFetch } from "./office-fetch.mjs";

async function get(path, parameters = {}) {
  const response = await officeFetch(`${path}?${new URLSearchParams(parameters)}`);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

test("a sent claim without a history gets the status Denied", async () => {
  const statuses = await get("/definitions", { Category: 31 });
  const { DefNum } = statuses.find((status) => status.ItemName === "Denied");
  const sent = await get("/claims", { ClaimStatus: "S" });
  const histories = await Promise.all(sent.map(({ ClaimNum }) => get("/claimtrackings", { ClaimNum })));
  const [claim] = sent.filter((_, index) => histories[index].length === 0);
  const body = JSON.stringify({ ClaimNum: claim.ClaimNum, TrackingDefNum: DefNum });
  const created = await officeFetch("/claimtrackings", { method: "POST", body });
  assert.equal(created.status, 201);
  const [tracking] = await get("/claimtrackings", { ClaimNum: claim.ClaimNum });
  assert.equal(tracking.TrackingDefNum, DefNum);
});

test("a claim tells the name of its status", async () => {
  const claim = await get("/claims/15");
  assert.equal(claim.customTracking, "");
});
