import { expect, it, onTestFinished } from 'vitest';
import { valid } from '../config/configs.ts';
import type { ShownIssue } from '../support/github/scenario.ts';
import { issuePage } from './issue-page.ts';
import { serveIssue } from './pages.ts';
import { summaryPage } from './summary-page.ts';

const ISSUE: ShownIssue = {
  number: 2,
  title: 'Gateway rollout: assistant',
  author: 'gateway-rollout[bot]',
  state: 'open',
  stateReason: null,
  locked: false,
  labels: ['gateway-rollout'],
  body: '### Stage 3 of 6: **5%**\n\n- [x] **local**\n- [ ] **5%**\n\n<details><summary>Commands</summary>\n\n`/advance-rollout`\n\n</details>',
  comments: [{ id: 1, author: 'alice', body: '<script>alert(1)</script> & **go**', reactions: ['eyes'] }],
};

/** A server for an issue, and the comments that it took. */
async function serve(): Promise<{ readonly url: string; readonly said: readonly string[] }> {
  const said: string[] = [];
  const host = {
    issue: async () => ISSUE,
    says: async (person: string, text: string) => void said.push(`${person}: ${text}`),
  };
  const server = await serveIssue(host);
  onTestFinished(() => server.stop());
  return { url: server.url, said };
}

const form = (url: string, origin: string, person = 'mara') =>
  fetch(url, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ person, text: '/rollout-status' }).toString(),
    redirect: 'manual',
  });

it('shows check boxes, folded parts and reactions as GitHub does', () => {
  const page = issuePage(ISSUE, null);
  expect(page).toContain('<input type="checkbox" disabled checked> <strong>local</strong>');
  expect(page).toContain('<details><summary>Commands</summary>');
  expect(page).toContain('👀');
  expect(page).not.toContain('<form');
});

it('shows HTML that people typed as text', () => {
  const page = issuePage(ISSUE, null);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; <strong>go</strong>');
  expect(page).not.toContain('<script');
});

it('takes a comment from its own form, but not from another site', async () => {
  const { url, said } = await serve();
  expect(await (await fetch(url)).text()).toContain('<form');
  expect((await form(url, 'https://elsewhere.example')).status).toBe(403);
  expect(said).toEqual([]);
  expect((await form(url, new URL(url).origin)).status).toBe(303);
  expect(said).toEqual(['mara: /rollout-status']);
});

it('refuses a comment from an unknown person', async () => {
  const { url, said } = await serve();
  const refused = await form(url, new URL(url).origin, 'toString');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toBe('Unknown person. Use alice or mara.\n');
  expect(said).toEqual([]);
});

it('sums up what the rollout did and refused', async () => {
  const said = (author: string, body: string, reactions: string[] = []) => ({
    id: 1,
    author,
    body,
    reactions,
  });
  const comments = [
    said('alice', '/advance-rollout', ['eyes', 'confused']),
    said('gateway-rollout[bot]', 'The gate is not met yet.\n\n- 18.6 h of 24 h in the stage.'),
    said('gateway-rollout[bot]', '⏪ Rolled back from stage **5%** to **0%**.\n\n- ❌ `success_rate` fail'),
    said('gateway-rollout[bot]', '🚀 **5%** → **25%**: the gate is met.'),
  ];
  const config = valid('gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n');
  const page = summaryPage({ ...ISSUE, comments }, config, []);
  const [, found = '', refused = ''] = page.split('<header>');
  expect(page).toContain('✔ local ─ ✔ staging ─ ● 5%');
  expect(found).toContain('Rolled back from stage');
  expect(found).not.toContain('success_rate');
  expect(found).not.toContain('🚀');
  expect(refused).toContain('The gate is not met yet. 18.6 h of 24 h');
});
