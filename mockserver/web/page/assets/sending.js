// Sending: a form's request, its response, and the exchanges of the journal that it became.

import { parse, stringify } from "./json.js";
import { ask, send } from "./server.js";

const WAIT_SECONDS = 2; // for an exchange whose response was lost

/**
 * Send a request as a client would, and find it in the journal. A browser can send it twice by itself.
 * @param {RequestToSend} request
 * @returns {Promise<Answer>}
 */
export async function sendAndFind(request) {
  /** @type {Sent | null} */
  let sent = null;
  let error = "";
  let since = 0;
  try {
    const { requests } = await ask("GET", "/requests?limit=1");
    since = requests[0]?.id ?? 0;
    sent = await send(request);
  } catch (reason) {
    error = /** @type {Error} */ (reason).message;
  }
  return { sent, error, exchanges: await exchangesOf(request, since, sent === null) };
}

/**
 * @param {RequestToSend} request
 * @param {number} since
 * @param {boolean} wasLost
 * @returns {Promise<Exchange[]>}
 */
async function exchangesOf(request, since, wasLost) {
  const wait = wasLost ? `&wait=${WAIT_SECONDS}` : "";
  try {
    const { requests } = await ask("GET", `/requests?since=${since}&method=${request.method}${wait}`);
    return requests.filter((/** @type {Exchange} */ one) => isOf(request, one));
  } catch {
    return []; // the server is gone, as the page says
  }
}

/**
 * Return whether an exchange is of a request of this browser.
 * @param {RequestToSend} request
 * @param {Exchange} exchange
 */
function isOf({ path, body }, exchange) {
  const isSame = (/** @type {any} */ one) => stringify(one) === stringify(body === null ? null : read(body));
  return exchange.request.path === path && isSame(exchange.request.body)
    && exchange.request.headers["User-Agent"] === navigator.userAgent;
}

/** @param {string} text */
function read(text) {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/**
 * Return a sentence about a request that the browser has sent twice by itself, or an empty text.
 * @param {RequestToSend} request
 * @param {Exchange[]} exchanges
 */
export function sentTwice({ method }, exchanges) {
  if (exchanges.length < 2) return "";
  const times = exchanges.length === 2 ? "twice" : `${exchanges.length} times`;
  const sent = `Your browser sent this request ${times}, since the first response was lost on a connection that it had used before.`;
  if (method === "GET") return sent;
  const kept = exchanges.filter(({ kept, response }) => kept ?? (response.status >= 200 && response.status < 300)).length;
  const written = ["Nothing was written.", "It was written once.", "It was written twice."][kept] ?? `It was written ${kept} times.`;
  return `${sent} ${method === "POST" ? written.replace(/^It/, "The row") : written}`;
}
