/** What services went through that OpenTelemetry counts, each told by its `service_name`, as a Prometheus remembers it. */
import { growing, type History, type Showing } from '../../support/prometheus-history.ts';
import { GATEWAY, OFFICIAL } from './otel-source.ts';

const DURATION = 'gen_ai_client_operation_duration_seconds';
const TOKENS = 'gen_ai_client_token_usage_sum';
const BOUNDS = [0.5, 1, 2];

type Labels = Readonly<Record<string, string>>;

export function rememberServices(history: History): void {
  const tasks = (service: string, baseUrl: string, count: Showing, labels: Labels = {}, seconds = 0.8) => {
    const all = { ...labelsOf(service, baseUrl), ...labels };
    history.histogram(DURATION, all, BOUNDS, seconds, count);
  };
  /** Of the gateway's tasks. */
  const tokens = (
    service: string,
    perTask: Readonly<Record<string, number>>,
    count: Showing,
    more: Labels = {},
  ) => {
    for (const [type, each] of Object.entries(perTask)) {
      const labels = { ...labelsOf(service, GATEWAY), gen_ai_token_type: type, ...more };
      history.counter(TOKENS, labels, (minute) => (count(minute) ?? 0) * each);
      history.counter(TOKENS.replace('_sum', '_count'), labels, count);
    }
  };

  tasks('two-arms', OFFICIAL, growing(20));
  tasks('two-arms', GATEWAY, growing(10));
  tasks('two-arms', GATEWAY, growing(1), { error_type: '503' }, 0.1);
  tokens('two-arms', { input: 100, cached_input: 20, output: 10 }, growing(10));

  tasks('first-error', GATEWAY, growing(10));
  tokens('first-error', { input: 100, output: 10 }, growing(10));
  tasks('first-error', GATEWAY, (minute) => (minute < 130 ? null : 1), { error_type: 'APITimeoutError' });

  // A framework times its agents and tools, too; a tool has no address.
  tasks('agents', GATEWAY, growing(10), { gen_ai_operation_name: 'chat' });
  tasks('agents', GATEWAY, growing(2), { gen_ai_operation_name: 'invoke_agent' });
  tokens('agents', { input: 100, output: 10 }, growing(10), { gen_ai_operation_name: 'chat' });
  tokens('agents', { input: 500, output: 50 }, growing(2), { gen_ai_operation_name: 'invoke_agent' });
  const ofTool = { gen_ai_operation_name: 'execute_tool', server_address: '', error_type: 'ToolError' };
  tasks('agents', GATEWAY, growing(1), ofTool);

  // Began anew at 121, and by 135 it stands higher than it did at 120.
  tasks('restart', GATEWAY, (minute) =>
    minute < 121 ? Math.floor((minute - 117) * 10) : Math.floor((minute - 121) * 10),
  );

  tasks('deployment', GATEWAY, (minute) => (minute <= 126 ? minute * 10 : null), { instance: 'old' });
  tasks('deployment', GATEWAY, growing(10, 126), { instance: 'new' });

  tasks('gap', GATEWAY, (minute) => (minute > 50 && minute < 125 ? null : minute * 10));

  // A label came at minute 60, and went at 130.
  const old = (minute: number) => 50_000 + Math.floor(minute * 10);
  tasks('to-and-fro', GATEWAY, (minute) => (minute < 60 || minute >= 130 ? old(minute) : null));
  tasks('to-and-fro', GATEWAY, (minute) => (minute < 60 || minute >= 130 ? null : old(minute)), {
    namespace: 'prod',
  });

  // The programs' tokens come from another job, whose labels alone changed.
  tasks('tokens-relabelled', GATEWAY, growing(10));
  for (const [gen_ai_token_type, each] of [['input', 100] as const, ['output', 10] as const]) {
    const labels = { ...labelsOf('tokens-relabelled', GATEWAY), gen_ai_token_type };
    history.counter(TOKENS, labels, (minute) => (minute < 128 ? old(minute) * each : null));
    history.counter(TOKENS, { ...labels, namespace: 'prod' }, (minute) =>
      minute < 128 ? null : old(minute) * each,
    );
  }

  tasks('gateway-only', GATEWAY, growing(10));

  tasks('old-failure', GATEWAY, growing(10));
  tasks('old-failure', GATEWAY, (minute) => (minute < 20 ? 1 : null), { error_type: '503' });

  tasks('idle-alone', GATEWAY, () => 0);

  tasks('idle', OFFICIAL, growing(10));
  tasks('idle', GATEWAY, (minute) => Math.min(minute, 100) * 10);

  tasks('stale', GATEWAY, (minute) => (minute < 110 ? minute * 10 : null));

  tasks('nan', OFFICIAL, growing(10));
  tasks('nan', GATEWAY, growing(10));
  tasks('nan', GATEWAY, (minute) => (minute < 125 ? 0 : Number.NaN), { error_type: '500' });

  tasks('usage-missing', GATEWAY, growing(10));
  tokens('usage-missing', { input: 100, output: 10 }, (minute) => Math.floor((minute * 20) / 3 + 1e-9));

  tasks('tiered', GATEWAY, growing(10), { gen_ai_request_model: 'gpt-5.4' });
  tokens('tiered', { input: 10_000, output: 10 }, growing(10), { gen_ai_request_model: 'gpt-5.4' });

  tasks('elsewhere', 'https://other.example/v1', growing(10));

  tasks('two-models', GATEWAY, growing(10));
  tasks('two-models', GATEWAY, growing(20), { gen_ai_request_model: 'gpt-4.1' });

  tasks('alias', GATEWAY, growing(10), { gen_ai_request_model: 'fast' });
  tokens('alias', { input: 100, output: 10 }, growing(10), { gen_ai_request_model: 'fast' });

  tasks('two-exporters', GATEWAY, growing(10), { instance: 'a' });
  history.histogram(DURATION, labelsOf('two-exporters', GATEWAY), [1, 3], 0.8, growing(10));

  tasks('restless', GATEWAY, (minute) => Math.floor(minute % 37) * 10, { instance: 'a' });
  tasks('restless', GATEWAY, (minute) => Math.floor((minute + 11) % 53) * 7 + 3, { instance: 'b' });
  tasks('restless', GATEWAY, growing(3, 90), { instance: 'c' });
  tasks('restless', GATEWAY, (minute) => (minute > 100 && minute < 140 ? null : Math.floor(minute) * 5), {
    instance: 'd',
  });
}

/** As OpenTelemetry's instrumentation writes them. */
function labelsOf(service: string, baseUrl: string): Labels {
  return {
    service_name: service,
    server_address: new URL(baseUrl).hostname,
    gen_ai_request_model: 'gpt-4o-mini',
  };
}
