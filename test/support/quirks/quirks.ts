/** All quirks by name. */
import { abilityQuirks } from './ability-quirks.ts';
import { answerQuirks } from './answer-quirks.ts';
import { contentQuirks } from './content-quirks.ts';
import { endpointQuirks } from './endpoint-quirks.ts';
import type { QuirkHooks } from './quirk.ts';
import { refusalQuirks } from './refusal-quirks.ts';
import { requestIdQuirks } from './request-id-quirks.ts';
import { responseQuirks } from './response-quirks.ts';
import { streamQuirks } from './stream-quirks.ts';

const TABLE = {
  ...streamQuirks,
  ...answerQuirks,
  ...abilityQuirks,
  ...contentQuirks,
  ...endpointQuirks,
  ...refusalQuirks,
  ...requestIdQuirks,
  ...responseQuirks,
} as const satisfies Readonly<Record<string, QuirkHooks>>;

export type Quirk = keyof typeof TABLE;

export const QUIRKS: Readonly<Record<Quirk, QuirkHooks>> = TABLE;
