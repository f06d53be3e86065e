/** Replies to people: a comment on the issue, and a reaction to their comment. */

import type { Actor } from './actor.ts';
import { commandName } from './actor.ts';
import type { CommandName } from './command.ts';
import type { Reaction } from './effect.ts';
import type { EventOf } from './event.ts';
import type { Message, MessageOf } from './message.ts';
import { addEffects, say, type Turn } from './turn.ts';

/** A person asks for something: by a command in a comment, or by ticking a box (which has no comment). */
export type CommandOrTick = EventOf<'command'> | EventOf<'box_ticked'>;

export function initiatorOf(event: CommandOrTick): { readonly by: Actor; readonly comment: number | null } {
  return { by: event.by, comment: event.kind === 'command' ? event.comment : null };
}

/** It was done: a reaction alone, since the step that did it says what it did. */
export function confirm(turn: Turn, event: CommandOrTick): Turn {
  return reactTo(turn, event, 'rocket');
}

export function reply(turn: Turn, event: CommandOrTick, message: Message): Turn {
  return reactTo(say(turn, message), event, '+1');
}

export function refuse(turn: Turn, event: CommandOrTick, message: Message): Turn {
  return reactTo(say(turn, message), event, 'confused');
}

/** The status does not allow the command. */
export function refuseAsImpossible(
  turn: Turn,
  event: CommandOrTick,
  command: CommandName,
  why: MessageOf<'not_possible'>['data']['why'] = 'status',
): Turn {
  const status = turn.state.status.kind;
  return refuse(turn, event, { code: 'not_possible', data: { command, status, why } });
}

/** The command that is asked for, under the name of its permission. */
export function commandNameOf(event: CommandOrTick): CommandName {
  return event.kind === 'command' ? commandName(event.command) : 'advance';
}

export function reactTo(turn: Turn, event: CommandOrTick, reaction: Reaction): Turn {
  const { comment } = initiatorOf(event);
  return comment === null ? turn : addEffects(turn, { kind: 'react', comment, reaction });
}
