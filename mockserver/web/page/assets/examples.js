// Examples: those of the OpenAPI document, read when a view first needs them.

import { ask } from "./server.js";
import { update } from "./store.js";

let paths = null;

/** Return the examples of an operation, each with its name and the values of its fields. None while they are read. */
export function examplesOf({ method, path, number }) {
  if (!paths) {
    paths = {};
    ask("GET", "/openapi.json").then((contents) => {
      paths = contents.paths;
      update();
    }, () => {});
  }
  const described = paths[path.replace("/api/v1", "")]?.[method.toLowerCase()] ?? {};
  const body = described.requestBody?.content["application/json"].examples ?? {};
  const found = new Map(Object.values(body).map(({ summary, value }) => [summary, { ...value }]));
  for (const { name, examples = {} } of described.parameters ?? []) {
    if (method !== "GET" && name === number) continue; // the form keeps the number that was typed
    for (const { summary, value } of Object.values(examples)) {
      found.set(summary, { ...found.get(summary), [name]: value });
    }
  }
  return [...found].map(([name, values]) => ({ name, values }));
}
