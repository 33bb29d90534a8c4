-- Asks for the addresses of a file in turn: a path and, behind tabs, the ETag that the reader has and the encodings that
-- the reader takes, if any.
local requests, turn = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, etag, accepts = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {["Host"] = args[2], ["X-Forwarded-Proto"] = "https"}
    if etag ~= "" then headers["If-None-Match"] = etag end
    if accepts ~= "" then headers["Accept-Encoding"] = accepts end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "broken": %d, "refused": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
