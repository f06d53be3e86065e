/** What the texts are made of. There is no clock in it: as long as nothing happens, no text changes. */
import type { Config } from '../config/schema.ts';
import type { MessageCode, MessageData } from '../rollout/message.ts';
import type { RolloutState } from '../rollout/state.ts';

export interface RolloutView {
  readonly config: Config;
  readonly state: RolloutState;
  /** Whether names of keys and members may be shown: in private repositories, or with `publish_names`. */
  readonly namesShown: boolean;
  /** Of the repository, such as `main`. */
  readonly defaultBranch: string;
}

/** For a message: before a rollout starts there is no state, and perhaps no valid config. */
export type MessageContext =
  | RolloutView
  | { readonly config: Config | null; readonly state: null; readonly namesShown: boolean };

/** For each message code the function that writes its comment, in Markdown. */
export type MessageTexts = {
  readonly [Code in MessageCode]: (data: MessageData[Code], context: MessageContext) => string;
};
