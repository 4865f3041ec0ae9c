#!/usr/bin/env bash
# Five bookings by hand, against a running host. Prints pass or fail for each; ends with 1 if one failed.
#
#   CALCOM_WEBHOOK_SECRET=... [BASE_URL=http://127.0.0.1:3000] [DATA_DIR=.precall] examples/express-host/scenarios.sh
#
# As the host was started: with TESTING_MODE, BUSINESS_TIME_ZONE and CAMPAIGN set as they are there, and, to look at the
# campaign through the operator's API too, OPERATOR_PASSWORD.
set -u

base=${BASE_URL:-http://127.0.0.1:3000}
data=${DATA_DIR:-.precall}
book=$data/address-book.json
campaign=${CAMPAIGN:-Christmas 2025}
run=$(date +%s)-$$
now=$(date +%s)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# The first of several, as the host takes any of them.
secret=${CALCOM_WEBHOOK_SECRET:-}
secret=$(printf '%s' "${secret%%,*}" | sed 's/^ *//; s/ *$//')
if [ -z "$secret" ]; then
  echo 'CALCOM_WEBHOOK_SECRET is not set: give the secret of the running host.' >&2
  exit 78
fi

iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ; }
day() { TZ=${BUSINESS_TIME_ZONE:-UTC} date -d "@$1" +%F 2>/dev/null || TZ=${BUSINESS_TIME_ZONE:-UTC} date -r "$1" +%F; }

# webhook TRIGGER UID START ATTENDEES: compact JSON, as Cal.com sends it
webhook() {
  printf '{"triggerEvent":"%s","createdAt":"%s","payload":{"type":"strategy-session","title":"Strategy Session",' \
    "$1" "$(iso "$now")"
  printf '"eventTitle":"Strategy Session","eventTypeId":123,"startTime":"%s","endTime":"%s",' \
    "$(iso "$3")" "$(iso "$(($3 + 900))")"
  printf '"organizer":{"name":"Organizer Name","email":"organizer@example.com","timeZone":"UTC"},%s' "$4"
  printf '"location":"https://meet.google.com/abc-defg-hij","uid":"%s","status":"ACCEPTED"}}' "$2"
}
attendee() { printf '"attendees":[{"email":"%s","name":"Ada Guest","timeZone":"UTC"}],' "$1"; }

# send BODY: sets $status and $answer. The signature is over the very bytes that are sent.
send() {
  printf '%s' "$1" >"$scratch/body"
  signature=$(openssl dgst -sha256 -hmac "$secret" <"$scratch/body" | sed 's/^.* //')
  status=$(curl -sS -m 15 -o "$scratch/answer" -w '%{http_code}' -X POST "$base/webhook/calcom-booking" \
    -H 'content-type: application/json' -H "x-cal-signature-256: $signature" --data-binary "@$scratch/body")
  answer=$(cat "$scratch/answer" 2>/dev/null)
}

# verdict NAME STATUS TEXT...: the answer has this status and each text
verdict() {
  name=$1
  missing=
  [ "$status" = "$2" ] || missing="status $2"
  shift 2
  for text in "$@"; do
    printf '%s' "$answer" | grep -qF -- "$text" || missing="$missing $text"
  done
  report "$name" "$missing" "$status $answer"
}

# report NAME MISSING SEEN
report() {
  if [ -z "$2" ]; then
    echo "pass  $1"
  else
    echo "FAIL  $1: missing $2; got: $3"
    failed=1
  fi
}

# A member of the campaign, put into the address book before anything else may write to it.
member="member-$run@example.com"
entry="{ \"email\": \"$member\", \"fields\": {}, \"campaigns\": { \"$campaign\": { \"sent\": {} } } }"
mkdir -p "$data"
if [ -s "$book" ] && grep -q '"email"' "$book"; then
  sed "1s|^\[|[ $(printf '%s' "$entry" | sed 's/[|&\\]/\\&/g'),|" "$book" >"$book.scenarios"
else
  printf '[ %s ]\n' "$entry" >"$book.scenarios"
fi
mv "$book.scenarios" "$book"

# 1
send "$(webhook BOOKING_CREATED "valid-$run" $((now + 345600)) "$(attendee "valid-$run@example.com")")"
verdict 'a valid booking is planned' 202 '"status":"scheduled"' "\"booking\":\"calcom:valid-$run\"" \
  '"rule":"72h"' '"rule":"24h"' '"rule":"2h"'

# 2
send "$(webhook BOOKING_CANCELLED "unknown-$run" $((now + 345600)) "$(attendee "unknown-$run@example.com")")"
verdict 'the cancellation of an unknown booking is ignored' 200 '"status":"ignored"' '"reason":"unknown_booking"'

# 3
send "$(webhook BOOKING_CREATED "nobody-$run" $((now + 345600)) '')"
verdict 'a booking without attendees is refused, and kept' 400 '"path":"payload.attendees"' '"quarantineId"'

# 4: in test mode there is no minimum lead, but nothing is left to send half a minute before the call
if [ "${TESTING_MODE:-false}" = true ]; then
  lead=30
  reason=moment_passed
else
  lead=3600
  reason=meeting_too_soon
fi
send "$(webhook BOOKING_CREATED "soon-$run" $((now + lead)) "$(attendee "soon-$run@example.com")")"
verdict 'a call too soon gets no reminders' 202 '"status":"skipped"' "\"reason\":\"$reason\"" '"reminders":[]'

# 5
start=$((now + 345600))
send "$(webhook BOOKING_CREATED "member-$run" "$start" "$(attendee "$member")")"
verdict 'a member of the campaign books' 202 '"status":"scheduled"'
missing=nothing
for _ in $(seq 50); do
  found=$(sed -n "/\"email\": \"$member\"/,/^  }/p" "$book")
  missing=
  for text in '"Booking Status": "Booked"' "\"Diagnostic Call Date\": \"$(day "$start")\"" \
    '"Christmas Campaign Status": "Pre-Call Prep"' "\"$campaign\": {"; do
    printf '%s' "$found" | grep -qF -- "$text" || missing="$missing $text"
  done
  [ -z "$missing" ] && break
  sleep 0.1
done
report "the member's fields are written, the membership is kept" "$missing" "$found"
if [ -n "${OPERATOR_PASSWORD:-}" ]; then
  answer=$(curl -sS -m 15 -u "operator:$OPERATOR_PASSWORD" "$base/operator/api/bookings/calcom%3Amember-$run")
  status=200
  verdict 'the operator sees the membership' 200 '"state":"member"'
fi

exit $failed
