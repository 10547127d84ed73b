// Live: one long poll on the journal, and everything else that is read when something may have changed.

import { ask, officeKey, pageSettings, readOperations, Refused, useOffice, useToken } from "./server.js";
import { forget, readShown } from "./office-data.js";
import { route } from "./route.js";
import { announce, state, update } from "./store.js";

const WAIT_SECONDS = 10;
const MAX_EXCHANGES = 1000;
const DEFINITIONS = 1000; // that are read at once
const RETRY_MS = 1000;
const BATCH_MS = 150;
const COUNTING = ["contract", "try"]; // the views that say which rules were met

let since = 0;
let revision = 0;
let polling = new AbortController();
let isCounted = true; // whether the contract has the counts of all exchanges
let giveToken = () => {};

const pause = (/** @type {number} */ ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

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
        await /** @type {Promise<void>} */ (new Promise((resolve) => { giveToken = resolve; }));
      } else {
        if (state.connection !== "gone") announce("The server is gone.");
        update({ connection: "gone", reason: error instanceof Refused ? error.message : "The server does not answer." });
        await pause(RETRY_MS);
      }
    }
  }
}

/**
 * Show the office of a customer key, or the shared office.
 * @param {string} key
 */
export function showOffice(key) {
  useOffice(key);
  forget();
  update({ officeKey: key, isRead: false, isWhole: false, connection: "connecting", again: {}, notice: null });
  polling.abort();
}

/**
 * Use the token that the user has given.
 * @param {string} token
 */
export function enter(token) {
  useToken(token);
  giveToken();
}

/** Read everything: first the parts that the office view shows, then the others. */
export async function readAll() {
  const [newest] = await Promise.all([
    ask("GET", "/requests?limit=1"), readSettings(), readShown(), readDefinitions(), readState(),
  ]);
  revision = newest.revision;
  update({ isRead: true });
  const [journal] = await Promise.all([
    ask("GET", `/requests?limit=${MAX_EXCHANGES}`), readServer(), readFaults(), readContract(),
  ]);
  const before = newest.requests[0]?.id ?? 0;
  since = journal.requests.at(-1)?.id ?? 0;
  const missed = journal.requests.filter((/** @type {Exchange} */ one) => one.id > before);
  if (missed.some(hasWritten)) await readShown(); // they came after the office was read
  if (state.connection === "gone") announce("The server is back.");
  const heldAt = state.isWhole && isReading() ? state.heldAt : since;
  update({ exchanges: journal.requests.reverse(), heldAt, connection: "live", reason: "", isWhole: true });
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
  update({ offices: perKey ? offices.map((/** @type {Row} */ one) => one.CustomerKey) : null });
}

async function readDefinitions() {
  /** @type {Row[]} */
  const rows = [];
  for (let page = [{}]; page.length && rows.length % DEFINITIONS === 0;) {
    page = await ask("GET", `/office/definition?limit=${DEFINITIONS}&offset=${rows.length}`);
    rows.push(...page);
  }
  update({ definitions: new Map(rows.map((row) => [row.DefNum, row])) });
}

/** Read all that is small: clock, preferences, faults, snapshots, health; and coverage, which takes longer, if it is shown. */
export async function readRest() {
  isCounted = false;
  await Promise.all([readState(), readFaults(), countIfShown()]);
}

async function readState() {
  const [health, clock, { snapshots }, preference] = await Promise.all(
    ["/health", "/clock", "/snapshots", "/preferences"].map((path) => ask("GET", path)),
  );
  update({ health, clock, clockReadAt: Date.now(), snapshots, preference });
}

async function readFaults() {
  update({ faults: (await ask("GET", "/faults")).faults });
}

async function readContract() {
  isCounted = true;
  update({ contract: await ask("GET", "/contract") });
}

async function countIfShown() {
  if (!isCounted && COUNTING.includes(route().parts[0])) await readContract();
}

addEventListener("hashchange", () => countIfShown().catch(() => {})); // a server that is gone is found by the journal

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
    await take(journal.requests.filter((/** @type {Exchange} */ one) => one.id > since)); // not those that were read meanwhile
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

/** @param {Exchange[]} requests */
async function take(requests) {
  if (!requests.length) return;
  since = /** @type {Exchange} */ (requests.at(-1)).id;
  if (!isReading()) update({ heldAt: since });
  const contract = { ...state.contract, requests: state.contract.requests + requests.length };
  update({ contract, exchanges: [...requests.toReversed(), ...state.exchanges].slice(0, MAX_EXCHANGES) });
  announce(requests.length === 1 ? "1 new exchange" : `${requests.length} new exchanges`);
  const written = requests.filter(hasWritten);
  if (written.length) await readShown();
  if (written.some((one) => one.operation?.startsWith("definitions/"))) await readDefinitions();
}

/**
 * Return whether an exchange may have changed rows, also if a fault took the response.
 * @param {Exchange} exchange
 */
function hasWritten({ request, response, operation, fault, kept }) {
  const isServed = !fault && response.status >= 200 && response.status < 300;
  return request.method !== "GET" && Boolean(operation) && (isServed || Boolean(kept));
}
