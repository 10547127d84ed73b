// Live: one long poll on the journal, and everything else that is read when something may have changed.

import { ask, pageSettings, readOperations, Refused, useToken } from "./server.js";
import { applyRow, changeOf, readOffice } from "./office-data.js";
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

/** Read everything: first the parts that the office view shows, then the others. */
export async function readAll() {
  const [{ requests }] = await Promise.all([
    ask("GET", "/requests?limit=1"), readSettings(), readOfficeAgain(), readState(),
  ]);
  update({ isRead: true });
  const [journal] = await Promise.all([
    ask("GET", `/requests?limit=${MAX_EXCHANGES}`), readServer(), readFaultsAndContract(),
  ]);
  const before = requests[0]?.id ?? 0;
  since = journal.requests.at(-1)?.id ?? 0;
  await apply(journal.requests.filter((one) => one.id > before)); // they came after the office was read
  if (state.connection === "gone") announce("The server is back.");
  update({ exchanges: journal.requests.reverse(), heldAt: since, connection: "live", isWhole: true });
}

/** Read the settings of the page. If its version has changed, load it again. */
async function readSettings() {
  const settings = await pageSettings();
  if (state.settings.version && settings.version !== state.settings.version) location.reload();
  update({ settings });
}

/** Read what a server has for as long as it runs. */
async function readServer() {
  const [operations, keys] = await Promise.all([readOperations(), ask("GET", "/keys")]);
  update({ operations, keys: `ODFHIR ${keys.DeveloperKey}/${keys.CustomerKey}` });
}

/** Read the rows of the office. */
export async function readOfficeAgain() {
  update({ office: readOffice(await ask("GET", "/office")) });
}

/** Read all that is small: clock, preferences, faults, snapshots, coverage, health. */
export async function readRest() {
  const [preference] = await Promise.all([ask("GET", "/preferences"), readState(), readFaultsAndContract()]);
  if (state.office) state.office.preference = preference;
  update();
}

async function readState() {
  const [health, clock, { snapshots }] = await Promise.all(
    ["/health", "/clock", "/snapshots"].map((path) => ask("GET", path)),
  );
  update({ health, clock, clockReadAt: Date.now(), snapshots });
}

async function readFaultsAndContract() {
  const [{ faults }, contract] = await Promise.all([ask("GET", "/faults"), ask("GET", "/contract")]);
  update({ faults, contract });
}

async function next() {
  const begin = Date.now();
  const { requests } = await ask("GET", `/requests?since=${since}&wait=${WAIT_SECONDS}&limit=${MAX_EXCHANGES}`);
  if (!requests.length && Date.now() - begin < WAIT_SECONDS * 900) return readAll(); // reset, or replaced
  await take(requests);
  await readRest();
  if (requests.length) await pause(BATCH_MS); // under load, many exchanges come in one response
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
  update({ exchanges: [...requests.toReversed(), ...state.exchanges].slice(0, MAX_EXCHANGES) });
  announce(requests.length === 1 ? "1 new exchange" : `${requests.length} new exchanges`);
  await apply(requests);
}

/** Make the changes of exchanges, oldest first, to the rows of the office. */
async function apply(exchanges) {
  let unknown = false;
  for (const exchange of exchanges) {
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
