import { expect, it } from 'vitest';
import { progressOf, readable } from './issue-text.ts';

const BODY = `<!-- gateway-rollout name=assistant seal=1 -->

### 🟢 Stage 3 of 6: **5%**

#### Stages

- [x] <!-- gateway-rollout stage=local --> **local** – done
- [ ] <!-- gateway-rollout stage=5%25 --> **5%** ← **now**

#### Gate of stage **5%**

| Metric | Gateway | Limit |
| :-- | --: | :-- |
| <code>success_rate</code> | 99 % | at least 95 % |

\`\`\`mermaid
xychart-beta
\`\`\`

#### Cost so far

| A | B |
| :-- | :-- |

<!-- /gateway-rollout -->`;

it('shows the checklist and the gate as the issue does, without what only GitHub can draw', () => {
  expect(progressOf(BODY, 80).join('\n')).toMatchInlineSnapshot(`
    "🟢 Stage 3 of 6: 5%

    Stages

    - [x] local – done
    - [ ] 5% ← now

    Gate of stage 5%

    Metric        Gateway  Limit
    ────────────  ───────  ─────────────
    success_rate  99 %     at least 95 %"
  `);
});

it('shows the text of links, and escaped characters', () => {
  expect(readable('ana&#64;home said [so](https://example.com/1) in `main`', 80)).toEqual([
    'ana@home said so in main',
  ]);
});

it('shows a table that is wider than the terminal row by row', () => {
  expect(progressOf(BODY, 35).at(-1)).toBe('- success_rate: Gateway 99 %; Limit at least 95 %');
});
