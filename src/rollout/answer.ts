/** Answers to people: a comment on the issue, and a reaction to theirs. */

import { commandName } from './authority.ts';
import type { CommandName } from './command.ts';
import type { Reaction } from './effect.ts';
import type { EventOf } from './event.ts';
import type { Message, MessageOf } from './message.ts';
import { cause, say, type Turn } from './turn.ts';

/** Somebody who wants something of the rollout: by a comment, or by ticking a box (which has no comment). */
export type Request = EventOf<'command'> | EventOf<'box_ticked'>;

export function commentOf(request: Request): number | null {
  return request.kind === 'command' ? request.comment : null;
}

/** It was done; what was done is said by whoever did it. */
export function approve(turn: Turn, request: Request): Turn {
  return reactTo(turn, request, 'rocket');
}

export function answer(turn: Turn, request: Request, message: Message): Turn {
  return reactTo(say(turn, message), request, '+1');
}

export function refuse(turn: Turn, request: Request, message: Message): Turn {
  return reactTo(say(turn, message), request, 'confused');
}

/** The status does not allow the command. */
export function refuseAsImpossible(
  turn: Turn,
  request: Request,
  command: CommandName,
  why: MessageOf<'not_possible'>['data']['why'] = 'status',
): Turn {
  const status = turn.state.status.kind;
  return refuse(turn, request, { code: 'not_possible', data: { command, status, why } });
}

/** What is asked for, under the name of its permission. */
export function nameOf(request: Request): CommandName {
  return request.kind === 'command' ? commandName(request.command) : 'advance';
}

export function reactTo(turn: Turn, request: Request, reaction: Reaction): Turn {
  const comment = commentOf(request);
  return comment === null ? turn : cause(turn, { kind: 'react', comment, reaction });
}
