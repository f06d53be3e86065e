/** Simulated traffic, window by window: one official arm, and beside it as many gateways as are asked about. */
import type { Arm } from '../../../src/config/arms.ts';
import { addArm } from '../../../src/measure/add.ts';
import type { ArmCounts } from '../../../src/measure/measurement.ts';
import { binomial, normal, type Random, seeded } from '../../support/random.ts';
import { armOf } from './arm.ts';
import { type Harm, NO_HARM } from './harms.ts';
import { drawCosts, drawHistogram } from './latency.ts';
import { StickyUsers } from './users.ts';
import type { Weather, World } from './worlds.ts';

/** Both arms of one window. */
export interface TrafficWindow {
  readonly official: ArmCounts;
  /** Of each harm; null where nobody asks any more. */
  readonly gateways: readonly (ArmCounts | null)[];
  /** Percent. */
  readonly share: number;
}

/** Weather, official arm and each gateway draw from streams of their own: one that stops changes no other. */
const STREAMS = { weather: 1, official: 2, users: 3, mix: 4, gateway: 16 };

export class Traffic {
  readonly #harms: readonly Harm[];
  readonly #world: World;
  readonly #weatherAt: (window: number) => Weather;
  readonly #official: Random;
  readonly #gateways: readonly Random[];
  readonly #users: StickyUsers | null;
  readonly #mix: Random;
  /** By how much each model has more traffic than usual, as a logarithm. */
  #levels: readonly number[];
  #window = 0;

  /** @param name tells worlds apart that have the same seed */
  constructor(world: World, harms: readonly Harm[], seed: number, name: number) {
    const stream = (index: number) => seeded(seed, 64 * name + index);
    this.#harms = harms;
    this.#world = world;
    this.#mix = stream(STREAMS.mix);
    this.#levels = world.models.map(() => 0);
    this.#weatherAt = world.weather(stream(STREAMS.weather));
    this.#official = stream(STREAMS.official);
    this.#gateways = harms.map((_, index) => stream(STREAMS.gateway + index));
    this.#users = world.sticky
      ? new StickyUsers(stream(STREAMS.users), world.sticky, this.#weatherAt(0).share)
      : null;
  }

  /** @param isAsked whether anybody still asks about a harm, by its index */
  next(isAsked: (harm: number) => boolean): TrafficWindow {
    const window = this.#window;
    this.#window += 1;
    const weather = this.#weatherAt(window);
    const active = this.#harms.map((harm) => (window >= harm.from ? harm : NO_HARM));
    const share = 100 * weather.share;
    const users = this.#users;
    if (users === null) {
      const slices = this.#slices(weather);
      const official = this.#arm(this.#official, slices, 'official', NO_HARM);
      const gateways = active.map((harm, index) =>
        isAsked(index) ? this.#arm(this.#gateways[index] ?? this.#official, slices, 'gateway', harm) : null,
      );
      return { official, gateways, share };
    }
    users.draw(this.#official, weather.tasks);
    const official = users.officialArm(this.#official, weather);
    const gateways = active.map((harm, index) =>
      isAsked(index) ? users.gatewayArm(this.#gateways[index] ?? this.#official, weather, harm) : null,
    );
    return { official, gateways, share };
  }

  /** Who sends what in this window: one slice for each model. */
  #slices(weather: Weather): readonly Slice[] {
    const { models } = this.#world;
    if (models.length === 0) return [this.#slice(null, weather)];
    this.#levels = this.#levels.map((level) => 0.98 * level + 0.1 * normal(this.#mix));
    const weights = models.map(({ part }, index) => part * Math.exp(this.#levels[index] ?? 0));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return models.map((model, index) => {
      const tasks = Math.round((weather.tasks * (weights[index] ?? 0)) / all);
      const errors = weather.errors * model.errors;
      const slowness = weather.slowness * model.slowness;
      return this.#slice(model.name, { tasks, share: model.share, errors, slowness });
    });
  }

  #slice(model: string | null, weather: Weather): Slice {
    const gateway = binomial(this.#official, weather.tasks, weather.share);
    return { model, weather, tasks: { gateway, official: weather.tasks - gateway } };
  }

  #arm(random: Random, slices: readonly Slice[], arm: Arm, harm: Harm): ArmCounts {
    const [first, ...others] = slices.map(({ model, weather, tasks }): ArmCounts => {
      const counts = this.#counts(random, tasks[arm], weather, harm);
      return model === null ? counts : { ...counts, byModel: [{ name: model, ...counts }] };
    });
    if (first === undefined) throw new Error('a window has at least one slice');
    return others.reduce((sum, each) => addArm(sum, each) ?? sum, first);
  }

  #counts(random: Random, tasks: number, weather: Weather, harm: Harm): ArmCounts {
    const { errors, slowness } = weather;
    const { retries, heavy } = this.#world;
    const failed = binomial(random, tasks, harm.errors(errors, false));
    const slow = { latency: slowness * harm.latency, slow: harm.slow(errors), heavy };
    const latency = drawHistogram(random, tasks, tasks - failed, slow);
    const usd = drawCosts(random, tasks, heavy) * harm.cost;
    const retried = retries === null ? 0 : binomial(random, tasks, retries.share);
    return armOf({ tasks, failed, retried, failedRetries: retried * (retries?.times ?? 0), latency, usd });
  }
}

/** Tasks of one model in one window. */
interface Slice {
  readonly model: string | null;
  readonly weather: Weather;
  readonly tasks: Readonly<Record<Arm, number>>;
}
