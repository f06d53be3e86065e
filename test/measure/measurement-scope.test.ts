import { expect, it } from 'vitest';
import { findStage } from '../../src/config/stages.ts';
import { measurementScope } from '../../src/measure/measurement-scope.ts';
import { valid } from '../config/configs.ts';

const config = valid(`
gateway: { base_url: "https://gateway.example/v1" }
models: { fast: gpt-4o-mini, smart: gpt-4o }
workloads: [tools]
rollout:
  stages: [local, "fast: 5%", tools, "fast: 50%", 25%, 60%, 100%]
  holdback: 1%
`);

const question = (text: string) => {
  const stage = findStage(config.rollout.stages, text);
  return stage === null ? null : measurementScope(config, stage);
};

it.each([
  ['a stage that moves no traffic has no share', 'local', { share: null, slice: null, without: [] }],
  ['a stage of one model counts that model', 'fast: 5%', { share: 5, slice: 'fast', without: [] }],
  [
    'what a workload moved whole is left out of the next model',
    'fast: 50%',
    { slice: 'fast', without: ['tools'] },
  ],
  [
    'what stands above the share is left out of everything',
    '25%',
    { share: 25, slice: null, without: ['tools', 'fast'] },
  ],
  ['what stands below it is counted again', '60%', { share: 60, without: ['tools'] }],
  ['the holdback is never on the gateway', '100%', { share: 99, without: [] }],
  [
    'a workload may be written without its share',
    'tools: 100%',
    { stage: 'tools', slice: 'tools', share: 99 },
  ],
  ['a stage may be written with other spaces', ' fast:5% ', { stage: 'fast: 5%' }],
])('%s', (_, text, expected) => {
  expect(question(text)).toMatchObject(expected);
});

it.each(['10%', 'smart: 5%', 'default', '', '5 percent'])('%j is not a stage', (text) => {
  expect(question(text)).toBeNull();
});
