import { flushCompileCache } from 'node:module'
import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speech worker whose voices can be installed, in the name of Piper; it hums and misbehaves in them too. */
serveRequests([faultyEngine, { ...faultyEngine, name: 'piper', voices: [] }])
// Workers end by being killed, so what they have compiled is written now.
flushCompileCache()
