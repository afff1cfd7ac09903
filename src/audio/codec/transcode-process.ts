import { setPriority } from 'node:os'
import { decodeAdts } from './aac.ts'
import type { AudioFormat } from './audio-formats.ts'
import { AudioWriter, type MetadataTags } from './audio-writer.ts'
import type { TranscoderRequest } from './transcode.ts'

/**
 * The process's whole life: one stream. Clips come as messages; the stream leaves on standard output, where a write waits
 * until there is a reader. Whatever goes wrong ends the process, and the stream with it.
 */
const [format, niceness] = process.argv.slice(2)
let tags: MetadataTags = {}
let writer: AudioWriter | undefined

/** Begun with the first clip, so that a stream of which anything is seen has something to say. */
function opened(): AudioWriter {
  writer ??= new AudioWriter('pipe:1', format as AudioFormat, tags)
  return writer
}

// The server has to answer, and speakers to speak.
setPriority(Number(niceness))
process.on('disconnect', () => process.exit(1))
process.on('message', (request: TranscoderRequest) => {
  if ('tags' in request) {
    tags = request.tags
    return
  }
  if ('adts' in request) {
    opened().write(decodeAdts(request.adts))
    process.send?.('taken')
    return
  }
  opened().finish()
  process.exit(0)
})
