/** Removes the names of keys and members where everyone could read them. */
import { addSpenders } from '../../measure/add.ts';
import type { ArmCounts, Measurement, SpenderSlice } from '../../measure/measurement.ts';

/** Replaces all names. It is the same in every measurement, so measurements still add up. */
export const NOT_PUBLISHED = '(not published)';

/** The measurement with all keys as one sum and all members as one sum, without their names. */
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
