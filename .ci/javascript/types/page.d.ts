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
  scope: "counted" | "gauge" | "elsewhere" | "beside" | "";
}

interface Figure {
  met: number;
  total: number;
  percent: number;
}

/** The figures of a report without options: of the rules that count, of the others, and of each operation. */
interface Summary extends Figure {
  served: Figure;
  refused: Figure;
  gauge: Figure;
  operations: Record<string, Figure>;
  beside: Record<string, Figure>;
}

/** A request that shows a rule. */
interface RuleExample {
  method: string;
  path: string;
  headers: Record<string, string | null>;
  body: string | null;
  status: number;
  times: number;
  wait: number;
  office: string | Record<string, any>;
  settings: Record<string, any>;
  state: string;
}

interface Contract {
  summary?: Summary;
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

/** A property of a JSON Schema of a request or a row. */
interface Part {
  type?: string | string[];
  description?: string;
  enum?: any[];
  examples?: any[];
  default?: any;
  "x-references"?: Reference;
  "x-ignored"?: boolean;
}

/** What a field names: a row of a resource, by its key or by a column. */
interface Reference {
  resource: string;
  column?: string;
  where?: Record<string, any>;
  none?: any;
}

interface Field {
  name: string;
  part: Part;
  isInPath: boolean;
  isRequired: boolean;
}

interface Example {
  name: string;
  values: Record<string, any>;
}

interface RequestToSend {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What came back to a form's request: a response, or the reason why none came; and the exchanges of the journal. */
interface Answer {
  sent: Sent | null;
  error: string;
  exchanges: Exchange[];
}

/** A form of Try it. `typed` has the fields of which a number is typed instead of chosen. */
interface Form {
  values: Record<string, string>;
  chosen: Record<string, boolean | undefined>;
  typed: Record<string, boolean | undefined>;
  answer: Answer | null;
  isSending: boolean;
}

/** What the admin API finds wrong in a fault, and the field at which the page shows it. */
interface FaultError {
  place: string;
  message: string;
}

/** The form of a fault: its fields as texts, and the values that a request must have as names and values. */
interface FaultForm {
  title: string;
  values: Record<string, string>;
  match: string[][];
  errors: FaultError[];
}
