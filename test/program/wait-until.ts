import { setTimeout as wait } from 'node:timers/promises'

/** Waits until something has come true. */
export async function waitUntil(reached: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await reached())) await wait(50)
}
