// Sleeps of Node that advance the clock of the office:  node --import ./sleep.mjs ...
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

timers.setTimeout = async (milliseconds) => {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ advance: milliseconds / 1000 });
  await fetch(`${process.env.OPENDENTAL_ADMIN_URL}/clock`, { method: "PUT", headers, body });
};
syncBuiltinESMExports();
