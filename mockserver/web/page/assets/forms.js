// Forms: the fields of an operation, what a form holds at first, and the request that it describes.

import { keyOf, firstOf, referenceOf, rowOf, rowsOf } from "./references.js";
import { isRead, properties, schema, tableOf } from "./schemas.js";
import { officeKey } from "./server.js";
import { state, update } from "./store.js";

const MAX_FIELDS = 8; // that a form shows, if no example says which
const INTEGER = /^-?[0-9]+$/;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** @type {Form} */
const EMPTY = { values: {}, chosen: {}, typed: {}, answer: null, isSending: false };

const nameOf = (/** @type {string} */ operation) => `${officeKey()} ${operation}`;

/**
 * Return the form of an operation as it was left, or as it is at first. Null while that is read.
 * @param {string} operation
 * @returns {Form | null}
 */
export function formOf(operation) {
  const left = state.tryit[nameOf(operation)];
  if (left) return left;
  const values = firstValues(operation);
  return values && { ...EMPTY, values };
}

/**
 * Change a form.
 * @param {string} operation
 * @param {Partial<Form>} change
 */
export function changeForm(operation, change) {
  const form = { ...(formOf(operation) ?? EMPTY), ...change };
  update({ tryit: { ...state.tryit, [nameOf(operation)]: form } });
}

/**
 * Return whether a field is sent: if it has a text, unless its checkbox says otherwise.
 * @param {Form} form
 * @param {string} field
 */
export const isSent = ({ values, chosen }, field) => chosen[field] ?? (values[field] ?? "") !== "";

/**
 * Return the fields of an operation: the number in the path, then the parameters or those of the body.
 * @param {string} operation
 * @returns {Field[]}
 */
export function fieldsOf(operation) {
  const { number, kind } = state.operations[operation];
  const required = kind ? schema(`${operation}.${kind}`)?.required ?? [] : [];
  const key = number ? tableOf(operation.split("/")[0])?.columns[number] : null;
  const inPath = { ...key, type: "integer", description: "The number in the path." };
  return [
    ...(number ? [{ name: number, part: inPath, isInPath: true, isRequired: true }] : []),
    ...(kind ? properties(`${operation}.${kind}`) : []).filter(([, part]) => !part["x-ignored"])
      .map(([name, part]) => ({ name, part, isInPath: false, isRequired: required.includes(name) })),
  ];
}

/**
 * Return the values of a form that nobody has changed: those of the first example in the schema that fits the office.
 * Null while something that it needs is read.
 * @param {string} operation
 */
export function firstValues(operation) {
  const { kind } = state.operations[operation];
  const [resource] = operation.split("/");
  if ([isRead(`${resource}/row`), !kind || isRead(`${operation}.${kind}`)].includes(false)) return null;
  const fields = fieldsOf(operation);
  const named = fields.map(({ name, part }) => referenceOf(operation, name, part)).filter((one) => one !== null);
  if (named.map((reference) => rowsOf(reference).isRead).includes(false)) return null;
  const examples = schemaExamples(operation);
  return fitted(operation, examples.find((values) => fits(operation, fields, values)) ?? examples[0] ?? {});
}

/**
 * Return the examples of an operation's schema that have values, each with the number in the path.
 * @param {string} operation
 * @returns {Record<string, any>[]}
 */
function schemaExamples(operation) {
  const { kind, number } = state.operations[operation];
  const row = number ? schema(`${operation.split("/")[0]}/row`)?.examples?.[0] : null;
  const inPath = number && row ? { [number]: row[number] } : {};
  /** @type {Record<string, any>[]} */
  const examples = kind ? schema(`${operation}.${kind}`)?.examples ?? [] : [];
  return [...examples, {}].map((values) => ({ ...inPath, ...values })).filter((values) => Object.keys(values).length);
}

/**
 * Return the fields of an operation in two parts: those that are required or in an example, and the others, if there are
 * more than a few.
 * @param {string} operation
 */
export function groupedFields(operation) {
  const all = fieldsOf(operation);
  const inExamples = new Set(schemaExamples(operation).flatMap(Object.keys));
  const usual = all.filter(({ name, isRequired }) => isRequired || inExamples.has(name));
  if (all.length <= MAX_FIELDS) return [all, []];
  const first = usual.length ? usual : all.slice(0, MAX_FIELDS);
  return [first, all.filter((field) => !first.includes(field))];
}

/**
 * Return whether the office has every row that the values name.
 * @param {string} operation
 * @param {Field[]} fields
 * @param {Record<string, any>} values
 */
function fits(operation, fields, values) {
  return fields.every(({ name, part, isInPath }) =>
    name in values ? isNamed(referenceOf(operation, name, part), values[name]) : !isInPath);
}

/**
 * @param {Reference | null} reference
 * @param {any} value
 */
function isNamed(reference, value) {
  if (!reference || ("none" in reference && String(value) === String(reference.none))) return true;
  return [value].flat().every((one) => rowOf(reference, one));
}

/**
 * Return the values of an example as texts. Where it names a row that the office does not have, name the first one, or
 * leave the field out if there is none; and give each required field that it leaves out a value.
 * @param {string} operation
 * @param {Record<string, any>} values
 */
export function fitted(operation, values) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const { name, part, isRequired } of fieldsOf(operation)) {
    if (!(name in values) && !isRequired) continue;
    const reference = referenceOf(operation, name, part);
    const value = values[name] ?? part.enum?.[0] ?? part.examples?.[0] ?? "";
    if (!reference || (name in values && isNamed(reference, value))) texts[name] = [value].flat().join(", ");
    else texts[name] = firstKey(reference);
  }
  return texts;
}

/** @param {Reference} reference */
function firstKey(reference) {
  const first = firstOf(reference);
  return first ? keyOf(reference, first) : "";
}

/**
 * Return the request that a form describes. Numbers are sent as they are typed.
 * @param {string} operation
 * @param {Form} form
 * @returns {RequestToSend}
 */
export function requestOf(operation, form) {
  const { method, path, number, kind } = state.operations[operation];
  const fields = fieldsOf(operation).filter(({ name, isInPath }) => !isInPath && isSent(form, name));
  const headers = { "Content-Type": "application/json", ...(state.keys ? { Authorization: state.keys } : {}) };
  const target = number ? path.replace(`{${number}}`, encodeURIComponent(form.values[number] ?? "")) : path;
  if (kind !== "request") {
    const query = new URLSearchParams(fields.map(({ name }) => [name, form.values[name] ?? ""])).toString();
    return { method, path: query ? `${target}?${query}` : target, headers, body: null };
  }
  const lines = fields.map(({ name, part }) => `  ${JSON.stringify(name)}: ${written(part, form.values[name] ?? "")}`);
  return { method, path: target, headers, body: lines.length ? `{\n${lines.join(",\n")}\n}` : "{}" };
}

/**
 * @param {Part} part
 * @param {string} text
 */
function written({ type }, text) {
  if (type === "array") return `[${text.replace(/^\s*\[|\]\s*$/g, "")}]`;
  if (type === "boolean" && ["true", "false"].includes(text)) return text;
  return (type === "number" ? NUMBER : INTEGER).test(text) && type !== "string" ? text : JSON.stringify(text);
}
