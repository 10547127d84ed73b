// Examples: those of the OpenAPI document, read when a view first needs them.

import { ask } from "./server.js";
import { update } from "./store.js";

/** @type {Record<string, any> | null} */
let paths = null;

/**
 * Return what the OpenAPI document says about an operation.
 * @param {Operation} operation
 */
function described({ method, path }) {
  if (!paths) {
    paths = {};
    ask("GET", "/openapi.json").then((contents) => {
      paths = contents.paths;
      update();
    }, () => {});
  }
  return paths?.[path.replace("/api/v1", "")]?.[method.toLowerCase()] ?? {};
}

/**
 * Return the examples of an operation, each with its name and the values of its fields. None while they are read.
 * @param {Operation} operation
 * @returns {Example[]}
 */
export function examplesOf(operation) {
  const { requestBody, parameters = [] } = described(operation);
  const body = requestBody?.content["application/json"].examples ?? {};
  /** @type {Map<string, Record<string, any>>} */
  const found = new Map();
  for (const { summary, value } of Object.values(body)) found.set(summary, { ...value });
  for (const { name, examples = {} } of parameters) {
    for (const { summary, value } of Object.values(examples)) {
      found.set(summary, { ...found.get(summary), [name]: value });
    }
  }
  return [...found].map(([name, values]) => ({ name, values }));
}
