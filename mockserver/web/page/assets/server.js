// Server: requests to the admin API and to the API, on the same origin only.

let token = "";

/** An answer of the admin API that is not a success. */
export class Refused extends Error {
  constructor(status, problem) {
    super([problem.detail, ...(problem.errors ?? []).map((one) => one.message)].filter(Boolean).join(" "));
    this.status = status;
  }
}

/** Keep the admin token, in memory only. */
export function useToken(given) {
  token = given;
}

/** Return the JSON answer of the admin API. Throws Refused, or TypeError if there is no server. */
export async function ask(method, path, body) {
  const headers = { Accept: "application/json" };
  if (token) headers["X-Mock-Admin-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`/__admin${path}`, {
    method, headers, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** Return the settings of the page. */
export async function pageSettings() {
  return (await fetch("/__page/settings.json", { cache: "no-store" })).json();
}

/** Return the operations of the API, as programs get them. */
export async function index() {
  return (await fetch("/", { headers: { Accept: "application/json" }, cache: "no-store" })).json();
}

/** Send a request to the API as a client would. Return status, headers, text, milliseconds. */
export async function send({ method, path, headers, body }) {
  const start = performance.now();
  const response = await fetch(path, { method, headers, cache: "no-store", body: body ?? undefined });
  const text = await response.text();
  const milliseconds = Math.round((performance.now() - start) * 10) / 10;
  return { status: response.status, headers: Object.fromEntries(response.headers), text, milliseconds };
}
