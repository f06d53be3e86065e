/** The reply to /rollout-status: the head of the issue, and the numbers. */

import { joined } from '../../wording/markdown.ts';
import { gateSection } from '../issue/gate.ts';
import { outlookSection } from '../issue/outlook.ts';
import { problemsSection } from '../issue/problems.ts';
import { statusLine } from '../issue/status-line.ts';
import type { MessageContext } from '../view.ts';
import { armTable } from './figures.ts';

export function statusText(context: MessageContext): string {
  if (context.state === null) return 'No rollout is running here. Comment `/start-rollout` to start one.';
  return joined([
    statusLine(context),
    problemsSection(context),
    gateSection(context),
    outlookSection(context),
    armTable(context.state.stage.total),
  ]);
}
