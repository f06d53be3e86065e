import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from '../../.ci/json-schema.ts';
import { effectiveConfig } from '../../src/config/effective.ts';
import { fixture, valid } from './configs.ts';

const schema = configJsonSchema();
/** A reader built only from the JSON Schema, so that it knows what an editor knows. */
const editor = z.fromJSONSchema(schema);

describe('the published JSON Schema', () => {
  it.each(['least.yml', 'all.yml'])('accepts %s', (name) => {
    expect(editor.safeParse(parse(fixture(name)))).toMatchObject({ success: true });
  });

  it.each(['least.yml', 'all.yml'])('accepts the effective config of %s', (name) => {
    expect(editor.safeParse(effectiveConfig(valid(fixture(name))))).toMatchObject({ success: true });
  });

  it.each([
    ['an unknown key', { modles: ['o3'] }],
    ['a bare number', { client: { timeout: 30 } }],
    ['a wrong unit', { client: { timeout: '30 seconds' } }],
    ['an unknown metric', { rollout: { gates: { default: { metrics: { sucess_rate: { min: '99%' } } } } } }],
    ['an unknown source', { measure: { source: 'promtheus' } }],
  ])('refuses %s', (_, mistake) => {
    const least = { gateway: { base_url: 'https://zivv.pro/v1' }, models: ['o3'] };
    expect(editor.safeParse(least)).toMatchObject({ success: true });
    expect(editor.safeParse({ ...least, ...mistake })).toMatchObject({ success: false });
  });

  it('describes every setting', () => {
    expect(undescribed(schema, '')).toEqual([]);
  });

  it('says what it is', () => {
    const { $schema, $id, title, description, required } = schema;
    expect({ $schema, $id, title, description, required }).toMatchInlineSnapshot(`
      {
        "$id": "urn:gateway-rollout:config",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "One rollout from the official OpenAI API to an OpenAI-compatible gateway: .github/gateway-rollout.yml",
        "required": [
          "gateway",
          "models",
        ],
        "title": "gateway-rollout config",
      }
    `);
  });
});

/** Paths of settings without a description. */
function undescribed(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => {
    if (key !== 'properties') return undescribed(inner, path);
    return Object.entries(inner ?? {}).flatMap(([name, setting]) => {
      const here = `${path}.${name}`;
      const described = typeof setting === 'object' && setting !== null && 'description' in setting;
      return [...(described ? [] : [here]), ...undescribed(setting, here)];
    });
  });
}
