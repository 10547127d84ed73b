// Schemas: the JSON Schemas of the contract, read when a view first needs one.

import { ask } from "./server.js";
import { state, update } from "./store.js";

/** @type {Map<string, { contents: any, isRead: boolean }>} */
const known = new Map();

/** @param {string} name */
function entry(name) {
  const present = known.get(name);
  if (present) return present;
  const reading = { contents: null, isRead: false };
  known.set(name, reading);
  ask("GET", `/schemas/${name}`).then((contents) => { reading.contents = contents; }, () => {}).then(() => {
    reading.isRead = true;
    update();
  });
  return reading;
}

/**
 * Return a schema by name, or null while it is read or if there is none.
 * @param {string} name
 */
export const schema = (name) => entry(name).contents;

/**
 * Return whether a schema was read, or cannot be.
 * @param {string} name
 */
export const isRead = (name) => entry(name).isRead;

/**
 * Return the properties of a schema with their references resolved.
 * @param {string} name
 * @returns {[string, Part][]}
 */
export function properties(name) {
  const entries = Object.entries(schema(name)?.properties ?? {});
  return entries.map(([field, part]) => [field, part.$ref ? resolved(name, part) : part]);
}

/**
 * @param {string} name
 * @param {any} part
 */
function resolved(name, { $ref, ...own }) {
  const [file, pointer = ""] = $ref.split("#");
  const base = new URL(`https://schemas.invalid/${name}.json`);
  const target = file ? new URL(file, base).pathname.slice(1).replace(/\.json$/, "") : name;
  const found = pointer.split("/").filter(Boolean).reduce(
    (/** @type {any} */ part, /** @type {string} */ key) => part?.[key], schema(target));
  return { ...found, ...own };
}

/**
 * Return the table of a resource with its key and the column of a name, or null while they are read.
 * @param {string} resource
 */
export function tableOf(resource) {
  const row = schema(`${resource}/row`);
  const { name = "", key = "" } = row?.["x-table"] ?? {};
  return row ? { name, key, columns: /** @type {Record<string, Part>} */ (row.properties) } : null;
}

/**
 * Return the name of the field that a rule is about, if it is about one.
 * @param {string} rule
 */
export function namedField(rule) {
  return rule.split(".")[rule.startsWith("api.") ? 1 : 2] ?? "";
}

/**
 * Return the field that a rule is about, with its schema and an example, or null.
 * @param {string} rule
 * @param {string} operation
 */
export function fieldOf(rule, operation) {
  const field = namedField(rule);
  const kind = state.operations[operation]?.kind;
  const name = `${operation}.${kind}`;
  const part = kind ? Object.fromEntries(properties(name))[field] : null;
  return part ? { field, description: part.description, example: schema(name)?.examples?.at(-1)?.[field] } : null;
}
