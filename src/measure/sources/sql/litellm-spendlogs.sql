-- LiteLLM's log: a row for each attempt that reached it. Its health checks and MCP calls are no requests, and the tokens of
-- failed rows are estimates.
SELECT "startTime" AS ts,
  'gateway' AS arm,
  NULL AS task,
  0 AS attempt,
  coalesce(nullif(model_group, ''), model) AS model,
  NULL AS answered_model,
  CASE WHEN failed THEN substring(fault ->> 'error_code' FROM '^[45][0-9][0-9]$')::int ELSE 200 END AS status,
  -- A spent quota may be called RateLimitError.
  CASE WHEN failed THEN concat_ws(' ', coalesce(nullif(fault ->> 'error_class', ''), 'unknown'),
    substring(fault ->> 'error_message' FROM '(?i)insufficient_quota|exceeded your current quota|budget')) END AS error,
  greatest(0, extract(epoch FROM "endTime" - "startTime") * 1000) AS duration_ms,
  CASE WHEN NOT failed AND "completionStartTime" > "startTime" AND "completionStartTime" < "endTime"
    THEN extract(epoch FROM "completionStartTime" - "startTime") * 1000 END AS ttft_ms,
  CASE WHEN NOT failed THEN prompt_tokens END AS input_tokens,
  CASE WHEN NOT failed THEN coalesce(metadata #>> '{usage_object,prompt_tokens_details,cached_tokens}',
    metadata #>> '{additional_usage_values,prompt_tokens_details,cached_tokens}') END AS cached_input_tokens,
  CASE WHEN NOT failed THEN completion_tokens END AS output_tokens,
  CASE WHEN NOT failed THEN spend END AS cost_usd,
  coalesce(nullif(metadata ->> 'user_api_key_alias', ''), left(api_key, 8)) AS key,
  "user" AS member,
  NULL AS workload, NULL AS unit, NULL AS finish_reason, NULL AS empty, NULL AS used
FROM (
  SELECT *, metadata -> 'error_information' AS fault,
    coalesce(nullif(status, ''), metadata ->> 'status', 'success') <> 'success' AS failed
  FROM "LiteLLM_SpendLogs"
) AS logs
WHERE "startTime" >= $1::timestamptz AND "startTime" <= $2::timestamptz
  AND call_type NOT LIKE '%mcp%'
  AND 'litellm-internal-health-check' NOT IN (api_key, coalesce(metadata ->> 'user_api_key_alias', ''), coalesce(team_id, ''), coalesce("user", ''))
