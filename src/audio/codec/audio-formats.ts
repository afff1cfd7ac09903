/** Formats that clips are transcoded to. Each is written sequentially without seeking, so it can be streamed. */
export const audioFormats = ['mp3', 'opus', 'flac', 'wav', 'pcm'] as const
export type AudioFormat = (typeof audioFormats)[number]
