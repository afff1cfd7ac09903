import { Scaler } from 'node-av/api'
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Codec, CodecContext, FormatContext, Frame, Packet, Rational } from 'node-av/lib'
import { check } from '../../audio/codec/ffmpeg.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'

// Covers are scaled in a process of its own: decoding 40 megapixels takes a second and 200 MB, and the files are not
// trusted.

export interface ScaleRequest {
  readonly path: string
  /** In pixels; a picture that is not wider is not scaled. */
  readonly width: number
}

/** A JPEG; left out: the original picture is to be shown. */
export interface ScaleAnswer {
  readonly jpeg?: Uint8Array
}

const maxPixels = 100_000_000
const quality = 82
/** Resident bytes: 100 megapixels at four bytes, the file, and as much again. */
const memoryLimit = 1024 ** 3

limitProcess({ memory: memoryLimit, cpuSeconds: Number(process.argv[2]) })

process.on('message', (request: ScaleRequest) => {
  process.send?.(scaleCover(request))
})

function scaleCover({ path, width }: ScaleRequest): ScaleAnswer {
  const context = new FormatContext()
  try {
    check(context.openInputSync(path), 'open the picture')
    check(context.findStreamInfoSync(), 'find what kind of picture it is')
    const stream = context.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)
    if (!stream) return {}
    const { codecpar } = stream
    if (codecpar.width <= width || codecpar.width * codecpar.height > maxPixels) return {}
    const codec = Codec.findDecoder(codecpar.codecId)
    if (!codec) return {}
    using decoder = new CodecContext()
    decoder.allocContext3(codec)
    check(decoder.parametersToContext(codecpar), 'prepare the decoder')
    check(decoder.open2Sync(codec), 'open the decoder')
    using packet = new Packet()
    using frame = new Frame()
    packet.alloc()
    frame.alloc()
    check(context.readFrameSync(packet), 'read the picture')
    check(decoder.sendPacketSync(packet), 'decode the picture')
    check(decoder.sendPacketSync(null), 'decode the picture')
    check(decoder.receiveFrameSync(frame), 'decode the picture')
    // A picture has no time base; FFmpeg's filters require one.
    frame.timeBase = new Rational(1, 25)
    const height = Math.max(1, Math.round((frame.height * width) / frame.width))
    using scaler = new Scaler()
    return { jpeg: scaler.toJpegSync(frame, { resize: { width, height }, quality }) }
  } catch {
    // Browsers show formats that FFmpeg cannot decode: the original is used.
    return {}
  } finally {
    context.closeInputSync()
  }
}
