-- Sends the requests of a file in turn (each is one whole request; a zero byte stands between them) and prints what
-- load.py reads: requests, microseconds, p50 and p99 in microseconds, answers of 400 and more, broken connections.

local requests, n = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("[^%z]+") do
    table.insert(requests, request)
  end
  file:close()
end

function request()
  n = n % #requests + 1
  return requests[n]
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  print(string.format("figures %d %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status, broken))
end
