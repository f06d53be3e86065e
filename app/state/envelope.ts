/**
 * The file of a state: the state, where it belongs, its place in the sequence, and a signature over all of it. Who
 * made the newest commit is never asked: whoever may push can make one. Only the signature counts.
 */
import { z } from 'zod';
import { branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import { rolloutStateSchema } from '../../src/rollout/state.ts';
import { canonicalJson } from './canonical-json.ts';
import { keyId, sign, verifies } from './keys.ts';
import { type Migrations, migrate, SCHEMA } from './migrations.ts';

const envelopeSchema = z.object({
  schema: z.literal(SCHEMA),
  /** GitHub's id of the repository: it stays when the repository is renamed or transferred. */
  repository: z.int(),
  rollout: z.string(),
  /** When the branch was created, in milliseconds since 1970: a rollout that began anew is not an older one. */
  started: z.int().min(0),
  /** 1 for the first state on the branch, one more with each. */
  sequence: z.int().min(1),
  /** The Git blob of the file that this one replaced; null for the first. So the files form a chain. */
  previous: z.string().nullable(),
  /** Of the commit, so that the log cannot be rewritten either. */
  message: z.string(),
  state: rolloutStateSchema,
  key: z.string().nullable(),
  mac: z.string().nullable(),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** Why a file is not believed; stable. */
export type InvalidReason = 'not_verified' | 'rewound' | 'newer_schema' | 'broken';

export interface Invalid {
  readonly kind: 'invalid';
  readonly reason: InvalidReason;
  /** A sentence: what was found, what was expected, what to do next. */
  readonly detail: string;
}

/** What the reader knows without the file. */
export interface StateIdentity {
  readonly repository: number;
  readonly rollout: string;
  /** The first signs; null: states are not signed, because a ruleset keeps everybody else away. */
  readonly keys: readonly string[] | null;
}

/** The text of the file: signed with the first key, and laid out so that a diff shows what changed. */
export function seal(
  content: Omit<Envelope, 'schema' | 'repository' | 'rollout' | 'key' | 'mac'>,
  { repository, rollout, keys }: StateIdentity,
): string {
  const [key] = keys ?? [];
  const id = key === undefined ? null : keyId(key);
  const { state, ...place } = content;
  const envelope = { schema: SCHEMA, repository, rollout, ...place, key: id, state };
  // What JSON cannot hold is dropped before it is signed, as it will be missing when it is read.
  const mac = key === undefined ? null : sign(key, canonicalJson(JSON.parse(JSON.stringify(envelope))));
  return layOut({ ...envelope, mac });
}

/** Reads and verifies the text of a file. The order of the sequence is not its matter. */
export function open(
  text: string,
  identity: StateIdentity,
  migrations?: Migrations,
): { readonly kind: 'opened'; readonly envelope: Envelope } | Invalid {
  const branch = branchOf(identity.rollout);
  const raw = parse(text);
  if (raw === null) {
    return invalid(
      'broken',
      `The file ${STATE_FILE} on ${branch} is no JSON. Restore the App's newest commit, or delete the branch and ` +
        'start the rollout anew.',
    );
  }
  const migrated = migrate(raw, migrations);
  if (migrated.kind === 'newer') {
    return invalid(
      'newer_schema',
      `The state on ${branch} has schema ${migrated.schema}; this App knows schemas up to ${SCHEMA}. ` +
        'A newer version wrote it: update this one.',
    );
  }
  const doubt = doubtOf(raw, identity);
  if (doubt !== null) return invalid('not_verified', doubt);
  const read = migrated.kind === 'current' ? envelopeSchema.safeParse(migrated.file) : null;
  if (read?.success === true) return { kind: 'opened', envelope: read.data };
  const where = read?.error.issues[0]?.path.join('.');
  return invalid(
    'broken',
    `The state on ${branch} cannot be read${where ? ` (at ${where})` : ''}, though its signature fits; expected a ` +
      'state of this App. Restore the commit before, or delete the branch and start the rollout anew.',
  );
}

const signedSchema = z.looseObject({
  repository: z.number(),
  rollout: z.string(),
  key: z.string().nullable(),
  mac: z.string().nullable(),
});

/** Why the file may not be the App's; null when it is. Judged on what was written, before any migration. */
function doubtOf(raw: unknown, { repository, rollout, keys }: StateIdentity): string | null {
  const branch = branchOf(rollout);
  const restore = `Restore the App's newest commit on ${branch}, or delete the branch and start the rollout anew.`;
  const read = signedSchema.safeParse(raw);
  if (!read.success) return `The file on ${branch} is not one that the App wrote. ${restore}`;
  const { mac, ...signed } = read.data;
  if (signed.repository !== repository || signed.rollout !== rollout) {
    return `The state on ${branch} belongs to another rollout or repository: it was copied. ${restore}`;
  }
  if (mac === null || signed.key === null) {
    if (keys === null) return null;
    return `The state on ${branch} is not signed; expected the App's signature. ${restore}`;
  }
  const key = keys?.find((each) => keyId(each) === signed.key);
  if (key === undefined) {
    return (
      `The state on ${branch} was signed with the key ${signed.key}, which this App does not have. ` +
      'Set STATE_KEY, or STATE_KEYS_OLD after a rotation, to the key with which it was written.'
    );
  }
  if (verifies(key, canonicalJson(signed), mac)) return null;
  return `The state on ${branch} was changed by somebody else: its signature does not fit. ${restore}`;
}

export function invalid(reason: InvalidReason, detail: string): Invalid {
  return { kind: 'invalid', reason, detail };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A line break inside makes the pattern safe: no string of a JSON text holds one. */
const NUMBERS = /\[\n\s+(-?[\d.e+-]+(?:,\n\s+-?[\d.e+-]+)*)\n\s+\]/gi;

/** Indented JSON; lists of numbers, of which the evidence has long ones, on one line each. */
function layOut(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(NUMBERS, (_list, numbers: string) => `[${numbers.replace(/\n\s+/g, ' ')}]`)}\n`;
}
