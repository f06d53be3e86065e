import type { PresetName } from '../../../config/schema/prometheus.ts';
import { bifrost } from './bifrost.ts';
import { envoyAiGateway } from './envoy-ai-gateway.ts';
import { kong } from './kong.ts';
import { litellm } from './litellm.ts';
import { otelGenai } from './otel-genai.ts';
import type { PrometheusPreset } from './preset.ts';

/** By their names in the config. */
export const PRESETS = {
  'otel-genai': otelGenai,
  litellm,
  'envoy-ai-gateway': envoyAiGateway,
  bifrost,
  kong,
} as const satisfies Record<PresetName, PrometheusPreset>;
