const kana = /^[\p{Script=Hiragana}\p{Script=Katakana}ー゛゜]+$/u

export function isKana(text: string): boolean {
  return kana.test(text)
}

/** Hiragana as katakana; ヽ and ヾ repeat the sound before them. */
export function toKatakana(text: string): string {
  const written = text.replaceAll(/[ぁ-ゖゝゞ]/gu, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60))
  return written.replaceAll(/(.)[ヽヾ]/gu, '$1$1')
}
