WITH requests AS (
  SELECT $time{q.ts} AS ts, $text{q.arm} AS arm, $text{q.task} AS task, $number{q.attempt} AS attempt,
    $text{q.model} AS model, $text{q.answered_model} AS answered_model,
    $number{q.status} AS status, $text{q.error} AS error,
    $number{q.duration_ms} AS duration_ms, $number{q.ttft_ms} AS ttft_ms,
    $number{q.input_tokens} AS input_tokens, $number{q.cached_input_tokens} AS cached_input_tokens,
    $number{q.output_tokens} AS output_tokens, $number{q.cost_usd} AS cost_usd,
    $text{q.key} AS key, $text{q.member} AS member, $text{q.workload} AS workload, $text{q.unit} AS unit,
    $text{q.finish_reason} AS finish_reason, $flag{q.empty} AS empty, $flag{q.used} AS used
  FROM (
:query
  ) AS q WHERE q.ts >= $from{} AND q.ts <= $to{}:no_copies
),
-- What an attempt was, without its amounts, is its kind; shape.ts reads it.
attempts AS (
  SELECT task, coalesce(attempt, 0) AS attempt, ts, ts + coalesce(duration_ms, 0) AS finish, ttft_ms AS ttft,
    key, member, unit, arm,
    CASE WHEN error IS NULL AND coalesce(status, 200) BETWEEN 200 AND 299 THEN 1 ELSE 0 END AS served,
    coalesce(input_tokens, 0) AS input, coalesce(output_tokens, 0) AS output,
    least(coalesce(cached_input_tokens, 0), coalesce(input_tokens, 0)) AS cached,
    -- As money.ts counts.
    floor(coalesce(cost_usd, 0) * 1e10 + 0.5) AS grains,
    concat(coalesce(arm, ''), '¦', coalesce(model, ''), '¦', coalesce(answered_model, ''),
      '¦', coalesce($string{status}, ''), '¦', coalesce(error, ''),
      '¦', CASE WHEN finish_reason IN ('length', 'max_tokens', 'max_output_tokens') THEN finish_reason ELSE '' END,
      '¦', coalesce($string{empty}, ''), '¦', coalesce($string{used}, ''), '¦', coalesce(workload, ''),
      '¦', $string{floor(ts / 86400000)},
      -- Between which tiers of a price its size lies.
      '¦', CASE WHEN input_tokens + coalesce(output_tokens, 0) > 0 THEN $string{$exceeded{coalesce(input_tokens, 0)|0, :tiers}} ELSE '' END,
      '¦', CASE WHEN input_tokens IS NOT NULL THEN 'input' ELSE '' END,
      '¦', CASE WHEN cached_input_tokens IS NOT NULL THEN 'cached' ELSE '' END,
      '¦', CASE WHEN cost_usd IS NOT NULL THEN 'cost' ELSE '' END,
      '¦', CASE WHEN attempt > 0 THEN 'retry' ELSE '' END,
      '¦', CASE WHEN duration_ms IS NULL OR duration_ms < 0 THEN 'duration_ms' WHEN ttft_ms < 0 THEN 'ttft_ms'
        WHEN status IS NULL AND error IS NULL THEN 'status' WHEN cost_usd < 0 THEN 'cost_usd'
        WHEN input_tokens < 0 OR cached_input_tokens < 0 OR output_tokens < 0 THEN 'tokens' ELSE '' END
    ) AS kind
  FROM requests WHERE ts + coalesce(duration_ms, 0) >= $window_from{} - :before
),
-- A first attempt that starts after a served one begins another task of the same name, and so does a long pause.
parts AS (
  SELECT *, sum(begins) OVER (PARTITION BY task ORDER BY finish, attempt, ts ROWS UNBOUNDED PRECEDING) AS part
  FROM (
    SELECT *, CASE WHEN reached IS NULL OR ts > reached + :pause THEN 2
      WHEN attempt = 0 AND ts > reached THEN 1 ELSE 0 END AS begins
    FROM (
      SELECT *, max(finish) OVER (PARTITION BY task ORDER BY finish, attempt, ts ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS reached
      FROM attempts WHERE task IS NOT NULL
    ) AS ordered
  ) AS begun
),
numbered AS (
  SELECT *, sum(CASE WHEN begins = 2 OR begins = 1 AND was_served > 0 THEN 1 ELSE 0 END)
    OVER (PARTITION BY task ORDER BY finish, attempt, ts ROWS UNBOUNDED PRECEDING) AS number
  FROM (
    SELECT *, max(part_served) OVER (PARTITION BY task ORDER BY finish, attempt, ts ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS was_served
    FROM (SELECT *, max(served) OVER (PARTITION BY task, part) AS part_served FROM parts) AS served_parts
  ) AS followed
),
-- A row for each attempt of each task that ended in the window; the kinds of all its attempts are the task's shape.
tasks AS (
  SELECT kind AS shape, 0 AS i, ts, ttft, ts AS start, finish AS last, key, member, unit, arm, input, cached, output, grains
  FROM attempts WHERE task IS NULL AND finish >= $window_from{} AND finish < $window_to{}
  UNION ALL
  SELECT shape, i, ts, ttft, start, last, nullif(first_key, '') AS key, nullif(first_member, '') AS member,
    nullif(first_unit, '') AS unit, nullif(first_arm, '') AS arm, input, cached, output, grains
  FROM (
    SELECT ts, ttft, input, cached, output, grains,
      $shape{kind| OVER (PARTITION BY task, number ORDER BY attempt, ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)} AS shape,
      row_number() OVER (PARTITION BY task, number ORDER BY attempt, ts) - 1 AS i,
      min(ts) OVER (PARTITION BY task, number) AS start, max(finish) OVER (PARTITION BY task, number) AS last,
      first_value(coalesce(key, '')) OVER (PARTITION BY task, number ORDER BY attempt, ts) AS first_key,
      first_value(coalesce(member, '')) OVER (PARTITION BY task, number ORDER BY attempt, ts) AS first_member,
      first_value(coalesce(unit, '')) OVER (PARTITION BY task, number ORDER BY attempt, ts) AS first_unit,
      first_value(coalesce(arm, '')) OVER (PARTITION BY task, number ORDER BY attempt, ts) AS first_arm
    FROM numbered
  ) AS named
  WHERE last >= $window_from{} AND last < $window_to{}
),
