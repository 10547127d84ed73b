// Schemas: the JSON Schemas of the contract, read when a view first needs one.

import { ask } from "./server.js";
import { state, update } from "./store.js";

const known = new Map();

/** Return a schema by name, or null while it is read or if there is none. */
export function schema(name) {
  if (!known.has(name)) {
    known.set(name, null);
    ask("GET", `/schemas/${name}`).then((contents) => {
      known.set(name, contents);
      update();
    }, () => {});
  }
  return known.get(name);
}

/** Return the properties of a schema with their references resolved. */
export function properties(name) {
  const entries = Object.entries(schema(name)?.properties ?? {});
  return entries.map(([field, part]) => [field, part.$ref ? resolved(name, part) : part]);
}

function resolved(name, { $ref, ...own }) {
  const [file, pointer = ""] = $ref.split("#");
  const base = new URL(`https://schemas.invalid/${name}.json`);
  const target = file ? new URL(file, base).pathname.slice(1).replace(/\.json$/, "") : name;
  const found = pointer.split("/").filter(Boolean).reduce((part, key) => part?.[key], schema(target));
  return { ...found, ...own };
}

/** Return the name of the field that a rule is about, if it is about one. */
export function namedField(rule) {
  return rule.split(".")[rule.startsWith("api.") ? 1 : 2] ?? "";
}

/** Return the field that a rule is about, with its schema and an example, or null. */
export function fieldOf(rule, operation) {
  const field = namedField(rule);
  const kind = state.operations[operation]?.kind;
  const name = `${operation}.${kind}`;
  const part = kind ? Object.fromEntries(properties(name))[field] : null;
  return part ? { field, description: part.description, example: schema(name)?.examples?.at(-1)?.[field] } : null;
}
