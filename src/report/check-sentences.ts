/** The sentences of a check's report; what a probe found is worded by the probe. */
import type { CheckReport, CheckUsage, ModelResult, ProbeStatus } from '../check/report.ts';
import { count, usd, whole } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { familyOf, outline, type SkipGroup } from './check-outline.ts';

export function checkResultSentence(report: CheckReport): string {
  const { failed, warned, noted, passed } = outline(report);
  const ran = failed.length + warned.length + noted.length + passed.length;
  const outOf = `${passed.length} of ${count(ran, 'probe')} passed`;
  const warnings = warned.length === 0 ? '' : `, with ${count(warned.length, 'warning')}`;
  const notes = noted.length === 0 ? '' : `, ${count(noted.length, 'note')}`;
  switch (report.verdict) {
    case 'ready':
      return `Ready${warnings}: ${outOf}${notes}.`;
    case 'not-ready':
      return `Not ready: ${failed.length} of ${count(ran, 'probe')} failed.`;
    case 'skipped':
      return `Skipped: ${skipCause(report.reasonCode)}`;
  }
}

/** A check that is not ready in one line: the verdict, the first failure, its fix. */
export function failureLine(report: CheckReport): string {
  const { first } = outline(report);
  const about = first === null ? '' : ` ${first.id}: ${first.summary}`;
  return plainLine(`${checkResultSentence(report)}${about} ${nextStep(report)}`, 1000);
}

/** Probes that were skipped for one reason; if there are many, only their families are named. */
export function skipSentence({ reason, ids }: SkipGroup): string {
  const families = [...new Set(ids.map((id) => familyWords(familyOf(id))))];
  const which =
    ids.length > MAX_SKIPPED_IDS ? `${count(ids.length, 'probe')} (${families.join(', ')})` : ids.join(', ');
  return `Skipped ${which}: ${reason}`;
}

const MAX_SKIPPED_IDS = 5;

/** What to do next, in a sentence or two. */
export function nextStep(report: CheckReport): string {
  const { first, warned } = outline(report);
  if (report.verdict === 'skipped') return skipRemedy(report.reasonCode);
  if (first !== null)
    return first.fix ?? `Check the result of ${first.id}, and contact the platform's support.`;
  if (warned.length > 0) return "Warnings don't block you; review them and fix any that affect your product.";
  return 'Nothing to fix. The rollout can continue.';
}

/** Why a check was skipped; completes "Skipped: …". */
export function skipCause(reasonCode: string): string {
  switch (reasonCode) {
    case 'no_secrets_on_fork':
      return 'this pull request comes from a fork, and GitHub gives such runs no secrets. The gateway was not tested.';
    case 'no_secrets_for_dependabot':
      return 'this pull request comes from Dependabot, and GitHub gives such runs no Actions secrets. The gateway was not tested.';
    default:
      return `${reasonCode}. The gateway was not tested.`;
  }
}

function skipRemedy(reasonCode: string): string {
  return reasonCode === 'no_secrets_for_dependabot'
    ? 'To check these pull requests too, store the gateway key as a Dependabot secret (Settings → Secrets and variables → Dependabot).'
    : 'To run the check before the merge, push the same commits to a branch of this repository. After the merge it runs with the key.';
}

/** What the run cost, e.g. `31 requests, 1,204 tokens in, 320 out, 0.0012 USD`. */
export function usageSentence(usage: CheckUsage): string {
  const tokens = `${whole(usage.inputTokens)} tokens in, ${whole(usage.outputTokens)} out`;
  return `${count(usage.requests, 'request')}, ${tokens}, ${cost(usage.costUsd)}`;
}

function cost(value: number | null): string {
  if (value === null) return 'cost unknown (a price or token count is missing)';
  return value === 0 ? 'no cost' : usd(value);
}

/** What a reader should know about a model; `''` when there is nothing. */
export function modelRemark(model: ModelResult): string {
  const remarks: string[] = [];
  if (model.callable === false) remarks.push('does not respond');
  else if (model.listed === false) remarks.push('not listed');
  if (model.suggestion !== null) remarks.push(`did you mean ${model.suggestion}?`);
  if (model.answeredAs !== null && model.answeredAs !== model.gatewayName)
    remarks.push(`served by ${model.answeredAs}`);
  return remarks.join(', ');
}

/** The status as a word, so that reports do not depend on colours or symbols. */
export const STATUS_WORD = { pass: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' } as const satisfies Record<
  ProbeStatus,
  string
>;

const FAMILY_TITLES: Readonly<Record<string, string>> = {
  new_address: 'New address',
  connection: 'Connection',
  auth: 'Keys',
  balance: 'Balance',
  models: 'Models',
  chat: 'Chat',
  stream: 'Streaming',
  tools: 'Tools',
  structured: 'Structured outputs',
  embeddings: 'Embeddings',
  responses: 'Responses',
  endpoint: 'Other endpoints',
  request_id: 'Request IDs',
  client: 'Client',
  limits: 'Limits',
  compare: 'Comparison with the official API',
  fidelity: 'Is it the same model?',
};

/** The title of a family of probes; the title of an unknown family is its name. */
export function familyTitle(name: string): string {
  return FAMILY_TITLES[name] ?? name;
}

/** The title within a sentence. */
export function familyWords(name: string): string {
  const title = familyTitle(name);
  return title.charAt(0).toLowerCase() + title.slice(1);
}
