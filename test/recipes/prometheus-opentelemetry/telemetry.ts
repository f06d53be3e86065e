/** Client metrics by OpenTelemetry's semantic conventions for generative AI, for Prometheus to scrape. */
import type { Attributes, Histogram, Meter } from '@opentelemetry/api';
import { type ExporterConfig, PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import OpenAI from 'openai';

/** In seconds, by the conventions. The SDK's own bounds are for milliseconds. */
const DURATION_BOUNDS = Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step);
const TOKEN_BOUNDS = Array.from({ length: 14 }, (_, step) => 4 ** step);

/** Serves the metrics, by default on port 9464 at /metrics. */
export function startTelemetry(options: ExporterConfig = {}) {
  const exporter = new PrometheusExporter(options);
  const provider = new MeterProvider({ readers: [exporter] });
  return {
    exporter,
    calls: new MeasuredCalls(provider.getMeter('assistant')),
    stop: () => provider.shutdown(),
  };
}

/** Counts each call of a client once, including its retries. */
export class MeasuredCalls {
  readonly #duration: Histogram;
  readonly #tokens: Histogram;

  constructor(meter: Meter) {
    this.#duration = meter.createHistogram('gen_ai.client.operation.duration', {
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BOUNDS },
    });
    this.#tokens = meter.createHistogram('gen_ai.client.token.usage', {
      unit: '{token}',
      advice: { explicitBucketBoundaries: TOKEN_BOUNDS },
    });
  }

  /** @throws the client's error, after counting it */
  async chat(
    client: OpenAI,
    request: OpenAI.ChatCompletionCreateParamsNonStreaming,
  ): Promise<OpenAI.ChatCompletion> {
    const attributes: Attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': request.model,
      // The host of the base URL identifies the arm.
      'server.address': new URL(client.baseURL).hostname,
    };
    const start = performance.now();
    const took = () => (performance.now() - start) / 1000;
    try {
      const completion = await client.chat.completions.create(request);
      this.#duration.record(took(), attributes);
      const { prompt_tokens: input, completion_tokens: output } = completion.usage ?? {};
      for (const [type, tokens] of Object.entries({ input, output })) {
        if (tokens !== undefined) this.#tokens.record(tokens, { ...attributes, 'gen_ai.token.type': type });
      }
      return completion;
    } catch (error) {
      this.#duration.record(took(), { ...attributes, 'error.type': errorType(error) });
      throw error;
    }
  }
}

/** The status, or the error's name where there was no response. */
function errorType(error: unknown): string {
  if (error instanceof OpenAI.APIError && error.status !== undefined) return String(error.status);
  return error instanceof Error ? error.constructor.name : 'unknown';
}
