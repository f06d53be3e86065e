import { describe, expect, it } from 'vitest';
import { findAll } from '../../src/inventory/find.ts';
import { hazardsIn } from '../../src/inventory/hazards.ts';
import type { LanguageFamily } from '../../src/inventory/languages.ts';
import type { Matcher, Rule, SourceFile } from '../../src/inventory/rule.ts';
import { HAZARD_RULES, RULES } from '../../src/inventory/rules/index.ts';
import { prepare, scanFile } from '../../src/inventory/scan.ts';
import { SDKS } from '../../src/inventory/sdks.ts';
import { API_FEATURES, ENDPOINTS, type Site } from '../../src/inventory/site.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

/** A line that speaks of the API in every language and is no site in any. */
const MENTION = 'uses_openai ;';

/** A path of each family, for the examples of rules that do not name a file. */
const SAMPLE_FILES = {
  javascript: 'app/sample.ts',
  python: 'app/sample.py',
  go: 'app/sample.go',
  jvm: 'app/Sample.java',
  rust: 'app/sample.rs',
  ruby: 'app/sample.rb',
  php: 'app/sample.php',
  dotnet: 'app/Sample.cs',
  shell: 'app/sample.sh',
  config: 'app/sample.yaml',
  docs: 'README.md',
  other: 'app/sample.swift',
} as const satisfies Record<LanguageFamily, string>;

describe.each(RULES.map((rule) => ({ id: rule.id, rule })))('rule $id', ({ rule }) => {
  it.each(rule.examples.hit)('finds %s', (code, value) => {
    const sites = sitesOf(rule, code);
    expect(sites.filter((site) => site.rule === rule.id).map((site) => site.value)).toContain(value);
    const found = sites.find((site) => site.rule === rule.id && site.value === value);
    expect(found?.line).toBeGreaterThan(linesOf(leastContext(rule)));
  });

  it.each(rule.examples.trap)('ignores %s', (code) => {
    expect(sitesOf(rule, code).filter((site) => site.rule === rule.id)).toEqual([]);
  });
});

describe.each(HAZARD_RULES.map((rule) => ({ id: rule.id, rule })))('hazard rule $id', ({ rule }) => {
  it.each(rule.examples.hit)('finds %s', (code, value) => {
    expect([...findAll(rule, sampleOf(rule, code))].map((found) => found.value)).toContain(value);
    expect(hazardsIn(sampleOf(rule, code))).toContainEqual(
      expect.objectContaining({ rule: rule.id, kind: rule.kind }),
    );
  });

  it.each(rule.examples.trap)('ignores %s', (code) => {
    expect(hazardsIn(sampleOf(rule, code)).filter((hazard) => hazard.rule === rule.id)).toEqual([]);
  });
});

describe('all rules', () => {
  const all: readonly Matcher[] = [...RULES, ...HAZARD_RULES];

  it('have stable ids, each used once', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([]);
  });

  it('find nothing in a file with only the minimum they need', () => {
    expect(RULES.filter((rule) => sitesOf(rule, '').some((site) => site.rule === rule.id))).toEqual([]);
  });

  it('use the known names of endpoints and features', () => {
    const sites = RULES.flatMap((rule) => rule.examples.hit.flatMap(([code]) => sitesOf(rule, code)));
    const words = { endpoint: ENDPOINTS, feature: API_FEATURES } as const;
    for (const kind of ['endpoint', 'feature'] as const) {
      const said = new Set(sites.filter((site) => site.kind === kind).map(({ value }) => value));
      expect([...said].filter((value) => !words[kind].some((word) => word === value))).toEqual([]);
      expect(said.size).toBeGreaterThan(10);
    }
  });

  // Files are up to 1 MiB, and what makes a pattern slow is what it looks for, again and again.
  it('do not take quadratic time', () => {
    const slow = all.flatMap((rule) => {
      const bodies = [...rule.examples.hit.map(([code]) => code), ...rule.examples.trap, ' ', ' \n'];
      return [...bodies.map((body) => repeated(body, 4_000)), BLANK_LINES].flatMap((body) => {
        const file = sampleOf(rule, `${rule.examples.hit[0][0]}\n${body}`);
        // Other programs can slow down one try, hardly three in a row.
        const tries = [1, 2, 3].map(() => () => cpuMilliseconds(() => [...findAll(rule, file)]));
        return tries.every((run) => run() > 150) ? [`${rule.id}: slow in ${body.slice(0, 100)}`] : [];
      });
    });
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

describe.each(Object.entries(SDKS))('the client library %s', (id, { pattern, families, sample }) => {
  it('is detected in its sample', () => {
    expect(sample).toMatch(pattern);
    expect(prepare(SAMPLE_FILES[families[0]], sample).sdks).toContain(id);
  });
});

const sitesOf = (rule: Rule, code: string): Site[] => scanFile(sampleOf(rule, code));

function sampleOf(rule: Matcher, code: string): SourceFile {
  const family = rule.families === 'any' ? 'javascript' : (rule.families[0] ?? 'other');
  return prepare(rule.examples.file ?? SAMPLE_FILES[family], leastContext(rule) + code);
}

/** White space is what patterns skip at their beginning, and a file may be nothing else. */
const BLANK_LINES = '\n'.repeat(16_000);

/** The text again and again, in lines of a length that is still searched. */
function repeated(text: string, length: number): string {
  const line = text.repeat(Math.ceil(1_000 / text.length)).slice(0, 1_900);
  return `${line}\n`.repeat(Math.ceil(length / line.length));
}

/** The least that the rule needs, before its example. */
function leastContext({ needs, families }: Matcher): string {
  if (needs === undefined) return '';
  if (needs === 'mention') return `${MENTION}\n`;
  const sdks = Object.entries(SDKS).filter(([id, sdk]) =>
    needs === 'client'
      ? sdk.families.some((family) => families.includes(family))
      : needs.some((sdk) => sdk === id),
  );
  return `${sdks[0]?.[1].sample ?? ''}\n`;
}

const linesOf = (text: string): number => text.split('\n').length - 1;
