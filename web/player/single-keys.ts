import { recall, remember } from '../element/stored.ts'

/**
 * Whether letters and signs do something without Ctrl or Alt. Who speaks to the machine, or whose hand is unsteady, turns
 * that off (WCAG 2.1.4).
 */
export const singleKeys = {
  get allowed(): boolean {
    return recall('single-keys') !== false
  },
  allow: (on: boolean): void => remember('single-keys', on),
}
