import { ARMS, type Arm } from './arms.ts';
import { readDocument } from './document.ts';

/** `base_url` of each arm; null where there is none. */
export type Addresses = Readonly<Record<Arm, string | null>>;

/** The addresses in the text of a config, also of an older one that today's rules refuse; none where it is not YAML. */
export function addressesIn(text: string): Addresses {
  const { raw, syntax } = readDocument(text, '');
  const entries = ARMS.map((arm) => [arm, syntax.length > 0 ? null : addressAt(raw, arm)]);
  return Object.fromEntries(entries);
}

function addressAt(raw: unknown, arm: Arm): string | null {
  const section = isMap(raw) && Object.hasOwn(raw, arm) ? raw[arm] : null;
  const address = isMap(section) && Object.hasOwn(section, 'base_url') ? section.base_url : null;
  return typeof address === 'string' ? address : null;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
