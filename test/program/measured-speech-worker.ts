import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speech worker whose voice was measured beforehand, as much softer and slower than it is. */
serveRequests([{ ...faultyEngine, measureOf: () => ({ gain: 0.05, pace: 0.5 }) }])
