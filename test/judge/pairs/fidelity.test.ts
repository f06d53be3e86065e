import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswerPair,
  addPair,
  type FidelityEvidence,
  fidelityEvidenceSchema,
  lnFidelityEvidence,
  NO_FIDELITY_EVIDENCE,
} from '../../../src/judge/pairs/fidelity-evidence.ts';
import { judgeFidelity } from '../../../src/judge/pairs/fidelity-verdict.ts';
import { NO_SHARE_EVIDENCE } from '../../../src/judge/pairs/share-evidence.ts';
import { answerOf, drawModels, type Gateway, shifts, swaps } from '../../support/answer-model.ts';
import { seeded } from '../../support/random.ts';

const answer = fc.constantFrom('a', 'b', 'c', 'constructor');
const PAIR = {
  prompt: fc.constantFrom('p', 'q', 'constructor'),
  official: answer,
  gateway: answer,
};
const pair = fc.record(PAIR);
const added = (pairs: readonly AnswerPair[], to = NO_FIDELITY_EVIDENCE) => pairs.reduce(addPair, to);
const E = (evidence: FidelityEvidence) => Math.exp(lnFidelityEvidence(evidence));

describe('the evidence of fidelity', () => {
  it('gains from one order of a pair what it loses by the other: a bettor that counts before it bets would win', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), pair, (earlier, next) => {
        const before = added(earlier);
        const swapped = { ...next, official: next.gateway, gateway: next.official };
        const mean = (E(addPair(before, next)) + E(addPair(before, swapped))) / 2;
        expect(mean / E(before)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('gains and loses alike where it bets on probabilities, and starts from nothing on one arm', () => {
    const shares = fc.dictionary(answer, fc.double({ min: 0, max: 1, noNaN: true }));
    const told = fc.record({ ...PAIR, shares: fc.record({ official: shares, gateway: shares }) });
    const none = { ...NO_FIDELITY_EVIDENCE, shares: NO_SHARE_EVIDENCE };
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), told, (earlier, next) => {
        const before = added(earlier, none);
        const { official, gateway } = next.shares;
        const swapped = { ...next, shares: { official: gateway, gateway: official } };
        const mean = (E(addPair(before, next)) + E(addPair(before, swapped))) / 2;
        expect(mean / E(before)).toBeCloseTo(1, 9);
        expect(fidelityEvidenceSchema.parse(JSON.parse(JSON.stringify(before)))).toEqual(before);
      }),
    );
  });

  it('is the same for the same pairs, also where what was learnt and proved is kept as JSON in between', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), fc.array(pair, { maxLength: 40 }), (first, second) => {
        const kept = fidelityEvidenceSchema.parse(JSON.parse(JSON.stringify(added(first))));
        expect(added(second, kept)).toEqual(added([...first, ...second]));
      }),
    );
  });
});

/** A run: the gateway, the official API against itself, and a sibling. */
function run(gateway: Gateway, pairs: number, sibling: Gateway = swaps(1)) {
  const random = seeded(7);
  const models = drawModels(random, 'border');
  const evidenceOf = (of: Gateway, most: number) =>
    Array.from({ length: most }, (_, index) => index % models.official.length).reduce((evidence, prompt) => {
      const [ours = new Map(), theirs = new Map()] = [models.official[prompt], models.sibling[prompt]];
      const answers = {
        official: answerOf(ours, random),
        gateway: answerOf(of(ours, theirs, random), random),
      };
      return addPair(evidence, { prompt: String(prompt), ...answers });
    }, NO_FIDELITY_EVIDENCE);
  return judgeFidelity({
    gateway: evidenceOf(gateway, pairs),
    control: evidenceOf(swaps(0), 300),
    sibling: evidenceOf(sibling, 300),
  });
}

describe('the verdict', () => {
  it('tells another model, also where it answers most requests only', () => {
    expect(run(swaps(1), 300)).toMatchObject({ verdict: 'other-model', isControlTold: false });
    expect(run(swaps(0.8), 300).verdict).toBe('other-model');
  });

  it('tells a nearer one as different', () => {
    expect(run(shifts(0.25), 2_000).verdict).toBe('differs');
    expect(run(swaps(0.1), 2_000).verdict).toBe('differs');
  });

  it('finds no difference where there is none, and names the shift that the pairs would have shown', () => {
    const finding = run(swaps(0), 1_500);
    expect(finding.verdict).toBe('indistinguishable');
    expect(finding.guessed).toBeCloseTo(0.5, 1);
    expect(finding.smallestShift).toBeCloseTo(0.097, 3);
  });

  it('says nothing after a few pairs, or none', () => {
    expect(run(swaps(0), 100).verdict).toBe('no-power');
    expect(run(swaps(0), 0).verdict).toBe('no-power');
  });

  it('says nothing where the sibling was not distinguished, however the gateway answers', () => {
    expect(run(swaps(1), 300, swaps(0)).verdict).toBe('no-power');
    expect(run(swaps(0), 300, swaps(0)).verdict).toBe('no-power');
  });
});
