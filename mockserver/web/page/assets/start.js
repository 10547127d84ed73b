// Start: the app after the first paint, which nothing then holds up.

const begin = () => import("./app.js");

if (document.hidden) begin(); // such a page is not painted
else requestAnimationFrame(() => setTimeout(begin));
