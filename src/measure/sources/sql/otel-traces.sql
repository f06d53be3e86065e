-- Spans of calls by the semantic conventions for generative AI, as the OpenTelemetry collector stores them in ClickHouse.
SELECT Timestamp AS ts,
  if(SpanAttributes['server.port'] = '' OR match(SpanAttributes['server.address'], '[:/]'), SpanAttributes['server.address'],
    concat(SpanAttributes['server.address'], ':', SpanAttributes['server.port'])) AS arm,
  NULL AS task,
  0 AS attempt,
  if(SpanAttributes['gen_ai.request.model'] = '', SpanAttributes['gen_ai.response.model'], SpanAttributes['gen_ai.request.model']) AS model,
  SpanAttributes['gen_ai.response.model'] AS answered_model,
  coalesce(toUInt16OrNull(SpanAttributes['http.response.status_code']), toUInt16OrNull(SpanAttributes['error.type']),
    if(StatusCode IN ('Error', 'STATUS_CODE_ERROR') OR SpanAttributes['error.type'] != '', NULL, 200)) AS status,
  multiIf(SpanAttributes['error.type'] != '', SpanAttributes['error.type'], StatusCode IN ('Error', 'STATUS_CODE_ERROR'), '_OTHER', NULL) AS error,
  Duration / 1e6 AS duration_ms,
  toFloat64OrNull(SpanAttributes['gen_ai.response.time_to_first_chunk']) * 1000 AS ttft_ms,
  -- The second name is that of older instrumentations.
  toUInt64OrNull(if(SpanAttributes['gen_ai.usage.input_tokens'] = '', SpanAttributes['gen_ai.usage.prompt_tokens'], SpanAttributes['gen_ai.usage.input_tokens'])) AS input_tokens,
  toUInt64OrNull(if(SpanAttributes['gen_ai.usage.cache_read.input_tokens'] = '', SpanAttributes['gen_ai.usage.cache_read_input_tokens'], SpanAttributes['gen_ai.usage.cache_read.input_tokens'])) AS cached_input_tokens,
  toUInt64OrNull(if(SpanAttributes['gen_ai.usage.output_tokens'] = '', SpanAttributes['gen_ai.usage.completion_tokens'], SpanAttributes['gen_ai.usage.output_tokens'])) AS output_tokens,
  extract(SpanAttributes['gen_ai.response.finish_reasons'], '\\w+') AS finish_reason,
  NULL AS cost_usd, NULL AS key, NULL AS member, NULL AS workload, NULL AS unit, NULL AS empty, NULL AS used
FROM otel_traces
WHERE Timestamp >= {from:DateTime64(3, 'UTC')} AND Timestamp <= {to:DateTime64(3, 'UTC')}
  AND (SpanAttributes['gen_ai.request.model'] != '' OR SpanAttributes['gen_ai.response.model'] != '')
  AND SpanAttributes['gen_ai.operation.name'] NOT IN ('invoke_agent', 'create_agent', 'invoke_workflow', 'execute_tool', 'retrieval', 'plan')
