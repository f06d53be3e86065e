/**
 * The real instrumentations of OpenAI's clients, as the registries have them: their metrics are scraped by a real
 * Prometheus and read by `observe`, which must count what the programs did, to the task.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARMS, type Arm } from '../../src/config/arms.ts';
import { openSources } from '../../src/measure/open-source.ts';
import { valid } from '../config/configs.ts';
import { closedPort } from '../gateway/loopback.ts';
import { prometheusIsInstalled, type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { realTool } from '../support/real-tools.ts';
import { type Calls, InstrumentedProgram } from './instrumented-program.ts';
import { observeAll, scrapedBy } from './observe-all.ts';
import { startUpstream, USED } from './upstream.ts';

const MODELS = {
  chat: 'gpt-4o-mini',
  stream: 'gpt-4o-mini',
  responses: 'gpt-4o-mini',
  embeddings: 'text-embedding-3-small',
};

const calls = (arm: Arm, api: Calls['api'], times: number, content = 'Hello?', retries = 0): Calls => ({
  ...{ arm, api, times, content, retries },
  model: MODELS[api],
  timeout: content === 'silence' ? 0.5 : 60,
});

/** The class that a failure must have, by what the upstream does. The names of errors do not show the status 503. */
const CLASSES: Readonly<Record<string, string>> = {
  'status 404': 'model_not_found',
  'status 429': 'rate_limited',
  'status 503': 'upstream_error',
  'status 401': 'invalid_key',
  'hang up': 'unreachable',
  silence: 'timeout',
};

const BEFORE = ARMS.map((arm) => calls(arm, 'chat', 3));
const DURING = [
  calls('official', 'chat', 14),
  calls('official', 'stream', 2),
  calls('official', 'chat', 1, 'status 503'),
  calls('gateway', 'chat', 9),
  calls('gateway', 'stream', 3),
  calls('gateway', 'embeddings', 4),
  calls('gateway', 'responses', 2),
  // Two attempts are one task.
  calls('gateway', 'chat', 2, 'status 503 once', 1),
  calls('gateway', 'chat', 2, 'status 404'),
  calls('gateway', 'chat', 3, 'status 429'),
  calls('gateway', 'chat', 4, 'status 503'),
  calls('gateway', 'stream', 1, 'status 503'),
  calls('gateway', 'embeddings', 1, 'status 401'),
  calls('gateway', 'responses', 1, 'status 503'),
  calls('gateway', 'chat', 1, 'hang up'),
  calls('gateway', 'chat', 1, 'silence'),
];

interface Counting {
  /** Below the folder of the tools. */
  readonly tool: string;
  /** Of Python; without it, the packages are Node's. */
  readonly module?: string;
  /** The calls that it does not count. */
  readonly leavesOut?: readonly Calls['api'][];
  /** The calls whose tokens it does not report. */
  readonly withoutTokens?: readonly Calls['api'][];
}

const COUNTING: readonly Counting[] = [
  { tool: 'otel-node' },
  { tool: 'otel-genai-openai', module: 'opentelemetry.instrumentation.genai.openai' },
  {
    tool: 'otel-openai-v2',
    module: 'opentelemetry.instrumentation.openai_v2',
    leavesOut: ['responses'],
    withoutTokens: ['stream'],
  },
];
const OPENLLMETRY: Counting = {
  tool: 'openllmetry',
  module: 'opentelemetry.instrumentation.openai',
  leavesOut: ['responses'],
};

const folders = new Map([...COUNTING, OPENLLMETRY].map(({ tool }) => [tool, realTool(tool)]));
const isInstalled = ({ tool }: Counting) => folders.get(tool) !== null;

describe.skipIf(!prometheusIsInstalled())('observe counts what real instrumentations record', () => {
  const running: { stop(): unknown }[] = [];
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let prometheus: RunningPrometheus;
  let window: { from: number; to: number };

  beforeAll(async () => {
    upstream = await startUpstream();
    running.push(upstream);
    const start = async (counting: Counting, made: (calls: Calls) => boolean = () => true) => {
      const { tool, module } = counting;
      const folder = folders.get(tool) ?? '';
      const how =
        module === undefined ? { language: 'node' as const } : { language: 'python' as const, module };
      const program = await InstrumentedProgram.start({ folder, ...how }, upstream.urls);
      running.push(program);
      return {
        tool,
        target: program.target,
        make: (all: readonly Calls[]) => program.make(all.filter(made)),
      };
    };
    const both = await Promise.all(COUNTING.filter(isInstalled).map((counting) => start(counting)));
    const each = isInstalled(OPENLLMETRY)
      ? await Promise.all(
          ARMS.map(async (arm) => ({ arm, ...(await start(OPENLLMETRY, (call) => call.arm === arm)) })),
        )
      : [];
    const programs = [...both, ...each];
    const job = (job_name: string, static_configs: readonly object[], more: object = {}) => ({
      ...{ job_name, static_configs },
      ...more,
    });
    const config = {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: [
        ...both.map(({ tool, target }) => job(tool, [{ targets: [target] }])),
        job('openllmetry', [{ targets: each.map(({ target }) => target) }]),
        // Each of these programs calls one arm, which its failures do not name.
        job(
          'openllmetry-relabelled',
          each.map(({ arm, target }) => ({ targets: [target], labels: { calls: upstream.urls[arm] } })),
          { metric_relabel_configs: FAILURES_BY_TARGET },
        ),
      ],
    };
    prometheus = await startPrometheus({ port: await closedPort(), config: JSON.stringify(config) });
    running.push(prometheus);
    const make = async (all: readonly Calls[]) => {
      await Promise.all(programs.map((program) => program.make(all)));
      // OpenLLMetry's are scraped twice.
      return scrapedBy(prometheus, programs.length + each.length, Date.now());
    };
    window = { from: await make(BEFORE), to: await make(DURING) };
  }, 180_000);
  afterAll(() => Promise.all(running.map((each) => each.stop())));

  const configOf = (job: string) => `
official: { base_url: "${upstream.urls.official}" }
gateway: { base_url: "${upstream.urls.gateway}" }
models: [gpt-4o-mini, text-embedding-3-small]
measure: { source: prometheus, labels: { job: ${job} } }
`;

  const observe = (job: string) => observeAll(configOf(job), prometheus);

  /** Of a window that began while the programs ran. */
  const measure = async (job: string) => {
    const opened = await openSources({
      config: valid(configOf(job)),
      environment: { PROMETHEUS_URL: prometheus.url },
      directory: import.meta.dirname,
    });
    if (opened.kind !== 'sources') throw new Error(`unexpected: ${opened.problems.map(String)}`);
    const [source] = opened.sources;
    return source?.measure({ window, now: window.to, slice: null, without: [] });
  };

  describe.each(COUNTING)('$tool', (counting) => {
    it.skipIf(!isInstalled(counting))('from the first call', async () => {
      expect(await observe(counting.tool)).toMatchObject({
        kind: 'observed',
        measurement: { arms: truth(counting, [...BEFORE, ...DURING]) },
      });
    });

    it.skipIf(!isInstalled(counting))('in a window', async () => {
      expect(await measure(counting.tool)).toMatchObject({ arms: truth(counting, DURING) });
    });
  });

  describe.skipIf(!isInstalled(OPENLLMETRY))('OpenLLMetry', () => {
    it('is an error where failures name no arm', async () => {
      expect(await observe('openllmetry')).toMatchObject({
        kind: 'failed',
        reasonCode: 'failures_of_no_arm',
      });
    });

    it('once each program names its arm', async () => {
      expect(await observe('openllmetry-relabelled')).toMatchObject({
        kind: 'observed',
        measurement: { arms: truth(OPENLLMETRY, [...BEFORE, ...DURING]) },
      });
    });
  });
});

/** Failures take the arm from the target's label `calls`, because they have no `server_address`. */
const FAILURES_BY_TARGET = [
  { source_labels: ['server_address', 'calls'], regex: ';(.+)', target_label: 'server_address' },
];

/** What an arm's counts must show after these calls. */
function truth({ leavesOut = [], withoutTokens = [] }: Counting, made: readonly Calls[]) {
  return Object.fromEntries(
    ARMS.map((arm) => {
      const counted = made.filter((call) => call.arm === arm && !leavesOut.includes(call.api));
      const failed = counted.filter(({ content }) => CLASSES[content] !== undefined);
      const told = counted.filter((call) => !failed.includes(call) && !withoutTokens.includes(call.api));
      const sum = (all: readonly Calls[], of: (call: Calls) => number = () => 1) =>
        all.reduce((total, call) => total + call.times * of(call), 0);
      const classes = new Set(failed.map(({ content }) => content));
      const classCounts = [...classes].map((content) => [
        CLASSES[content],
        sum(failed.filter((call) => call.content === content)),
      ]);
      return [
        arm,
        {
          tasks: sum(counted),
          failedTasks: sum(failed),
          errorsByClass: Object.fromEntries(classCounts),
          tokens: {
            input: sum(told, ({ api }) => (api === 'embeddings' ? USED.embedding : USED.input)),
            output: sum(told, ({ api }) => (api === 'embeddings' ? 0 : USED.output)),
          },
        },
      ];
    }),
  );
}
