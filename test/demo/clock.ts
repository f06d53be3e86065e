/** The demo's own clock: hours of a rollout pass while requests take milliseconds. */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A Monday, so that dates are easy to follow. */
const START = Date.UTC(2026, 2, 2, 8);

/** Moves only when `pass` or `passTo` is called. Milliseconds since 1970. */
export class DemoClock {
  #now = START;

  readonly now = (): number => this.#now;

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Moves forward to the time; never back. */
  passTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** The next whole minute, or now where it is one. */
  nextMinute(): number {
    return Math.ceil(this.#now / MINUTE) * MINUTE;
  }
}
