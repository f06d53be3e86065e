import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { anyCharacter } from '../support/any-character.ts';
import { FILE, fixture, LEAST, problemsOf, valid, withLeast } from './configs.ts';

describe('a valid config', () => {
  it('needs a gateway and models, and has a default for everything else', () => {
    const config = valid(fixture('least.yml'));
    expect(config).toMatchObject({
      name: null,
      official: { base_url: 'https://api.openai.com/v1' },
      gateway: { base_url: 'https://gateway.example/v1', profile: 'auto', headers: {} },
      models: [{ name: 'gpt-4o-mini', gateway_name: 'gpt-4o-mini' }],
      client: { timeout: 30_000, max_retries: 2 },
      rollout: {
        advance: 'automatic',
        on_failure: 'rollback',
        max_duration: 1_209_600_000,
        advance_window: null,
      },
      measure: null,
      traffic: [],
    });
    expect(config.rollout.stages.map(({ label }) => label)).toEqual([
      'local',
      'staging',
      '5%',
      '25%',
      '50%',
      '100%',
    ]);
  });

  it('may use every setting there is', () => {
    const config = valid(fixture('all.yml'));
    expect({
      ...config,
      rollout: { ...config.rollout, stages: config.rollout.stages.length },
    }).toMatchSnapshot();
  });

  it('has no warning in the example of the documentation', () => {
    expect(loadConfig(fixture('all.yml'), FILE)).toMatchObject({ ok: true, warnings: [] });
  });

  it('is named after its file where a repository has several', () => {
    const named = loadConfig(LEAST, '.github/gateway-rollout/search.yml');
    const explicit = loadConfig(`name: chat\n${LEAST}`, '.github/gateway-rollout/search.yml');
    expect([named, explicit].map((loaded) => loaded.ok && loaded.config.name)).toEqual(['search', 'chat']);
  });

  it('may share a part by an anchor', () => {
    const config = valid(`${LEAST}rollout:\n  gates:\n    5%: &gate { min_tasks: 7 }\n    25%: *gate\n`);
    expect(config.rollout.stages.map(({ gate }) => gate.min_tasks)).toEqual([0, 0, 7, 7, 'auto', 'auto']);
  });

  it('names the source of each arm, also in short', () => {
    const { measure } = valid(
      `${LEAST}measure: { official: openai, gateway: { source: prometheus, preset: kong } }`,
    );
    expect(measure).toMatchObject({
      official: { source: 'openai', preset: null, labels: {}, series: {}, label_names: {} },
      gateway: { source: 'prometheus', preset: 'kong', labels: {}, series: {}, label_names: {} },
    });
  });
});

describe('a config with mistakes', () => {
  it('reports five mistakes at once, each with its position and the fix', () => {
    const text = `gateway:
  base_url: zivv.pro/v1
models: [gpt-4o-mini]
client: { timeout: 30 }
rollout:
  stages: [local, stagging, 5%, 100%]
  gates:
    default: { metrics: { sucess_rate: { min: 99% } } }
    75%: { min_duration: 24h }
`;
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      "rollout.yml:2:13 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment
      rollout.yml:4:20 client.timeout: 30 is not accepted; expected a duration such as 30s, 15m, 24h, 7d
      rollout.yml:6:19 rollout.stages[1]: "stagging" is not a declared model or workload; expected one of gpt-4o-mini; did you mean "staging"?
      rollout.yml:8:27 rollout.gates.default.metrics.sucess_rate: the key "sucess_rate" is unknown; expected one of success_rate, error_ratio, slow_ratio, latency_p50, latency_p90, latency_p95, latency_p99, ttft_p50, ttft_p90, ttft_p95, ttft_p99, cost_ratio, cache_ratio, cost_per_task, cost_per_request, cost_per_1k_tokens, tokens_per_task, retry_rate, retry_cost, fallback_rate, empty_ratio, truncated_ratio, quality_ratio, evaluation_ratio; did you mean "success_rate"?
      rollout.yml:9:5 rollout.gates.75%: there is no stage "75%"; expected default or one of local, stagging, 5%, 100%"
    `);
  });

  it('reports a missing setting at the map that lacks it', () => {
    expect(problemsOf('gateway:\n  profile: auto\nmodels:\n')).toMatchInlineSnapshot(`
      "rollout.yml:1:1 gateway.base_url: the setting is missing; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment
      rollout.yml:3:1 models: the setting is empty; expected a list of names, or a map: name in your code → name on the gateway"
    `);
    expect(problemsOf('modles: [o3]\ngateway: {base_url: "https://zivv.pro/v1"}')).toMatchInlineSnapshot(
      `"rollout.yml:1:1 modles: the key "modles" is unknown; expected one of name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure, traffic; did you mean "models"?"`,
    );
    expect(problemsOf('- a list')).toMatchInlineSnapshot(
      `"rollout.yml:1:1: a list is not accepted; expected a map with name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure or traffic"`,
    );
    expect(problemsOf('# nothing yet\n')).toMatchInlineSnapshot(
      `"rollout.yml: the file is empty; expected at least gateway.base_url and models"`,
    );
  });

  it('knows where a setting in the wrong map belongs', () => {
    expect(withLeast(['stages: [100%]', 'rollout: { max_cost: 1 }', 'baseUrl: x'])).toMatchInlineSnapshot(`
      "stages: [100%]
      → rollout.yml:3:1 stages: the key "stages" is unknown; expected one of name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure, traffic; did you mean "rollout.stages"?

      rollout: { max_cost: 1 }
      → rollout.yml:3:12 rollout.max_cost: the key "max_cost" is unknown; expected one of stages, advance, on_failure, gates, shadow, holdback, max_duration, on_incident, notice, watch, on_blind, consecutive_errors, cluster, confidence, notify, advance_window, publish_names, permissions

      baseUrl: x
      → rollout.yml:3:1 baseUrl: the key "baseUrl" is unknown; expected one of name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure, traffic"
    `);
  });

  it('reports errors of YAML, and what is certain before them', () => {
    expect(problemsOf('modles: [o3]\nname: [a\nclient: 3\n')).toMatchInlineSnapshot(`
      "rollout.yml:1:1 modles: the key "modles" is unknown; expected one of name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure, traffic; did you mean "models"?
      rollout.yml:2:7 name: a list is not accepted; expected a name of letters, digits, dots, hyphens and underscores
      rollout.yml:3:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; expected consistent indentation, and every bracket closed"
    `);
    expect(withLeast(['\trollout: {}', 'name: @me', '---\nname: a'])).toMatchInlineSnapshot(`
      "rollout: {}
      → rollout.yml:3:1: this is not valid YAML: Tabs are not allowed as indentation; expected spaces for indentation

      name: @me
      → rollout.yml:3:7: this is not valid YAML: Plain value cannot start with reserved character @; expected quotes around text that starts with a special character

      ---
      name: a
      → rollout.yml:3:1: this is not valid YAML: Source contains multiple documents; expected one document in the file, without a second ---"
    `);
  });

  it('refuses what YAML allows and a config does not need', () => {
    expect(
      withLeast([
        'name: a\nname: b',
        'name: !!binary aGk=',
        'client: &x { timeout: 30s }\ncheck: { <<: *x }',
        'name: &x a\nworkloads: [&x b]',
        'name: *nowhere',
        '? [a]\n: b',
        '__proto__: { admin: true }',
      ]),
    ).toMatchInlineSnapshot(`
      "name: a
      name: b
      → rollout.yml:4:1 name: the key name is in this map twice; expected each key once

      name: !!binary aGk=
      → rollout.yml:3:16 name: the value has a YAML tag; expected a plain value, without !

      client: &x { timeout: 30s }
      check: { <<: *x }
      → rollout.yml:4:10 check["<<"]: merge keys are not supported; expected the settings written out

      name: &x a
      workloads: [&x b]
      → rollout.yml:4:16 workloads[0]: the anchor &x is defined twice; expected another name

      name: *nowhere
      → rollout.yml:3:7 name: the alias *nowhere has no anchor before it; expected the anchor first

      ? [a]
      : b
      → rollout.yml:1:1: a key of this map is not plain text; expected text keys

      __proto__: { admin: true }
      → rollout.yml:3:1 __proto__: this key is not allowed; expected another name"
    `);
  });

  it('limits aliases and depth', () => {
    const bomb = `a: &a [x]\n${'bcdefghi'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`;
    expect(problemsOf(bomb)).toContain('the file uses too many aliases; expected at most 100');
    expect(problemsOf('a: &a [*a]')).toContain(
      'the settings are nested too deeply; expected at most 20 levels',
    );
    expect(problemsOf('['.repeat(20_000))).toBe(
      'rollout.yml: the file is nested too deeply; expected a config of a few levels',
    );
  });

  it('refuses a file that is too large', () => {
    expect(problemsOf(`# ${'x'.repeat(256 * 1024)}`)).toMatchInlineSnapshot(
      `"rollout.yml: the file is too large for a config; expected at most 256 KiB"`,
    );
  });
});

describe('the loader', () => {
  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
        expect(typeof loadConfig(text, FILE).ok).toBe('boolean');
      }),
    );
  });

  it('never throws on a damaged config', () => {
    const whole = fixture('all.yml');
    const damage = fc.record({
      from: fc.nat(whole.length),
      length: fc.nat(60),
      put: fc.oneof(
        fc.constantFrom('', '[', '{', '5%', 'null', '*a', '&a', '<<: ', '\n', '  ', '"', '-'),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(damage, ({ from, length, put }) => {
        const loaded = loadConfig(whole.slice(0, from) + put + whole.slice(from + length), FILE);
        expect(loaded.ok || loaded.problems.length > 0).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is quick on a file full of mistakes', () => {
    const text = Array.from({ length: 3_000 }, (_, index) => `k${index}_key: x\n`).join('');
    const loaded = loadConfig(text, FILE);
    expect(!loaded.ok && loaded.problems.length).toBe(3_002);
  });
});
