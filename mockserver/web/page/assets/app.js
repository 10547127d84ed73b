// App: the frame of the page, its places, and the start.

import { html, nothing, render } from "./lit/lit-html.js";
import { enter, follow, showOffice } from "./live.js";
import { helpDialog, listenToKeys, showHelp } from "./keys.js";
import { route } from "./route.js";
import { onChange, state, update } from "./store.js";
import { chooseTheme, theme } from "./theme.js";
import { office } from "./views/office.js";

const PLACES = {
  office: { name: "Office" },
  traffic: { name: "Traffic", load: async () => (await import("./views/traffic.js")).traffic },
  contract: { name: "Contract", load: async () => (await import("./views/contract.js")).contract },
  faults: { name: "Faults", load: async () => (await import("./views/faults.js")).faults },
  try: { name: "Try it", load: async () => (await import("./views/tryit.js")).tryIt },
};
const views = { office }; // the others are loaded after the first rendering, or when they are opened
const loading = new Set();

const CONNECTIONS = { connecting: "connecting", live: "live", gone: "server gone", token: "locked" };

function head(place) {
  return html`
    <header class="head">
      <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
      <h1 class="brand">opendental-mock</h1>
      <nav aria-label="Places">
        ${Object.entries(PLACES).map(([key, { name }]) => html`
          <a href="#/${key}" aria-current=${key === place ? "page" : nothing}>${name}</a>`)}
      </nav>
      ${state.offices ? officeChoice() : nothing}
      <span class="connection" data-state=${state.connection}>${CONNECTIONS[state.connection]}</span>
      <select class="theme" aria-label="Theme" @change=${(event) => chooseTheme(event.target.value)}>
        ${["auto", "light", "dark"].map((one) => html`<option ?selected=${one === theme()}>${one}</option>`)}
      </select>
      <button type="button" class="quiet" aria-label="Keys" @click=${showHelp}>?</button>
    </header>`;
}

function officeChoice() {
  const keys = new Set([...(state.officeKey ? [state.officeKey] : []), ...state.offices]);
  return html`
    <select class="office-choice" aria-label="Office" @change=${(event) => showOffice(event.target.value)}>
      <option value="" ?selected=${!state.officeKey}>shared office</option>
      ${[...keys].sort().map((key) => html`
        <option value=${key} ?selected=${key === state.officeKey}>office of ${key}</option>`)}
    </select>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function notice() {
  if (!state.notice) return nothing;
  const { text, wrong, label, run } = state.notice;
  return html`
    <div class="notice" ?data-wrong=${wrong}>
      <span>${text}</span>
      ${run ? html`<button type="button" @click=${run}>${label}</button>` : nothing}
      <button type="button" class="quiet" aria-label="Dismiss" @click=${() => update({ notice: null })}>✕</button>
    </div>`;
}

function tokenForm() {
  const submit = (event) => {
    event.preventDefault();
    enter(new FormData(event.target).get("token"));
  };
  return html`
    <form class="card token" @submit=${submit}>
      <h2>The admin API requires its token</h2>
      <p>It is the value of <code>--admin-token</code>. The page keeps it in memory only.</p>
      <label>Token <input type="password" name="token" autocomplete="off" required></label>
      <button>Go on</button>
    </form>`;
}

/** Return whether a place can be shown. */
function isReady(place) {
  return place === "office" ? state.isRead : state.isWhole && place in views;
}

function content(place) {
  if (state.connection === "token") return tokenForm();
  return isReady(place) ? views[place](route()) : html`<p class="empty">${state.reason ?? "Reading the office …"}</p>`;
}

/** Load the view of a place, unless it is loaded. Without a server the next rendering tries again. */
async function load(place) {
  if (views[place] || loading.has(place)) return;
  loading.add(place);
  try {
    views[place] = await PLACES[place].load();
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
    ${notice()}
    ${gone ? html`
      <p class="notice" data-wrong>The server is gone; these are its last figures. ${state.reason}
        The page goes on by itself when it is back.</p>` : nothing}
    <main id="main" tabindex="-1" aria-busy=${String(!isReady(place))} class=${gone ? "dimmed" : ""}>${content(place)}</main>
    ${helpDialog()}`, document.getElementById("page"));
}

onChange(draw);
addEventListener("hashchange", () => update());
listenToKeys();
chooseTheme(theme());
document.getElementById("page").replaceChildren();
setInterval(() => state.clock?.frozen === false && update(), 1000);
draw();
follow();
