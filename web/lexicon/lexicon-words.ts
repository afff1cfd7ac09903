import { plural, t } from '@lingui/core/macro'
import type { LexiconEntryView, LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import type { NameBasis } from '../../src/http/contract/names-contract.ts'
import type { PlsReason } from '../../src/http/contract/pls-contract.ts'

/** Whether the book is said so. */
export function stateWords({ state, waiting, progress }: LexiconView): string {
  if (state === 'waiting' && progress && waiting === 1) {
    const percent = Math.floor((100 * progress.done) / progress.total)
    return t`The book is being brought up to date: ${percent} %`
  }
  if (state === 'waiting')
    return plural(waiting, {
      one: 'The book is being brought up to date…',
      other: '# books are being brought up to date…',
    })
  if (state === 'undone')
    return t`The change of the chapters was taken back, so the book is not said like this.`
  if (state === 'failed') return t`The book could not be brought up to date.`
  return state === 'applied' ? t`The book is said so.` : ''
}

/** How a word is said. */
export function saidWords({ words, ipa }: Pick<LexiconEntryView, 'words' | 'ipa'>): string {
  return words === undefined ? `/${ipa ?? ''}/` : t`“${words}”`
}

/** Where a proposal comes from. */
export function basisWords(basis: NameBasis): string {
  const names: Readonly<Record<NameBasis, () => string>> = {
    dictionary: () => t`as a dictionary has it`,
    en: () => t`perhaps English`,
    fr: () => t`perhaps French`,
    de: () => t`perhaps German`,
    es: () => t`perhaps Spanish`,
    it: () => t`perhaps Italian`,
    vi: () => t`perhaps Vietnamese`,
    zh: () => t`perhaps Chinese`,
  }
  return names[basis]()
}

/** Why a word of a file was not taken. */
export function refusalWords(reason: PlsReason, detail: string | undefined): string {
  const what = detail ?? ''
  const reasons: Readonly<Record<PlsReason, () => string>> = {
    alphabet: () => t`its alphabet, ${what}, is neither IPA nor X-SAMPA`,
    ipa: () => t`the voices do not know the sounds ${what}`,
    'no-grapheme': () => t`it has no word`,
    'no-pronunciation': () => t`it does not say how`,
    'too-long': () => t`it is too long`,
    entity: () => t`it has an entity, and those are not expanded`,
    role: () => t`it holds for one role of the word only: ${what}`,
    'further-pronunciation': () => t`a further pronunciation: ${what}`,
    repeated: () => t`the file says it otherwise before`,
    'too-many': () => t`the file has too many words`,
  }
  return reasons[reason]()
}
