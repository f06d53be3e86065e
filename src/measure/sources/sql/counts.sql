counted AS (
  SELECT shape, i, key, member,
    $exceeded{(last - start) / 1000|:bounds} AS latency, $exceeded{(ts + ttft - start) / 1000|:bounds} AS first_token,
    count(*) AS n, sum(input) AS inputs, sum(cached) AS cacheds, sum(output) AS outputs, sum(grains) AS all_grains,
    count(unit) AS units
  FROM tasks GROUP BY shape, i, key, member, latency, first_token
),
-- Sums over all tasks of a shape, over those of a key or a member; and how many of them took which time.
entries AS (
  SELECT shape, i,
    CASE WHEN grouping(key) = 0 THEN 'key' WHEN grouping(member) = 0 THEN 'member' WHEN grouping(latency) = 0 THEN 'latency'
      WHEN grouping(first_token) = 0 THEN 'ttft' ELSE 'all' END AS of_what,
    CASE WHEN grouping(key) = 0 THEN key WHEN grouping(member) = 0 THEN member WHEN grouping(latency) = 0 THEN $string{latency}
      WHEN grouping(first_token) = 0 THEN $string{first_token} ELSE '' END AS name,
    sum(n) AS total, sum(inputs) AS input, sum(cacheds) AS cached, sum(outputs) AS output, sum(all_grains) AS grains,
    sum(units) AS with_unit
  FROM counted
  GROUP BY GROUPING SETS ((shape, i), (shape, i, key), (shape, i, member), (shape, i, latency), (shape, i, first_token))
)
SELECT shape, i, $joined{CASE WHEN of_what IN ('latency', 'ttft') THEN $json{of_what, name, $string{total}}
  ELSE $json{of_what, name, $string{total}, $string{input}, $string{cached}, $string{output}, $string{grains}, $string{with_unit}} END|} AS entries
FROM entries WHERE name IS NOT NULL GROUP BY shape, i LIMIT :most
