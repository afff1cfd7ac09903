import { serve } from '../../src/speech/serve.ts'
import { oddEngine } from './odd-engine.ts'

/** A speaker process like any other, with an engine that misbehaves. */
serve([oddEngine])
