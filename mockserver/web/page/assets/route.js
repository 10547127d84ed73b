// Route: the place in the page, kept in the hash, with its filters.

/** Return the parts of the hash and its parameters. */
export function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { parts: parts.length ? parts : ["office"], query: new URLSearchParams(query) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Return the address of a place, with the present filters unless others are given. */
export function to(path, query = route().query) {
  const text = query.toString();
  return `#/${path}${text ? `?${text}` : ""}`;
}

/** Set one filter in the address, without another entry in the history. */
export function setFilter(name, value) {
  const { parts, query } = route();
  if (value) query.set(name, value);
  else query.delete(name);
  history.replaceState(null, "", to(parts.join("/"), query));
  dispatchEvent(new HashChangeEvent("hashchange"));
}
