import type { Environment } from '../config/environment.ts';
import { createRedactor } from '../gateway/redact.ts';
import { plainLine } from '../wording/foreign-text.ts';

/** Set to 1 to see where an internal error was thrown. */
const DEBUG_VARIABLE = 'GATEWAY_ROLLOUT_DEBUG';

/**
 * Describes a bug of this program: one line, and the stack only on demand.
 * @param secrets are removed from the message and from the stack
 */
export function internalErrorText(
  error: unknown,
  secrets: readonly string[],
  environment: Environment,
): string {
  const redactor = createRedactor([...secrets]);
  const debug = environment[DEBUG_VARIABLE] === '1';
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = plainLine(redactor.text(words), 300);
  const line = `internal error: ${message}. This is a bug in gateway-rollout. Please report it`;
  if (!debug) return `${line} with the output under ${DEBUG_VARIABLE}=1.`;
  const stack = error instanceof Error ? redactor.text(error.stack ?? '') : '';
  return `${line}:\n${stack}`;
}
