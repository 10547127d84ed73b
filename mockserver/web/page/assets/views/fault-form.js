// Form of a fault: each field in plain words, what the admin API finds wrong at its field, and the same as curl.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { curlOf, faultOf, NAMED } from "../fault-fields.js";
import { readRest } from "../live.js";
import { operationOptions } from "../operations.js";
import { copyable } from "../parts.js";
import { properties } from "../schemas.js";
import { ask } from "../server.js";
import { announce, canWrite, state, update } from "../store.js";

const THEN = {
  status: "another response comes", reset: "the connection breaks", truncate: "half of the response comes",
  timeout: "nothing comes for a while, then 504", delay: "the response comes late",
};

/** @type {FaultForm | null} */
let form = null;

/**
 * Open the form with the fields of a fault.
 * @param {string} title
 * @param {Record<string, any>} fault
 */
export function openForm(title, fault) {
  const { match = {}, ...fields } = fault;
  const values = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value ?? "every")]));
  form = { title, values, match: Object.entries(match).map(([name, value]) => [name, String(value)]), errors: [] };
  update();
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("fault-operation")?.focus()));
}

function closeForm() {
  form = null;
  update();
}

/** @param {Partial<FaultForm>} parts */
function change(parts) {
  if (form) form = { ...form, ...parts };
  update();
}

/** Return the form, or nothing if it is closed. */
export function faultForm() {
  if (!form) return nothing;
  const { title, values } = form;
  const kind = values.name || values.then || "";
  const isStatus = kind in NAMED || kind === "status";
  const fault = faultOf(form);
  return html`
    <section class="card" aria-labelledby="fault-form">
      <h2 id="fault-form">${title}</h2>
      <form class="fault-form" @submit=${submit} novalidate>
        ${field("operation", "Which requests?", html`
          <select id="fault-operation" aria-describedby="about-operation" @change=${set("operation")}>
            <option value="" .selected=${live(!values.operation)}>every request</option>
            ${operationOptions(values.operation ?? "")}</select>`)}
        ${field("then", "What happens?", whatHappens(kind))}
        ${field("when", "When does it happen?", html`
          <select id="fault-when" aria-describedby="about-when" @change=${set("when")}>
            <option value="before" .selected=${live(values.when !== "after")}>before: nothing is changed</option>
            <option value="after" .selected=${live(values.when === "after")}>after: the change is kept</option>
          </select>`)}
        ${isStatus ? html`
          ${field("status", "Which status?", text("status", kind in NAMED ? "the usual one" : "such as 503", "numeric"))}
          ${field("explanation", "Which explanation?", text("explanation", "the vendor's words"))}
          ${field("retry_after", "Retry-After, in seconds", text("retry_after", kind === "throttled" ? "1" : "not sent", "numeric"))}` : nothing}
        ${["timeout", "delay"].includes(kind) ? field("delay", "How long, in seconds?",
          text("delay", kind === "timeout" ? "60" : "such as 3", "decimal")) : nothing}
        ${field("times", "How many times?", html`
          <span class="beside">${text("times", "1", "numeric", values.times === "every")}
            <label class="switch"><input type="checkbox" .checked=${live(values.times === "every")}
              @change=${(/** @type {any} */ event) => setValue("times", event.target.checked ? "every" : "")}> every time</label></span>`)}
        ${field("skip", "How many to let pass first?", text("skip", "0", "numeric"))}
        ${matches(values.operation ?? "")}
        ${errorsOf("").map((message) => html`<p class="wrong" role="alert">${message}</p>`)}
        <p class="buttons">
          <button class="main" ?disabled=${!canWrite()}>Set this fault</button>
          <button type="button" class="quiet" @click=${closeForm}>Close</button></p>
      </form>
      <details><summary>As curl</summary>${copyable("curl", curlOf(fault))}</details>
    </section>`;
}

/** @param {string} kind */
function whatHappens(kind) {
  const choose = (/** @type {any} */ event) => {
    const { value } = event.target;
    const { operation = "", when = "", times = "", skip = "" } = form?.values ?? {};
    const values = { operation, when: value === "truncate" ? "after" : when, times, skip }; // half of a response needs one
    change({ values: { ...values, [value in NAMED ? "name" : "then"]: value }, errors: [] });
  };
  const group = (/** @type {string} */ label, /** @type {Record<string, string>} */ choices) => html`
    <optgroup label=${label}>${Object.entries(choices).map(([value, words]) => html`
      <option value=${value} .selected=${live(value === kind)}>${words}</option>`)}</optgroup>`;
  return html`
    <select id="fault-then" aria-describedby="about-then" @change=${choose}>
      <option value="" disabled .selected=${live(!kind)}>Choose …</option>
      ${group("As the vendor fails", NAMED)}${group("In general", THEN)}
    </select>`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {unknown} control
 */
function field(name, label, control) {
  const errors = [...errorsOf(name), ...(name === "then" ? errorsOf("name") : [])];
  return html`
    <div class="field" ?data-wrong=${errors.length > 0}>
      <label for="fault-${name}">${label}</label>
      ${control}
      <small id="about-${name}" class="wrong">${errors.join(" ")}</small>
    </div>`;
}

/**
 * @param {string} name
 * @param {string} placeholder
 * @param {string} mode
 * @param {boolean} isDisabled
 */
function text(name, placeholder, mode = "text", isDisabled = false) {
  return html`<input id="fault-${name}" inputmode=${mode} placeholder=${placeholder} autocomplete="off" ?disabled=${isDisabled}
    aria-describedby="about-${name}" aria-invalid=${errorsOf(name).length ? "true" : nothing}
    .value=${live(isDisabled ? "" : form?.values[name] ?? "")} @input=${set(name)}>`;
}

/** @param {string} operation */
function matches(operation) {
  const match = form?.match ?? [];
  const put = (/** @type {number} */ at, /** @type {number} */ part) => (/** @type {any} */ event) =>
    changeMatch((pairs) => pairs.map((pair, index) => index === at ? pair.with(part, event.target.value) : pair));
  return html`
    <fieldset class="matches">
      <legend>Only requests with …</legend>
      ${match.map(([name, value], index) => html`
        <div class="match">
          <input aria-label="Name of value ${index + 1}" list="match-names" autocomplete="off" .value=${live(name)} @input=${put(index, 0)}>
          <input aria-label="Value ${index + 1}" autocomplete="off" .value=${live(value)} @input=${put(index, 1)}>
          <button type="button" class="quiet small" aria-label="Remove value ${index + 1}"
            @click=${() => changeMatch((pairs) => pairs.toSpliced(index, 1))}>✕</button>
          ${errorsOf(`match/${name}`).map((message) => html`<small class="wrong">${message}</small>`)}
        </div>`)}
      ${errorsOf("match").map((message) => html`<p class="wrong">${message}</p>`)}
      <datalist id="match-names">${namesOf(operation).map((name) => html`<option value=${name}></option>`)}</datalist>
      <button type="button" class="small" @click=${() => changeMatch((pairs) => [...pairs, ["", ""]])}>Add a value</button>
    </fieldset>`;
}

/** @param {(pairs: string[][]) => string[][]} made */
const changeMatch = (made) => change({ match: made(form?.match ?? []) });

/**
 * Return the names of the values that a request can have.
 * @param {string} operation
 */
function namesOf(operation) {
  const { number = null, kind = null } = state.operations[operation] ?? {};
  const fields = kind ? properties(`${operation}.${kind}`).map(([name]) => name) : [];
  return [...(number ? [number] : []), ...fields, "CustomerKey"];
}

/** @param {string} name */
const set = (name) => (/** @type {any} */ event) => setValue(name, event.target.value);

/**
 * @param {string} name
 * @param {string} value
 */
function setValue(name, value) {
  if (form) change({ values: { ...form.values, [name]: value } });
}

/** @param {string} place */
function errorsOf(place) {
  return form?.errors.filter((one) => one.place === place).map(({ message }) => message) ?? [];
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  try {
    await ask("POST", "/faults", form && faultOf(form));
    await readRest();
    form = null;
    update({ notice: { text: "The fault is set." } });
    announce("The fault is set.");
  } catch (error) {
    const { message, errors = [] } = /** @type {any} */ (error);
    const placed = errors.map((/** @type {any} */ one) => placeOf(one.pointer, one.message));
    change({ errors: placed.length ? placed : [{ place: "", message }] });
    announce(placed[0]?.message ?? message);
    await new Promise(requestAnimationFrame);
    /** @type {HTMLElement | null} */ (document.querySelector(".fault-form [data-wrong] :is(input, select)"))?.focus();
  }
}

/**
 * Return an error with the place in the form where it stands: a field, a value to match, or the end of the form.
 * @param {string} pointer
 * @param {string} message
 * @returns {FaultError}
 */
function placeOf(pointer, message) {
  const place = pointer.replace(/^\//, "");
  const isShown = place.startsWith("match/") ? form?.match.some(([name]) => `match/${name}` === place)
    : place === "match" || place === "name" || document.getElementById(`fault-${place}`) !== null;
  return { place: isShown ? place : "", message };
}
