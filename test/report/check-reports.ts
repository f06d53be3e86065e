/** Reports as a check gives them, built by hand. */
import type { CheckReport, ModelResult, ProbeResult } from '../../src/check/report.ts';

export function probe(id: string, more: Partial<ProbeResult> = {}): ProbeResult {
  return {
    id,
    status: 'pass',
    severity: 'block',
    summary: `${id} works.`,
    evidence: [],
    fix: null,
    durationMs: 120,
    requestId: null,
    ...more,
  };
}

export function model(name: string, more: Partial<ModelResult> = {}): ModelResult {
  return {
    name,
    gatewayName: name,
    listed: true,
    callable: true,
    answeredAs: name,
    status: 'pass',
    suggestion: null,
    ...more,
  };
}

export function report(more: Partial<CheckReport> = {}): CheckReport {
  return {
    schema: 1,
    verdict: 'ready',
    reasonCode: 'all_passed',
    gateway: { baseUrl: 'https://zivv.pro/v1', requestIdHeader: 'x-oneapi-request-id', profile: 'zivv' },
    features: ['streaming'],
    probes: [],
    models: [model('gpt-4o-mini')],
    usage: { requests: 31, inputTokens: 1204, outputTokens: 320, costUsd: 0.00124 },
    ...more,
  };
}

const passing = [
  'connection.reach',
  'connection.base_url',
  'auth.accepted',
  'models.list',
  'chat.basic',
  'stream.shape',
];

const notTested = probe('auth.disabled_key', {
  status: 'skip',
  severity: 'warn',
  summary: 'No disabled key was given.',
});

export const ready = report({ probes: [...passing.map((id) => probe(id)), notTested] });

export const readyWithWarnings = report({
  reasonCode: 'passed_with_warnings',
  probes: [
    ...passing.map((id) => probe(id)),
    probe('models.unknown', {
      status: 'warn',
      severity: 'warn',
      summary: 'An unknown model is served by gpt-4o-mini, without an error.',
      fix: 'A typo in a model name will not be noticed; verify names before a release.',
      evidence: [
        'POST /chat/completions, model gateway-rollout-no-such-model',
        'HTTP 200, "model": "gpt-4o-mini"',
      ],
      requestId: '20261122-77',
    }),
    probe('models.substitution', {
      status: 'warn',
      severity: 'info',
      summary:
        'A dated snapshot responds: fast is served by gpt-4o-mini-2024-07-18. (accepted: snapshot pinned by the provider)',
    }),
    probe('compare.prompt_tokens', {
      status: 'warn',
      severity: 'warn',
      summary:
        "Same prompt: 61 tokens on the gateway, 9 on the official API: a hidden prompt, or another model's tokenizer.",
      fix: "You pay for the difference on every request; ask the gateway's operator what it adds.",
    }),
    probe('compare.latency', {
      severity: 'info',
      summary: 'Gateway: first chunk 410 ms, total 900 ms; official: first chunk 380 ms, total 850 ms.',
    }),
  ],
  models: [model('fast', { gatewayName: 'gpt-4o-mini', answeredAs: 'gpt-4o-mini-2024-07-18' })],
});

const becauseOfKey = (id: string): ProbeResult =>
  probe(id, { status: 'skip', summary: 'Not judged, because auth.accepted failed.' });

export const notReady = report({
  verdict: 'not-ready',
  reasonCode: 'auth.accepted',
  probes: [
    probe('connection.reach'),
    probe('connection.json', {
      status: 'warn',
      severity: 'warn',
      summary: 'The gateway returns a web page instead of JSON: an HTML page titled “Models”',
      fix: 'Check that the base URL is the API and not the website.',
    }),
    probe('auth.accepted', {
      status: 'fail',
      summary: 'The gateway rejects the key: HTTP 401 invalid_key: Invalid token',
      fix: "Set the gateway's key (input api-key, or GATEWAY_API_KEY) to a key that the gateway accepts.",
      evidence: ['POST /chat/completions', 'HTTP 401', '{"error":{"message":"Invalid token"}}'],
      requestId: '20261122-12',
    }),
    ...['models.callable', 'chat.basic', 'stream.shape', 'stream.usage'].map(becauseOfKey),
    probe('models.available', {
      status: 'fail',
      summary: 'The gateway does not serve gpt-4o-mni.',
      fix: 'Map gpt-4o-mni to gpt-4o-mini (models: { gpt-4o-mni: gpt-4o-mini } in the config).',
    }),
    notTested,
  ],
  models: [
    model('gpt-4o-mni', {
      listed: false,
      callable: false,
      answeredAs: null,
      status: 'fail',
      suggestion: 'gpt-4o-mini',
    }),
  ],
  usage: { requests: 6, inputTokens: 0, outputTokens: 0, costUsd: null },
});

export const skippedOnFork = report({
  verdict: 'skipped',
  reasonCode: 'no_secrets_on_fork',
  gateway: { baseUrl: 'https://zivv.pro/v1', requestIdHeader: null, profile: null },
  models: [],
  usage: { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
});

/** Text that tries everything that a renderer, a terminal or a runner may fall for. */
export const HOSTILE =
  'a|b `code` <img src=x onerror=alert(1)> </details></pre> @everyone\r\n::error::forged ##[add-mask]x ' +
  '\u001b[31mred\u001b]8;;https://evil.example\u0007link\u202Egnp.exe [text](https://evil.example) www.evil.example *bold* $x$';

export const hostile = report({
  verdict: 'not-ready',
  reasonCode: 'chat.basic',
  gateway: { baseUrl: HOSTILE, requestIdHeader: HOSTILE, profile: HOSTILE },
  probes: [
    probe('chat.basic', {
      status: 'fail',
      summary: HOSTILE,
      fix: HOSTILE,
      evidence: [HOSTILE],
      requestId: HOSTILE,
    }),
    probe(HOSTILE, { status: 'skip', summary: HOSTILE }),
  ],
  models: [model(HOSTILE, { gatewayName: HOSTILE, answeredAs: 'x', suggestion: HOSTILE, status: 'fail' })],
});
