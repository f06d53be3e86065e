import { expect, test } from 'vitest';
import { missingModels } from '../../src/commands/action/conclusion.ts';
import { model, probe, report } from '../report/check-reports.ts';

const gone = model('gone', { listed: false, callable: false, status: 'fail' });
const busy = model('busy', { listed: true, callable: false, status: 'fail' });

test('a model is missing if the gateway does not serve it, not if it fails right now', () => {
  const probes = [probe('models.available', { status: 'fail' })];
  expect(missingModels(report({ probes, models: [gone, busy, model('fine')] }))).toEqual(['gone']);
});

test('no model is missing if availability was not checked', () => {
  const probes = [probe('models.available', { status: 'skip' })];
  expect(missingModels(report({ probes, models: [gone] }))).toEqual([]);
});
