import lindera from 'lindera-wasm-nodejs-ipadic/package.json' with { type: 'json' }
import pinyinPro from 'pinyin-pro/package.json' with { type: 'json' }

/** Languages whose text becomes sounds by a front end of their own, beside eSpeak; loaded by the worker that needs it. */
export type FrontEnd = 'japanese' | 'pinyin'

/** Increased whenever the same text would give other sounds. */
const ownVersions: Readonly<Record<FrontEnd, string>> = {
  japanese: `japanese-1 lindera-${lindera.version}`,
  pinyin: `pinyin-1 pinyin-pro-${pinyinPro.version}`,
}

/** Part of the recipe of the voices that speak by it, and of no other. */
export function frontEndVersion(frontEnd: FrontEnd): string {
  return ownVersions[frontEnd]
}
