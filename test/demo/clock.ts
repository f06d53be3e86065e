/** The demo's own time: hours of a rollout pass while requests take milliseconds. */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A Monday, so that days read well. */
const BEGINNING = Date.UTC(2026, 2, 2, 8);

/** Stands still until it is told to pass. Milliseconds since 1970. */
export class DemoClock {
  #minute = BEGINNING;

  readonly now = (): number => this.#minute;

  pass(milliseconds: number): void {
    this.#minute += milliseconds;
  }

  /** Passes to the minute; never back. */
  passTo(minute: number): void {
    this.#minute = Math.max(this.#minute, minute);
  }

  /** The first whole minute that is not over. */
  nextMinute(): number {
    return Math.ceil(this.#minute / MINUTE) * MINUTE;
  }
}
