/**
 * The file of a state: the state, its rollout, its sequence number, and a signature over all of it. Only the signature
 * counts. The author of the commit does not: everyone with push access can make one.
 */
import { z } from 'zod';
import { branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import { parseJson } from '../../src/gateway/json.ts';
import { rolloutStateSchema } from '../../src/rollout/state.ts';
import { type Migrations, migrate, SCHEMA } from './migrations.ts';
import { pack, unpack } from './packing.ts';
import { canonicalJson, keyId, type StateIdentity, sign, verifies } from './signature.ts';

const envelopeSchema = z.object({
  schema: z.literal(SCHEMA),
  /** GitHub's ID of the repository, which does not change when the repository is renamed or transferred. */
  repository: z.int(),
  rollout: z.string(),
  /** When the branch was created, in milliseconds since 1970. It distinguishes a restarted rollout from an older state. */
  started: z.int().min(0),
  /** 1 for the first state on the branch, one more with each. */
  sequence: z.int().min(1),
  /** The Git blob of the file that this one replaced; null for the first. The files form a chain. */
  previous: z.string().nullable(),
  /** The commit message, so that the log cannot be rewritten either. */
  message: z.string(),
  /**
   * All comments were heard that the rollout's issue had at that time (milliseconds since 1970), and how many those were;
   * missing where nobody knows.
   */
  heard: z.object({ at: z.int().min(0), comments: z.int().min(0) }).optional(),
  state: rolloutStateSchema,
  key: z.string().nullable(),
  mac: z.string().nullable(),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** Why a file is not trusted; stable. */
export type InvalidReason = 'not_verified' | 'rewound' | 'newer_schema' | 'broken';

export interface Invalid {
  readonly kind: 'invalid';
  readonly reason: InvalidReason;
  /** What was found, what was expected, and what to do. */
  readonly detail: string;
}

/** The text of the file, signed with the first key. Its layout makes diffs readable. */
export function seal(
  content: Omit<Envelope, 'schema' | 'repository' | 'rollout' | 'key' | 'mac'>,
  { repository, rollout, keys }: StateIdentity,
): string {
  const [key] = keys ?? [];
  const id = key === undefined ? null : keyId(key);
  const { state, ...history } = content;
  const envelope = { schema: SCHEMA, repository, rollout, ...history, key: id, state: pack(state) };
  // Drops what JSON cannot hold before signing, because it will be missing when the file is read.
  const signed = JSON.parse(JSON.stringify(envelope));
  const mac = key === undefined ? null : sign(key, canonicalJson(signed));
  return layOut({ ...signed, mac });
}

/** Reads the text of a file and verifies its signature. The caller checks the sequence. */
export function open(
  text: string,
  identity: StateIdentity,
  migrations?: Migrations,
): { readonly kind: 'opened'; readonly envelope: Envelope } | Invalid {
  const branch = branchOf(identity.rollout);
  const raw = parseJson(text);
  if (raw === undefined || raw === null) {
    return invalid(
      'broken',
      `The file ${STATE_FILE} on ${branch} is not JSON. Restore the App's newest commit, or delete the branch and ` +
        'start the rollout again.',
    );
  }
  const migrated = migrate(raw, migrations);
  if (migrated.kind === 'newer') {
    return invalid(
      'newer_schema',
      `The state on ${branch} has schema ${migrated.schema}; this version of the App knows schemas up to ${SCHEMA}. ` +
        'A newer version wrote it: update the App.',
    );
  }
  const forgery = forgeryOf(raw, identity);
  if (forgery !== null) return invalid('not_verified', forgery);
  const read = migrated.kind === 'current' ? envelopeSchema.safeParse(unpacked(migrated.file)) : null;
  if (read?.success === true) return { kind: 'opened', envelope: read.data };
  const where = read?.error.issues[0]?.path.join('.');
  return invalid(
    'broken',
    `The state on ${branch} cannot be read${where ? ` (at ${where})` : ''}, although its signature is valid. ` +
      'Restore the previous commit, or delete the branch and start the rollout again.',
  );
}

/** Null where something packed is damaged. */
function unpacked(file: unknown): unknown {
  if (typeof file !== 'object' || file === null || !('state' in file)) return file;
  try {
    return { ...file, state: unpack(file.state) };
  } catch {
    return null;
  }
}

const signedSchema = z.looseObject({
  repository: z.number(),
  rollout: z.string(),
  key: z.string().nullable(),
  mac: z.string().nullable(),
});

/** Why the App may not have written the file; null if it has. Checks the file as it is, before any migration. */
function forgeryOf(raw: unknown, { repository, rollout, keys }: StateIdentity): string | null {
  const branch = branchOf(rollout);
  const restore = `Restore the App's newest commit on ${branch}, or delete the branch and start the rollout again.`;
  const read = signedSchema.safeParse(raw);
  if (!read.success) return `The file on ${branch} is not one that the App wrote. ${restore}`;
  const { mac, ...signed } = read.data;
  if (signed.repository !== repository || signed.rollout !== rollout) {
    return `The state on ${branch} was copied from another rollout or repository. ${restore}`;
  }
  if (mac === null || signed.key === null) {
    if (keys === null) return null;
    return `The state on ${branch} is not signed. ${restore}`;
  }
  const key = keys?.find((each) => keyId(each) === signed.key);
  if (key === undefined) {
    return (
      `The state on ${branch} was signed with the key ${signed.key}, which this App does not have. ` +
      'Set STATE_KEY to that key, or add it to STATE_KEYS_OLD after a rotation.'
    );
  }
  if (verifies(key, canonicalJson(signed), mac)) return null;
  return `The state on ${branch} was changed by somebody else: its signature is not valid. ${restore}`;
}

export function invalid(reason: InvalidReason, detail: string): Invalid {
  return { kind: 'invalid', reason, detail };
}

/** The line break makes the pattern safe: no string in JSON text contains one. */
const NUMBERS = /\[\n\s+(-?[\d.e+-]+(?:,\n\s+-?[\d.e+-]+)*)\n\s+\]/gi;

/** Indented JSON, with each list of numbers on one line: the evidence has long ones. */
function layOut(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(NUMBERS, (_list, numbers: string) => `[${numbers.replace(/\n\s+/g, ' ')}]`)}\n`;
}
