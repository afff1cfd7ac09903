import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speech worker with another version of its engine as long as the test that started it has written so. */
const isNewer = existsSync(join(tmpdir(), `nightjar-newer-${process.ppid}`))
serveRequests([isNewer ? { ...faultyEngine, version: 'odd-2' } : faultyEngine])
// Workers end by being killed, so what they have compiled is written now.
flushCompileCache()
