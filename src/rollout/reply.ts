/** Replies to people: a comment on the issue, and a reaction to their comment. */

import type { Actor } from './actor.ts';
import type { CommandName } from './command.ts';
import type { Reaction } from './effect.ts';
import type { CommandEvent } from './event.ts';
import type { Message, MessageOf } from './message.ts';
import { addEffects, say, type Turn } from './turn.ts';

export function initiatorOf({ by, comment }: CommandEvent): {
  readonly by: Actor;
  readonly comment: number | null;
} {
  return { by, comment };
}

/** It was done: a reaction alone, since the step that did it says what it did. */
export function confirm(turn: Turn, event: CommandEvent): Turn {
  return reactTo(turn, event, 'rocket');
}

export function reply(turn: Turn, event: CommandEvent, message: Message): Turn {
  return reactTo(say(turn, message), event, '+1');
}

export function refuse(turn: Turn, event: CommandEvent, message: Message): Turn {
  return reactTo(say(turn, message), event, 'confused');
}

/** The status does not allow the command. */
export function refuseAsImpossible(
  turn: Turn,
  event: CommandEvent,
  command: CommandName,
  why: MessageOf<'not_possible'>['data']['why'] = 'status',
): Turn {
  const status = turn.state.status.kind;
  return refuse(turn, event, { code: 'not_possible', data: { command, status, why } });
}

export function reactTo(turn: Turn, event: CommandEvent, reaction: Reaction): Turn {
  const { comment } = event;
  return comment === null ? turn : addEffects(turn, { kind: 'react', comment, reaction });
}
