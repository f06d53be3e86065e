import { describe, expect, it } from 'vitest';
import { hardCodedSites, takeInventory } from '../../src/inventory/inventory.ts';
import { suggestionInWords } from '../../src/inventory/suggest.ts';
import { inventoryAnnotations } from '../../src/report/inventory-annotations.ts';
import { readinessSection } from '../../src/report/inventory-summary.ts';
import { inventoryOnTerminal } from '../../src/report/inventory-terminal.ts';
import { inventorySarif } from '../../src/report/sarif.ts';
import { tree } from '../support/files.ts';

const FILES = {
  'src/llm.sh':
    'export OPENAI_BASE_URL=https://api.openai.com/v1\nMODEL=gpt-4o-mini\nexport OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx\n',
  'src/sub/a-rather-long-name-for-a-script-that-calls-the-model.sh':
    'curl "https://api.openai.com/v1/assistants" -H "Authorization: Bearer $OPENAI_API_KEY"\n',
  'src/check.rb': 'role = model.start_with?("gpt-5") ? "developer" : "system"\n',
  'README.md': 'Set `OPENAI_API_KEY`.\n',
} as const;

const take = async (files: Readonly<Record<string, string>> = FILES) => ({
  ...(await takeInventory(tree(files))),
  root: '.',
});

describe('the inventory on a terminal', () => {
  it.each([100, 60, 40])('fits %i columns', async (columns) => {
    const text = inventoryOnTerminal(await take(), { color: false, columns, suggest: suggestionInWords });
    expect(text).toMatchSnapshot();
  });

  it('shows no key', async () => {
    expect(
      inventoryOnTerminal(await take(), { color: true, columns: 80, suggest: suggestionInWords }),
    ).not.toContain('sk-');
  });

  it('says so when there is nothing', async () => {
    const text = inventoryOnTerminal(await take({ 'a.py': 'x = 1\n' }), {
      color: false,
      columns: 80,
      suggest: () => null,
    });
    expect(text).toMatchSnapshot();
  });
});

describe('the readiness in a job summary', () => {
  it('reads as Markdown', async () => {
    const inventory = await take();
    expect(readinessSection(inventory, hardCodedSites(inventory))).toMatchSnapshot();
  });

  it('takes no structure from file names or values', async () => {
    const inventory = await take({ 'a|b<img>`.sh': 'OPENAI_BASE_URL=https://api.openai.com/v1|x\n' });
    const section = readinessSection(inventory, hardCodedSites(inventory));
    expect(section).not.toContain('<img>');
    expect(section).not.toMatch(/a\|b/);
  });
});

describe('annotations', () => {
  it('name the key first and stay at ten', async () => {
    const { sites, hazards } = await take();
    const many = inventoryAnnotations([...Array(20).fill(sites).flat()], hazards, suggestionInWords);
    expect(many).toHaveLength(10);
    expect(inventoryAnnotations(hardCodedSites({ sites }), hazards, suggestionInWords)).toMatchSnapshot();
  });
});

describe('SARIF', () => {
  const sarifOf = async (files: Readonly<Record<string, string>>) => {
    const inventory = await take(files);
    return JSON.parse(
      inventorySarif({ sites: hardCodedSites(inventory), hazards: inventory.hazards, version: '1.2.3' }),
    );
  };

  it('is a log of notes with rules, places and fingerprints', async () => {
    expect(await sarifOf(FILES)).toMatchSnapshot();
  });

  it('keeps an alert the same when lines move, and tells equal ones apart', async () => {
    const prints = async (text: string): Promise<unknown[]> => {
      const log = await sarifOf({ 'a.sh': text });
      return log.runs[0].results.map((each: { partialFingerprints: unknown }) => each.partialFingerprints);
    };
    const line = 'OPENAI_BASE_URL=https://api.openai.com/v1\n';
    const before = await prints(line + line);
    expect(await prints(`# moved\n\n${line}echo\n${line}`)).toEqual(before);
    expect(new Set(before.map((each) => JSON.stringify(each))).size).toBe(2);
  });

  it('refers each result to its rule', async () => {
    const [run] = (await sarifOf(FILES)).runs;
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  it('stays under the limit of code scanning and keeps what matters most', async () => {
    const inventory = await take();
    const [key] = hardCodedSites(inventory).filter(({ kind }) => kind === 'api_key');
    if (key === undefined) throw new Error('no key was found');
    const urls = Array.from({ length: 6000 }, (_, line) => ({
      ...key,
      kind: 'base_url' as const,
      rule: 'any-official-url',
      line: line + 1,
    }));
    const log = JSON.parse(inventorySarif({ sites: [...urls, key], hazards: [], version: '1' }));
    expect(log.runs[0].results).toHaveLength(5000);
    expect(log.runs[0].results[0].ruleId).toBe(key.rule);
  });

  it('escapes file names as URIs', async () => {
    const [run] = (await sarifOf({ 'a b/ü#%.sh': 'OPENAI_BASE_URL=https://api.openai.com/v1\n' })).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%23%25.sh');
  });
});
