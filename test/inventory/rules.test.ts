import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findAll } from '../../src/inventory/find.ts';
import { hazardsIn } from '../../src/inventory/hazards.ts';
import { languageOf } from '../../src/inventory/languages.ts';
import type { Matcher } from '../../src/inventory/rule.ts';
import { HAZARD_RULES, RULES } from '../../src/inventory/rules/index.ts';
import { prepare, scanFile } from '../../src/inventory/scan.ts';
import { librariesOf } from '../../src/inventory/sdks.ts';
import { API_FEATURES, ENDPOINTS } from '../../src/inventory/site.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';
import { EXAMPLES } from './examples/index.ts';
import { matrixSources } from './matrix/index.ts';
import { SDK_SAMPLES } from './sdk-samples.ts';

describe.each(EXAMPLES)('$finds in $file ($as)', ({ finds, file, after, hit, trap }) => {
  it.each(hit)('finds %s', (code, value) => {
    expect(found(file, after, code, finds)).toContain(value);
  });

  it.each(trap.map((example): [string, string?] => (typeof example === 'string' ? [example] : [...example])))(
    'ignores %s',
    (code, other) => {
      const values = found(file, after, code, finds);
      // Code may use another endpoint or feature than the one it is a trap for.
      const wrong = /^(?:endpoint|feature|client_setting)$/.test(finds)
        ? values.filter((value) => hit.length === 0 || hit.some(([, hits]) => hits === value))
        : values;
      expect(wrong.filter((value) => value !== other)).toEqual([]);
    },
  );
});

describe('all rules', () => {
  const all: readonly Matcher[] = [...RULES, ...HAZARD_RULES];

  it('have stable ids, each used once', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([]);
  });

  it('find something in the examples', () => {
    const sources = [
      ...EXAMPLES.flatMap(({ file, after, hit }) =>
        hit.map(([code]) => prepare(file, withContext(after, code))),
      ),
      ...matrixSources(),
    ];
    const used = new Set(
      sources.flatMap((source) => [...scanFile(source), ...hazardsIn(source)].map(({ rule }) => rule)),
    );
    expect(all.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });

  it('find nothing in a file that only mentions the API', () => {
    const files = new Set(EXAMPLES.map(({ file }) => file));
    expect([...files].flatMap((file) => scanFile(prepare(file, 'uses_openai ;\n')))).toEqual([]);
  });

  it('find near the words that they require what they find anywhere', () => {
    const files = [...new Set(EXAMPLES.map(({ file }) => file))];
    const differences = files.flatMap((file) => {
      const examples = EXAMPLES.filter((example) => example.file === file);
      const codes = examples.flatMap(({ after, hit }) => [after ?? '', ...hit.map(([code]) => code)]);
      const source = prepare(file, codes.join('\n'));
      const places = (rule: Matcher) =>
        [...findAll(rule, source)].map(({ offset, value }) => ({ offset, value }));
      return all.flatMap((rule) => {
        const anywhere = { ...rule, pattern: withoutWords(rule.pattern) };
        return isDeepStrictEqual(places(rule), places(anywhere)) ? [] : [`${rule.id} in ${file}`];
      });
    });
    expect(differences).toEqual([]);
  });

  it('use the known names of endpoints and features', () => {
    const sites = EXAMPLES.flatMap(({ file, after, hit }) =>
      hit.flatMap(([code]) => scanFile(prepare(file, withContext(after, code)))),
    );
    const words = { endpoint: ENDPOINTS, feature: API_FEATURES } as const;
    for (const kind of ['endpoint', 'feature'] as const) {
      const said = new Set(sites.filter((site) => site.kind === kind).map(({ value }) => value));
      expect([...said].filter((value) => !words[kind].some((word) => word === value))).toEqual([]);
      expect(said.size).toBeGreaterThan(10);
    }
  });

  // Files are up to 1 MiB, and what makes a pattern slow is what it looks for, again and again.
  it('do not take quadratic time', () => {
    const crowded = crowdedFiles();
    const slow = [...RULES, ...HAZARD_RULES].flatMap((rule) =>
      crowded.flatMap(({ finds, source, body }) => {
        if (finds !== rule.kind) return [];
        // Other programs can slow down one try, hardly three in a row.
        const tries = [1, 2, 3].map(() => () => cpuMilliseconds(() => [...findAll(rule, source)]));
        return tries.every((run) => run() > 150) ? [`${rule.id}: slow in ${body.slice(0, 100)}`] : [];
      }),
    );
    expect(slow).toEqual([]);
  }, 60_000);

  // What a rule asks of the whole file it must not ask again for each of its matches.
  it('read a megabyte full of sites in seconds', () => {
    const line = 'client = OpenAI(base_url="https://llm.example.com/v1", api_key=key)\n';
    const file = prepare('app/clients.py', line.repeat(Math.floor(1_000_000 / line.length)));
    expect(cpuMilliseconds(() => expect(scanFile(file)).not.toHaveLength(0))).toBeLessThan(3_000);
  });

  it('do not set flags that the engine adds', () => {
    expect(all.filter(({ pattern }) => /[dgy]/.test(pattern.flags)).map(({ id }) => id)).toEqual([]);
  });
});

/** A file of each family, by the examples. */
const EXAMPLE_FILES = [...new Map(EXAMPLES.map(({ file }) => [languageOf(file).family, file]))];

describe.each(
  EXAMPLE_FILES.flatMap(([family, file]) => librariesOf(family).map((each) => ({ ...each, file }))),
)('the client library $id', ({ id, pattern, file }) => {
  const sample = SDK_SAMPLES[id];
  it('is detected in its sample', () => {
    expect(sample).toMatch(pattern);
    expect(prepare(file, sample).sdks).toContain(id);
  });
});

/** The same pattern, so that nothing is known of the words in its matches. */
const withoutWords = ({ source, flags }: RegExp): RegExp => new RegExp(`(?:${source})|(?!)`, flags);

const withContext = (after: string | undefined, code: string): string =>
  after === undefined ? code : `${after}\n${code}`;

/** The values of the kind that are reported for the code, without those of its context. */
function found(file: string, after: string | undefined, code: string, kind: string): string[] {
  const source = prepare(file, withContext(after, code));
  const isOfCode = ({ line }: { line: number }) => line > withContext(after, '').split('\n').length - 1;
  const sites = scanFile(source).filter((site) => site.kind === kind && isOfCode(site));
  const hazards = hazardsIn(source).filter((hazard) => hazard.kind === kind && isOfCode(hazard));
  const valuesAt = ({ rule }: { rule: string }) =>
    [...findAll(HAZARD_RULES.filter(({ id }) => id === rule)[0] as Matcher, source)].map(
      ({ value }) => value,
    );
  return [...sites.map(({ value }) => value), ...hazards.flatMap(valuesAt)];
}

/** Files that are full of what rules of their kind look for. */
const crowdedFiles = () =>
  EXAMPLES.flatMap(({ finds, file, after, hit, trap }) => {
    const texts = [...hit, ...trap].map((example) => (typeof example === 'string' ? example : example[0]));
    const bodies = [...texts.map((text) => repeated(text, 4_000)), repeated(' ', 4_000), BLANK_LINES];
    return bodies.map((body) => ({
      finds,
      body,
      source: prepare(file, withContext(after, `${hit[0]?.[0] ?? ''}\n${body}`)),
    }));
  });

/** White space is what patterns skip at their beginning, and a file may be nothing else. */
const BLANK_LINES = '\n'.repeat(16_000);

/** The text again and again, in lines of a length that is still searched. */
function repeated(text: string, length: number): string {
  const line = text.repeat(Math.ceil(1_000 / text.length)).slice(0, 1_900);
  return `${line}\n`.repeat(Math.ceil(length / line.length));
}
