// Texts: an exchange as curl and as a test.

import { stringify } from "./json.js";
import { state } from "./store.js";

const SENT_AGAIN = ["accept", "content-type"];

/**
 * Return the request of an exchange as it can be sent again. Keys are replaced, as the journal does not show them.
 * @param {Pick<Exchange, "request">} exchange
 */
export function requestOf({ request }) {
  /** @type {Record<string, string>} */
  const headers = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (SENT_AGAIN.includes(name.toLowerCase())) headers[name] = value;
    if (name.toLowerCase() === "authorization") headers[name] = state.keys;
  }
  const { method, path, body } = request;
  return { method, path, headers, body: body === null ? null : stringify(body) };
}

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Return a request as a command line.
 * @param {ReturnType<typeof requestOf>} request
 */
export function curl({ method, path, headers, body }) {
  const words = ["curl", ...(method === "GET" ? [] : ["-X", quoted(method)]), quoted(new URL(".", location.href).href.slice(0, -1) + path)];
  for (const [name, value] of Object.entries(headers)) words.push("-H", quoted(`${name}: ${value}`));
  if (body !== null) words.push("--data-raw", quoted(body));
  return words.join(" ");
}

/**
 * Return the rule that refused an exchange, or an empty text.
 * @param {Exchange} exchange
 */
export const refusingRule = (exchange) => exchange.refusal?.rule ?? "";

/**
 * Return an exchange as the lines of a test with pytest.
 * @param {Exchange} exchange
 */
export function asTest({ request, response, operation, fault_fields: fault }) {
  const { method, path, body } = request;
  const name = `${operation?.replace("/", "_") || "request"}_is_${response.status || "lost"}`;
  const address = path.replace(/^\/api\/v1(?=\/)/, "");
  const call = [
    "requests.request(", `    ${JSON.stringify(method)},`, `    opendental_mock.url + ${JSON.stringify(address)},`,
    ...(body === null ? [] : [`    json=${python(body)},`]), "    headers=opendental_mock.headers,", ")",
  ];
  const fields = Object.entries(fault ?? {}).map(([name, value]) => `${name}=${python(value)}`);
  const start = fault ? [`opendental_mock.fault(${fields.join(", ")})`] : [];
  const lines = response.status
    ? [...start, `response = ${call[0]}`, ...call.slice(1), `assert response.status_code == ${response.status}`,
      ...(typeof response.body === "string" ? [`assert response.json() == ${JSON.stringify(response.body)}`] : [])]
    : [...start, "with pytest.raises(requests.RequestException):", ...call.map((line) => `    ${line}`)];
  const imports = response.status ? ["import requests"] : ["import pytest", "import requests"];
  return [...imports, "", "", `def test_${name}(opendental_mock):`, ...lines.map((line) => `    ${line}`)].join("\n");
}

/**
 * Return a value of JSON in Python.
 * @param {any} value
 * @returns {string}
 */
function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${python(one)}`).join(", ")}}`;
}

/**
 * Download a value as a file of JSON.
 * @param {string} name
 * @param {any} value
 */
export function download(name, value) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([stringify(value, 2)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
