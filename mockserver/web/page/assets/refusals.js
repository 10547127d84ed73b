// Refusals: what an office refuses in an operation, with the values of a form that it refuses.

import { fieldsOf, firstValues } from "./forms.js";
import { ofAnotherCategory, referenceOf, unusedValue } from "./references.js";
import { namedField } from "./schemas.js";
import { state } from "./store.js";

/**
 * Return the refusals of an operation that the office causes. `form` is what to change in a form to meet one, or null
 * if no value of a field alone does it, or if another office is needed.
 * @param {string} operation
 */
export function refusalsOf(operation) {
  return state.contract.rules.filter((rule) => rule.operation === operation && rule.cause === "office" && rule.status >= 400)
    .map((rule) => ({ rule, form: rule.needs ? null : refused(operation, rule) }));
}

/**
 * @param {string} operation
 * @param {Rule} rule
 * @returns {Partial<Form> | null}
 */
function refused(operation, rule) {
  const name = namedField(rule.id);
  const field = fieldsOf(operation).find((one) => one.name === name);
  const values = firstValues(operation);
  if (!field || !values) return null;
  const reference = referenceOf(operation, name, field.part);
  const start = { chosen: {}, typed: {}, answer: null };
  const kind = rule.id.split(".").at(-1) ?? "";
  const value = kind === "unknown" ? unusedValue(reference, field.part)
    : kind === "category" && reference ? ofAnotherCategory(reference)
      : kind === "none" && reference ? String(reference.none) : "";
  if (value) return { ...start, values: { ...values, [name]: value } };
  return kind === "required" ? { ...start, values, chosen: { [name]: false } } : null;
}
