// JSON: read and written without loss. A number that JavaScript would round, such as a key of 64 bits, keeps its digits.

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;

// Whether a text may have a number that JavaScript changes: most have none, and are read at once.
const MAY_LOSE = /(?:^|[:,[])\s*-?(?:[0-9.]{16}|[0-9][0-9.]*[eE]|[0-9]+\.[0-9]*0(?![0-9])|(?<=-)0(?![0-9.]))/;

/** A number that is neither a whole one nor what JavaScript makes of it, such as 1.0: its text. */
class Exact {
  /** @param {string} text */
  constructor(text) { this.text = text; }

  toString() { return this.text; }
}

/**
 * Return the number of a text: a BigInt if it is whole and too big for a Number, NaN if it is not a number.
 * @param {string} text
 * @returns {Num}
 */
export function numberOf(text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) || !/^-?[0-9]+$/.test(text)) return number;
  return BigInt(text);
}

/**
 * Compare two numbers, for `sort`.
 * @type {(a: any, b: any) => number}
 */
export const ascending = (a, b) => (a < b ? -1 : a > b ? 1 : 0); // a BigInt cannot be subtracted from a Number

/**
 * Return the value of a JSON text. Throws SyntaxError.
 * @param {string} text
 */
export function parse(text) {
  if (!MAY_LOSE.test(text)) return JSON.parse(text);
  const mark = unusedIn(text.replaceAll("\\u0023", "#"));
  const marked = text.replace(STRING_OR_NUMBER, (token) =>
    token[0] === '"' || String(Number(token)) === token ? token : `"${mark}${token}"`);
  return JSON.parse(marked, (_key, value) => {
    if (typeof value !== "string" || !value.startsWith(mark)) return value;
    const digits = value.slice(mark.length);
    const number = numberOf(digits);
    return String(number) === digits ? number : new Exact(digits);
  });
}

/**
 * Return the JSON text of a value that `parse` has returned.
 * @param {any} value
 * @param {number} [indent]
 */
export function stringify(value, indent) {
  const isKept = (/** @type {any} */ one) => typeof one === "bigint" || one instanceof Exact;
  const mark = unusedIn(JSON.stringify(value, (_key, one) => (isKept(one) ? null : one)));
  const marked = JSON.stringify(value, (_key, one) => (isKept(one) ? `${mark}${one}` : one), indent);
  return marked.replaceAll(new RegExp(`"${mark}([^"]+)"`, "g"), "$1");
}

/**
 * Return a text that does not occur in another one.
 * @param {string} text
 */
function unusedIn(text) {
  let mark = "#";
  while (text.includes(mark)) mark += "#";
  return mark;
}
