/** Names of keys and members, where everybody could read them. */
import { addSpenders } from '../../measure/add.ts';
import type { ArmCounts, Measurement, SpenderSlice } from '../../measure/measurement.ts';

/** Stands for all names; it is the same in every measurement, so that they still add up. */
export const NOT_PUBLISHED = '(not published)';

/** The measurement with what keys and members did as one sum each, and without their names. */
export function withoutNames(measurement: Measurement): Measurement {
  const { official, gateway } = measurement.arms;
  return {
    ...measurement,
    arms: { official: official && unnamed(official), gateway: gateway && unnamed(gateway) },
  };
}

function unnamed(arm: ArmCounts): ArmCounts {
  return { ...arm, byKey: asOne(arm.byKey), byMember: asOne(arm.byMember) };
}

function asOne([first, ...rest]: readonly SpenderSlice[]): readonly SpenderSlice[] {
  return first === undefined ? [] : [{ ...rest.reduce(addSpenders, first), name: NOT_PUBLISHED }];
}
