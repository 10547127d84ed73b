// Fields of a form: one control for each value, with what the office can name in it.

import { html, nothing } from "../lit/lit-html.js";
import { live } from "../lit/directives/live.js";
import { changeForm, formOf, isSent } from "../forms.js";
import { keyOf, referenceOf, rowOf, rowsOf, wordsOf } from "../references.js";
import { namedField } from "../schemas.js";

const OTHER = "other"; // the choice after which a number is typed

/**
 * Return a field with its control, its checkbox and what is wrong with it.
 * @param {string} operation
 * @param {Form} form
 * @param {Field} field
 */
export function fieldOf(operation, form, field) {
  const { name, part, isInPath, isRequired } = field;
  const wrong = explanationFor(form.answer, name);
  const choose = (/** @type {any} */ event) =>
    changeForm(operation, { chosen: { ...formOf(operation)?.chosen, [name]: event.target.checked } });
  return html`
    <div class="field" ?data-wrong=${wrong} ?data-left-out=${!isInPath && !isSent(form, name)}>
      <div class="field-head">
        <label for="field-${name}">${name}${isRequired ? html` <span class="required">required</span>` : nothing}</label>
        ${isInPath ? nothing : html`<label class="send"><input type="checkbox" aria-label="send ${name}"
          .checked=${live(isSent(form, name))} @change=${choose}> send</label>`}
      </div>
      ${control(operation, form, field, wrong)}
      <small id="about-${name}">${wrong ? html`<b class="wrong">${wrong}</b> ` : nothing}${part.description}</small>
    </div>`;
}

/**
 * Return why the API refused the value of a field, if it did.
 * @param {Answer | null} answer
 * @param {string} name
 */
export function explanationFor(answer, name) {
  const { status, headers, text } = answer?.sent ?? { status: 0, headers: {}, text: "" };
  const rule = /** @type {Record<string, string>} */ (headers)["x-mock-rule"] ?? "";
  return status >= 400 && namedField(rule) === name ? text.replace(/^"|"$/g, "") : "";
}

/**
 * @param {string} operation
 * @param {Form} form
 * @param {Field} field
 * @param {string} wrong
 */
function control(operation, form, field, wrong) {
  const { name, part } = field;
  const reference = referenceOf(operation, name, part);
  const value = form.values[name] ?? "";
  const set = (/** @type {any} */ event) => setValue(operation, name, event.target.value);
  if (reference?.resource === "definitions") return definition(operation, form, field, reference, wrong);
  const choices = part.type === "boolean" ? ["true", "false"] : part.enum;
  if (choices) return choice(name, choices.map((one) => [String(one), String(one) || "(empty)"]), value, wrong, set);
  return typed(field, value, reference, wrong, set);
}

/**
 * @param {string} operation
 * @param {string} name
 * @param {string} value
 */
function setValue(operation, name, value) {
  const { values = {}, chosen = {} } = formOf(operation) ?? {};
  changeForm(operation, { values: { ...values, [name]: value }, chosen: { ...chosen, [name]: undefined } });
}

/**
 * @param {string} name
 * @param {string[][]} choices
 * @param {string} value
 * @param {string} wrong
 * @param {(event: any) => void} set
 */
function choice(name, choices, value, wrong, set) {
  const all = choices.some(([one]) => one === "") ? choices : [["", "Choose …"], ...choices];
  const known = all.some(([one]) => one === value) ? all : [...all, [value, value]];
  return html`
    <select id="field-${name}" aria-invalid=${wrong ? "true" : nothing} aria-describedby="about-${name}" @change=${set}>
      ${known.map(([one, words]) => html`<option value=${one} .selected=${live(one === value)}>${words}</option>`)}
    </select>`;
}

/**
 * Return a choice of definitions by name, after which a number can be typed.
 * @param {string} operation
 * @param {Form} form
 * @param {Field} field
 * @param {Reference} reference
 * @param {string} wrong
 */
function definition(operation, form, field, reference, wrong) {
  const { name } = field;
  const value = form.values[name] ?? "";
  const none = "none" in reference ? [[String(reference.none), `${reference.none} · none`]] : [];
  const rows = rowsOf(reference).rows.map((row) => [keyOf(reference, row), `${keyOf(reference, row)} · ${wordsOf("definitions", row)}`]);
  const choices = [...none, ...rows, [OTHER, "Another number …"]];
  const isTyped = form.typed[name] || (value !== "" && !choices.some(([one]) => one === value));
  const choose = (/** @type {any} */ event) => {
    const isOther = event.target.value === OTHER;
    changeForm(operation, { typed: { ...formOf(operation)?.typed, [name]: isOther } });
    if (!isOther) setValue(operation, name, event.target.value);
  };
  const type = (/** @type {any} */ event) => setValue(operation, name, event.target.value);
  return html`
    <div class="combined">
      ${choice(name, choices, isTyped ? OTHER : value, wrong, choose)}
      ${isTyped ? html`<input aria-label="Number for ${name}" inputmode="numeric" autocomplete="off"
        aria-describedby="about-${name}" .value=${live(value)} @input=${type}>` : nothing}
    </div>`;
}

/**
 * Return an input; of a reference with the rows that it can name, and the one that it names in words.
 * @param {Field} field
 * @param {string} value
 * @param {Reference | null} reference
 * @param {string} wrong
 * @param {(event: any) => void} set
 */
function typed({ name, part }, value, reference, wrong, set) {
  const rows = reference ? rowsOf(reference).rows : [];
  const named = reference && value ? rowOf(reference, value) : null;
  return html`
    <input id="field-${name}" .value=${live(value)} @input=${set} autocomplete="off"
      inputmode=${part.type === "integer" ? "numeric" : "text"} list=${rows.length ? `rows-${name}` : nothing}
      placeholder=${part.examples?.[0] !== undefined && !reference ? `such as ${part.examples[0]}` : nothing}
      aria-invalid=${wrong ? "true" : nothing} aria-describedby="about-${name}">
    ${reference && rows.length ? html`
      <datalist id="rows-${name}">${rows.map((row) => html`
        <option value=${keyOf(reference, row)}>${wordsOf(reference.resource, row)}</option>`)}</datalist>
      ${named ? html`<span class="named">${wordsOf(reference.resource, named)}</span>` : nothing}` : nothing}`;
}
