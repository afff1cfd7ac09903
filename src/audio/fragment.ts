import { frameSamples } from '../novel/clip.ts'
import { box, ftyp, fullBox, mvhd, stts, table32, trak, u32, u64 } from './mp4-boxes.ts'
import { bitRate } from './studio.ts'

/** A frame depends on no other: ISO/IEC 14496-12, 8.8.3.1. */
const independent = 0x02000000

/** The beginning that every chapter's fragments share, for players that feed Media Source as the clips come. */
export function initSegment(): Uint8Array {
  const noRows = u32(0)
  const sampleTables = [
    stts(0),
    fullBox('stsc', 0, 0, noRows),
    fullBox('stsz', 0, 0, u32(0), noRows),
    fullBox('stco', 0, 0, noRows),
  ]
  const trex = fullBox('trex', 0, 0, u32(1), u32(1), u32(frameSamples), u32(0), u32(independent))
  return Buffer.concat([
    ftyp('iso5', 0x200, ['iso5', 'iso6', 'mp41']),
    box('moov', mvhd(0), trak(0, bitRate, new Uint8Array(0), sampleTables), box('mvex', trex)),
  ])
}

/**
 * A clip as one movie fragment (ISO/IEC 14496-12, 8.8). `sequence` counts from 1, `baseDecodeTime` is where the clip
 * begins in its chapter, in samples; `payload` are its frames without ADTS headers.
 */
export function fragment(
  sequence: number,
  baseDecodeTime: number,
  payload: Uint8Array,
  frameSizes: ArrayLike<number>,
): Uint8Array {
  const moofAt = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, 0x020000, u32(1)), // offsets count from this moof
        fullBox('tfdt', 1, 0, u64(baseDecodeTime)),
        // where the data stands, and each frame's size; the rest is as the init segment says
        fullBox(
          'trun',
          0,
          0x000201,
          u32(frameSizes.length),
          u32(dataOffset),
          table32(frameSizes.length, (frame) => frameSizes[frame]!),
        ),
      ),
    )
  const moofSize = moofAt(0).length
  return Buffer.concat([moofAt(moofSize + 8), box('mdat', payload)])
}
