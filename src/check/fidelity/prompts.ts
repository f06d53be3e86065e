/** What is asked: prompts of our own, which say nothing about the team and have answers of one word. */

export interface FidelityPrompt {
  readonly text: string;
  /** Null: the model takes none. */
  readonly temperature: number | null;
  /** Asks for the probabilities of the first token, instead of a whole word. */
  readonly logprobs?: boolean | undefined;
}

/** For every model: no answer is the right one, so that each model has its own habits. */
export function openPrompts(temperature: number | null): readonly FidelityPrompt[] {
  const things = ['animal', 'city', 'colour', 'first name', 'fruit', 'number from 1 to 100', 'river', 'verb'];
  return things.map((thing) => ({
    text: `Name one ${thing} at random. Answer with that alone, without punctuation.`,
    temperature,
  }));
}

const WORDS =
  'amber anchor apple arrow basin beacon birch bridge candle canyon cedar cloud comet copper coral cotton ' +
  'crater desert dune ember falcon fern flint forest garden glacier granite harbor hazel heron island ivory ' +
  'jade juniper lagoon lantern lemon linen maple marble meadow mist moss oak olive orchid pearl pebble pine ' +
  'plum prairie quartz raven reef river saffron sage silver slate sparrow thistle timber velvet willow';

/** How many candidates there are. */
export const MOST_CANDIDATES = 5_000;

/**
 * Prompts of which some are *border inputs*: at temperature 0 the official model is torn between two words, and whatever
 * changes it a little moves the answer (after arXiv:2602.11083). Which ones are, only asking shows.
 * @param random uniform in [0, 1): the prompts of every run are others, so that a gateway cannot know them
 */
export function* borderCandidates(random: () => number): Generator<FidelityPrompt> {
  const words = WORDS.split(' ');
  const pick = () => words[Math.floor(random() * words.length)] ?? '';
  for (let made = 0; made < MOST_CANDIDATES; made += 1) {
    yield { text: `Which word is nicer? Answer with it alone: ${pick()} ${pick()}`, temperature: 0 };
  }
}
