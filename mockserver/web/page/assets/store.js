// Store: the state of the page, and its rendering once a frame.

export const MAX_RENDERED = 200;
const FRESH_MS = 6000;

export const state = {
  settings: { page: "on", version: "" },
  connection: "connecting", // or live, gone, token
  health: {},
  isRead: false, // all that the office view shows
  isWhole: false, // everything
  office: null,
  clock: null,
  clockReadAt: 0,
  faults: [],
  snapshots: [],
  exchanges: [], // newest first
  contract: { rules: [], warnings: [], unserved: [] },
  operations: {},
  offices: null, // with --office-per-key: the customer keys that have an office
  officeKey: "", // the one that is shown, or empty for the shared office
  keys: "", // the value of Authorization that the office accepts
  notice: null, // {text, wrong, label, run}
  fresh: new Map(), // changed rows and the time of the change
  limits: {}, // rendered rows beyond MAX_RENDERED, by list
  heldAt: 0, // the newest exchange in the list that is being read
  again: {}, // responses to exchanges that were sent again, by id
  tryit: {}, // forms by operation
};

let draw = () => {};
let scheduled = false;

/** Set the function that renders the page. */
export function onChange(render) {
  draw = render;
}

/** Change the state and render in the next frame. */
export function update(change = {}) {
  Object.assign(state, change);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    draw();
  });
}

/** Mark a row as changed for some seconds. */
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

/** Return how many rows of a list are rendered. */
export function limitOf(list) {
  return MAX_RENDERED + (state.limits[list] ?? 0);
}

let waiting = null;
let said = "";

/** Say a sentence in the live region, at most one each two seconds. */
export function announce(sentence) {
  said = sentence;
  waiting ??= setTimeout(() => {
    waiting = null;
    document.getElementById("live").textContent = said;
  }, 500);
}
