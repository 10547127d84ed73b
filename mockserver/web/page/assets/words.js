// Words: what people call the letters of a claim's columns.

/** The letters of claim.ClaimStatus, in the words of the admin API. @type {Record<string, string>} */
export const CLAIM_STATUSES = {
  U: "Unsent", H: "Held until primary", W: "Queued to send", S: "Sent", R: "Received", I: "Held in process",
};

/** The letters of claim.ClaimType; others are themselves. @type {Record<string, string>} */
export const CLAIM_TYPES = { P: "Primary", S: "Secondary", PreAuth: "Preauthorization", Cap: "Capitation" };
