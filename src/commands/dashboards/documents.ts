import type { ErrorClass } from '../../gateway/refusal.ts';

/** Where a class of errors is documented: those of the API by OpenAI, the others here. */
export function documentOf(error: ErrorClass): string {
  switch (error) {
    case 'rate_limited':
      return 'https://platform.openai.com/docs/guides/rate-limits';
    case 'not_openai_shape':
    case 'unreachable':
    case 'disabled_key':
    case 'key_quota':
      return 'https://github.com/gateway-rollout/gateway-rollout/blob/main/src/check/README.md';
    default:
      return 'https://platform.openai.com/docs/guides/error-codes';
  }
}
