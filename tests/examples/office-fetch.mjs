// A fetch for an API that throttles: what it refuses with 429 is sent again after the seconds of Retry-After.
import { setTimeout as sleep } from "node:timers/promises";

const { OPENDENTAL_BASE_URL: url, OPENDENTAL_DEVELOPER_KEY: developer, OPENDENTAL_CUSTOMER_KEY: customer } = process.env;
const headers = { Authorization: `ODFHIR ${developer}/${customer}`, "Content-Type": "application/json" };

/** Send a request to a path below the base URL. One that got no response is not repeated: it may have been carried out. */
export async function officeFetch(path, options = {}) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url + path, { headers, ...options });
    if (response.status !== 429 || attempt === 5) return response;
    await sleep(Number(response.headers.get("Retry-After")) * 1000);
  }
}
