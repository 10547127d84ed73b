#!/bin/sh
# curl alone:  opendental-mock run -- sh tests/examples/claimtrackings.sh
set -eu
authorization="Authorization: ODFHIR $OPENDENTAL_DEVELOPER_KEY/$OPENDENTAL_CUSTOMER_KEY"
json="Content-Type: application/json"

curl --silent --fail "$OPENDENTAL_BASE_URL/claimtrackings" -H "$authorization" -H "$json" \
  -d '{"ClaimNum": 15, "Note": "Missing attachment."}'
curl --silent --fail -X PUT "$OPENDENTAL_BASE_URL/claimtrackings/52" -H "$authorization" -H "$json" \
  -d '{"Note": "Attachments sent.", "TrackingDefNum": 341}'
curl --silent --fail "$OPENDENTAL_BASE_URL/claimtrackings?ClaimNum=15" -H "$authorization" -H "$json" | grep "Attachments sent."
