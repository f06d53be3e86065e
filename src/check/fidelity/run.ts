/**
 * Asks both arms the same at the same moment, with two controls in the same run: the official API against itself, which
 * must not be told apart, and against a cheaper sibling, which must.
 */
import {
  addPair,
  type FidelityEvidence,
  lnFidelityEvidence,
  NO_FIDELITY_EVIDENCE,
} from '../../judge/pairs/fidelity-evidence.ts';
import {
  type FidelityRun,
  judgeFidelity,
  LEAST_PAIRS,
  LN_PROVES,
} from '../../judge/pairs/fidelity-verdict.ts';
import { NO_SHARE_EVIDENCE } from '../../judge/pairs/share-evidence.ts';
import { BudgetSpent } from '../meter.ts';
import { type Answerer, createAnswerer, type ShortAnswer } from './answerer.ts';
import { choosePrompts } from './choose-prompts.ts';
import type { FidelityPlan } from './plan.ts';
import type { FidelityPrompt } from './prompts.ts';
import type { FidelityReport } from './report.ts';

/** The official API is asked twice in one round of so many. */
const CONTROL_EVERY = 3;
/** Requests at a time, as the meter allows: those of one prompt leave together. */
const AT_ONCE = 8;
/** An answer that comes faster (milliseconds), while the official one takes longer, or with an ID that came before, is from a cache. */
const CACHED_MS = 50;
const ROUNDS_FOR_CACHE = 3;
/** The part of the budget that the search for prompts may take. */
const SEARCH_PART = 0.5;

/** Never throws for what an endpoint does. */
export async function runFidelity(plan: FidelityPlan): Promise<FidelityReport> {
  const { prompts, snapshot, officialName } = await choosePrompts(plan, plan.meter.part(SEARCH_PART));
  const { gateway, model, sibling, form } = plan;
  const where = form.name === 'chat' ? [] : [form.name];
  const about = [gateway.baseUrl, model.name, model.gatewayName, sibling, ...where].join(' ');
  const kept = plan.kept?.prompts === prompts && plan.kept.about === about ? plan.kept : null;
  const nothing = nothingKnown(prompts);
  // What was proved was reported: the gateway may have been corrected since.
  const isOver = kept !== null && isProved(kept.gateway);
  const before = { ...nothing, ...kept, ...(isOver && { gateway: nothing.gateway }) };
  const run = new Run(plan, officialName, before);
  const trace = [judgeFidelity(run).comparisons];
  let endedBy: FidelityReport['endedBy'] = 'pairs';
  try {
    while (run.isOpen) {
      await run.ask(prompts);
      trace.push(judgeFidelity(run).comparisons);
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    endedBy = 'budget';
  }
  return {
    schema: 1,
    model,
    sibling,
    endedBy,
    isCached: run.isCached,
    failed: run.failed,
    ...judgeFidelity(run),
    kept: {
      schema: 2,
      about,
      snapshot,
      prompts,
      gateway: run.gateway,
      control: run.control,
      sibling: run.sibling,
    },
    trace,
    usage: plan.meter.usage,
  };
}

class Run {
  gateway: FidelityEvidence;
  control: FidelityEvidence;
  sibling: FidelityEvidence;
  /** Requests without an answer, by arm. They count as failures elsewhere. */
  readonly failed = { official: 0, gateway: 0 };
  /** Most of the gateway's answers come from a cache, also where each request is another one. */
  isCached = false;
  readonly #plan: FidelityPlan;
  readonly #before: FidelityEvidence;
  readonly #askOfficial: Answerer;
  readonly #askGateway: Answerer;
  readonly #askSibling: Answerer;
  readonly #ids = new Set<string>();
  #hasNonce = false;
  #hasPair = false;
  #rounds = 0;
  #answers = 0;
  #fromCache = 0;

  constructor(plan: FidelityPlan, officialName: string, before: FidelityRun) {
    const { gateway, official, model, sibling } = plan;
    const of = (name: string, gatewayName: string) => ({ ...plan, model: { name, gatewayName } });
    this.#plan = plan;
    this.#before = before.gateway;
    this.gateway = before.gateway;
    this.control = before.control;
    this.sibling = before.sibling;
    this.#askOfficial = createAnswerer(official, of(model.name, officialName));
    this.#askGateway = createAnswerer(gateway, of(model.name, model.gatewayName));
    this.#askSibling = createAnswerer(official, of(sibling, sibling));
  }

  /** Whether more pairs could change the verdict. What is proved is settled in the same run. */
  get isOpen(): boolean {
    const { gateway, sibling } = this;
    const isSilent = this.#rounds >= ROUNDS_FOR_CACHE && !this.#hasPair;
    if (isSilent || this.isCached || (isSettled(gateway) && isSettled(sibling))) return false;
    const isWanted = gateway.pairs - this.#before.pairs < this.#plan.pairs;
    return isWanted || (isProved(gateway) && gateway.pairs < LEAST_PAIRS);
  }

  /** One round: every prompt once. */
  async ask(prompts: readonly FidelityPrompt[]): Promise<void> {
    const withControl = this.#rounds % CONTROL_EVERY === 0;
    const withSibling = !isSettled(this.sibling);
    const together = Math.floor(AT_ONCE / (2 + Number(withControl) + Number(withSibling)));
    for (let first = 0; first < prompts.length; first += together) {
      const group = prompts.slice(first, first + together);
      const asked = await Promise.all(
        group.map((prompt) => this.#askAll(prompt, { withControl, withSibling })),
      );
      for (const answers of asked) this.#learn(answers);
    }
    this.#rounds += 1;
    this.#judgeCache();
  }

  /** All requests for a prompt leave together, in an order by chance. */
  async #askAll(
    prompt: FidelityPrompt,
    { withControl, withSibling }: { readonly withControl: boolean; readonly withSibling: boolean },
  ) {
    const { random } = this.#plan;
    const nonce = this.#hasNonce ? `gateway-rollout-${Math.floor(random() * 1e9)}` : undefined;
    const [official = null, gateway = null, again = null, sibling = null] = await inRandomOrder(random, [
      () => this.#askOfficial(prompt, nonce),
      () => this.#askGateway(prompt, nonce),
      () => (withControl ? this.#askOfficial(prompt, nonce) : none()),
      () => (withSibling ? this.#askSibling(prompt, nonce) : none()),
    ]);
    return { prompt: prompt.text, official, gateway, again, sibling };
  }

  #learn({ prompt, official, gateway, again, sibling }: Asked): void {
    if (official === null) this.failed.official += 1;
    if (gateway === null) this.failed.gateway += 1;
    else this.#noteCache(gateway, official);
    this.#hasPair ||= official !== null && gateway !== null;
    this.gateway = withPair(this.gateway, prompt, official, gateway);
    this.control = withPair(this.control, prompt, official, again);
    this.sibling = withPair(this.sibling, prompt, official, sibling);
  }

  #noteCache({ id, durationMs }: ShortAnswer, official: ShortAnswer | null): void {
    this.#answers += 1;
    const isInstant = durationMs < CACHED_MS && (official?.durationMs ?? 0) > CACHED_MS;
    if (isInstant || (id !== null && this.#ids.has(id))) this.#fromCache += 1;
    if (id !== null) this.#ids.add(id);
  }

  /** Answers from a cache are forgotten once, and each request becomes another one. */
  #judgeCache(): void {
    if (this.#rounds % ROUNDS_FOR_CACHE !== 0 || this.#fromCache <= this.#answers / 2) return;
    this.isCached = this.#hasNonce;
    this.#hasNonce = true;
    this.#answers = 0;
    this.#fromCache = 0;
    this.gateway = this.#before;
  }
}

/** What was answered to a prompt; null where nothing was. */
type Asked = { readonly prompt: string } & Readonly<
  Record<'official' | 'gateway' | 'again' | 'sibling', ShortAnswer | null>
>;

const isProved = (evidence: FidelityEvidence): boolean => lnFidelityEvidence(evidence) >= LN_PROVES;

/** Told apart, and how far. */
const isSettled = (evidence: FidelityEvidence): boolean =>
  isProved(evidence) && evidence.pairs >= LEAST_PAIRS;

function nothingKnown(prompts: readonly FidelityPrompt[]): FidelityRun {
  const hasShares = prompts.some(({ logprobs }) => logprobs);
  const none = { ...NO_FIDELITY_EVIDENCE, shares: hasShares ? NO_SHARE_EVIDENCE : null };
  return { gateway: none, control: none, sibling: none };
}

const none = async () => null;

function withPair(
  evidence: FidelityEvidence,
  prompt: string,
  official: ShortAnswer | null,
  other: ShortAnswer | null,
): FidelityEvidence {
  if (official === null || other === null) return evidence;
  const shares = official.shares && other.shares && { official: official.shares, gateway: other.shares };
  return addPair(evidence, { prompt, official: official.name, gateway: other.name, shares });
}

/** Starts them all at once, in an order by chance. @returns the results in the order of the list */
async function inRandomOrder<T>(random: () => number, starts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const running: (Promise<T> | undefined)[] = starts.map(() => undefined);
  const order = starts.map((_, index) => ({ index, at: random() })).sort((a, b) => a.at - b.at);
  for (const { index } of order) running[index] = starts[index]?.();
  return Promise.all(running.flatMap((each) => each ?? []));
}
