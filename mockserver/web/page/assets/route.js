// Route: the place in the page, kept in the hash, with its filters.

/** @typedef {{parts: string[], query: URLSearchParams}} Route */

/**
 * Return the parts of the hash and its parameters.
 * @returns {Route}
 */
export function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { parts: parts.length ? parts : ["office"], query: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Return the address of a place, with the present filters unless others are given.
 * @param {string} path
 */
export function to(path, query = route().query) {
  const text = query.toString();
  return `#/${path}${text ? `?${text}` : ""}`;
}

/**
 * Set one filter in the address, without another entry in the history.
 * @param {string} name
 * @param {string} value empty to remove the filter
 */
export function setFilter(name, value) {
  const { parts, query } = route();
  if (value) query.set(name, value);
  else query.delete(name);
  history.replaceState(null, "", to(parts.join("/"), query));
  dispatchEvent(new HashChangeEvent("hashchange"));
}
