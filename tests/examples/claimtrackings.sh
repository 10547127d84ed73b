#!/bin/sh
# curl alone:  opendental-mock run -- sh tests/examples/claimtrackings.sh
set -eu
authorization="Authorization: ODFHIR $OPENDENTAL_DEVELOPER_KEY/$OPENDENTAL_CUSTOMER_KEY"
json="Content-Type: application/json"
# One second between two requests: an office that throttles refuses a key that sends them faster.

curl --silent --fail "$OPENDENTAL_BASE_URL/claimtrackings" -H "$authorization" -H "$json" \
  -d '{"ClaimNum": 15, "Note": "Missing attachment."}'
sleep 1
curl --silent --fail -X PUT "$OPENDENTAL_BASE_URL/claimtrackings/52" -H "$authorization" -H "$json" \
  -d '{"Note": "Attachments sent.", "TrackingDefNum": 341}'
sleep 1
curl --silent --fail "$OPENDENTAL_BASE_URL/claimtrackings?ClaimNum=15" -H "$authorization" -H "$json" | grep "Attachments sent."
