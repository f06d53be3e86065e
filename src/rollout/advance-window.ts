/** Whether the rollout may advance by itself at this hour. */
import type { Config } from '../config/schema.ts';

type AdvanceWindow = NonNullable<Config['rollout']['advance_window']>;

/**
 * @param window null: at any hour
 * @param now milliseconds since 1970
 */
export function isInAdvanceWindow(window: AdvanceWindow | null, now: number): boolean {
  if (window === null) return true;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: window.timezone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = part('weekday').toLowerCase();
  const hour = Number(part('hour'));
  return window.days.some((name) => name === day) && hour >= window.hours.from && hour < window.hours.to;
}
