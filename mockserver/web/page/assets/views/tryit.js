// Try it: forms from the JSON Schemas, the request beside them, and the real response.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { examplesOf } from "../examples.js";
import { CATEGORY_OF } from "../office-data.js";
import { chip, status } from "../parts.js";
import { to } from "../route.js";
import { namedField, properties } from "../schemas.js";
import { send } from "../server.js";
import { announce, state, update } from "../store.js";

const INTEGER = /^-?[0-9]+$/;

// A field is sent if it has a text, unless its checkbox says otherwise.
const formOf = (name) => state.tryit[name] ?? { values: {}, chosen: {}, response: null };
const isSent = ({ values, chosen }, field) => chosen[field] ?? (values[field] ?? "") !== "";
const change = (name, form) => update({ tryit: { ...state.tryit, [name]: { ...formOf(name), ...form } } });

/** Return the request that a form describes. Numbers are sent as they are typed. */
function requestOf(name, form) {
  const { method, path, number, kind } = state.operations[name];
  const { values } = form;
  const fields = kind ? properties(`${name}.${kind}`).map(([field]) => field) : [];
  const given = fields.filter((field) => isSent(form, field)).map((field) => [field, values[field] ?? ""]);
  const headers = { "Content-Type": "application/json", ...(state.keys ? { Authorization: state.keys } : {}) };
  const target = number ? path.replace(`{${number}}`, encodeURIComponent(values[number] ?? "")) : path;
  if (kind !== "request") {
    const query = new URLSearchParams(given).toString();
    return { method, path: query ? `${target}?${query}` : target, headers, body: null };
  }
  const types = Object.fromEntries(properties(`${name}.request`));
  const written = (type, text) =>
    type === "array" ? `[${text.replace(/^\s*\[|\]\s*$/g, "")}]` : type !== "string" && INTEGER.test(text) ? text : JSON.stringify(text);
  const parts = given.map(([field, text]) => `  ${JSON.stringify(field)}: ${written(types[field]?.type, text)}`);
  return { method, path: target, headers, body: parts.length ? `{\n${parts.join(",\n")}\n}` : "{}" };
}

/** Return the view `#/try/claimtrackings/create`. */
export function tryIt({ parts }) {
  const asked = parts.slice(1).join("/");
  const names = Object.keys(state.operations);
  const name = names.includes(asked) ? asked : "claimtrackings/create";
  const { method } = state.operations[name];
  const form = formOf(name);
  const request = requestOf(name, form);
  const mayWrite = method === "GET" || state.settings.page === "on";
  return html`
    <div class="tryit">
      <section class="card" aria-labelledby="try">
        <h2 id="try">Try it</h2>
        <nav class="buttons" aria-label="Operations">
          ${names.map((one) => html`<a class="tab" data-item href=${to(`try/${one}`)}
            aria-current=${one === name ? "page" : nothing}>${one}</a>`)}
        </nav>
        <form @submit=${(event) => submit(event, name)}>
          ${fields(name, form)}
          ${mayWrite ? html`<button class="main" ?disabled=${state.connection !== "live"}>Send</button>`
            : html`<p class="empty">This page is read-only.</p>`}
        </form>
      </section>
      <section class="card" aria-label="Request and response">
        <h3>Request</h3>
        <pre tabindex="0" aria-label="Request">${shownRequest(request)}</pre>
        <h3>Response</h3>
        ${form.response ? shownResponse(form.response) : html`<p class="empty">Nothing is sent yet.</p>`}
      </section>
    </div>`;
}

function fields(name, form) {
  const { number, kind } = state.operations[name];
  const examples = examplesOf(state.operations[name]);
  const use = (example) => change(name, {
    chosen: {}, values: { ...(number ? { [number]: form.values[number] ?? "" } : {}),
      ...Object.fromEntries(Object.entries(example).map(([field, value]) => [field, String(value)])) },
  });
  const all = [
    ...(number ? [[number, { description: "The number in the path.", type: "integer" }]] : []),
    ...(kind ? properties(`${name}.${kind}`) : []),
  ];
  return html`
    ${examples.length ? html`<p class="buttons">${examples.map((example) => html`
      <button type="button" class="small" @click=${() => use(example.values)}>Example: ${example.name}</button>`)}</p>` : nothing}
    ${all.map(([field, part]) => input(name, form, field, part))}`;
}

function input(name, form, field, part) {
  const rule = form.response?.headers?.["x-mock-rule"] ?? "";
  const wrong = form.response?.status >= 400 && namedField(rule) === field;
  const isInPath = field === state.operations[name].number;
  const set = (event) => change(name, {
    values: { ...formOf(name).values, [field]: event.target.value },
    chosen: { ...formOf(name).chosen, [field]: undefined },
  });
  const choose = (event) => change(name, { chosen: { ...formOf(name).chosen, [field]: event.target.checked } });
  return html`
    <div class="field" ?data-wrong=${wrong}>
      <div class="field-head">
        <label for="field-${field}">${field}</label>
        ${isInPath ? nothing : html`<label class="switch"><input type="checkbox" aria-label="send ${field}"
          .checked=${live(isSent(form, field))} @change=${choose}> send</label>`}
      </div>
      <input id="field-${field}" .value=${live(form.values[field] ?? "")} @input=${set} autocomplete="off"
        inputmode=${part.type === "integer" ? "numeric" : "text"} aria-invalid=${wrong ? "true" : nothing}
        aria-describedby="about-${field}">
      ${field in CATEGORY_OF ? definitionsFor(field, form.values[field], set) : nothing}
      <small id="about-${field}">${part.description}
        ${wrong ? html`<b class="wrong">${explanation(form.response)}</b>` : nothing}</small>
    </div>`;
}

/** Return a choice of the definitions that a field can name, beside typing a number. */
function definitionsFor(field, value, set) {
  const fitting = [...state.office.definitions.values()].filter((one) => one.Category === CATEGORY_OF[field]);
  return html`
    <select aria-label="Definition for ${field}" @change=${set}>
      <option value="" ?selected=${!value}>Choose a definition …</option>
      ${fitting.map((one) => html`<option value=${one.DefNum} ?selected=${String(one.DefNum) === value}>${
        `${one.DefNum} ${one.ItemName}${one.IsHidden ? " (hidden)" : ""}`}</option>`)}
    </select>`;
}

function explanation({ text, headers }) {
  return [text.replace(/^"|"$/g, ""), headers["x-mock-hint"]].filter(Boolean).join(" ");
}

function shownRequest({ method, path, headers, body }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...lines, ...(body === null ? [] : ["", body])].join("\n");
}

function shownResponse({ error, status: number, text, headers, milliseconds }) {
  if (error) return html`<p class="wrong">No response came: ${error}</p>`;
  const id = headers["x-mock-request-id"];
  return html`
    <p>${status(number)} ${milliseconds} ms ${id ? html`<a href="#/traffic/${id}">exchange ${id}</a>` : nothing}
      ${headers["x-mock-warnings"] ? chip("warning", `warnings: ${headers["x-mock-warnings"]}`) : nothing}
      ${headers["x-mock-rule"] ? html`<a href="#/contract/${headers["x-mock-rule"]}">${headers["x-mock-rule"]}</a>`
        : nothing}</p>
    ${headers["x-mock-hint"] ? html`<p>${headers["x-mock-hint"]}</p>` : nothing}
    <pre tabindex="0" aria-label="Response">${readable(text)}</pre>`;
}

function readable(text) {
  return text.length > 20_000 ? `${text.slice(0, 20_000)} …` : text.replaceAll("},{", "},\n{");
}

async function submit(event, name) {
  event.preventDefault();
  let got;
  try {
    got = await send(requestOf(name, formOf(name))); // what was typed since the last frame too
    announce(`The response is ${got.status}.`);
  } catch (error) {
    got = { error: error.message };
  }
  change(name, { response: got });
}
