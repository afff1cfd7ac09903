import { readFile } from 'node:fs/promises'
import { serve } from '../../src/cli/server-commands.ts'
import { readSettings } from '../../src/config.ts'
import { startNightjar } from '../../src/main.ts'
import type { CatalogueVoice } from '../../src/novel/voice-catalogue.ts'

/** `nightjar serve` with another catalogue of voices, from the file that is named. */
const settings = readSettings()
const catalogue = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as CatalogueVoice[]
process.exitCode = await serve({
  settings,
  start: (_, options) => startNightjar(settings, { ...options, catalogue }),
})
