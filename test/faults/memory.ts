/** How much the processes of a run remember: nothing may grow with every event. */
import { Services } from '../../app/services.ts';

/** Entries of one map or set, for the one rollout of a run. */
const MOST_OF_REPOSITORY = 150;
/** Little is pending at the end of a run. */
const MOST_OF_EFFECTS = 40;

const memories = new Map<object, number>();
const { memoryOf, ownEffectsOf } = Services.prototype;

Services.prototype.memoryOf = function (this: Services, repository) {
  const memory = memoryOf.call(this, repository);
  memories.set(memory, MOST_OF_REPOSITORY);
  return memory;
};
Services.prototype.ownEffectsOf = function (this: Services, id) {
  const effects = ownEffectsOf.call(this, id);
  memories.set(effects, MOST_OF_EFFECTS);
  return effects;
};

/** What has grown too large since the last call, in words. */
export function largeMemories(): readonly string[] {
  const problems = [...memories].flatMap(([memory, most]) =>
    Object.entries(memory).flatMap(([name, value]) => {
      const size = value instanceof Map || value instanceof Set ? value.size : 0;
      return size > most ? [`a process remembers ${size} entries of ${name}`] : [];
    }),
  );
  memories.clear();
  return problems;
}
