/** The Action's outputs. action.yml describes them; a test compares the names. */
export const OUTPUTS = [
  'verdict',
  'reason-code',
  'new-address',
  'report',
  'html',
  'models-missing',
  'hard-coded',
  'readiness',
  'exit-code',
  'decision',
  'official-success-rate',
  'official-tokens',
  'official-cost-usd',
  'gateway-success-rate',
  'gateway-tokens',
  'gateway-cost-usd',
] as const;

/** Outputs that are not given are empty. */
export type Outputs = Partial<Readonly<Record<(typeof OUTPUTS)[number], string>>>;
