// The day of a claim that is paid: enter what the carrier's remittance says, line by line, and then the check. The same
// as claim_day.py, in TypeScript:
//     npx -p typescript tsc --strict --target es2022 --module es2022 --lib es2022,dom claim-day.mts
//
// No two steps are one transaction, and the office may keep a write whose response is lost. So each step looks before it
// writes or repeats, and a day that was interrupted is run again. `undo` takes the steps back.

type Entry = { CodeSent: string; InsPayAmt: number; WriteOff: number; DedApplied: number };
type Line = Entry & { ClaimProcNum: number; Status: string; ClaimPaymentNum: number };
type Patient = { PatNum: number; LName: string; FName: string };
type Claim = { ClaimNum: number; ClaimStatus: string; DateService: string };
type Answer = { status: number; retryAfter: string; body: any };
type Wait = (seconds: number) => Promise<void>;
export type Remittance = {
  LName: string;
  FName: string;
  DateService: string;
  DateReceived: string;
  CheckNum: string;
  Note: string;
  TrackingDefNum: number;
  lines: Entry[];
};

export const ATTEMPTS = 5;
const TIMEOUT = 30_000;
const NOT_RECEIVED = { Status: "NotReceived", InsPayAmt: 0, WriteOff: 0, DedApplied: 0 };

/** The day cannot go on: invalid keys, or an office that does not answer. Run it again later. */
export class GaveUp extends Error {}

/** The API refuses a request, or no claim fits the remittance; the text is the reason. */
export class Refused extends Error {}

const sleep: Wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export class ClaimDay {
  constructor(
    readonly url: string,
    readonly headers: Record<string, string>,
    readonly wait: Wait = sleep,
  ) {}

  /** Enter a remittance and its check, once. Return the ClaimNum and the ClaimPaymentNum. */
  async receive(remittance: Remittance): Promise<[number, number]> {
    const { ClaimNum, ClaimStatus } = await this.claimOf(remittance);
    await this.track(ClaimNum, remittance.Note, remittance.TrackingDefNum);
    await this.receiveLines(ClaimNum, remittance.lines);
    if (ClaimStatus !== "R") {
      await this.request("PUT", `/claims/${ClaimNum}`, { ClaimStatus: "R", DateReceived: remittance.DateReceived });
    }
    return [ClaimNum, await this.pay(ClaimNum, remittance)];
  }

  /** Take back what `receive` did, except the tracking. Every other order is refused. */
  async undo(claim: number): Promise<void> {
    for (const payment of await this.payments(claim)) {
      const isGone = async () => (await this.payments(claim)).length === 0;
      await this.request("DELETE", `/claimpayments/${payment}`, undefined, isGone);
    }
    await this.request("PUT", `/claims/${claim}`, { ClaimStatus: "W" });
    for (const line of await this.lines(claim)) {
      await this.request("PUT", `/claimprocs/${line.ClaimProcNum}`, NOT_RECEIVED);
    }
  }

  /** Return the claim of the patient with this name on this day: waiting, sent, or received by an earlier run. */
  async claimOf({ LName, FName, DateService }: Remittance): Promise<Claim> {
    const found: Patient[] = await this.get("/patients", { LName, FName });
    const patients = found.filter((row) => row.LName === LName && row.FName === FName); // Ada also finds Adam
    const claims: Claim[] = [];
    for (const { PatNum } of patients) claims.push(...(await this.get("/claims", { PatNum })));
    const fitting = claims.filter((row) => row.DateService === DateService && ["W", "S", "R"].includes(row.ClaimStatus));
    if (fitting.length !== 1) {
      throw new Refused(`${fitting.length} claims of ${DateService}, of ${patients.length} patients`);
    }
    return fitting[0];
  }

  /** Write a tracking, unless there is one with this Note. */
  async track(ClaimNum: number, Note: string, TrackingDefNum: number): Promise<void> {
    const isKept = async () => {
      const rows: { Note: string }[] = await this.get("/claimtrackings", { ClaimNum });
      return rows.some((row) => row.Note === Note);
    };
    if (!(await isKept())) await this.request("POST", "/claimtrackings", { ClaimNum, Note, TrackingDefNum }, isKept);
  }

  /** Enter the amounts of each line that does not have them. A line on a check would refuse another InsPayAmt. */
  async receiveLines(claim: number, paid: Entry[]): Promise<void> {
    const lines = await this.lines(claim);
    for (const entry of paid) {
      const place = lines.findIndex((row) => row.CodeSent === entry.CodeSent);
      if (place < 0) throw new Refused(`claim ${claim} has no line ${entry.CodeSent}`);
      const [line] = lines.splice(place, 1); // two lines can have one code
      const received = { Status: "Received", ...entry };
      if (JSON.stringify({ ...line, ...received }) !== JSON.stringify(line)) {
        await this.request("PUT", `/claimprocs/${line.ClaimProcNum}`, received);
      }
    }
  }

  /** Enter the check, unless the lines have one already. Return its ClaimPaymentNum. */
  async pay(claim: number, { lines, CheckNum }: Remittance): Promise<number> {
    const cents = lines.reduce((sum, entry) => sum + Math.round(entry.InsPayAmt * 100), 0);
    const isPaid = async () => (await this.payments(claim)).length > 0;
    if (!(await isPaid())) {
      await this.request("POST", "/claimpayments", { claimNum: claim, CheckAmt: cents / 100, CheckNum }, isPaid);
    }
    const [payment] = await this.payments(claim);
    return payment;
  }

  async lines(ClaimNum: number): Promise<Line[]> {
    return this.get("/claimprocs", { ClaimNum });
  }

  /** Return the numbers of the checks that pay a claim: /claimpayments has no filter by claim. */
  async payments(claim: number): Promise<number[]> {
    const numbers = (await this.lines(claim)).map((line) => line.ClaimPaymentNum);
    return [...new Set(numbers)].filter((number) => number !== 0);
  }

  async get(path: string, parameters: Record<string, string | number> = {}): Promise<any> {
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    return (await this.request("GET", `${path}?${query}`))?.body;
  }

  /**
   * Send a request until it succeeds. Return its answer; null if only `isKept` shows that it did.
   *
   * A GET changes nothing, and a PUT with the same values changes nothing twice, so they are repeated without looking.
   */
  async request(method: string, path: string, body?: object, isKept = async () => false): Promise<Answer | null> {
    let answer: Answer | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        await this.pause(answer, attempt);
        if (await isKept()) return null;
      }
      answer = await this.send(method, path, body && JSON.stringify(body));
      if (answer?.status === 200 || answer?.status === 201) return answer;
      if (answer?.status === 400 || answer?.status === 404) throw new Refused(`${answer.status} ${answer.body}`);
    }
    throw new GaveUp(`no answer to ${method} ${path} after ${ATTEMPTS} attempts`);
  }

  /** Return the answer; null if it was lost. A request that is refused with 429 was not carried out. */
  async send(method: string, path: string, body?: string): Promise<Answer | null> {
    let answer: Answer | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.pause(answer, attempt);
      answer = await this.sendOnce(method, path, body);
      if (answer?.status !== 429) return answer;
    }
    throw new GaveUp(`429 to each of ${ATTEMPTS} attempts`);
  }

  async sendOnce(method: string, path: string, body?: string): Promise<Answer | null> {
    const signal = AbortSignal.timeout(TIMEOUT);
    try {
      const response = await fetch(this.url + path, { method, headers: this.headers, body, signal });
      const text = await response.text();
      if (response.status === 401) throw new GaveUp(`401 ${text}`);
      const isApi = response.status < 500 && response.status !== 429 && text !== "";
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
