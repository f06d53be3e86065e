import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, running } from './engines.ts';
import { records } from './rows.ts';

describe.each(ENGINES)('a real $name', (engine) => {
  describe.skipIf(!engine.isInstalled)('with requests of everything that happens', () => {
    let at: Awaited<ReturnType<typeof running>>;
    beforeAll(async () => {
      at = await running(engine, records(4_000));
    });
    afterAll(() => at?.stop());

    it('counts the same as the same records from a file', async () => {
      const [sql, jsonl] = [await at.measure(), await at.measure(null)];
      expect(sql).not.toHaveProperty('reason');
      expect('arms' in sql && sql.arms).toEqual('arms' in jsonl && jsonl.arms);
    });

    it('counts the model or the workload that a stage moves', async () => {
      for (const slice of ['gpt-4o-mini', 'low-risk']) {
        const [sql, jsonl] = [await at.measure(undefined, { slice }), await at.measure(null, { slice })];
        expect('arms' in sql && sql.arms).toEqual('arms' in jsonl && jsonl.arms);
      }
    });
  });
});
