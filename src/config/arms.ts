/** The control arm, and the arm under test. */
export const ARMS = ['official', 'gateway'] as const;
export type Arm = (typeof ARMS)[number];
