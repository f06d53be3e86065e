/** Production: 5 % with a fault, the rollback, and then the whole road to the final report. */
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { HOUR } from './clock.ts';
import type { Narrator } from './narrator.ts';
import { COMPLETE_AFTER, observeProduction } from './observation.ts';
import { comment, deliver, expectHeadline, type Scene, showIssue, showReply } from './scene.ts';

const WINDOW = 12 * HOUR;

/** Users of two windows: the gateway's part of them is what the gate of the stage asks for, and a little more. */
const STAGES = [
  { stage: '5%', users: 280, next: '**25%**' },
  { stage: '25%', users: 620, next: '**50%**' },
  { stage: '50%', users: 330, next: '**100%**' },
  { stage: '100%', users: 180, next: 'Completed' },
] as const;
const USERS_OF_FAULT = 300;

/**
 * @param end `last-stage`: one look before completion, so that the issue stays open
 * @returns the measurements of the walk that ended in a rollback, and of the one that came through
 */
export async function walkProduction(
  scene: Scene,
  config: Config,
  end: 'last-stage' | 'completed',
): Promise<Measurement[][]> {
  const { narrator, clock } = scene;

  await narrator.chapter("Stage 5%: somebody disables the gateway's key");
  narrator.say(
    'The demo looks at production every 12 hours (`interval: 12h` in its config). The default is 15 minutes, and the rollback would come with the first look that has failures enough for a proof.',
  );
  const broken = [await passWindow(scene, config, '5%', USERS_OF_FAULT, 'key-disabled')];
  await expectHeadline(scene, 'Rolled back');
  await showReply(scene);
  sayApart(
    narrator,
    'A task that fails counts as one that never ends, so latency_p95 fails beside success_rate. The share is 0 % again: everybody is back on the official API.',
  );
  await showIssue(scene);

  await narrator.chapter('The key works again: the rollout is retried, at stage 5%');
  clock.pass(HOUR);
  await comment(scene, 'mara', '/retry-rollout');
  await expectHeadline(scene, '**5%**');
  sayApart(
    narrator,
    'At 5 % the metrics are guards: they can stop the rollout, but it goes on without their proof. From 25 % on it needs proof.',
  );

  const measurements: Measurement[] = [];
  for (const { stage, users, next } of STAGES) {
    if (stage !== '5%') await narrator.chapter(`Stage ${stage}`);
    if (stage === '100%') narrator.say(HOLDBACK);
    measurements.push(await passWindow(scene, config, stage, users / 2));
    await showIssue(scene);
    if (stage === '5%') sayApart(narrator, FORECAST);
    if (stage === '100%' && end === 'last-stage') return [broken, measurements];
    measurements.push(await passWindow(scene, config, stage, users / 2));
    await expectHeadline(scene, next);
    await showReply(scene);
    if (stage === '5%') sayApart(narrator, STILL_MET);
  }

  sayApart(
    narrator,
    'Tokens are those that the servers tell with each answer (`usage`), which the scripted models count roughly as OpenAI does. Their prices are those of the public price table on the official arm, and those of `measure.prices` in the config on the gateway.',
  );
  await showIssue(scene);
  return [broken, measurements];
}

const HOLDBACK =
  'The config holds 10 % of the users back on the official API until the end (`holdback: 10%`), so that this stage, too, has somebody to compare with: it moves 90 %. Once the rollout is completed, the last 10 % follow.';

/** The days below the gate look long in a demo of a minute. */
const FORECAST =
  "The last lines are a forecast, as are the days beside a metric below: what proof would take with as many users as now. Proof takes tasks on the gateway, so at 25 % the demo lets more users ask; later fewer are enough, as the gateway's share grows.";

const STILL_MET =
  'Inconclusive, and the gate is met all the same: both metrics are guards at this stage, which may stop the rollout and need no proof to let it go on. The stage had its 24 hours and its 10 tasks.';

/** A paragraph below what GitHub shows. */
function sayApart(narrator: Narrator, text: string): void {
  narrator.gap();
  narrator.say(text);
}

/** Half a day of users, then the look at it. */
async function passWindow(
  scene: Scene,
  config: Config,
  stage: string,
  users: number,
  fault: string | null = null,
): Promise<Measurement> {
  const { clock, narrator, production, host } = scene;
  const from = clock.nextMinute();
  const window = { from, to: from + WINDOW };
  const onProgress = (answered: number): void =>
    narrator.progress(`${answered} of ${users} users have their answer`);
  const served = await production.serve(window, users, onProgress, fault);
  clock.passTo(window.to + COMPLETE_AFTER);
  const { official, gateway, failed } = served;
  sayApart(
    narrator,
    `12 hours pass: ${users} users ask, ${official} the official API and ${gateway} the gateway; ${failed === 0 ? 'all have their answer' : `${failed} get no answer`}. Then observe measures, and the App judges.`,
  );
  const { application: directory, records } = scene;
  const measurement = await observeProduction(host, { config, stage, window, directory, records });
  await deliver(scene);
  return measurement;
}
