import { download } from '../../src/storage/voices/catalogue-file-download.ts'
import { voiceSource } from '../../src/storage/voices/voice-source.ts'
import type { CatalogueFile } from '../../src/novel/voice-catalogue.ts'

/** A download in a process of its own, to be killed. */
export interface DownloadThere {
  readonly source: string
  readonly file: CatalogueFile
  readonly target: string
}

const { source, file, target } = JSON.parse(process.argv[2] ?? '') as DownloadThere
await download(voiceSource(source), file, target, {
  signal: new AbortController().signal,
  freeBytes: async () => Infinity,
})
