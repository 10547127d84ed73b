// Actions: the writes that the page offers. Each reports its outcome in the notice.

import { ask } from "./server.js";
import { readAll, readRest } from "./live.js";
import { announce, update } from "./store.js";

const UNDO = "before-reset";

/**
 * Run a write, read what it may have changed, and say what happened.
 * @param {string} done
 * @param {() => Promise<unknown>} write
 * @param {{all?: boolean, label?: string, run?: (() => unknown) | null}} [options]
 */
export async function act(done, write, { all = false, label = "", run = null } = {}) {
  try {
    await write();
    await (all ? readAll() : readRest());
    update({ notice: { text: done, label, run } });
    announce(done);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    update({ notice: { text: message, wrong: true } });
    announce(message);
  }
}

/** @type {(name: string, value: unknown) => Promise<void>} */
export const setPreference = (name, value) =>
  act(`${name} is ${value}.`, () => ask("PATCH", "/preferences", { [name]: value }));

/** @type {(change: object, done: string) => Promise<void>} */
export const setClock = (change, done) => act(done, () => ask("PUT", "/clock", change));

/** @type {(name: string) => Promise<void>} */
export const saveSnapshot = (name) => act(`Snapshot ${name} is kept.`, () => ask("PUT", `/snapshots/${name}`));

/** @type {(name: string) => Promise<void>} */
export const restoreSnapshot = (name) =>
  act(`Snapshot ${name} is restored.`, () => ask("POST", `/snapshots/${name}/restore`), { all: true });

/** @type {(name: string) => Promise<void>} */
export const deleteSnapshot = (name) =>
  act(`Snapshot ${name} is deleted.`, () => ask("DELETE", `/snapshots/${name}`));

/** Reset to the fixture, after a snapshot that the notice offers to restore. */
export const reset = () =>
  act("The office is as its fixture describes it.", async () => {
    await ask("PUT", `/snapshots/${UNDO}`);
    await ask("POST", "/reset");
  }, { all: true, label: "Undo", run: () => restoreSnapshot(UNDO) });

/** @type {(fault: object, done: string) => Promise<void>} */
export const addFault = (fault, done) => act(done, () => ask("POST", "/faults", fault));

/** @type {(id: number) => Promise<void>} */
export const removeFault = (id) => act("The fault is taken back.", () => ask("DELETE", `/faults/${id}`));

export const clearFaults = () => act("All faults are taken back.", () => ask("DELETE", "/faults"));

export const clearContract = () => act("Contract coverage starts again.", () => ask("DELETE", "/contract"));
