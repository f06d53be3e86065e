import { describe, expect, it } from 'vitest';
import { formatEffective } from '../../src/config/effective.ts';
import { parseStage } from '../../src/config/stages.ts';
import { LEAST, valid, withLeast } from './configs.ts';

describe('a stage', () => {
  it.each([
    ['local', { kind: 'local', label: 'local' }],
    ['staging', { kind: 'staging', label: 'staging' }],
    ['5%', { kind: 'share', slice: null, share: 5, label: '5%' }],
    ['fast: 5%', { kind: 'share', slice: 'fast', share: 5, label: 'fast: 5%' }],
    ['fast:5.0%', { kind: 'share', slice: 'fast', share: 5, label: 'fast: 5%' }],
    ['internal-tools', { kind: 'share', slice: 'internal-tools', share: 100, label: 'internal-tools' }],
    [
      'ft:gpt-4o:acme: 10%',
      { kind: 'share', slice: 'ft:gpt-4o:acme', share: 10, label: 'ft:gpt-4o:acme: 10%' },
    ],
    ['shadow: 5%', { kind: 'share', slice: 'shadow', share: 5, label: 'shadow: 5%' }],
    ['shadow', { kind: 'share', slice: 'shadow', share: 100, label: 'shadow' }],
    ['llama3:8', { kind: 'share', slice: 'llama3:8', share: 100, label: 'llama3:8' }],
  ])('%s', (text, stage) => {
    expect(parseStage(text)).toEqual({ ok: true, value: stage });
  });

  it('may be a text or a map of one key in YAML', () => {
    const { rollout } = valid(`${LEAST}rollout: { stages: [local, o3: 5%, "o3: 100%", 100%] }`);
    expect(rollout.stages.map(({ label }) => label)).toEqual(['local', 'o3: 5%', 'o3: 100%', '100%']);
  });
});

describe('a sequence of stages', () => {
  it.each([
    'rollout: { stages: [100%] }',
    'rollout: { stages: [staging, o3: 5%, o3: 100%, 25%, 100%] }',
    'rollout: { stages: [o3: 5%, 25%, o3: 50%, 100%] }',
    'workloads: [core, tools]\nrollout: { stages: [local, tools, core: 10%, core] }',
    'workloads: [core, tools]\nrollout: { stages: [tools, 100%] }',
  ])('%s is accepted', (text) => {
    expect(valid(LEAST + text).rollout.stages.length).toBeGreaterThan(0);
  });

  it('rejects what a stage cannot be', () => {
    expect(
      withLeast([
        'rollout: { stages: [5, 100%] }',
        'rollout: { stages: [5, 25%, 10%, 100%], gates: { 50%: { manual: true } } }',
        'rollout: { stages: [25%, 5, 100%] }',
        'rollout: { stages: [true, 25%, 10%, 100%] }',
        'rollout: { stages: [0%, 101%, 5 %] }',
        'rollout: { stages: [o3: 5, 100%] }',
        'rollout: { stages: [{ o3: 5%, gpt-4o-mini: 5% }, 100%] }',
        'rollout: { stages: [o4: 5%, 100%] }',
        'rollout: { stages: [stagin, 100%] }',
        'rollout: { stages: 100% }',
        'rollout: { stages: [two words, [5%]] }',
      ]),
    ).toMatchInlineSnapshot(`
      "rollout: { stages: [5, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: 5 is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload; did you mean "5%"?

      rollout: { stages: [5, 25%, 10%, 100%], gates: { 50%: { manual: true } } }
      → rollout.yml:3:21 rollout.stages[0]: 5 is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload; did you mean "5%"?
      rollout.yml:3:29 rollout.stages[2]: 10% would lower the share of everything, which is already 25%; expected a share above 25%, or this stage earlier in the list
      rollout.yml:3:50 rollout.gates.50%: there is no stage "50%"; expected default or one of 5%, 25%, 10%, 100%

      rollout: { stages: [25%, 5, 100%] }
      → rollout.yml:3:26 rollout.stages[1]: 5 is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload; did you mean "5%"?

      rollout: { stages: [true, 25%, 10%, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: true is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload

      rollout: { stages: [0%, 101%, 5 %] }
      → rollout.yml:3:21 rollout.stages[0]: "0%" is not accepted; expected a share above 0% and at most 100%
      rollout.yml:3:25 rollout.stages[1]: "101%" is not accepted; expected a share above 0% and at most 100%
      rollout.yml:3:31 rollout.stages[2]: "5 %" is not accepted; expected a share such as 5% or 99.5%; did you mean "5%"?

      rollout: { stages: [o3: 5, 100%] }
      → rollout.yml:3:25 rollout.stages[0].o3: 5 is not accepted; expected a share such as 5% or 99.5%; did you mean "5%"?

      rollout: { stages: [{ o3: 5%, gpt-4o-mini: 5% }, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: a map is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload

      rollout: { stages: [o4: 5%, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: "o4" is not a declared model or workload; expected one of gpt-4o-mini, o3; did you mean "o3"?

      rollout: { stages: [stagin, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: "stagin" is not a declared model or workload; expected one of gpt-4o-mini, o3; did you mean "staging"?

      rollout: { stages: 100% }
      → rollout.yml:3:20 rollout.stages: "100%" is not accepted; expected a list of stages, such as [local, staging, 5%, 25%, 50%, 100%]

      rollout: { stages: [two words, [5%]] }
      → rollout.yml:3:21 rollout.stages[0]: "two words" is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload
      rollout.yml:3:32 rollout.stages[1]: a list is not accepted; expected a stage: local, staging, copies such as \`shadow: 5%\`, a share such as 5%, a slice and its share such as \`fast: 5%\`, or a workload"
    `);
  });

  it('reports why the order is wrong', () => {
    expect(
      withLeast([
        'rollout: { stages: [] }',
        'rollout: { stages: [staging, local, 100%] }',
        'rollout: { stages: [5%, staging, 100%] }',
        'rollout: { stages: [5%, 5.0%, 100%] }',
        'rollout: { stages: [o3, o3: 100%, 100%] }',
        'rollout: { stages: [25%, 5%, 100%] }',
        'rollout: { stages: [o3: 50%, o3: 25%, 100%] }',
        'rollout: { stages: [50%, o3: 25%, 100%] }',
        'rollout: { stages: [local, 5%, 50%] }',
        'rollout: { stages: [o3, gpt-4o-mini] }',
        'workloads: [core, tools]\nrollout: { stages: [tools] }',
        'rollout: { stages: [local, staging] }',
      ]),
    ).toMatchInlineSnapshot(`
      "rollout: { stages: [] }
      → rollout.yml:3:20 rollout.stages: there are no stages; expected at least one stage that moves traffic, ending with 100%

      rollout: { stages: [staging, local, 100%] }
      → rollout.yml:3:30 rollout.stages[1]: local comes after staging; expected local, then staging, before every other stage

      rollout: { stages: [5%, staging, 100%] }
      → rollout.yml:3:25 rollout.stages[1]: staging comes after 5%; expected local, then staging, before every other stage

      rollout: { stages: [5%, 5.0%, 100%] }
      → rollout.yml:3:25 rollout.stages[1]: the stage 5% is in the list twice; expected each stage once

      rollout: { stages: [o3, o3: 100%, 100%] }
      → rollout.yml:3:25 rollout.stages[1]: the stage o3: 100% is in the list twice; expected each stage once

      rollout: { stages: [25%, 5%, 100%] }
      → rollout.yml:3:26 rollout.stages[1]: 5% would lower the share of everything, which is already 25%; expected a share above 25%, or this stage earlier in the list

      rollout: { stages: [o3: 50%, o3: 25%, 100%] }
      → rollout.yml:3:30 rollout.stages[1]: o3: 25% would lower the share of o3, which is already 50%; expected a share above 50%, or this stage earlier in the list

      rollout: { stages: [50%, o3: 25%, 100%] }
      → rollout.yml:3:26 rollout.stages[1]: o3: 25% would lower the share of o3, which is already 50%; expected a share above 50%, or this stage earlier in the list

      rollout: { stages: [local, 5%, 50%] }
      → rollout.yml:3:32 rollout.stages[2]: the stages end before everything is on the gateway; expected 100% as the last stage

      rollout: { stages: [o3, gpt-4o-mini] }
      → rollout.yml:3:25 rollout.stages[1]: the stages end before everything is on the gateway; expected 100% as the last stage

      workloads: [core, tools]
      rollout: { stages: [tools] }
      → rollout.yml:4:21 rollout.stages[0]: the stages end before everything is on the gateway; expected 100% as the last stage, or every declared workload as a stage

      rollout: { stages: [local, staging] }
      → rollout.yml:3:28 rollout.stages[1]: the stages end before everything is on the gateway; expected 100% as the last stage"
    `);
  });
});

describe('copies', () => {
  const ROAD = 'rollout: { stages: [local, shadow: 20%, 25%, 100%] }\nmeasure: { source: jsonl }\n';

  it('come before the first share, with a target that writes how many and records that pair them', () => {
    expect(
      withLeast([
        ROAD,
        `${ROAD}traffic: [{ file: { path: a.json, set: { /shadow: shadow, /gateway: share } } }]`,
        `${ROAD}traffic: [{ dispatch: { event_type: share } }]`,
        `${ROAD}traffic: [{ file: { path: a.json, set: { /gateway: share } } }]`,
        'rollout: { stages: [5%, shadow: 5%, 100%] }',
        'rollout: { stages: [shadow: 5%, shadow: 5%, 100%] }',
        'rollout: { stages: [shadow: 50%, shadow: 5%, 100%] }',
        'rollout: { stages: [Shadow: 5%, 100%] }',
        'rollout: { stages: [shadow: 5%] }',
        'rollout: { stages: [shadow: 5%, 100%] }\nmeasure: { source: prometheus }',
        'rollout: { stages: [shadow: 5%, 100%] }\nmeasure: { source: sql, engine: postgres, query: requests.sql }',
        'rollout: { stages: [shadow: 5%, 100%] }\nmeasure: { gateway: { source: jsonl } }',
        'workloads: [shadow]',
        'traffic: [{ variable: { name: COPIES, value: shadows } }]',
      ]),
    ).toMatchInlineSnapshot(`
      "rollout: { stages: [local, shadow: 20%, 25%, 100%] }
      measure: { source: jsonl }
      → valid

      rollout: { stages: [local, shadow: 20%, 25%, 100%] }
      measure: { source: jsonl }
      traffic: [{ file: { path: a.json, set: { /shadow: shadow, /gateway: share } } }]
      → valid

      rollout: { stages: [local, shadow: 20%, 25%, 100%] }
      measure: { source: jsonl }
      traffic: [{ dispatch: { event_type: share } }]
      → valid

      rollout: { stages: [local, shadow: 20%, 25%, 100%] }
      measure: { source: jsonl }
      traffic: [{ file: { path: a.json, set: { /gateway: share } } }]
      → rollout.yml:5:10 traffic: a stage copies requests, but no target writes how many; expected the value shadow, such as set: { /shadow: shadow, /gateway: share }

      rollout: { stages: [5%, shadow: 5%, 100%] }
      → rollout.yml:3:25 rollout.stages[1]: shadow: 5% comes after 5%; expected copies before the first share that users meet

      rollout: { stages: [shadow: 5%, shadow: 5%, 100%] }
      → rollout.yml:3:33 rollout.stages[1]: the stage shadow: 5% is in the list twice; expected each stage once

      rollout: { stages: [shadow: 50%, shadow: 5%, 100%] }
      → rollout.yml:3:34 rollout.stages[1]: shadow: 5% would lower the share of shadow, which is already 50%; expected a share above 50%, or this stage earlier in the list

      rollout: { stages: [Shadow: 5%, 100%] }
      → rollout.yml:3:21 rollout.stages[0]: "Shadow" is not a declared model or workload; expected one of gpt-4o-mini, o3; did you mean "shadow"?

      rollout: { stages: [shadow: 5%] }
      → rollout.yml:3:21 rollout.stages[0]: the stages end before everything is on the gateway; expected 100% as the last stage

      rollout: { stages: [shadow: 5%, 100%] }
      measure: { source: prometheus }
      → rollout.yml:4:10 measure: a stage copies requests, but prometheus has no records that pair them; expected jsonl for both arms, with records of copies (shadow: true); others may count copies as tasks

      rollout: { stages: [shadow: 5%, 100%] }
      measure: { source: sql, engine: postgres, query: requests.sql }
      → rollout.yml:4:10 measure: a stage copies requests, but sql has no records that pair them; expected jsonl for both arms while you copy: export the rows as records, see src/measure/sources/README.md

      rollout: { stages: [shadow: 5%, 100%] }
      measure: { gateway: { source: jsonl } }
      → rollout.yml:4:10 measure: a stage copies requests, but one arm has no records that pair them; expected jsonl for both arms, with records of copies (shadow: true); others may count copies as tasks

      workloads: [shadow]
      → rollout.yml:3:13 workloads[0]: a workload cannot be named shadow, because as a stage that means something else; expected another name

      traffic: [{ variable: { name: COPIES, value: shadows } }]
      → rollout.yml:3:46 traffic[0].variable.value: "shadows" is not accepted; expected share, rest, fraction or shadow (percent of the requests to copy), or the value of one slice such as share(fast)"
    `);
  });

  it('have to prove as much as a share, so that the first share and 100 % only guard', () => {
    const { stages } = valid(LEAST + ROAD).rollout;
    const guards = stages.map(({ gate }) => gate.metrics.success_rate?.guard ?? null);
    expect(guards).toEqual([null, false, true, true]);
  });

  it('are written back as the file writes them', () => {
    const text = `${LEAST}${ROAD.replace('{ stages', '{ shadow: { max_cost_usd: 3 }, stages')}traffic: [{ variable: { name: COPIES, value: shadow } }]`;
    const config = valid(text);
    expect(valid(formatEffective(config))).toEqual(config);
    expect(formatEffective(config)).toContain('value: shadow');
  });
});
