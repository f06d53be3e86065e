/** Production: 5 % with a fault, the rollback, and then every stage up to the final report. */
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { HOUR } from './clock.ts';
import type { Narrator } from './narrator.ts';
import { COMPLETE_AFTER, observeProduction } from './observation.ts';
import { comment, deliver, expectHeadline, type Scene, showIssue, showReply } from './scene.ts';

const WINDOW = 12 * HOUR;

/** Users in two windows: enough for the gateway's share of them to pass the gate of the stage. */
const STAGES = [
  { stage: '5%', users: 280, next: '**25%**' },
  { stage: '25%', users: 620, next: '**50%**' },
  { stage: '50%', users: 330, next: '**100%**' },
  { stage: '100%', users: 180, next: 'Watching' },
  { stage: '100%', users: 60, next: 'Completed' },
] as const;
const USERS_OF_FAULT = 300;

/**
 * @param end `last-stage`: stop one look before completion, so that the issue stays open
 * @returns the measurements of the walk that was rolled back, and of the one that reached the end
 */
export async function walkProduction(
  scene: Scene,
  config: Config,
  end: 'last-stage' | 'completed',
): Promise<Measurement[][]> {
  const { narrator, clock } = scene;

  await narrator.chapter("Stage 5%: someone disables the gateway's key");
  narrator.say(
    'The demo measures production every 12 hours (`interval: 12h` in its config). With the default, 15 minutes, the rollback would come with the first measurement that shows enough failures.',
  );
  const broken = [await passWindow(scene, config, '5%', USERS_OF_FAULT, 'key-disabled')];
  await expectHeadline(scene, 'Rolled back');
  await showReply(scene);
  sayApart(
    narrator,
    'A failed task counts as infinitely slow, so latency_p95 fails along with success_rate. The share is 0 % again: all users are back on the official API.',
  );
  await showIssue(scene);

  await narrator.chapter('The key works again: the rollout restarts at stage 5%');
  clock.pass(HOUR);
  await comment(scene, 'mara', '/retry-rollout');
  await expectHeadline(scene, '**5%**');
  sayApart(
    narrator,
    "At 5 % the metrics are guards: they can stop the rollout, but don't have to pass. From 25 % on they must pass.",
  );

  const measurements: Measurement[] = [];
  for (const { stage, users, next } of STAGES) {
    const watching = next === 'Completed';
    if (stage !== '5%')
      await narrator.chapter(watching ? 'The watch after the last stage' : `Stage ${stage}`);
    if (stage === '100%') narrator.say(watching ? WATCH : HOLDBACK);
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
    'The servers report tokens with each answer (`usage`); the scripted models count roughly as OpenAI does. Prices come from the public price table on the official arm, and from `measure.prices` in the config on the gateway.',
  );
  await showIssue(scene);
  return [broken, measurements];
}

const WATCH =
  'After 100 % the rollout watches production for `watch`, a week by default and a day in this demo, and can still roll back.';

const HOLDBACK =
  'The config keeps 10 % of the users on the official API until the end (`holdback: 10%`), so that this stage still has both arms to compare. It moves 90 %; the last 10 % follow when the rollout completes.';

/** Explains the days below the gate, which look long in a demo of a minute. */
const FORECAST =
  "The last lines are a forecast, and so are the days beside each metric below: the time to a verdict with as many users as now. A verdict takes tasks on the gateway, so the demo has more users at 25 %. Later stages need fewer, because the gateway's share is larger.";

const STILL_MET =
  "The verdicts are inconclusive, but the gate is met: at this stage both metrics are guards, which don't have to pass. The stage had its 24 hours and its 10 tasks.";

/** One paragraph below what GitHub shows. */
function sayApart(narrator: Narrator, text: string): void {
  narrator.gap();
  narrator.say(text);
}

/** Half a day of users; then it is measured, and the App decides. */
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
  const onProgress = (answered: number): void => narrator.progress(`${answered} of ${users} users answered`);
  const served = await production.serve(window, users, onProgress, fault);
  clock.passTo(window.to + COMPLETE_AFTER);
  const { official, gateway, failed } = served;
  sayApart(
    narrator,
    `12 hours pass: ${users} users ask, ${official} on the official API and ${gateway} on the gateway. ${failed === 0 ? 'All get an answer' : `${failed} get no answer`}. Then observe measures, and the App decides.`,
  );
  const { application: directory, records } = scene;
  const measurement = await observeProduction(host, { config, stage, window, directory, records });
  await deliver(scene);
  return measurement;
}
