import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speech worker whose voices can be installed, in the name of Piper; it hums and misbehaves in them too. */
serveRequests([faultyEngine, { ...faultyEngine, name: 'piper', voices: [] }])
