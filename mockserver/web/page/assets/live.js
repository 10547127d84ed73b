// Live: one long poll on the journal, and everything else that is read when something may have changed.

import { ask, index, pageSettings, Refused, useToken } from "./server.js";
import { applyRow, changeOf, readOffice } from "./office-data.js";
import { operationsOf } from "./schemas.js";
import { route } from "./route.js";
import { announce, markFresh, state, update } from "./store.js";

const WAIT_SECONDS = 10;
const MAX_EXCHANGES = 1000;
const RETRY_MS = 1000;
const BATCH_MS = 150;

let since = 0;
let giveToken = () => {};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follow the server for as long as the page is open. */
export async function follow() {
  for (;;) {
    try {
      await readAll();
      for (;;) await next();
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        update({ connection: "token" });
        await new Promise((resolve) => { giveToken = resolve; });
      } else {
        const gone = !(error instanceof Refused);
        if (state.connection !== "gone") announce("The server is gone.");
        update({ connection: "gone", reason: gone ? "The server does not answer." : error.message });
        await pause(RETRY_MS);
      }
    }
  }
}

/** Use the token that the user has given. */
export function enter(token) {
  useToken(token);
  giveToken();
}

/** Read what a server has for as long as it runs. Another version of the page is loaded again. */
async function readServer() {
  const settings = await pageSettings();
  if (state.settings.version && settings.version !== state.settings.version) location.reload();
  const [operations, { schemas }, keys] = await Promise.all([index(), ask("GET", "/schemas"), ask("GET", "/keys")]);
  update({
    settings, operations: operationsOf(operations, schemas), keys: `ODFHIR ${keys.DeveloperKey}/${keys.CustomerKey}`,
  });
}

/** Read everything, after a reset or when the server, or another one, is back. */
export async function readAll() {
  const [journal] = await Promise.all([
    ask("GET", `/requests?limit=${MAX_EXCHANGES}`), readServer(), readOfficeAgain(), readRest(),
  ]);
  const exchanges = journal.requests.reverse();
  since = exchanges[0]?.id ?? 0;
  if (state.connection === "gone") announce("The server is back.");
  update({ exchanges, heldAt: since, connection: "live", isRead: true });
}

/** Read the rows of the office. */
export async function readOfficeAgain() {
  update({ office: readOffice(await ask("GET", "/office")) });
}

/** Read all that is small: clock, preferences, faults, snapshots, coverage, health. */
export async function readRest() {
  const [health, clock, faults, snapshots, contract, preference] = await Promise.all(
    ["/health", "/clock", "/faults", "/snapshots", "/contract", "/preferences"].map((path) => ask("GET", path)),
  );
  if (state.office) state.office.preference = preference;
  update({
    health, clock, clockReadAt: Date.now(), contract, faults: faults.faults, snapshots: snapshots.snapshots,
  });
}

async function next() {
  const begin = Date.now();
  const { requests } = await ask("GET", `/requests?since=${since}&wait=${WAIT_SECONDS}&limit=${MAX_EXCHANGES}`);
  if (!requests.length && Date.now() - begin < WAIT_SECONDS * 900) return readAll(); // reset, or replaced
  await take(requests);
  await readRest();
  if (requests.length) await pause(BATCH_MS); // under load, many exchanges come in one answer
  if (state.health.requests < state.exchanges.length && !requests.length) return readAll(); // cleared
}

/** Return whether an exchange is being read, which new ones must not move. */
function isReading() {
  const { parts } = route();
  const list = document.querySelector(".exchanges");
  return parts[0] === "traffic" && (Number(parts[1]) > 0 || scrollY > 0 || (list?.scrollTop ?? 0) > 0);
}

async function take(requests) {
  if (!requests.length) return;
  since = requests.at(-1).id;
  if (!isReading()) update({ heldAt: since });
  update({ exchanges: [...requests.reverse(), ...state.exchanges].slice(0, MAX_EXCHANGES) });
  announce(requests.length === 1 ? "1 new exchange" : `${requests.length} new exchanges`);
  let unknown = false;
  for (const exchange of requests.reverse()) { // oldest first
    const { changed, row } = changeOf(exchange);
    if (row && applyRow(state.office, row)) markFresh(`row${row.ClaimTrackingNum}`);
    else if (changed) unknown = true;
  }
  if (unknown) {
    const before = new Map(state.office.claimOf);
    await readOfficeAgain();
    for (const number of state.office.claimOf.keys()) if (!before.has(number)) markFresh(`row${number}`);
  }
}
