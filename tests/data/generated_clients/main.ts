import { ClaimsApi, Configuration } from "./index";

declare const process: { argv: string[] };
const [, , basePath, authorization] = process.argv;
const claims = new ClaimsApi(new Configuration({ basePath, apiKey: authorization }));
claims.claimsGet({ claimNum: 15 }).then((claim) => {
  console.log(`${claim.claimNum} ${claim.customTrackingNum} ${claim.customTrackingName}`);
});
