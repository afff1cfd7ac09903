import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveRequests } from '../../src/speech/worker/worker-loop.ts'
import { faultyEngine } from './faulty-engine.ts'

/** A speech worker that hangs, or ends, while it starts, as long as the test that started it has written so. */
const file = (fault: string): string => join(tmpdir(), `nightjar-${fault}-${process.ppid}`)
if (existsSync(file('ends'))) process.exit(3)
if (existsSync(file('hangs'))) setInterval(() => {}, 1000)
else serveRequests([faultyEngine])
