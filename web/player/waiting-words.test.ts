import { expect, test } from 'vitest'
import { AnswerError } from '../answer-error.ts'
import { troubleWords, waitingWords } from './waiting-words.ts'

test('what the server refused is told in its own words, until the rest is on its way', () => {
  const refused = 'The disk is full.'
  expect(waitingWords('none', true, refused)).toEqual({ words: refused, ask: true })
  expect(waitingWords(undefined, true, refused)).toEqual({ words: refused, ask: true })
  expect(waitingWords('running', true, refused).ask).toBe(false)
  expect(waitingWords('none', false, refused).ask).toBe(false)
})

test('who may not have a book spoken is told who can, and is not offered to ask again', () => {
  const refused = troubleWords(new AnswerError('account.forbidden', 'No.', 403))
  expect(refused).toContain('An editor or an admin')
  expect(waitingWords('none', true, refused)).toEqual({ words: refused, ask: false })
  expect(troubleWords(new AnswerError('storage.full', 'The disk is full.', 507))).toBe('The disk is full.')
})
