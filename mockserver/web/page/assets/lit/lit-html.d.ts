// For the check of types only: the vendored modules are minified.
export * from "lit-html";
