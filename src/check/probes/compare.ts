import type { Answer, Exchange } from '../../gateway/exchange.ts';
import { readUsage } from '../../gateway/usage.ts';
import { classOf, reason, requestIdOf, served } from '../answers.ts';
import { type Finding, ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import { enumeration, plainChat, type Question } from '../questions.ts';
import { noChatModel } from './chat.ts';

/** Tokenizers of one family may differ in a token or two of framing; more is a hidden prompt or another tokenizer. */
const TOLERATED_TOKENS = 2;

const noOfficialArm = (context: ProbeContext): string | null =>
  context.askOfficial === null ? 'No key of the official API is at hand.' : noChatModel(context);

export const compareProbes: readonly Probe[] = [
  {
    id: 'compare.prompt_tokens',
    severity: 'warn',
    needs: 'model',
    phase: 'ask',
    notConcerned: noOfficialArm,
    run: (context) =>
      onBothArms(context, plainChat, (gateway, official) => {
        const here = readUsage(gateway.json)?.input ?? null;
        const there = readUsage(official.json)?.input ?? null;
        if (!here || !there) return skip('One of the arms tells no prompt tokens.');
        if (Math.abs(here - there) <= TOLERATED_TOKENS)
          return ok(`The same question costs ${here} prompt tokens, officially ${there}.`);
        return problem(
          `The same question costs ${here} prompt tokens instead of ${there}: a hidden prompt, or another model's tokenizer.`,
          'Every request pays for the difference; ask the operator of the gateway what it adds.',
          { requestId: requestIdOf(gateway) },
        );
      }),
  },
  {
    id: 'compare.latency',
    severity: 'info',
    needs: 'model',
    phase: 'ask',
    notConcerned: noOfficialArm,
    run: (context) => {
      const streaming = context.plan.features.includes('streaming');
      return onBothArms(context, streaming ? enumeration : plainChat, (gateway, official) =>
        ok(`Gateway: ${latency(gateway)}; official: ${latency(official)}.`),
      );
    },
  },
];

async function onBothArms(
  { ask, askOfficial, chatModel }: ProbeContext,
  question: (model: string) => Question,
  compare: (gateway: Answer, official: Answer) => Finding,
): Promise<Finding> {
  if (askOfficial === null || chatModel === null) return skip('Not compared.');
  const [here, there] = await Promise.all([
    ask(question(chatModel.gatewayName)),
    firstKnown(askOfficial, question, [chatModel.name, chatModel.gatewayName]),
  ]);
  const gateway = served(here);
  const official = served(there);
  if (gateway === null) return skip('The gateway did not answer.');
  if (official === null) return skip(`The official API did not answer: ${reason(there)}`);
  return compare(gateway, official);
}

/** The name in the code may be the team's own alias, which the official API does not know. */
async function firstKnown(
  ask: (question: Question) => Promise<Exchange>,
  question: (model: string) => Question,
  [name, alias]: readonly [string, string],
): Promise<Exchange> {
  const exchange = await ask(question(name));
  return classOf(exchange) === 'model_not_found' && alias !== name ? ask(question(alias)) : exchange;
}

function latency({ transcript, durationMs }: Answer): string {
  const total = `${Math.round(durationMs)} ms`;
  if (transcript?.firstChunkMs == null) return total;
  return `first chunk ${Math.round(transcript.firstChunkMs)} ms, total ${total}`;
}
