/** Simulated traffic, window by window: one official arm, and beside it as many gateways as are asked about. */
import type { ArmCounts, UnitCounts } from '../../../src/measure/measurement.ts';
import { binomial, type Random, seeded } from '../../support/random.ts';
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

/** Units with all their tasks so far. */
export interface TrafficUnits {
  readonly official: readonly UnitCounts[];
  readonly gateways: readonly (readonly UnitCounts[])[];
}

/** Weather, official arm and each gateway draw from streams of their own: one that stops changes no other. */
const STREAMS = { weather: 1, official: 2, users: 3, gateway: 16 };

export class Traffic {
  readonly #harms: readonly Harm[];
  readonly #retries: boolean;
  readonly #weatherAt: (window: number) => Weather;
  readonly #official: Random;
  readonly #gateways: readonly Random[];
  readonly #users: StickyUsers | null;
  #window = 0;

  /** @param name tells worlds apart that have the same seed */
  constructor(world: World, harms: readonly Harm[], seed: number, name: number) {
    const stream = (index: number) => seeded(seed, 64 * name + index);
    this.#harms = harms;
    this.#retries = world.retries;
    this.#weatherAt = world.weather(stream(STREAMS.weather));
    this.#official = stream(STREAMS.official);
    this.#gateways = harms.map((_, index) => stream(STREAMS.gateway + index));
    this.#users = world.sticky
      ? new StickyUsers(stream(STREAMS.users), this.#weatherAt(0).share, harms.length)
      : null;
  }

  /** Units of a sticky split; null where tasks are independent. */
  get units(): TrafficUnits | null {
    return this.#users;
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
      const tasks = binomial(this.#official, weather.tasks, weather.share);
      const official = this.#arm(this.#official, weather.tasks - tasks, weather, NO_HARM);
      const gateways = active.map((harm, index) =>
        isAsked(index) ? this.#arm(this.#gateways[index] ?? this.#official, tasks, weather, harm) : null,
      );
      return { official, gateways, share };
    }
    users.draw(this.#official, weather.tasks);
    const official = users.officialArm(this.#official, weather);
    const gateways = active.map((harm, index) =>
      isAsked(index) ? users.gatewayArm(this.#gateways[index] ?? this.#official, weather, harm, index) : null,
    );
    return { official, gateways, share };
  }

  #arm(random: Random, tasks: number, weather: Weather, harm: Harm): ArmCounts {
    const { errors, slowness } = weather;
    const failed = binomial(random, tasks, harm.errors(errors));
    const served = tasks - failed;
    const slow = { latency: slowness * harm.latency, slow: harm.slow(errors) };
    const latency = drawHistogram(random, tasks, served, slow);
    const usd = drawCosts(random, tasks) * harm.cost;
    // A task that fails was tried three times; as many as fail recover at their second attempt.
    const recovered = this.#retries ? Math.min(served, binomial(random, tasks, harm.errors(errors))) : 0;
    const failedRetries = this.#retries ? 2 * failed + recovered : 0;
    return armOf({ tasks, failed, failedRetries, latency, usd });
  }
}
