import { recall, remember } from '../element/stored.ts'

/** Voices tell their engine; eSpeak's are the plain ones. */
export function isPlain(voice: string): boolean {
  return voice.startsWith('espeak:')
}

/** Notes that a plain voice is meant to read a novel, though the natural one is here. */
export function keepPlain(novelId: string, natural: string): void {
  remember(`plain-voice.${novelId}`, natural)
}

export function isPlainKept(novelId: string, natural: string): boolean {
  return recall(`plain-voice.${novelId}`) === natural
}
