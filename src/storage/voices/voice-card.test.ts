import { expect, test } from 'vitest'
import { licenceOf } from './voice-card.ts'

/** A card in the form of most Piper voices. */
const card = (licence: string, url = 'https://example.org/speech') =>
  `# Model card for joe (medium)\n\n* Language: en_US (English, United States)\n* Speakers: 1\n\n` +
  `## Dataset\n\n* URL: ${url}\n* License: ${licence}\n\n## Training\n\nFinetuned from U.S. English lessac voice.\n`

test.for([
  ['CC0', 'CC0'],
  [' CC0 1.0 Universal', 'CC0'],
  ['https://creativecommons.org/publicdomain/zero/1.0/', 'CC0'],
  ['CC-BY', 'CC BY'],
  ['CC BY 4.0', 'CC BY 4.0'],
  ['CC-BY-4.0', 'CC BY 4.0'],
  ['CC BY-SA 3.0 ES', 'CC BY-SA 3.0 ES'],
  ['CC-BY-SA 4.0 International', 'CC BY-SA 4.0'],
  ['CC BY-NC-SA 4.0', 'CC BY-NC-SA 4.0'],
  ['http://creativecommons.org/licenses/by-nc-sa/4.0/', 'CC BY-NC-SA 4.0'],
  ['https://creativecommons.org/licenses/by/4.0/deed.en', 'CC BY 4.0'],
  ['Creative Commons Attribution 4.0', 'CC BY 4.0'],
  ['Attribution-ShareAlike 4.0 International', 'CC BY-SA 4.0'],
  ['Attribution-NonCommercial-ShareAlike 4.0', 'CC BY-NC-SA 4.0'],
  ['Attribution-NoDerivatives 4.0', 'CC BY-ND 4.0'],
  ['public domain', 'Public domain'],
  ['apache-2.0', 'Apache-2.0'],
  ['https://www.apache.org/licenses/LICENSE-2.0.txt', 'Apache-2.0'],
  ['AGPLv3', 'AGPL-3.0'],
  ['http://unlicense.org', 'Unlicense'],
  ['Unknown', 'Unknown'],
  ['See LICENSE file', 'See LICENSE file'],
  ['See URL', 'See https://example.org/speech'],
] as const)('"%s" is %s', ([written, licence]) => {
  expect(licenceOf(card(written))).toBe(licence)
  expect(licenceOf(card(written).replaceAll('\n', '\r\n'))).toBe(licence)
})

test('the licence is found in other forms of cards', () => {
  expect(licenceOf('---\nlanguage:\n- ku\nlicense: cc-by-nc-4.0\ntags:\n- tts\n---\n\n# Model Card\n')).toBe(
    'CC BY-NC 4.0',
  )
  expect(
    licenceOf('# Card\n\n- **License:** [CC BY-NC 4.0](https://example.org/by-nc), with attribution\n'),
  ).toBe('CC BY-NC 4.0')
  expect(
    licenceOf('# Card\n\n## License\n\n[Apache 2.0](https://www.apache.org/licenses/LICENSE-2.0)\n'),
  ).toBe('Apache-2.0')
  expect(
    licenceOf('## License\n\nThe model weights are released under CC BY 4.0, as the recordings are.\n'),
  ).toBe('CC BY 4.0')
  expect(licenceOf('# Card\n\nLicence: MIT\n')).toBe('MIT')
})

test('a card without a licence gives none, and a very long licence is truncated', () => {
  expect(
    licenceOf('# Model card for lisa\n\n## Training\n\nFinetuned from a Norwegian voice.\n'),
  ).toBeUndefined()
  expect(licenceOf('')).toBeUndefined()
  expect(licenceOf(card('x'.repeat(10_000)))).toHaveLength(200)
})
