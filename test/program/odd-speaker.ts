import { serveRequests } from '../../src/speech/serve.ts'
import { faultyEngine } from './odd-engine.ts'

/** A speaker process like any other, with an engine that misbehaves. */
serveRequests([faultyEngine])
