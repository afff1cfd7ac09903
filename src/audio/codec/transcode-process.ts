import { decodeAdts } from './aac.ts'
import type { AudioFormat } from './audio-formats.ts'
import { AudioWriter, type MetadataTags } from './audio-writer.ts'
import { yieldToOthers } from './background-priority.ts'
import type { TranscoderRequest } from './transcode.ts'

/**
 * A process that transcodes one stream. Clips arrive as messages; the stream is written to standard output, where a
 * write blocks until it is read. Any error ends the process and the stream.
 */
const [format, niceness] = process.argv.slice(2)
let tags: MetadataTags = {}
let writer: AudioWriter | undefined

/** Opened with the first clip, so that a stream with any output has audio. */
function openWriter(): AudioWriter {
  writer ??= new AudioWriter('pipe:1', format as AudioFormat, tags)
  return writer
}

// The server and the speech workers have priority.
yieldToOthers(Number(niceness))
process.on('disconnect', () => process.exit(1))
process.on('message', (request: TranscoderRequest) => {
  if ('tags' in request) {
    tags = request.tags
    return
  }
  if ('adts' in request) {
    openWriter().write(decodeAdts(request.adts))
    process.send?.('taken')
    return
  }
  openWriter().finish()
  process.exit(0)
})
