/** From a message to the comment that people read. Every sentence is in messages/. */
import type { Message, MessageCode, MessageData } from '../rollout/message.ts';
import { LONGEST_TEXT } from './issue/fit.ts';
import { markerText } from './issue/marker-text.ts';
import { ALERTS } from './messages/alerts.ts';
import { MOVES } from './messages/moves.ts';
import { REPLIES } from './messages/replies.ts';
import type { MessageContext, MessageTexts } from './view.ts';

/** A code that has no text here does not compile. */
const TEXTS: MessageTexts = { ...REPLIES, ...MOVES, ...ALERTS };

/**
 * The comment in Markdown. Text from outside renders as itself; only those whom the config names under `notify` are
 * mentioned, where the message needs a person.
 */
export function renderMessage(message: Message, context: MessageContext): string {
  const text = textOf(message, context);
  const shortened = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  const people = message.mention === true ? (context.config?.rollout.notify ?? []) : [];
  return people.length === 0 ? shortened : `${shortened}\n\n${people.map((name) => `@${name}`).join(' ')}`;
}

/** Hidden in the comment, so that an effect which is tried again finds it. @param effect its id */
export function replyMarker(effect: string): string {
  return `<!-- gateway-rollout reply:${markerText(effect)} -->`;
}

/** A code with the data that belongs to it. */
type Coded<Code extends MessageCode> = {
  [Each in Code]: { readonly code: Each; readonly data: MessageData[Each] };
}[Code];

function textOf<Code extends MessageCode>(message: Coded<Code>, context: MessageContext): string {
  return TEXTS[message.code](message.data, context);
}
