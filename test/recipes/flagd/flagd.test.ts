/** The example's flag file with the recipe's config, evaluated by flagd itself. */
import { FlagdCore } from '@openfeature/flagd-core';
import { describe, expect, it } from 'vitest';
import { atShare, recipeFile } from '../recipe.ts';

const USERS = Array.from({ length: 2000 }, (_, index) => `user-${index}`);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The users whom flagd sends to the gateway. */
function onGateway(flags: string): readonly string[] {
  const core = new FlagdCore();
  core.setConfigurations(flags);
  return USERS.filter(
    (targetingKey) =>
      core.resolveStringEvaluation('llm-gateway', 'official', { targetingKey }, silent).value === 'gateway',
  );
}

describe('the recipe for flagd', () => {
  it('sends a quarter of 2,000 users to the gateway at 25 %, and the same ones each time', () => {
    const moved = onGateway(atShare('flagd', 25));
    // Four standard deviations of a fair split: √(2000 × 0.25 × 0.75) = 19.4.
    expect(Math.abs(moved.length - 500)).toBeLessThanOrEqual(78);
    expect(onGateway(atShare('flagd', 25))).toEqual(moved);
    const more = new Set(onGateway(atShare('flagd', 50)));
    expect(moved.filter((user) => !more.has(user))).toEqual([]);
  });

  it('starts with no user on the gateway, and ends with the original file', () => {
    expect(onGateway(atShare('flagd', 0))).toEqual([]);
    expect(atShare('flagd', 0)).toBe(recipeFile('flagd', 'deploy/flags.json'));
  });
});
