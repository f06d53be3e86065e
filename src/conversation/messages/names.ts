/** How the App names stages, people, targets and shares. */
import type { Config } from '../../config/schema.ts';
import { isShadowLabel, SHADOW } from '../../config/stages.ts';
import type { Actor } from '../../rollout/actor.ts';
import type { Shares } from '../../rollout/effect.ts';
import { isWatchNext } from '../../rollout/road.ts';
import { listed, percent, shortList } from '../../wording/amounts.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import type { MessageContext } from '../view.ts';

export function stageName(label: string): string {
  return `**${markdownText(label, 60)}**`;
}

/** After what went wrong in a stage; empty unless it copies requests. */
export function copiesNote(label: string): string {
  return isShadowLabel(label) ? ' These were copies of requests, so no user was affected.' : '';
}

/** Without a mention: the author of a command is notified anyway. */
export function personName({ login }: Actor): string {
  return markdownText(login, 60);
}

/** ` by ana`; empty where the rollout moved by itself. */
export function byPerson(by: Actor | null): string {
  return by === null ? '' : ` by ${personName(by)}`;
}

/** ` Reason: …`; empty without one. */
export function reasonGiven(words: string | null): string {
  return words === null || words === '' ? '' : ` Reason: “${markdownText(words)}”.`;
}

/** `advance to **25%**`, `start the watch`, or completion. @param next null after the last stage */
export function stepTo(
  next: string | null,
  { config, state }: MessageContext,
  completion = 'complete',
): string {
  if (next !== null) return `advance to ${stageName(next)}`;
  return config !== null && state !== null && isWatchNext({ config, state }) ? 'start the watch' : completion;
}

export function targetName(config: Config | null, index: number): string {
  const target = config?.traffic[index];
  switch (target?.kind) {
    case 'file':
      return `the file ${markdownCode(target.path)}${target.branch === null ? '' : ` on branch ${markdownCode(target.branch)}`}`;
    case 'variable':
      return `the variable ${markdownCode(target.name)}${target.environment === null ? '' : ` of the environment ${markdownCode(target.environment)}`}`;
    case 'deployment':
      return `the deployment to ${markdownCode(target.environment)}`;
    case 'dispatch':
      return `the dispatch ${markdownCode(target.event_type)}`;
    case 'workflow':
      return `the workflow ${markdownCode(target.file)}`;
    case undefined:
      return `traffic target ${index + 1}`;
  }
}

/** `5 %`, or `5 % of all traffic and 25 % of fast`; of copies `0 %; copies: 5 %`. */
export function sharesText({ everything, slices: { [SHADOW]: copies, ...slices } }: Shares): string {
  if (copies !== undefined) return `${sharesText({ everything, slices })}; copies: ${percent(copies)}`;
  const own = Object.entries(slices)
    .filter(([, share]) => share > everything)
    .map(([slice, share]) => `${percent(share)} of ${markdownCode(slice)}`);
  if (own.length === 0) return percent(everything);
  const whole = everything > 0 ? [`${percent(everything)} of all traffic`] : [];
  return listed(shortList([...whole, ...own]));
}
