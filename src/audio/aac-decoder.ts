import { Codec, CodecContext, Frame, Packet } from 'node-av/lib'
import { frameSamples } from '../novel/clip.ts'
import { adtsFrames } from './adts.ts'
import { check } from './ffmpeg.ts'
import { audioSpecificConfig } from './mp4-boxes.ts'

/** Decodes AAC-LC frames, 24 kHz mono, to 1,024 samples each: what a listener hears, from the first frame on. */
export function decodeFrames(frames: readonly Uint8Array[]): Float32Array {
  const codec = Codec.findDecoderByName('aac' as Parameters<typeof Codec.findDecoderByName>[0])
  if (!codec) throw new Error('This FFmpeg has no AAC decoder')
  using context = new CodecContext()
  context.allocContext3(codec)
  context.extraData = Buffer.from(audioSpecificConfig)
  check(context.open2Sync(codec, null), 'open the AAC decoder')
  using packet = new Packet()
  packet.alloc()
  using frame = new Frame()
  frame.alloc()
  const samples = new Float32Array(frames.length * frameSamples)
  let at = 0
  const receive = (): void => {
    while (context.receiveFrameSync(frame) >= 0) {
      const plane = frame.data?.[0]
      if (!plane) throw new Error('A decoded frame holds no samples')
      samples.set(new Float32Array(plane.buffer, plane.byteOffset, frame.nbSamples), at)
      at += frame.nbSamples
      frame.unref()
    }
  }
  for (const bytes of frames) {
    packet.data = Buffer.from(bytes)
    check(context.sendPacketSync(packet), 'decode')
    packet.unref()
    receive()
  }
  check(context.sendPacketSync(null), 'finish decoding')
  receive()
  if (at !== samples.length) throw new Error(`${frames.length} AAC frames became ${at} samples`)
  return samples
}

/** Decodes a clip as it is stored. */
export function decodeAdts(adts: Uint8Array): Float32Array {
  return decodeFrames(adtsFrames(adts))
}
