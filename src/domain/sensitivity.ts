/**
 * SARK's sensitivity levels. A caller may only raise one.
 *
 * @module
 */
export const SENSITIVITIES = ["low", "medium", "high", "critical"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export function higher(a: Sensitivity, b: Sensitivity): Sensitivity {
  return SENSITIVITIES.indexOf(a) >= SENSITIVITIES.indexOf(b) ? a : b;
}
