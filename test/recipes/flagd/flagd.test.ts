/** The recipe's flag file, evaluated by flagd itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlagdCore } from '@openfeature/flagd-core';
import { OpenFeature } from '@openfeature/server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../support/files.ts';
import { atShare, recipeFile } from '../recipe.ts';
import { armOf } from './src/arm-of.ts';
import { FlagFileProvider } from './src/flag-file.ts';

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

  it('is read in the process, which keeps the last good flag if the file breaks', async () => {
    const file = join(temporaryDirectory(), 'flags.json');
    writeFileSync(file, atShare('flagd', 100));
    const provider = new FlagFileProvider(file);
    await OpenFeature.setProviderAndWait(file, provider);
    onTestFinished(() => OpenFeature.close());
    const armAfter = (text: string) => {
      writeFileSync(file, text);
      provider.reload();
      return armOf('user-1', OpenFeature.getClient(file));
    };
    expect(await armOf('user-1', OpenFeature.getClient(file))).toBe('gateway');
    expect(await armAfter('{ "flags": ')).toBe('gateway');
    expect(await armAfter(atShare('flagd', 0))).toBe('official');
    expect(await armAfter(atShare('flagd', 100))).toBe('gateway');
    expect(await armAfter('{ "flags": {} }')).toBe('official');
  });

  it('starts with no user on the gateway, and ends with the original file', () => {
    expect(onGateway(atShare('flagd', 0))).toEqual([]);
    expect(atShare('flagd', 0)).toBe(recipeFile('flagd', 'deploy/flags.json'));
  });
});
