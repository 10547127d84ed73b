// Theme: auto, light or dark, kept by the browser.

const NAME = "opendental-mock-theme";

/** Return the chosen theme. */
export function theme() {
  return localStorage.getItem(NAME) ?? "auto";
}

/** Use a theme from now on. */
export function chooseTheme(name) {
  localStorage.setItem(NAME, name);
  document.documentElement.dataset.theme = name;
}
