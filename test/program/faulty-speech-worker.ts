import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speaker process like any other, with an engine that misbehaves. */
serveRequests([faultyEngine])
