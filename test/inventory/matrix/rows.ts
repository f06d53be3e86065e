import type { Hazard } from '../../../src/inventory/hazards.ts';
import { IMPLICIT, type Site } from '../../../src/inventory/site.ts';

/** What a row of the matrix expects of its hits. */
type Expected = (found: { readonly sites: readonly Site[]; readonly hazards: readonly Hazard[] }) => boolean;

const site =
  (kind: Site['kind'], matches: (site: Site) => boolean = () => true): Expected =>
  ({ sites }) =>
    sites.some((found) => found.kind === kind && matches(found));

const hazard =
  (kind: Hazard['kind']): Expected =>
  ({ hazards }) =>
    hazards.some((found) => found.kind === kind);

const configured = ({ hardCoded, value }: Site): boolean => !hardCoded && value !== IMPLICIT;

/** The kinds of places that a repository may have: the rows. */
export const ROWS = {
  'implicit URL': site('base_url', ({ value }) => value === IMPLICIT),
  'implicit key': site('api_key', ({ value }) => value === IMPLICIT),
  literal: site('base_url', ({ hardCoded, value }) => hardCoded && value !== IMPLICIT),
  option: site('base_url', configured),
  environment: site('api_key', ({ hardCoded, value }) => !hardCoded && /^[A-Z_]+$/.test(value)),
  'default of a read': site('base_url', ({ hardCoded, value }) => !hardCoded && value.startsWith('http')),
  'configuration section': site('base_url', configured),
  'own accessor': site('api_key', configured),
  'bare name': site('api_key', configured),
  'model setting': site('model', configured),
  'own function': site('api_key'),
  'Authorization header': site('api_key'),
  'endpoint behind a constant': site('endpoint'),
  'streaming by named argument': site('feature', ({ value }) => value === 'streaming'),
  tools: site('feature', ({ value }) => value === 'tools'),
  'structured outputs': site('feature', ({ value }) => value === 'structured_outputs'),
  'other abilities': site('feature'),
  timeout: site('client_setting', ({ value }) => /timeout/i.test(value)),
  retries: site('client_setting', ({ value }) => /retr/i.test(value)),
  'prefix check': hazard('prefix_check'),
  'allow-list': ({ hazards }) =>
    hazards.some(({ kind }) => kind === 'model_table' || kind === 'official_url_check'),
} as const satisfies Readonly<Record<string, Expected>>;

export type Row = keyof typeof ROWS;

/** Code that is reported and similar code that is not, or why there is no such code. */
export type Cell = readonly [hit: string, trap: string] | string;

export interface Column {
  readonly file: string;
  /** Lines that each of the column's examples stands in. */
  readonly in: string;
  readonly cells: Readonly<Record<Row, Cell>>;
}
