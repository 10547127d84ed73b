// Server: requests to the admin API and to the API, on the same origin only.

// The requests that the first rendering waits for, sent while the other modules are loaded.
const CLAIM = /^#\/office\/claim\/([0-9]{1,19})$/.exec(location.hash)?.[1];
const LIST = ["/claims?limit=100&offset=0", "/tables"];
const EARLY = [
  ...(CLAIM ? [...LIST, `/claims/${CLAIM}?limit=200`] : /^(#\/?(office)?)?$/.test(location.hash) ? LIST : []),
  "/requests?limit=1", "/health", "/clock", "/snapshots", "/preferences", "/office/definition?limit=1000&offset=0",
];

const json = import("./json.js"); // loaded beside the first requests, not before them

let token = "";
let office = "";

/** A response of the admin API that is not a success. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {{detail: string, errors?: {message: string}[]}} problem
   */
  constructor(status, problem) {
    super([problem.detail, ...(problem.errors ?? []).map((one) => one.message)].filter(Boolean).join(" "));
    this.status = status;
    this.errors = problem.errors ?? [];
  }
}

/**
 * Keep the admin token, in memory only.
 * @param {string} given
 */
export function useToken(given) {
  token = given;
}

/** Return whether the admin API requires a token. */
export const hasToken = () => token !== "";

/**
 * Ask for the office of a customer key from now on, or for the shared office if the key is empty.
 * @param {string} key
 */
export function useOffice(key) {
  office = key;
}

/** Return the customer key whose office is asked for. */
export const officeKey = () => office;

/**
 * Return the JSON response of the admin API. Throws Refused, or TypeError if there is no server.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function ask(method, path, body, signal) {
  const sent = method === "GET" ? early.get(path) : undefined;
  early.delete(path);
  return sent ?? request(method, path, body, signal);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 */
async function request(method, path, body, signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (token) headers["X-Mock-Admin-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const chosen = office ? `${path.includes("?") ? "&" : "?"}office=${encodeURIComponent(office)}` : "";
  const sent = body === undefined ? undefined : (await json).stringify(body);
  const response = await fetch(`__admin${path}${chosen}`, { method, headers, signal, cache: "no-store", body: sent });
  const [{ parse }, text] = await Promise.all([json, response.text()]);
  const content = parse(text);
  if (!response.ok) throw new Refused(response.status, content);
  return content;
}

/** @type {("request" | "query")[]} */
const KINDS = ["request", "query"];

/** Return the settings of the page. */
export async function pageSettings() {
  return (await fetch("__page/settings.json", { cache: "no-store" })).json();
}

/**
 * Return the operations with the parts of their requests: a number in the path, parameters, a body.
 * @returns {Promise<Record<string, Operation>>}
 */
export async function readOperations() {
  const index = fetch("./", { headers: { Accept: "application/json" }, cache: "no-store" });
  const [{ operations }, { schemas }] = await Promise.all([index.then((one) => one.json()), ask("GET", "/schemas")]);
  return Object.fromEntries(Object.entries(operations).map(([name, request]) => {
    const [method, path] = request.split(" ");
    const number = path.match(/\{(\w+)\}/)?.[1] ?? null;
    const kind = KINDS.find((one) => schemas.includes(`${name}.${one}`)) ?? null;
    return [name, { method, path, number, kind }];
  }));
}

/**
 * Send a request to the API as a client would. Return status, headers, text, milliseconds.
 * @param {{method: string, path: string, headers?: Record<string, string>, body?: string | null}} request
 * @returns {Promise<Sent>}
 */
export async function send({ method, path, headers, body }) {
  const start = performance.now();
  const response = await fetch(`.${path}`, { method, headers, cache: "no-store", body: body ?? undefined });
  const text = await response.text();
  const milliseconds = Math.round((performance.now() - start) * 10) / 10;
  return { status: response.status, headers: Object.fromEntries(response.headers), text, milliseconds };
}

const early = new Map(EARLY.map((path) => [path, request("GET", path)]));
for (const sent of early.values()) sent.catch(() => {}); // reported when it is asked for
