import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Scaler } from 'node-av/api'
import { Codec, CodecContext, FormatContext, Frame, Packet, Rational } from 'node-av/lib'
import { check } from '../../audio/codec/ffmpeg.ts'
import { limitProcess } from '../../speech/worker/process-limits.ts'

/** A process of its own: pictures of 40 megapixels take a second and 200 MB, and are made by anybody. */
export interface ScaleRequest {
  readonly path: string
  /** In pixels; one that is no wider is left as it is. */
  readonly width: number
}

/** A JPEG; without one the picture is to be shown as it is. */
export interface ScaleAnswer {
  readonly jpeg?: Uint8Array
}

const maxPixels = 100_000_000
const quality = 82
/** Resident bytes: 100 megapixels of four bytes, their file, and as much again. */
const memoryLimit = 1024 ** 3

limitProcess({ memory: memoryLimit, cpuSeconds: Number(process.argv[2]) })

process.on('message', (asked: ScaleRequest) => {
  process.send?.(scaleCover(asked))
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
    // A picture has no time; FFmpeg's filters want one.
    frame.timeBase = new Rational(1, 25)
    const height = Math.max(1, Math.round((frame.height * width) / frame.width))
    using scaler = new Scaler()
    return { jpeg: scaler.toJpegSync(frame, { resize: { width, height }, quality }) }
  } catch {
    // What browsers can show and FFmpeg cannot is shown as it is.
    return {}
  } finally {
    context.closeInputSync()
  }
}
