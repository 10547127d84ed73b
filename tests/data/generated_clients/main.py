"""Read one claim with a generated client."""

import sys

from openapi_client import ApiClient, ClaimsApi, Configuration  # type: ignore[import-not-found]  # generated

configuration = Configuration(host=sys.argv[1], api_key={"odfhir": sys.argv[2]})
claim = ClaimsApi(ApiClient(configuration)).claims_get(15)
print(claim.claim_num, claim.custom_tracking_num, claim.custom_tracking_name)
