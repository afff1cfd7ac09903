import { readFileSync } from 'node:fs'
import { demux } from '../fixtures/demuxed.ts'

/** Reads a file in a process of its own: what FFmpeg warns of goes straight to its standard error. */
demux(readFileSync(process.argv[2] ?? ''))
