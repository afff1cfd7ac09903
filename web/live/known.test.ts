import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { changeKnown } from './known.ts'

const key = ['chapter', 'n', 1]

/** A question whose answer comes when it is given. */
function asked(client: QueryClient): (answer: readonly string[]) => Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>()
  const fetched = client.fetchQuery({ queryKey: key, queryFn: () => promise, staleTime: 0 })
  return (answer) => {
    resolve(answer)
    return fetched
  }
}

const add =
  (word: string) =>
  (known: readonly string[]): readonly string[] =>
    known.includes(word) ? known : [...known, word]
const told = (client: QueryClient, word: string): void => changeKnown(client, key, add(word))
const known = (client: QueryClient) => client.getQueryData(key)

test('what is told while an older answer is under way is not lost with it, and stays in its order', async () => {
  const client = new QueryClient()
  client.setQueryData(key, ['first'])
  const answer = asked(client)
  told(client, 'second')
  told(client, 'third')
  expect(known(client)).toEqual(['first', 'second', 'third'])
  await answer(['first'])
  expect(known(client)).toEqual(['first', 'second', 'third'])
})

test('nor is what is told before the first answer is there', async () => {
  const client = new QueryClient()
  const answer = asked(client)
  told(client, 'second')
  expect(known(client)).toBeUndefined()
  await answer(['first'])
  expect(known(client)).toEqual(['first', 'second'])
})

test('the answer to a later question is as the server gave it', async () => {
  const client = new QueryClient()
  const answer = asked(client)
  told(client, 'second')
  await answer(['first'])
  await asked(client)(['other'])
  expect(known(client)).toEqual(['other'])
  // One that was given up, and asked again after what was told.
  client.setQueryData(key, ['first'])
  void asked(client)
  told(client, 'second')
  await client.cancelQueries({ queryKey: key })
  await asked(client)(['other'])
  expect(known(client)).toEqual(['other'])
})

test('what counts on is not counted again in an answer that may have it', async () => {
  const client = new QueryClient()
  client.setQueryData(key, [])
  const answer = asked(client)
  changeKnown<readonly string[]>(client, key, (all) => [...all, 'one more'], { once: true })
  expect(known(client)).toEqual(['one more'])
  await answer(['one more'])
  expect(known(client)).toEqual(['one more'])
})

test('a page that was left asks again all the same, however much is told meanwhile', async () => {
  const client = new QueryClient()
  const before = Date.now() - 60_000
  client.setQueryData(key, ['first'], { updatedAt: before })
  await client.invalidateQueries({ queryKey: key })
  told(client, 'second')
  expect(client.getQueryState(key)).toMatchObject({ isInvalidated: true, dataUpdatedAt: before })
  expect(known(client)).toEqual(['first', 'second'])
})
