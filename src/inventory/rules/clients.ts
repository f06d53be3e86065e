import { chainedCalls } from '../call-chain.ts';
import { clientReads } from '../client-reads.ts';
import { type LanguageFamily, languageOf } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import { familyOf } from '../sdks.ts';
import { IMPLICIT } from '../site.ts';
import { CONSTRUCTIONS, type Construction, NEVER } from './constructions.ts';

/** Arguments that may contain any option: a spread, or a variable instead of an object. */
const OPAQUE: Partial<Record<LanguageFamily, RegExp>> = {
  javascript: /\.\.\.|^\s*(?!\{|`|["'])[\w.$!]+(?:\([^()]*\))?(?:\s+as\s+[^,]+)?\s*(?:,|$)/,
  python: /^\s*[\w.]+\s*$/,
  ruby: /^\s*\w+\s*$/,
};

/** The calls that are chained to a construction. */
const chainOf = ({ code, offset }: RuleMatch): string =>
  chainedCalls(code, offset)
    .map(({ name, args }) => `.${name}(${args})`)
    .join('');

function readsOf({ sdks, reads }: Construction, found: RuleMatch) {
  const sdk = sdks?.find((one) => found.sdks.includes(one)) ?? sdks?.[0] ?? found.sdks[0];
  if (reads !== undefined || sdk === undefined)
    return { url: [], key: [], defaultUrl: 'the official API', ...reads };
  return clientReads(sdk, found.fileHolds);
}

/** A key that is set for all clients of a file. */
const KEY_OF_MODULE = /\bopenai\.api_key\s*=[^=]|\baccess_token\s*=[^=]/;

function rulesOf(construction: Construction): Rule[] {
  const { name, needs, pattern: built, url, key = NEVER, elsewhere, accept } = construction;
  const families =
    construction.families ?? (typeof needs === 'object' ? needs.slice(0, 1).map(familyOf) : []);
  const shared = {
    families,
    pattern: built,
    value: IMPLICIT,
    ...(needs === undefined ? {} : { needs }),
  } as const;
  const isOpen = (found: RuleMatch): boolean =>
    (!found.match[0].endsWith('(') || OPAQUE[languageOf(found.path).family]?.test(found.inside) !== true) &&
    (accept?.(found) ?? true);
  return [
    {
      ...shared,
      id: `client-${name}-without-url`,
      kind: 'base_url',
      accept: (found) =>
        !url.test(found.inside) &&
        !url.test(chainOf(found)) &&
        !(elsewhere !== undefined && found.fileHolds(elsewhere)) &&
        isOpen(found),
      hardCoded: (found) => readsOf(construction, found).url.length === 0,
      note: (found) => {
        const { url: variables, defaultUrl } = readsOf(construction, found);
        return variables.length === 0
          ? `Calls ${defaultUrl}: this client reads no variable.`
          : `Calls ${defaultUrl} unless ${variables.join(' or ')} is set.`;
      },
    },
    ...(construction.key === undefined
      ? []
      : [
          {
            ...shared,
            id: `client-${name}-without-key`,
            kind: 'api_key' as const,
            accept: (found: RuleMatch) =>
              !key.test(found.inside) &&
              !key.test(chainOf(found)) &&
              !found.fileHolds(KEY_OF_MODULE) &&
              isOpen(found) &&
              readsOf(construction, found).key.length > 0,
            hardCoded: false,
            note: (found: RuleMatch) => `Reads ${readsOf(construction, found).key.join(' or ')}.`,
          },
        ]),
  ];
}

/** Clients that are built without a URL, or without a key: what they read then is a fact of their library. */
export const CLIENT_RULES: readonly Rule[] = CONSTRUCTIONS.flatMap(rulesOf);
