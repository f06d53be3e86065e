/** Chooses what a fidelity run asks, by what one request to each arm shows. */
import { BudgetSpent, type Meter } from '../meter.ts';
import { isReasoningModel } from '../requests.ts';
import { createAnswerer } from './answerer.ts';
import { findBorderInputs } from './border-search.ts';
import type { FidelityPlan } from './plan.ts';
import { type FidelityPrompt, openPrompts } from './prompts.ts';
import type { KeptFidelity } from './report.ts';

export interface Chosen {
  readonly prompts: readonly FidelityPrompt[];
  /** The official model that answered. */
  readonly snapshot: string;
  /** The name in the code may be the team's own alias, which the official API does not know. */
  readonly officialName: string;
}

/**
 * The kept prompts where they can still be asked; else questions that have no right answer, where both arms tell the
 * probabilities of their answers; else border inputs, where the model takes a temperature; else the questions alone.
 * Nothing is searched for a gateway that does not answer.
 */
export async function choosePrompts(plan: FidelityPlan, meter: Meter): Promise<Chosen> {
  const { model, kept, random } = plan;
  const isFixed = isReasoningModel(model);
  const open = openPrompts(isFixed ? null : 1);
  const official = (name: string) =>
    createAnswerer(plan.official, { ...plan, model: { name: model.name, gatewayName: name }, meter });
  const gateway = createAnswerer(plan.gateway, { ...plan, meter });
  let chosen: Chosen = { prompts: open, snapshot: model.name, officialName: model.name };
  const [first] = open;
  if (first === undefined) return chosen;
  const told = { ...first, logprobs: true };
  try {
    const own = await official(model.name)(first);
    const officialName = own === null ? model.gatewayName : model.name;
    const ask = official(officialName);
    const [ours, theirs, ...both] = await Promise.all([
      own ?? ask(first),
      gateway(first),
      ...(isFixed ? [] : [ask(told), gateway(told)]),
    ]);
    chosen = { prompts: open, snapshot: ours?.model ?? model.name, officialName };
    const isTold = !isFixed && both.every((answer) => answer !== null);
    if (mayAskAgain(kept, chosen.snapshot, isTold)) return { ...chosen, prompts: kept.prompts };
    if (isTold) return { ...chosen, prompts: open.map((prompt) => ({ ...prompt, logprobs: true })) };
    if (isFixed || ours === null || theirs === null) return chosen;
    const found = await findBorderInputs(ask, random);
    return found.length > 0 ? { ...chosen, prompts: found } : chosen;
  } catch (error) {
    if (error instanceof BudgetSpent) return chosen;
    throw error;
  }
}

/** Another snapshot has other border inputs; and both arms must still tell probabilities where these are asked for. */
function mayAskAgain(kept: KeptFidelity | null, snapshot: string, isTold: boolean): kept is KeptFidelity {
  return kept?.snapshot === snapshot && (isTold || !kept.prompts.some(({ logprobs }) => logprobs));
}
