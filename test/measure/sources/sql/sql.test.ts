import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, running } from './engines.ts';
import { FIELDS, records } from './rows.ts';

const arms = (measured: object) => ('arms' in measured ? measured.arms : measured);

describe.each(ENGINES)('a real $name', (engine) => {
  describe.skipIf(!engine.isInstalled)('with requests of everything that happens', () => {
    let at: Awaited<ReturnType<typeof running>>;
    beforeAll(async () => {
      at = await running(engine, records(1_500));
    });
    afterAll(() => at?.stop());

    /** All columns, some of them by other expressions. */
    const select = (changed: Readonly<Record<string, string>>) =>
      `SELECT\n${Object.keys(FIELDS)
        .map((name) => `  ${changed[name] ?? name} AS ${name}`)
        .join(',\n')}\nFROM requests`;
    const reasonOf = async (query: string, settings = {}) => {
      const measured = await at.measure(query, { settings });
      return measured.kind === 'error' ? `${measured.reasonCode}: ${measured.reason}` : measured;
    };

    it('counts the same as the same records from a file', async () => {
      const [sql, jsonl] = [await at.measure(), await at.measure(null)];
      expect(arms(sql)).toEqual(arms(jsonl));
      expect(arms(sql)).toHaveProperty('gateway.units');
    });

    it('counts the model or the workload that a stage moves', async () => {
      for (const slice of ['gpt-4o-mini', 'low-risk']) {
        const [sql, jsonl] = [await at.measure(undefined, { slice }), await at.measure(null, { slice })];
        expect(arms(sql)).toEqual(arms(jsonl));
      }
    });

    it('takes hosts and whole URLs for the arms, and other endpoints for neither', async () => {
      const url = "CASE arm WHEN 'gateway' THEN 'https://gateway.example/v1/' ELSE 'api.openai.com' END";
      const whole = await at.measure(select({ arm: url }));
      expect(arms(whole)).toEqual(arms(await at.measure(null)));
      const elsewhere = await reasonOf(select({ arm: "'elsewhere.example'" }));
      expect(elsewhere).toMatch(/^unknown_arms: .*elsewhere\.example.*gateway\.example/);
    });

    it("never counts a copy as a user's task, where a column says which rows are copies", async () => {
      const copies = await at.measure("SELECT *, key = 'batch' AS shadow FROM requests");
      const without = await at.measure("SELECT * FROM requests WHERE coalesce(key, '') <> 'batch'");
      expect(arms(copies)).toEqual(arms(without));
      expect(arms(copies)).not.toEqual(arms(await at.measure()));
      expect(arms(await at.measure('SELECT *, true AS shadow FROM requests'))).toEqual({
        official: null,
        gateway: null,
      });
    });

    it('exports rows that are records, so that copies have their pairs', async () => {
      const about = 'task, 0 AS attempt, endpoint, model, 200 AS status, 1000 AS duration_ms, input_tokens';
      const of =
        "FROM requests WHERE task LIKE 't-%' AND requests.attempt = 0 AND requests.arm = 'official' ORDER BY ts";
      const row = (arm: string, shadow: boolean) =>
        `SELECT * FROM (SELECT ts, '${arm}' AS arm, ${about}, ${shadow} AS shadow ${of}) AS ${arm}_rows`;
      const query = `${row('official', false)} UNION ALL ${row('gateway', true)}`;
      const measured = await at.pairsOf(query);
      if (measured.kind !== 'measured') throw new Error(JSON.stringify(measured));
      const { official, gateway } = measured.arms;
      expect(official?.tasks).toBeGreaterThan(50);
      expect(gateway).toMatchObject({ tasks: 0 });
      const pairs = measured.pairs?.reduce((sum, slice) => sum + (slice.gateway.tasks ?? 0), 0);
      expect(pairs).toBe(official?.tasks);
    });

    it('reports failures that name no arm', async () => {
      const query = select({ arm: 'CASE WHEN status = 200 THEN arm END' });
      expect(await reasonOf(query)).toMatch(/^failures_of_no_arm: .* failed ones have no arm/);
    });

    it('reports impossible values, and retries without their first attempt', async () => {
      expect(await reasonOf(select({ duration_ms: 'NULL' }))).toMatch(
        /^unreadable_records: .*no possible duration_ms/,
      );
      expect(await reasonOf(select({ input_tokens: '-1' }))).toMatch(
        /^unreadable_records: .*no possible tokens/,
      );
      expect(await reasonOf(select({ task: 'NULL' }))).toMatch(
        /^unreadable_records: .*no first attempt of their task/,
      );
    });

    it('names the columns that are missing, and those that are there', async () => {
      expect(await reasonOf('SELECT ts, arm, model FROM requests')).toMatch(
        /^missing_columns: requests\.sql has no column task, attempt, .*; it has ts, arm, model\. Select NULL AS task/,
      );
    });

    it('says in which line of the file the engine finds an error, in its own words', async () => {
      expect(await reasonOf(select({ model: 'modle' }))).toMatch(/modle.* In requests\.sql:7\.$/s);
      expect(await reasonOf('SELECT *\nFROM\n  no_such_table')).toMatch(
        /no_such_table.* In requests\.sql:3\.$/s,
      );
      expect(await reasonOf('SELECT *\nFROM requests\nWHERE AND 1')).toMatch(
        /yntax error.* In requests\.sql:3\.$/s,
      );
    });

    it('never writes, and never leaves its wrap', async () => {
      const before = await at.measure();
      const harmful = [
        'INSERT INTO requests SELECT * FROM requests',
        'SELECT * FROM requests; DROP TABLE requests',
        'SELECT * FROM requests) AS q; DROP TABLE requests; --',
        'SELECT * FROM requests /*',
        "SELECT * FROM requests WHERE model = '",
        'WITH gone AS (DELETE FROM requests RETURNING *) SELECT * FROM gone',
        'TRUNCATE TABLE requests',
      ];
      for (const query of harmful) expect(await at.measure(query), query).toHaveProperty('kind', 'error');
      expect(await at.measure()).toEqual(before);
      for (const query of ['SELECT * FROM requests -- all', 'SELECT * FROM requests;\n']) {
        expect(arms(await at.measure(query))).toEqual(arms(before));
      }
    });

    it('reports a wrong password without showing it', async () => {
      const reason = await reasonOf('SELECT * FROM requests', { SQL_PASSWORD: 'wrong-password-0987654321' });
      expect(reason).toMatch(/^unauthorized: .*(assword|uthentication)/);
      expect(reason).not.toContain('0987654321');
    });

    it('reports a server that does not respond', async () => {
      const SQL_URL = engine.name === 'postgres' ? 'postgres://127.0.0.1:9/x' : 'http://127.0.0.1:9';
      expect(await reasonOf('SELECT * FROM requests', { SQL_URL })).toMatch(/^no_answer: .*Check /);
    });

    it('has no data where no request ended in the window', async () => {
      expect(arms(await at.measure('SELECT * FROM requests WHERE 1 = 0'))).toEqual({
        official: null,
        gateway: null,
      });
    });
  });
});
