// @ts-check
// Controls of an opendental-mock that runs already, for Node 18 or later and for browsers. No dependencies.
// `opendental-mock client js > opendental-mock.mjs` writes this file; docs/clients.md describes it.

/**
 * @typedef {Object<string, any>} Row  A row of an office, by the vendor's names of its columns.
 *
 * @typedef {Object} Fault  What a response is replaced by; docs/faults.md describes the fields.
 * @property {string} [name]
 * @property {string} [operation]
 * @property {"before" | "after"} [when]
 * @property {"status" | "reset" | "truncate" | "timeout" | "delay"} [then]
 * @property {number} [status]
 * @property {string} [explanation]
 * @property {number} [delay]
 * @property {number} [retry_after]
 * @property {number | null} [times]
 * @property {number} [skip]
 * @property {Object<string, any>} [match]
 *
 * @typedef {Object} Filters  The exchanges of the journal that are wanted.
 * @property {string} [operation]
 * @property {string} [method]
 * @property {string} [path]
 * @property {number} [status]
 * @property {string} [outcome]
 * @property {number} [kept]
 * @property {string} [rule]
 * @property {string} [warning]
 * @property {"refused" | "unserved" | "warned" | "fault" | "written"} [kind]
 * @property {string} [text]
 * @property {number} [since]
 *
 * @typedef {Object} Exchange  One request with its response, as the journal shows it.
 * @property {number} id
 * @property {string} at
 * @property {string} operation
 * @property {{ method: string, path: string, headers: Object<string, string>, body: any }} request
 * @property {{ status: number, outcome: string, body: any }} response
 * @property {number | null} kept
 * @property {boolean} cut
 * @property {string} explanation
 * @property {{ rule: string, standing: string, cause: string, says: string, hint: string } | null} refusal
 * @property {string[]} rules
 * @property {{ rule: string, text: string }[]} warnings
 * @property {string} fault
 * @property {Fault | null} fault_fields
 * @property {number} ms
 *
 * @typedef {Object} Options
 * @property {string} [token]  The admin token; by default OPENDENTAL_MOCK_ADMIN_TOKEN.
 * @property {string} [office]  The customer key whose office is meant, if each key has its own.
 */

const SECONDS = 5;
const OFFICE_SECONDS = 120;
const ALL = 100_000;
/** @type {Object<string, string | undefined>} */
const ENVIRONMENT = /** @type {any} */ (globalThis).process?.env ?? {};

/** A request that the admin API refuses. `status` is that of its response, `errors` the single mistakes. */
export class MockError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {string[]} errors
   */
  constructor(status, detail, errors = []) {
    super([detail, ...errors].join("\n"));
    this.name = "MockError";
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Return the controls of the server with that base URL, by default OPENDENTAL_BASE_URL, once it has said that it is ready.
 *
 * @param {string} [url]
 * @param {Options} [options]
 * @returns {Promise<Mock>}
 */
export async function connect(url = ENVIRONMENT.OPENDENTAL_BASE_URL || "http://127.0.0.1:30222", options = {}) {
  const mock = new Mock(url, options);
  const health = await mock.ask("GET", "health");
  if (health?.status !== "ok") throw new MockError(200, `What answers at ${mock.url} is no opendental-mock.`);
  return mock;
}

/** The controls of a server. A promise is rejected with MockError if the server refuses what it is asked for. */
export class Mock {
  /**
   * @param {string} url
   * @param {Options} options
   */
  constructor(url, { token = ENVIRONMENT.OPENDENTAL_MOCK_ADMIN_TOKEN, office } = {}) {
    const { origin } = new URL(url);
    /** The base URL for a client, with /api/v1. */
    this.url = `${origin}/api/v1`;
    /** The URL of the admin API. */
    this.adminUrl = `${origin}/__admin`;
    this.token = token;
    this.customerKey = office;
    this.clock = new Clock(this);
    this.office = new Office(this);
  }

  /**
   * Send a request to the admin API, and return the JSON of its response.
   *
   * @param {string} method
   * @param {string} path  Below /__admin/.
   * @param {any} [body]
   * @param {{ query?: Object<string, any>, seconds?: number }} [more]
   * @returns {Promise<any>}
   */
  async ask(method, path, body, { query = {}, seconds = SECONDS } = {}) {
    const url = new URL(`${this.adminUrl}/${path}`);
    const given = this.customerKey === undefined ? query : { ...query, office: this.customerKey };
    for (const [name, value] of Object.entries(given)) url.searchParams.set(name, String(value));
    /** @type {Object<string, string>} */
    const headers = { Accept: "application/json" };
    if (this.token) headers["X-Mock-Admin-Token"] = this.token;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url, { method, headers, body: text, signal: AbortSignal.timeout(seconds * 1000) });
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    const errors = (answer?.errors ?? []).map((/** @type {{ message: string }} */ error) => error.message);
    throw new MockError(response.status, answer?.detail ?? `${method} ${url} is answered with ${response.status}.`, errors);
  }

  /** Return the headers that every request should have: credentials that the office accepts, and JSON. */
  async headers() {
    const { DeveloperKey, CustomerKey } = await this.ask("GET", "keys");
    return { Authorization: `ODFHIR ${DeveloperKey}/${CustomerKey}`, "Content-Type": "application/json" };
  }

  /** Reset to the fixture: rows, numbering, clock, faults, hooks, journal. */
  async reset() {
    await this.ask("POST", "reset");
  }

  /**
   * Spoil responses.
   *
   * @param {Fault} fields
   */
  async fault(fields) {
    await this.ask("POST", "faults", fields);
  }

  /**
   * Return the faults that are set, each with its `hits`.
   *
   * @returns {Promise<(Fault & { id: number, hits: number })[]>}
   */
  async faults() {
    return (await this.ask("GET", "faults")).faults;
  }

  /** Remove all faults. */
  async clearFaults() {
    await this.ask("DELETE", "faults");
  }

  /**
   * Return the exchanges of the journal that match all filters, oldest first.
   *
   * @param {Filters} [filters]
   * @returns {Promise<Exchange[]>}
   */
  async requests(filters = {}) {
    return (await this.ask("GET", "requests", undefined, { query: { limit: ALL, ...filters }, seconds: 60 })).requests;
  }

  /**
   * Return the exchanges that match all filters, once there are `count` of them, including earlier ones.
   *
   * @param {Filters} [filters]
   * @param {{ count?: number, seconds?: number }} [more]
   * @returns {Promise<Exchange[]>}
   */
  async waitFor(filters = {}, { count = 1, seconds = 5 } = {}) {
    const query = { limit: ALL, ...filters, wait: seconds, count };
    const { requests } = await this.ask("GET", "requests", undefined, { query, seconds: seconds + 10 });
    if (requests.length >= count) return requests;
    const wanted = JSON.stringify(filters);
    throw new MockError(200, `${requests.length} of ${count} exchanges have come in ${seconds} seconds, with ${wanted}`);
  }

  /**
   * Return the office's preferences.
   *
   * @returns {Promise<Object<string, any>>}
   */
  async preferences() {
    return this.ask("GET", "preferences");
  }

  /**
   * Set some preferences.
   *
   * @param {Object<string, any>} changes
   */
  async setPreferences(changes) {
    await this.ask("PATCH", "preferences", changes);
  }

  /**
   * Return the contract coverage: for each rule the number of exchanges; every refusal and every warning.
   *
   * @returns {Promise<Object<string, any>>}
   */
  async coverage() {
    return this.ask("GET", "contract");
  }

  /** Return a snapshot of rows, numbering, preferences, keys and clock. A server keeps at most 32. */
  async snapshot() {
    const name = `js-${Math.random().toString(36).slice(2)}-${Date.now().toString(36)}`;
    await this.ask("PUT", `snapshots/${name}`);
    return new Snapshot(this, name);
  }
}

/** The clock of an office. Times are `yyyy-MM-dd HH:mm:ss`. */
class Clock {
  /** @param {Mock} mock */
  constructor(mock) {
    this.mock = mock;
  }

  /**
   * Return the office's time.
   *
   * @returns {Promise<string>}
   */
  async now() {
    return (await this.mock.ask("GET", "clock")).now;
  }

  /**
   * Freeze the clock at a time.
   *
   * @param {string} now
   */
  async freeze(now) {
    await this.mock.ask("PUT", "clock", { now });
  }

  /**
   * Move the clock by so many seconds; negative: back.
   *
   * @param {number} seconds
   */
  async advance(seconds) {
    await this.mock.ask("PUT", "clock", { advance: seconds });
  }

  /** Run with the machine again. */
  async run() {
    await this.mock.ask("PUT", "clock", { now: null });
  }
}

/** The rows of an office, and the office as a whole. */
class Office {
  /** @param {Mock} mock */
  constructor(mock) {
    this.mock = mock;
  }

  /**
   * Return the rows of a table, such as `claimtracking`, in the order of the table.
   *
   * @param {string} table
   * @returns {Promise<Row[]>}
   */
  async rows(table) {
    return this.mock.ask("GET", `office/${encodeURIComponent(table)}`, undefined, { seconds: OFFICE_SECONDS });
  }

  /**
   * Store a row, and replace the row with its primary key if there is one. Return it as it is stored.
   *
   * @param {string} table
   * @param {Row} row
   * @returns {Promise<Row>}
   */
  async put(table, row) {
    return this.mock.ask("PUT", `office/${encodeURIComponent(table)}`, row);
  }

  /**
   * Delete a row, unless others name it.
   *
   * @param {string} table
   * @param {number} number
   */
  async delete(table, number) {
    await this.mock.ask("DELETE", `office/${encodeURIComponent(table)}/${number}`);
  }

  /**
   * Return the whole office as a fixture.
   *
   * @returns {Promise<Object<string, any>>}
   */
  async export() {
    return this.mock.ask("GET", "office", undefined, { seconds: OFFICE_SECONDS });
  }

  /**
   * Replace the office by a fixture. A reset restores the first one.
   *
   * @param {Object<string, any>} fixture
   */
  async replace(fixture) {
    await this.mock.ask("PUT", "office", fixture, { seconds: OFFICE_SECONDS });
  }
}

/** An office as it was when the snapshot was taken. */
class Snapshot {
  /**
   * @param {Mock} mock
   * @param {string} name
   */
  constructor(mock, name) {
    this.mock = mock;
    this.name = name;
  }

  /** Restore the office. Requests that wait are closed, as by a reset. */
  async restore() {
    await this.mock.ask("POST", `snapshots/${this.name}/restore`);
  }

  /** Delete the snapshot. */
  async delete() {
    await this.mock.ask("DELETE", `snapshots/${this.name}`);
  }
}
