import type { AllSettings } from '../listener/setting-defaults.ts'

/** How a listener hears a novel. */
export type PlayerSettings = AllSettings['player']

export const fastest = 3
export const slowest = 0.5
export const rateStep = 0.05

/** The nearest speed that can be set. */
export function settableRate(rate: number): number {
  const steps = Math.round(Math.min(fastest, Math.max(slowest, rate)) / rateStep)
  return Number((steps * rateStep).toFixed(2))
}
