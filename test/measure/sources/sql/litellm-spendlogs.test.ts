import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresIsInstalled, type RunningPostgres, startPostgres } from '../../../support/postgres.ts';
import { measureConfig } from './engines.ts';

const CONFIG = `
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { gateway: { source: sql, engine: postgres, preset: litellm-spendlogs, where: "team_id <> 'search'" } }
`;

/** The columns of LiteLLM's own table that a window is about. */
const TABLE = `CREATE TABLE "LiteLLM_SpendLogs" (request_id text PRIMARY KEY, call_type text NOT NULL, api_key text NOT NULL DEFAULT '',
  spend double precision NOT NULL DEFAULT 0, prompt_tokens integer NOT NULL DEFAULT 0, completion_tokens integer NOT NULL DEFAULT 0,
  "startTime" timestamp(3) NOT NULL, "endTime" timestamp(3) NOT NULL, "completionStartTime" timestamp(3),
  model text NOT NULL DEFAULT '', model_group text DEFAULT '', "user" text DEFAULT '', metadata jsonb DEFAULT '{}', team_id text, status text)`;

describe.skipIf(!postgresIsInstalled())("LiteLLM's log in a real PostgreSQL", () => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(TABLE);
  });
  afterAll(() => server?.stop());

  it('counts attempts of models by key and user, and failures by class', async () => {
    const served = {
      user_api_key_alias: 'web',
      usage_object: { prompt_tokens_details: { cached_tokens: 200 } },
    };
    const failure = (error_class: string, error_code: string, error_message = '') => ({
      user_api_key_alias: 'web',
      status: 'failure',
      error_information: { error_class, error_code, error_message },
    });
    const rows = [
      { metadata: served },
      { metadata: served, user: 'b@example.com' },
      { metadata: failure('RateLimitError', '429'), status: 'failure', spend: 0 },
      {
        metadata: failure('RateLimitError', '429', 'You exceeded your current quota'),
        status: 'failure',
        spend: 0,
      },
      { metadata: failure('Timeout', '408'), status: 'failure', spend: 0 },
      { metadata: served, call_type: 'call_mcp_tool' },
      { metadata: served, team_id: 'search' },
      { metadata: { user_api_key_alias: 'litellm-internal-health-check' } },
    ];
    for (const [index, { metadata, ...row }] of rows.entries()) {
      const all: Readonly<Record<string, string | number>> = {
        request_id: `r-${index}`,
        call_type: 'acompletion',
        api_key: '88dc28d0f030c55ed4ab77ed8faf098196cb1c05',
        spend: 0.001,
        prompt_tokens: 1_000,
        completion_tokens: 100,
        startTime: `2026-11-22 10:0${index}:00.000`,
        endTime: `2026-11-22 10:0${index}:02.000`,
        model: 'azure/gpt-4o-mini',
        model_group: 'gpt-4o-mini',
        user: 'a@example.com',
        metadata: JSON.stringify(metadata),
        team_id: 'assistant',
        ...row,
      };
      const columns = Object.keys(all).map((name) => `"${name}"`);
      const values = Object.values(all).map((value) => (typeof value === 'string' ? `'${value}'` : value));
      await server.run(
        `INSERT INTO "LiteLLM_SpendLogs" (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      );
    }
    const environment = { SQL_URL: server.url, SQL_USER: server.user, SQL_PASSWORD: server.password };
    expect(await measureConfig(CONFIG, '.', environment)).toMatchObject({
      kind: 'measured',
      arms: {
        official: null,
        gateway: {
          tasks: null,
          failedTasks: null,
          attempts: 5,
          failedAttempts: 3,
          errorsByClass: { insufficient_balance: 1, rate_limited: 1, timeout: 1 },
          tokens: { input: 2_000, cachedInput: 400, output: 200, unknown: 0 },
          cost: { usd: 0.002, priced: 5, unpriced: 0 },
          byModel: [{ name: 'gpt-4o-mini' }],
          byKey: [{ name: 'web', attempts: 5 }],
          byMember: [
            { name: 'a@example.com', attempts: 4 },
            { name: 'b@example.com', attempts: 1 },
          ],
        },
      },
    });
  });
});
