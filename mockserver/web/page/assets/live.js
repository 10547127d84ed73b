// Live: one long poll on the journal, and everything else that is read when something may have changed.

import { ask, officeKey, pageSettings, readOperations, Refused, useOffice, useToken } from "./server.js";
import { applyRow, changedRows, changeOf, readOffice } from "./office-data.js";
import { route } from "./route.js";
import { announce, markFresh, state, update } from "./store.js";

const WAIT_SECONDS = 10;
const MAX_EXCHANGES = 1000;
const MAX_FRESH = 200; // of more changes at once none is marked
const RETRY_MS = 1000;
const BATCH_MS = 150;

let since = 0;
let revision = 0;
let polling = new AbortController();
let giveToken = () => {};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follow the server for as long as the page is open. */
export async function follow() {
  for (;;) {
    try {
      for (let shown = null; ; await next()) {
        while (shown !== officeKey()) {
          shown = officeKey();
          await readAll();
        }
      }
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

/** Show the office of a customer key, or the shared office. */
export function showOffice(key) {
  useOffice(key);
  update({ officeKey: key, isRead: false, isWhole: false, connection: "connecting", again: {}, notice: null });
  polling.abort();
}

/** Use the token that the user has given. */
export function enter(token) {
  useToken(token);
  giveToken();
}

/** Read everything: first the parts that the office view shows, then the others. */
export async function readAll() {
  const [newest] = await Promise.all([
    ask("GET", "/requests?limit=1"), readSettings(), readOfficeAgain(), readState(),
  ]);
  revision = newest.revision;
  update({ isRead: true });
  const [journal] = await Promise.all([
    ask("GET", `/requests?limit=${MAX_EXCHANGES}`), readServer(), readFaultsAndContract(),
  ]);
  const before = newest.requests[0]?.id ?? 0;
  since = journal.requests.at(-1)?.id ?? 0;
  await apply(journal.requests.filter((one) => one.id > before)); // they came after the office was read
  if (state.connection === "gone") announce("The server is back.");
  const heldAt = state.isWhole && isReading() ? state.heldAt : since;
  update({ exchanges: journal.requests.reverse(), heldAt, connection: "live", isWhole: true });
}

/** Read the settings of the page. If its version has changed, load it again. */
async function readSettings() {
  const settings = await pageSettings();
  if (state.settings.version && settings.version !== state.settings.version) location.reload();
  update({ settings });
}

/** Read what a server has for as long as it runs. */
async function readServer() {
  const [operations, keys] = await Promise.all([readOperations(), ask("GET", "/keys"), readOffices()]);
  update({ operations, keys: `ODFHIR ${keys.DeveloperKey}/${keys.CustomerKey}` });
}

async function readOffices() {
  const { per_key: perKey, offices } = await ask("GET", "/offices");
  update({ offices: perKey ? offices.map((one) => one.CustomerKey) : null });
}

/** Read the rows of the office. */
export async function readOfficeAgain() {
  const [before, office] = [state.office, readOffice(await ask("GET", "/office"))];
  const changed = before && state.isWhole && state.connection === "live" ? changedRows(before, office) : [];
  if (changed.length <= MAX_FRESH) for (const number of changed) markFresh(`row${number}`);
  update({ office });
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
  polling = new AbortController();
  const path = `/requests?since=${since}&revision=${revision}&wait=${WAIT_SECONDS}&limit=${MAX_EXCHANGES}`;
  let journal;
  try {
    journal = await ask("GET", path, undefined, polling.signal);
  } catch (error) {
    if (polling.signal.aborted) return;
    throw error;
  }
  const begin = Date.now();
  if (journal.revision !== revision) { // a reset, or another change that is not an exchange
    await readAll();
  } else if (journal.requests.length) {
    await take(journal.requests.filter((one) => one.id > since)); // not those that were read meanwhile
    await readRest();
  }
  await pause(Math.max(BATCH_MS, Date.now() - begin)); // under load, many changes come in one response
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
  if (unknown) await readOfficeAgain();
}
