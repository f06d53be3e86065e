/** What the rollout has cost so far, by key and member. */
import { isOver } from '../../rollout/state.ts';
import { cacheAdvice } from '../../wording/cache-advice.ts';
import { armTable, spenderTable } from '../messages/figures.ts';
import type { RolloutView } from '../view.ts';

/** Empty where nothing was measured. */
export function costSection({ config, state, namesShown }: RolloutView, mostRows: number): string {
  const keys = spenderTable(state.spent, 'byKey', namesShown, mostRows);
  const members = spenderTable(state.spent, 'byMember', namesShown, mostRows);
  const hidden =
    !namesShown && (keys !== '' || members !== '')
      ? 'Names are hidden in a public repository. Set `publish_names: true` to show them.'
      : '';
  const advice = (!isOver(state) && cacheAdvice(config, state.spent)) || '';
  const parts = [armTable(state.spent), advice, keys, members, hidden].filter((part) => part !== '');
  return parts.length === 0 ? '' : `#### Cost so far\n\n${parts.join('\n\n')}`;
}
