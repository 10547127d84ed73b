// Store: the state of the page, and its rendering once a frame.

import { route } from "./route.js";

/**
 * @typedef {object} Notice
 * @property {string} text
 * @property {boolean} [wrong]
 * @property {string} [label]
 * @property {(() => unknown) | null} [run]
 * @property {string} [place] the view that it belongs to
 *
 * @typedef {object} State
 * @property {{page: string, version: string}} settings
 * @property {"connecting" | "live" | "gone" | "token"} connection
 * @property {string} reason why there is no connection
 * @property {Health} health
 * @property {boolean} isRead whether all that the office view shows is read
 * @property {boolean} isWhole whether everything is read
 * @property {Record<string, any>} tryit forms by operation
 * @property {Map<Num, Row>} definitions by DefNum
 * @property {Row} preference
 * @property {{now: string, frozen: boolean} | null} clock
 * @property {number} clockReadAt
 * @property {Fault[]} faults
 * @property {string[]} snapshots
 * @property {Exchange[]} exchanges newest first
 * @property {Contract} contract
 * @property {Record<string, Operation>} operations
 * @property {string[] | null} offices with --office-per-key: the customer keys that have an office
 * @property {string} officeKey the one that is shown, or empty for the shared office
 * @property {string} keys the value of Authorization that the office accepts
 * @property {Notice | null} notice
 * @property {Map<string, number>} fresh changed rows and the time of the change
 * @property {Record<string, number>} limits rendered rows beyond MAX_RENDERED, by list
 * @property {number} heldAt the newest exchange in the list that is being read
 * @property {Record<number, any>} again responses to exchanges that were sent again, by id
 */

export const MAX_RENDERED = 200;
const FRESH_MS = 6000;
const SAY_MS = 500;

/** @type {State} */
export const state = {
  settings: { page: "on", version: "" },
  connection: "connecting",
  reason: "",
  health: { status: "", version: "", fixtures: [], claimtrackings: 0, requests: 0, dropped: 0, faults: 0, diagnostics: [] },
  isRead: false,
  isWhole: false,
  tryit: {},
  definitions: new Map(),
  preference: {},
  clock: null,
  clockReadAt: 0,
  faults: [],
  snapshots: [],
  exchanges: [],
  contract: { requests: 0, rules: [], warnings: [], unserved: [] },
  operations: {},
  offices: null,
  officeKey: "",
  keys: "",
  notice: null,
  fresh: new Map(),
  limits: {},
  heldAt: 0,
  again: {},
};

let draw = () => {};
let scheduled = false;

/**
 * Set the function that renders the page.
 * @param {() => void} render
 */
export function onChange(render) {
  draw = render;
}

/**
 * Change the state and render in the next frame. A notice belongs to the view that is open.
 * @param {Partial<State>} change
 */
export function update(change = {}) {
  if (change.notice) change.notice.place = route().parts[0];
  Object.assign(state, change);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    draw();
  });
}

/**
 * Mark a row as changed for some seconds.
 * @param {string} key
 */
export function markFresh(key) {
  state.fresh.set(key, Date.now());
  setTimeout(() => {
    if (Date.now() - (state.fresh.get(key) ?? 0) >= FRESH_MS - 50) state.fresh.delete(key);
    update();
  }, FRESH_MS);
}

/** Return whether writes are offered. */
export function canWrite() {
  return state.settings.page === "on" && ["connecting", "live"].includes(state.connection);
}

/**
 * Return how many rows of a list are rendered.
 * @param {string} list
 */
export function limitOf(list) {
  return MAX_RENDERED + (state.limits[list] ?? 0);
}

/** @type {ReturnType<typeof setTimeout> | null} */
let waiting = null;
let said = "";

/**
 * Say a sentence in the live region: of several within half a second, the last one.
 * @param {string} sentence
 */
export function announce(sentence) {
  said = sentence;
  if (!waiting) waiting = setTimeout(say, SAY_MS);
}

function say() {
  waiting = null;
  /** @type {HTMLElement} */ (document.getElementById("live")).textContent = said;
}
