/** From a message to the comment that people read. Every sentence is a function of messages/. */

import type { Message } from '../rollout/message.ts';
import { LONGEST_TEXT } from './issue/fit.ts';
import { markerText } from './issue/marker-text.ts';
import * as alerts from './messages/alerts.ts';
import * as answers from './messages/answers.ts';
import { helpText } from './messages/help.ts';
import * as moves from './messages/moves.ts';
import { statusText } from './messages/status.ts';
import type { MessageContext } from './view.ts';

/**
 * The comment in Markdown. Text from outside renders as itself; only those whom the config names under `notify` are
 * mentioned, where the message needs a person.
 */
export function renderMessage(message: Message, context: MessageContext): string {
  const text = sentenceOf(message, context);
  const shortened = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  const people = message.mention === true ? (context.config?.rollout.notify ?? []) : [];
  return people.length === 0 ? shortened : `${shortened}\n\n${people.map((name) => `@${name}`).join(' ')}`;
}

/** Hidden in the comment, so that an effect which is tried again finds it. @param effect its id */
export function replyMarker(effect: string): string {
  return `<!-- gateway-rollout reply:${markerText(effect)} -->`;
}

function sentenceOf(message: Message, context: MessageContext): string {
  const checks = context.state?.stage.checks ?? null;
  switch (message.code) {
    case 'help':
      return helpText(context.config);
    case 'status':
      return statusText(context);
    case 'command_unclear':
      return answers.commandUnclear(message.data);
    case 'partly_understood':
      return answers.partlyUnderstood(message.data);
    case 'permission_denied':
      return answers.permissionDenied(message.data);
    case 'command_outdated':
      return answers.commandOutdated(message.data);
    case 'not_possible':
      return answers.notPossible(message.data);
    case 'gate_not_met':
      return answers.gateNotMet(message.data, checks);
    case 'dry_run':
      return answers.dryRun(message.data, checks);
    case 'advance_target_refused':
      return answers.advanceTargetRefused(message.data);
    case 'rollback_target_refused':
      return answers.rollbackTargetRefused(message.data);
    case 'box_refused':
      return answers.boxRefused(message.data);
    case 'approved':
      return answers.approved(message.data);
    case 'approved_before':
      return answers.approvedBefore(message.data);
    case 'rollout_exists':
      return answers.rolloutExists(message.data);
    case 'start_without_config':
      return answers.startWithoutConfig(message.data);
    case 'start_name_needed':
      return answers.startNameNeeded(message.data);
    case 'started':
      return moves.started(message.data);
    case 'start_refused_by_policy':
      return moves.startRefusedByPolicy(message.data);
    case 'start_refused_by_target':
      return moves.startRefusedByTarget(message.data, context);
    case 'advanced':
      return moves.advanced(message.data);
    case 'forced':
      return moves.forced(message.data, checks);
    case 'rolled_back':
      return moves.rolledBack(message.data);
    case 'paused':
      return moves.paused(message.data, checks);
    case 'resumed':
      return moves.resumed(message.data);
    case 'retried':
      return moves.retried(message.data);
    case 'completed':
      return moves.completed(message.data, context);
    case 'aborted':
      return moves.aborted(message.data);
    case 'person_needed':
      return moves.personNeeded(message.data, context);
    case 'reopened':
      return moves.reopened(message.data);
    case 'traffic_not_written':
      return alerts.trafficNotWritten(message.data, context);
    case 'rollback_not_written':
      return alerts.rollbackNotWritten(message.data, context);
    case 'traffic_drifted':
      return alerts.trafficDrifted(message.data, context);
    case 'traffic_restored':
      return alerts.trafficRestored(message.data, context);
    case 'gateway_still_has_traffic':
      return alerts.gatewayStillHasTraffic(message.data);
    case 'config_changed':
      return alerts.configChanged(message.data);
    case 'config_broken':
      return alerts.configBroken(message.data, context);
    case 'config_repaired':
      return alerts.configRepaired(message.data);
    case 'state_not_trusted':
      return alerts.stateNotTrusted(message.data);
    case 'alert':
      return alerts.alert(message.data);
    case 'alert_gone':
      return alerts.alertGone(message.data);
  }
}
