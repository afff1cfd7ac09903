import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../../src/speech/serve.ts'
import { oddEngine } from './odd-engine.ts'

/** A speech worker with another version of its engine as long as the test that started it has written so. */
const isNewer = existsSync(join(tmpdir(), `nightjar-newer-${process.ppid}`))
serve([isNewer ? { ...oddEngine, version: 'odd-2' } : oddEngine])
