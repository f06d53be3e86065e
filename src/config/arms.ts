/** The control arm, and the arm under test. */
export const ARMS = ['official', 'gateway'] as const;
export type Arm = (typeof ARMS)[number];

/** Something of each arm. */
export type ByArm<Value> = Readonly<Record<Arm, Value>>;

export function byArm<Value>(of: (arm: Arm) => Value): ByArm<Value> {
  return { gateway: of('gateway'), official: of('official') };
}
