import { afterEach, beforeEach } from 'vitest'
import { limitWaits } from './wait-until.ts'

// What a test waits for in vain is said by the test, instead of only that its time is up.
beforeEach(({ task }) => limitWaits(task.timeout - 5000))
afterEach(() => limitWaits(undefined))
