// Types of what the admin API returns, for the checks of the page. docs/admin.md describes the fields.

/** A number of JSON: a BigInt if it is whole and JavaScript would round it. */
type Num = number | bigint;

/** A row of a table, by column. */
type Row = Record<string, any>;

interface Exchange {
  id: number;
  at: string;
  operation: string | null;
  request: { method: string; path: string; headers: Record<string, string>; body: any };
  response: { status: number; outcome: string; body: any };
  kept: number | null;
  cut: boolean;
  explanation: string;
  refusal: null | { rule: string; standing: string; cause: "office" | "request"; says: string; hint: string };
  rules: string[];
  warnings: { rule: string; text: string }[];
  fault: string;
  fault_fields: Record<string, any> | null;
  ms: number;
}

interface Rule {
  id: string;
  operation: string;
  says: string;
  standing: string;
  basis: string;
  observed: string;
  status: number;
  cause: "office" | "request" | "";
  needs: string;
  met: number;
  last: number | null;
  variant: string;
  variants: Record<string, string>;
}

interface Contract {
  requests: number;
  rules: Rule[];
  warnings: { rule: string; text: string; count: number; id: number }[];
  unserved: { operation: string; resource: string; count: number; id: number }[];
}

interface Fault {
  id: number;
  name: string;
  operation: string;
  when: "before" | "after";
  then: string;
  status: number;
  explanation: string;
  delay: number;
  retry_after: number | null;
  times: number | null;
  skip: number;
  match: Record<string, any>;
  passed: number;
  hits: number;
  set_by_test: boolean;
}

interface Health {
  status: string;
  version: string;
  fixtures: string[];
  office_version?: string;
  claimtrackings: number;
  requests: number;
  dropped: number;
  faults: number;
  diagnostics: string[];
}

/** The parts of an operation's request: a number in the path, and the schema of its parameters or its body. */
interface Operation {
  method: string;
  path: string;
  number: string | null;
  kind: "request" | "query" | null;
}

/** A response to a request that the page has sent as a client would. */
interface Sent {
  status: number;
  headers: Record<string, string>;
  text: string;
  milliseconds: number;
}
