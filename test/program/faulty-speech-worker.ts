import { flushCompileCache } from 'node:module'
import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speaker process like any other, with an engine that misbehaves. */
serveRequests([faultyEngine])
// Workers end by being killed, so what they have compiled is written now.
flushCompileCache()
