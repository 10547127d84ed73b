// App: the frame of the page, its places, and the start.

import { html, nothing, render } from "./lit/lit-html.js";
import { baseUrl, connectDialog, connectPanel, isUnused, showConnect } from "./connect.js";
import { enter, follow, showOffice } from "./live.js";
import { helpDialog, listenToKeys, showHelp } from "./keys.js";
import { route } from "./route.js";
import { onChange, state, update } from "./store.js";
import { chooseTheme, nextTheme, theme, themeLook } from "./theme.js";
import { office } from "./views/office.js";

/**
 * @typedef {import("./route.js").Route} Route
 * @typedef {import("./lit/lit-html.js").TemplateResult} Template
 * @typedef {(route: Route) => Template} View
 */

/** @type {Record<string, {name: string, load?: () => Promise<View>}>} */
const PLACES = {
  office: { name: "Office" },
  traffic: { name: "Traffic", load: async () => (await import("./views/traffic.js")).traffic },
  contract: { name: "Contract", load: async () => (await import("./views/contract.js")).contract },
  faults: { name: "Faults", load: async () => (await import("./views/faults.js")).faults },
  try: { name: "Try it", load: async () => (await import("./views/tryit.js")).tryIt },
};
/** @type {Record<string, View>} */
const views = { office }; // the others are loaded after the first rendering, or when they are opened
const loading = new Set();

/** @type {Record<string, string>} */
const CONNECTIONS = { connecting: "connecting", live: "live", gone: "server gone", token: "locked" };

/** @param {string} place */
function head(place) {
  return html`
    <header class="head">
      <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
      <h1 class="brand"><img src="__page/icon.svg" alt=""><span>opendental-mock</span></h1>
      <nav aria-label="Places">
        ${Object.entries(PLACES).map(([key, { name }]) => html`
          <a href="#/${key}" aria-current=${key === place ? "page" : nothing}>${name}</a>`)}
      </nav>
      ${state.settings.page === "read-only" ? html`<span class="chip" data-kind="warning">read-only</span>` : nothing}
      <button type="button" class="quiet small connection" data-state=${state.connection} title="How to connect" @click=${showConnect}>
        <code>${baseUrl()}</code> <span>${CONNECTIONS[state.connection]}</span></button>
      <button type="button" class="quiet small theme" aria-label="Theme: ${themeLook().words}" title="Theme: ${themeLook().words}"
        @click=${changeTheme}><svg viewBox="0 0 16 16" aria-hidden="true">${themeLook().picture}</svg></button>
      <button type="button" class="quiet small help" aria-label="Keys" @click=${showHelp}>?</button>
    </header>
    ${state.offices ? officeChoice(state.offices) : nothing}`;
}

/** @param {string[]} offices */
function officeChoice(offices) {
  const keys = new Set([...(state.officeKey ? [state.officeKey] : []), ...offices]);
  const choose = (/** @type {Event} */ event) => showOffice(/** @type {HTMLSelectElement} */ (event.target).value);
  return html`
    <section class="bar" aria-label="Choice of the office">
      <label for="office-choice">Office of</label>
      <select id="office-choice" aria-label="Office" @change=${choose}>
        <option value="" ?selected=${!state.officeKey}>all others: the shared office</option>
        ${[...keys].sort().map((key) => html`
          <option value=${key} ?selected=${key === state.officeKey}>${key}</option>`)}
      </select>
    </section>`;
}

function changeTheme() {
  chooseTheme(nextTheme());
  update();
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** @param {string} place */
function notice(place) {
  if (!state.notice || state.notice.place !== place) return nothing;
  const { text, wrong, label, run } = state.notice;
  return html`
    <div class="notice" ?data-wrong=${wrong}>
      <span>${text}</span>
      ${run ? html`<button type="button" class="small" @click=${run}>${label}</button>` : nothing}
      <button type="button" class="quiet small" aria-label="Dismiss" @click=${() => update({ notice: null })}>✕</button>
    </div>`;
}

function tokenForm() {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    enter(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("token")));
  };
  return html`
    <form class="card token" @submit=${submit}>
      <h2>The admin API requires its token</h2>
      <p>It is the value of <code>--admin-token</code>. The page keeps it in memory only.</p>
      <label>Token <input type="password" name="token" autocomplete="off" required></label>
      <button class="main">Go on</button>
    </form>`;
}

/**
 * Return whether a place can be shown.
 * @param {string} place
 */
function isReady(place) {
  return place === "office" ? state.isRead : state.isWhole && place in views;
}

/** @param {string} place */
function content(place) {
  if (state.connection === "token") return tokenForm();
  if (!isReady(place)) return html`<p class="empty">${state.reason || "Reading the office …"}</p>`;
  return html`${state.isWhole && isUnused() ? connectPanel() : nothing}${views[place](route())}`;
}

/**
 * Load the view of a place, unless it is loaded. Without a server the next rendering tries again.
 * @param {string} place
 */
async function load(place) {
  const read = PLACES[place].load;
  if (views[place] || !read || loading.has(place)) return;
  loading.add(place);
  try {
    views[place] = await read();
    update();
  } catch {
    // the server is gone, as the page says
  } finally {
    loading.delete(place);
  }
}

function draw() {
  const place = route().parts[0] in PLACES ? route().parts[0] : "office";
  for (const one of state.isWhole ? Object.keys(PLACES) : [place]) load(one);
  const gone = state.connection === "gone";
  document.title = `${PLACES[place].name} · opendental-mock`;
  render(html`
    ${head(place)}
    ${notice(place)}
    ${gone ? html`
      <p class="notice" data-wrong>The server is gone; these are its last figures. ${state.reason}
        The page goes on by itself when it is back.</p>` : nothing}
    <main id="main" tabindex="-1" aria-busy=${String(!isReady(place))} class=${gone ? "dimmed" : ""}>${content(place)}</main>
    ${connectDialog()}
    ${helpDialog()}`, /** @type {HTMLElement} */ (document.getElementById("page")));
}

onChange(draw);
addEventListener("hashchange", () => update());
listenToKeys();
chooseTheme(theme());
document.getElementById("page")?.replaceChildren();
setInterval(() => state.clock?.frozen === false && update(), 1000);
draw();
follow();
