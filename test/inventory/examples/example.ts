import type { HazardKind } from '../../../src/inventory/rule.ts';
import type { SiteKind } from '../../../src/inventory/site.ts';

/** How a URL or a key is set; rows of the matrix. */
export type Way =
  | 'implicit'
  | 'literal'
  | 'option'
  | 'environment'
  | 'default'
  | 'section'
  | 'accessor'
  | 'header';

/** Code that the inventory reports, and similar code that it must not report. */
export interface Example {
  readonly finds: SiteKind | HazardKind;
  readonly as?: Way;
  /** If not the sample file of the list. */
  readonly file?: string;
  /** A line that the code needs before it: an import, a mention of the API. */
  readonly after?: string;
  /** Code, and the value that is reported for it. */
  readonly hit: readonly (readonly [code: string, value: string])[];
  /** Code without such a site; or with no other one than the given value. */
  readonly trap: readonly (string | readonly [code: string, value: string])[];
}
