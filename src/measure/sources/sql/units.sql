counted AS (
  SELECT arm, unit, shape, $exceeded{(last - start) / 1000|:unit_bounds} AS slower, count(*) AS n
  FROM tasks WHERE i = 0 AND unit IS NOT NULL GROUP BY arm, unit, shape, slower
),
-- The units with the lowest hashes, as in sample.ts.
placed AS (
  SELECT *, dense_rank() OVER (PARTITION BY arm ORDER BY hash, unit) AS place
  FROM (SELECT *, $hash{unit} AS hash FROM counted) AS hashed
)
SELECT unit, shape, $joined{$json{$string{slower}, $string{n}}|} AS entries
FROM placed WHERE place <= :units GROUP BY unit, shape LIMIT :most
