// A nightly job: write the status of each claim, once, whatever happens on the way. The same as nightly_job.py, in
// TypeScript:  npx -p typescript tsc --strict --target es2022 --module es2022 --lib es2022,dom nightly-job.mts
//
// The API has no idempotency keys, so the job looks before it writes: first in what it has read of all claims, and again
// after a response that it did not get, since the write may have been kept. `Note` identifies a status: give
// each its own, on one line and without emoji, since the office stores line breaks and emoji as other characters.

type Status = { ClaimNum: number; Note: string; TrackingDefNum: number };
type Row = Status & { ClaimTrackingNum: number; DateTimeEntry: string };
type Answer = { status: number; retryAfter: string; body: any };
type Wait = (seconds: number) => Promise<void>;

export const PAGE = 100; // no office gives fewer rows to a page, if there are more
export const ATTEMPTS = 5;
const TIMEOUT = 30_000;

/** The job cannot go on: invalid keys, a read that is refused, or an office that does not answer. */
export class GaveUp extends Error {}

/** The API refuses this one status; its text is the reason. */
class NotWritten extends Error {}

const sleep: Wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export class NightlyJob {
  constructor(
    readonly url: string,
    readonly headers: Record<string, string>,
    readonly wait: Wait = sleep,
  ) {}

  /** Write each status that is not there. Return what became of each Note. */
  async run(statuses: Status[]): Promise<Record<string, string>> {
    const there = new Set((await this.allTrackings()).map(key));
    const outcome: Record<string, string> = {};
    for (const status of statuses) {
      try {
        outcome[status.Note] = there.has(key(status)) ? "there" : await this.write(status);
      } catch (error) {
        if (!(error instanceof NotWritten)) throw error;
        outcome[status.Note] = error.message;
      }
    }
    return outcome;
  }

  /** Return every row, also those that moved to the front of the list while the job read its pages. */
  async allTrackings(): Promise<Row[]> {
    const rows = new Map<number, Row>();
    await this.readPages(rows, false);
    while (await this.readPages(rows, true));
    return [...rows.values()];
  }

  /** Read pages into `rows`, to the end or to a page without news. Return whether there was any. */
  async readPages(rows: Map<number, Row>, untilKnown: boolean): Promise<boolean> {
    let anyNews = false;
    for (let offset = 0; ; offset += PAGE) {
      const page = await this.get({ Limit: PAGE, Offset: offset });
      const news = page.filter((row) => JSON.stringify(rows.get(row.ClaimTrackingNum)) !== JSON.stringify(row));
      for (const row of news) rows.set(row.ClaimTrackingNum, row);
      anyNews ||= news.length > 0;
      if (page.length < PAGE || (untilKnown && news.length === 0)) return anyNews;
    }
  }

  /** Create a row, once. Return `written`, or `there` if an attempt whose response was lost has written it. */
  async write(status: Status): Promise<string> {
    let answer: Answer | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        await this.pause(answer, attempt);
        const rows = await this.get({ ClaimNum: status.ClaimNum, Limit: PAGE });
        if (rows.some((row) => key(row) === key(status))) return "there";
      }
      answer = await this.send("POST", "", JSON.stringify(status));
      if (answer?.status === 201) return "written";
      if (answer?.status === 400 || answer?.status === 404) throw new NotWritten(`${answer.status} ${answer.body}`);
    }
    throw new GaveUp(`no answer to a POST after ${ATTEMPTS} attempts`);
  }

  /** Return a list. A GET changes nothing, so it may be repeated without looking. */
  async get(parameters: Record<string, number>): Promise<Row[]> {
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    let answer: Answer | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.pause(answer, attempt);
      answer = await this.send("GET", `?${query}`);
      if (answer?.status === 200) return answer.body;
      if (answer?.status === 400 || answer?.status === 404) throw new GaveUp(`${answer.status} ${answer.body}`);
    }
    throw new GaveUp(`no answer to a GET after ${ATTEMPTS} attempts`);
  }

  /**
   * Return the answer; null if it was lost, or only a part of it came.
   *
   * A request that is refused with 429 was not carried out, also a POST, so it is sent again. To look first would use up
   * the time that the office gives, and the POST would be refused again.
   */
  async send(method: string, query: string, body?: string): Promise<Answer | null> {
    let answer: Answer | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.pause(answer, attempt);
      answer = await this.sendOnce(method, query, body);
      if (answer?.status !== 429) return answer;
    }
    throw new GaveUp(`429 to each of ${ATTEMPTS} attempts`);
  }

  async sendOnce(method: string, query: string, body?: string): Promise<Answer | null> {
    const signal = AbortSignal.timeout(TIMEOUT);
    try {
      const response = await fetch(`${this.url}/claimtrackings${query}`, { method, headers: this.headers, body, signal });
      const text = await response.text();
      if (response.status === 401) throw new GaveUp(`401 ${text}`); // wrong keys, or a permission that is missing
      const isApi = response.status < 500 && response.status !== 429;
      const retryAfter = response.headers.get("Retry-After") ?? "";
      return { status: response.status, retryAfter, body: isApi ? JSON.parse(text) : text };
    } catch (error) {
      if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError")) return null;
      throw error;
    }
  }

  /** Wait as long as the API asks for, or twice as long each time. */
  async pause(answer: Answer | null, attempt: number): Promise<void> {
    const asked = answer?.retryAfter ?? "";
    await this.wait(/^[0-9]+$/.test(asked) ? Number(asked) : 2 ** (attempt - 1));
  }
}

const key = (row: Status): string => JSON.stringify([row.ClaimNum, row.Note, row.TrackingDefNum]);
