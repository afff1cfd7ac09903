import { expect, test } from 'vitest'
import { NameCollector } from './name-candidates.ts'

test('in German, where every noun has a capital, names are those that are named', () => {
  const collector = new NameCollector('de')
  const texts = [
    'Als Gregor Samsa erwachte, war es Zeit, und die Uhr schlug. Da sah Gregor das Fenster, und Gregors Schwester kam mit Hilfe.',
    'Dann rief Herr Samsa nach Grete, und es war keine Zeit. Gleich kam Gretes Mutter aus der Küche, und Grete weinte in Eile.',
  ]
  collector.add(
    0,
    texts.map((text) => ({ kind: 'paragraph' as const, text })),
  )
  const names = collector.candidates(() => false).map(({ word }) => word)
  expect(names.toSorted()).toEqual(['Gregor', 'Grete', 'Samsa'])
})
