/** Production: 5 % with a fault, the rollback, and then the whole road to the final report. */
import type { Config } from '../../config/schema.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { HOUR } from './clock.ts';
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
const USERS_OF_FAULT = 280;

/** @returns the measurements of the walk that ended in a rollback, and of the one that came through */
export async function walkProduction(scene: Scene, config: Config): Promise<Measurement[][]> {
  const { narrator, clock } = scene;

  await narrator.chapter("Stage 5%: somebody disables the gateway's key");
  const broken = [await passWindow(scene, config, '5%', USERS_OF_FAULT, 'key-disabled')];
  await expectHeadline(scene, 'Rolled back');
  await showReply(scene);
  await showIssue(scene);

  await narrator.chapter('The key works again: the rollout is retried, at stage 5%');
  clock.pass(HOUR);
  await comment(scene, 'mara', '/retry-rollout');
  await expectHeadline(scene, '**5%**');
  narrator.gap();
  narrator.say(
    'At 5 % the metrics are guards: they can stop the rollout, but it goes on without their proof. From 25 % on it needs proof.',
  );

  const measurements: Measurement[] = [];
  for (const { stage, users, next } of STAGES) {
    if (stage !== '5%') await narrator.chapter(`Stage ${stage}`);
    measurements.push(await passWindow(scene, config, stage, users / 2));
    await showIssue(scene);
    measurements.push(await passWindow(scene, config, stage, users / 2));
    await expectHeadline(scene, next);
    await showReply(scene);
  }

  await showIssue(scene);
  return [broken, measurements];
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
  narrator.gap();
  narrator.say(
    `12 hours pass: ${users} users ask, ${official} the official API and ${gateway} the gateway; ${failed === 0 ? 'all have their answer' : `${failed} get none`}. Then observe measures, and the App judges.`,
  );
  const { application: directory, records } = scene;
  const measurement = await observeProduction(host, { config, stage, window, directory, records });
  await deliver(scene);
  return measurement;
}
