import { expect, test } from 'vitest'
import { catalogueLanguages, type CatalogueVoice, searchCatalogue } from './voice-catalogue.ts'

const names: Readonly<Record<string, readonly [string, string]>> = {
  en: ['English', 'English'],
  fr: ['French', 'Français'],
  lv: ['Latvian', 'Latviešu'],
  vi: ['Vietnamese', 'Tiếng Việt'],
  zh: ['Chinese', '简体中文'],
}

function voice(key: string, more: Partial<CatalogueVoice> = {}): CatalogueVoice {
  const [locale = '', name = '', quality] = key.split('-')
  const [languageName, nativeName] = names[locale.slice(0, 2)] ?? ['', '']
  return {
    id: `piper:${key}`,
    family: 'piper',
    language: locale.replace('_', '-'),
    languageName,
    nativeName,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    quality: quality as CatalogueVoice['quality'],
    speakers: 1,
    files: [],
    bytes: 1,
    ...more,
  }
}

const voices = [
  voice('zh_CN-huayan-medium'),
  voice('vi_VN-vivos-x_low'),
  voice('vi_VN-vais1000-medium'),
  voice('lv_LV-aivars-medium'),
  voice('fr_FR-siwis-low'),
  voice('en_US-ryan-high'),
  voice('en_US-amy-medium', { gender: 'female' }),
  voice('en_GB-alan-medium'),
  voice('en_US-amy-low'),
]

const found = (query: Partial<Parameters<typeof searchCatalogue>[1]>) =>
  searchCatalogue(voices, { libraryLanguages: [], ...query }).map(({ id }) => id.slice('piper:'.length))

test('the library’s languages come first in its order, then all others by name, the best quality first', () => {
  expect(found({ libraryLanguages: ['vi', 'fr-CA', 'vi-VN'] })).toEqual([
    'vi_VN-vais1000-medium',
    'vi_VN-vivos-x_low',
    'fr_FR-siwis-low',
    'zh_CN-huayan-medium',
    'en_US-ryan-high',
    'en_GB-alan-medium',
    'en_US-amy-medium',
    'en_US-amy-low',
    'lv_LV-aivars-medium',
  ])
})

test('voices that cost much come behind all that a small machine speaks, the best of them first', () => {
  const large = (key: string) => ({ ...voice(key), id: `vieneu:${key}`, family: 'vieneu' as const })
  const vietnamese = [large('vi_VN-adam-medium'), large('vi_VN-lan-high'), ...voices]
  const ids = searchCatalogue(vietnamese, { libraryLanguages: ['vi'] }).map(({ id }) => id)
  expect(ids.slice(0, 4)).toEqual([
    'piper:vi_VN-vais1000-medium',
    'piper:vi_VN-vivos-x_low',
    'vieneu:vi_VN-lan-high',
    'vieneu:vi_VN-adam-medium',
  ])
})

test('a Norwegian library has the Norwegian voices first, whichever of the two tags each has', () => {
  const norwegian = voice('no_NO-talesyntese-medium')
  const [first] = searchCatalogue([...voices, norwegian], { libraryLanguages: ['nb'] })
  expect(first?.id).toBe(norwegian.id)
})

test('a language matches all its regions, a region only itself', () => {
  expect(found({ language: 'en' })).toHaveLength(4)
  expect(found({ language: 'en-GB' })).toEqual(['en_GB-alan-medium'])
  expect(found({ language: 'EN_us' })).toHaveLength(3)
  expect(found({ language: 'e' })).toEqual([])
})

test.for([
  ['vi', ['vi_VN-vais1000-medium', 'vi_VN-vivos-x_low']],
  ['tieng viet', ['vi_VN-vais1000-medium', 'vi_VN-vivos-x_low']],
  ['FRANCAIS', ['fr_FR-siwis-low']],
  ['amy low', ['en_US-amy-low']],
  ['female', ['en_US-amy-medium']],
  ['piper:en_US-ryan-high', ['en_US-ryan-high']],
  ['中文', ['zh_CN-huayan-medium']],
  ['amy french', []],
] as const)('"%s" matches the beginnings of words', ([search, expected]) => {
  expect(found({ search })).toEqual(expected)
})

test('an empty search finds everything', () => {
  expect(found({ search: ' ' })).toHaveLength(voices.length)
})

test('languages are counted over their regions, the library’s first', () => {
  expect(catalogueLanguages(voices, ['vi-VN']).map(({ tag, name, count }) => [tag, name, count])).toEqual([
    ['vi', 'Vietnamese', 2],
    ['zh', 'Chinese', 1],
    ['en', 'English', 4],
    ['fr', 'French', 1],
    ['lv', 'Latvian', 1],
  ])
})
