import { expect, test } from 'vitest'
import { pairChosen } from './missing-pairs.ts'

function file(path: string, text: string): File {
  const made = new File([text], path.slice(path.lastIndexOf('/') + 1))
  return Object.defineProperty(made, 'webkitRelativePath', { value: path.includes('/') ? path : '' })
}

test('files that are chosen again are found by path before name, each once, and strangers are told', () => {
  const missing = [
    { id: 'a', name: 'Shore/one/book.txt', bytes: 4 },
    { id: 'b', name: 'Shore/two/book.txt', bytes: 4 },
    { id: 'c', name: 'plain.txt', bytes: 4 },
  ]
  const pairs = (...chosen: File[]) => {
    const found = pairChosen(missing, chosen)
    return [
      found.pairs
        .map(({ id }) => id)
        .toSorted()
        .join(''),
      found.rest.map(({ name }) => name),
    ]
  }
  const [one, two] = [file('Shore/one/book.txt', '1111'), file('Shore/two/book.txt', '2222')]
  expect(pairChosen(missing, [two, one]).pairs).toEqual([
    { id: 'a', file: one },
    { id: 'b', file: two },
  ])
  // The whole path counts more than the name, whatever is named first.
  expect(pairChosen(missing, [file('book.txt', '3333'), one]).pairs[0]).toEqual({ id: 'a', file: one })
  // Without folders: one file is not sent for two.
  expect(pairs(file('book.txt', '1111'))).toEqual(['a', []])
  expect(pairs(file('book.txt', '1111'), file('book.txt', '2222'), file('plain.txt', '3333'))).toEqual([
    'abc',
    [],
  ])
  // Another file, and one that has other bytes by now.
  expect(pairs(file('other.txt', '1111'), file('plain.txt', 'longer'))).toEqual([
    '',
    ['other.txt', 'plain.txt'],
  ])
})
